// SPDX-License-Identifier: Apache-2.0
// What accelerators cost under a choice for each assumption.
#pragma once

#include "tb/baselines/electronic.h"
#include "tb/report/comparison.h"
#include "tb/sonic/comparison_plan.h"
#include "tb/sonic/comparison_runs.h"

#include <cstddef>
#include <map>
#include <optional>
#include <tuple>
#include <utility>
#include <vector>

namespace sonic::command {

/// Index of the choice that each assumption has.
using choices = std::vector<std::size_t>;

/// Accelerators on the networks of a plan. What a choice changes in accounting is computed from the counted actions of
/// one simulation; what it changes in hardware is simulated.
class accelerator_costs {
public:
  /// What decides an accelerator's figures.
  struct variant {
    chip_variant chip;
    std::optional<double> activation_zeros;

    bool operator<(const variant& other) const {
      return std::tie(chip, activation_zeros) < std::tie(other.chip, other.activation_zeros);
    }
  };
  using figures_of_networks = std::vector<report::accelerator_figures>;

  /// Both must outlive it.
  accelerator_costs(const comparison_plan& plan, run_memory& runs);

  /// Simulates what the default needs, and with @p all what any choice needs.
  void simulate(int jobs, bool all);

  [[nodiscard]] const comparison_plan& plan() const { return plan_; }
  [[nodiscard]] const run_memory& runs() const { return runs_; }
  [[nodiscard]] variant variant_of(std::size_t accelerator, const choices& chosen) const;
  /// Assumptions that an accelerator's figures depend on.
  [[nodiscard]] std::vector<std::size_t> assumptions_of(std::size_t accelerator) const;
  /// Every variant that some choices give it; index: choices of assumptions_of(), the last one fastest.
  [[nodiscard]] std::vector<variant> variants_of(std::size_t accelerator) const;
  /// Remembered; the reference stays.
  /// @throws core::user_error if a network has nothing that the accelerator computes
  const figures_of_networks& figures_of(std::size_t accelerator, const variant& which);
  /// What a network's frames ask for, as the reference accelerator counted it.
  /// @param activation_zeros instead of the measured share
  [[nodiscard]] baselines::frame_work work_of(std::size_t network, std::optional<double> activation_zeros) const;
  /// The run of the reference accelerator that deletes zeros.
  [[nodiscard]] const measured_run& counted_run(std::size_t network) const { return runs_.run(sparse_, network); }

private:
  [[nodiscard]] report::accelerator_figures photonic_figures(const variant& which, std::size_t network) const;

  const comparison_plan& plan_;
  run_memory& runs_;
  chip_variant sparse_, dense_; ///< count products: with zeros deleted, and with all
  std::map<std::pair<std::size_t, variant>, figures_of_networks> known_;
};

} // namespace sonic::command
