// SPDX-License-Identifier: Apache-2.0
// From simulations to ratios: what accelerators cost under a choice for each assumption.
#pragma once

#include "tb/baselines/electronic.h"
#include "tb/report/comparison.h"
#include "tb/sonic/comparison_plan.h"
#include "tb/sonic/comparison_runs.h"

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

namespace sonic::command {

/// Index of the choice that each assumption has.
using choices = std::vector<std::size_t>;

/// Accelerators under choices. What a choice changes in accounting is computed from the counted actions of one
/// simulation; what it changes in hardware is simulated.
class comparison {
public:
  /// Both must outlive it.
  comparison(const comparison_plan& plan, run_memory& runs);

  /// Simulates what the default needs, and with @p all what any choice needs.
  void simulate(int jobs, bool all);

  /// Figures of the default, ratios, and figures from elsewhere.
  [[nodiscard]] report::comparison_report by_default();

  /// Each choice alone, and all combinations of choices.
  /// @param most of the closest combinations that are kept
  [[nodiscard]] report::sensitivity_report sensitivity(std::size_t most);

private:
  /// What decides an accelerator's figures.
  struct variant {
    chip_variant chip;
    std::optional<double> activation_zeros;

    bool operator<(const variant& other) const {
      return std::tie(chip, activation_zeros) < std::tie(other.chip, other.activation_zeros);
    }
  };
  using figures_of_networks = std::vector<report::accelerator_figures>;

  [[nodiscard]] variant variant_of(std::size_t accelerator, const choices& chosen) const;
  /// Assumptions that an accelerator's figures depend on.
  [[nodiscard]] std::vector<std::size_t> assumptions_of(std::size_t accelerator) const;
  /// Every variant that some choices give it; index: choices of assumptions_of(), the last one fastest.
  [[nodiscard]] std::vector<variant> variants_of(std::size_t accelerator) const;
  const figures_of_networks& figures_of(std::size_t accelerator, const variant& which);
  [[nodiscard]] report::accelerator_figures photonic_figures(const variant& which, std::size_t network) const;
  [[nodiscard]] baselines::frame_work work_of(std::size_t network, std::optional<double> activation_zeros) const;
  [[nodiscard]] report::bit_kind bits_of(const choices& chosen) const;
  [[nodiscard]] report::average_kind average_of(const choices& chosen) const;
  std::vector<double> published_values() const;
  std::vector<double> ratios_of(const choices& chosen);
  void fill_networks(report::comparison_report& r) const;
  void fill_ratios(report::comparison_report& r) const;
  void fill_absolutes(report::comparison_report& r) const;

  const comparison_plan& plan_;
  run_memory& runs_;
  chip_variant sparse_, dense_; ///< count products: with zeros deleted, and with all
  std::map<std::pair<std::size_t, variant>, figures_of_networks> known_;
};

} // namespace sonic::command
