// SPDX-License-Identifier: Apache-2.0
// The golden model of quantised programs: docs/numbers.md in plain C++, from the program itself, without the chip's
// code.
#pragma once

#include "tb/workload/compile.h"
#include "tb/workload/program.h"

#include <cstdint>
#include <memory>
#include <vector>

namespace sonic::reference {

class light_layer;

/// Content of a program's tensors, as codes.
class code_memory {
public:
  explicit code_memory(const workload::program& source);

  /// Codes of a slot, in the order of its elements; slots that share storage share them.
  [[nodiscard]] const std::vector<std::uint16_t>& operator[](workload::slot_id s) const;
  std::vector<std::uint16_t>& operator[](workload::slot_id s);

private:
  std::vector<workload::slot_id> storage_;
  std::vector<std::vector<std::uint16_t>> codes_;
};

/// Runs a code16 program as often as wanted. A step's weights are prepared when it first runs; channel parameters and
/// ADC scales are read from the program at each run, so they may change in between. Not for several threads at once.
class program_executor {
public:
  /// Keeps references to all three.
  /// @throws core::user_error if the program is not code16
  program_executor(const workload::graph& network, const workload::program& source, const workload::numerics& how);
  ~program_executor();
  program_executor(const program_executor&) = delete;
  program_executor& operator=(const program_executor&) = delete;

  /// A memory that holds the constants and the encoded inputs.
  /// @param inputs real values, one tensor per program input
  /// @throws core::user_error if their number or sizes are wrong
  [[nodiscard]] code_memory load(const std::vector<workload::tensor>& inputs) const;

  /// Runs one step on what the memory holds.
  void run_step(std::size_t index, code_memory& memory) const;

  /// Largest |sum * t| that a step's ADC would see; 0 for steps without light.
  [[nodiscard]] float analog_peak(std::size_t index, const code_memory& memory) const;

  /// Frees a step's prepared weights, which take more memory than the program's. To run it again prepares them again.
  void release(std::size_t index);

  /// Loads and runs all steps.
  [[nodiscard]] code_memory run(const std::vector<workload::tensor>& inputs) const;

private:
  [[nodiscard]] const light_layer& prepared(std::size_t index) const;

  const workload::graph& network_;
  const workload::program& program_;
  const workload::numerics& how_;
  mutable std::vector<std::unique_ptr<light_layer>> light_; ///< per step, where prepared
};

/// What one run gave.
struct program_result {
  std::vector<std::vector<std::uint16_t>> codes; ///< per slot
  std::vector<float> analog_peaks;               ///< per step, where asked for
};

/// Runs a program once.
program_result run_program(const workload::graph& network, const workload::program& source,
                           const workload::numerics& how, const std::vector<workload::tensor>& inputs,
                           bool record_analog_peaks = false);

} // namespace sonic::reference
