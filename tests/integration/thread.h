// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <utility>

#include <systemc>

namespace sonic::tests {

/// Calls a function from a thread of the simulation.
struct thread : sc_core::sc_module {
  thread(const sc_core::sc_module_name& name, std::function<void()> what) : sc_module(name), work(std::move(what)) {
    SC_HAS_PROCESS(thread);
    SC_THREAD(run);
  }
  void run() { work(); } // NOLINT(readability-make-member-function-const): processes are not
  std::function<void()> work;
};

} // namespace sonic::tests
