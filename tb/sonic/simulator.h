// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tb/cosim/chip_twins.h"
#include "tb/host/inference.h"
#include "tb/host/testbench.h"
#include "tb/sonic/compare.h"
#include "tb/sonic/prepared.h"
#include "tb/sonic/run_outcome.h"

#include <cstdint>
#include <string>

namespace sonic::command {

/// The chip with a prepared network in its memory. One per process, since it owns the SystemC kernel.
class simulator {
public:
  explicit simulator(const prepared& what);

  /// Runs the network on the inputs of one run and compares what is to be compared.
  /// @throws core::user_error if the chip refuses the program
  run_outcome run(std::int64_t index);

private:
  host::inference_result run_observed(std::int64_t index, std::string& frame);
  void check(run_outcome& outcome, std::int64_t index);
  void count_zeros(run_outcome& outcome);
  void read_outputs(run_outcome& outcome, std::int64_t index);

  const prepared& what_;
  cosim::chip_twins twins_;
  host::testbench bench_;
  host::inference chip_;
  comparer comparer_;
};

} // namespace sonic::command
