// SPDX-License-Identifier: Apache-2.0
// Electronic accelerators as throughput and power: so many multipliers, of which zeros that the machine can skip keep
// none busy. docs/compare.md has the equations.
#pragma once

#include "sonic/config/config_map.h"

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace sonic::baselines {

/// Products of one frame, by what of them is not zero.
struct product_counts {
  double all = 0.0;
  double weights = 0.0;     ///< with a weight that is not zero
  double activations = 0.0; ///< with an activation that is not zero
  double both = 0.0;
};

/// What a network asks of a machine, for one frame.
struct frame_work {
  product_counts convolutions, fully_connected;
  double outputs = 0.0;        ///< elements that layers give
  double parameter_bits = 0.0; ///< parameters x 16
};

/// Zeros that cost nothing.
enum class skipped_zeros : std::uint8_t { none, activations, weights, both };

/// An accelerator as its file describes it.
struct electronic_baseline {
  std::string name;
  double mac_units = 0.0; ///< multipliers with their adders
  double clock_ghz = 0.0;
  double utilisation = 0.0; ///< share of them that is busy while there is work
  double power_mw = 0.0;    ///< while it works
  skipped_zeros skips = skipped_zeros::none;
  bool convolutions_only = false; ///< fully connected layers run elsewhere, and cost nothing here
  double activation_bits = 0.0, weight_bits = 0.0;
  double activation_reuse = 1.0; ///< products that one read of an activation serves
  double weight_reuse = 1.0;
  /// Frames per joule over those that the figures above give. Where it is given, the machine is calibrated to another
  /// one: neither its speed nor its power is known.
  double efficiency = 1.0;
  bool calibrated = false;
  std::vector<config::provenance> figures; ///< in force, with where they come from
};

/// Reads a file, after the one that its `base:` names.
/// @throws core::user_error "file:line:column: key: problem; expected": unknown, missing or repeated keys, numbers out
/// of
///         range or without a source
electronic_baseline read_electronic(const std::filesystem::path& file);

/// What a frame takes.
struct frame_cost {
  double latency_ns = 0.0; ///< no number if the machine is calibrated
  double energy_pj = 0.0;
  double operand_bits = 0.0; ///< moved to multipliers, and outputs of 16 bits
};

/// Of products that are not skipped: latency = products / (units x utilisation x clock), energy = power x latency /
/// efficiency, bits = products x (activation bits / reuse + weight bits / reuse) + outputs x 16.
frame_cost cost_of(const electronic_baseline& machine, const frame_work& work);

} // namespace sonic::baselines
