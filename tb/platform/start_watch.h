// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>

#include <systemc>
#include <tlm>
#include <tlm_utils/simple_initiator_socket.h>
#include <tlm_utils/simple_target_socket.h>

namespace sonic::platform {

/// Lies between the bus and an accelerator's registers, passes accesses on as they are, and tells before a program is
/// started.
class start_watch : public sc_core::sc_module {
public:
  start_watch(const sc_core::sc_module_name& name, std::function<void()> on_start);

  tlm_utils::simple_target_socket<start_watch> port;
  tlm_utils::simple_initiator_socket<start_watch> cfg;

  /// Whether the accelerator runs a program.
  bool is_busy();

private:
  void b_transport(::tlm::tlm_generic_payload& payload, sc_core::sc_time& delay);
  unsigned int transport_dbg(::tlm::tlm_generic_payload& payload);

  std::function<void()> on_start_;
};

} // namespace sonic::platform
