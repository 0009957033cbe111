// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sonic/plan/layer_steps.h"
#include "sonic/sparse/matrix_image.h"
#include "tb/estimate/cache.h"
#include "tb/estimate/network_profile.h"

#include <array>
#include <cstdint>
#include <vector>

namespace sonic::estimate {

/// Capacities of the buffers, in bytes: all that tiles, panels and addresses depend on.
struct capacities {
  std::uint64_t global_buffer = 0, weight_buffer = 0, activation_buffer = 0, partial_sum_buffer = 0;

  bool operator==(const capacities&) const = default;
  [[nodiscard]] std::size_t hash() const {
    return mixed({global_buffer, weight_buffer, activation_buffer, partial_sum_buffer});
  }
};

/// A load of a step.
struct planned_load {
  plan::operand_load::use into = plan::operand_load::use::operands;
  plan::transfer_pattern pattern;
  std::uint64_t bytes = 0;
};

/// plan::layer_step, as far as time depends on it.
struct planned_step {
  std::uint32_t first_load = 0, loads = 0; ///< among the layer's
  std::uint32_t panel = 0;                 ///< of light
  std::uint32_t symbols = 0;               ///< of light: of each block
  std::uint32_t present = 0;               ///< of a fully connected layer: activations of the panel that are not zero
  std::uint32_t frame = 0;                 ///< of light: image, or row of a fully connected layer's batch
  std::uint8_t half = 0;
  bool light = false, finishes = true, flows = true;
  bool first_panel = true, last_panel = true;
  std::uint64_t channels = 0, inner = 0; ///< that the post-processor finishes
  plan::post_source source = plan::post_source::partial_sums;
  plan::rectangle output; ///< pools
  plan::transfer_pattern store;
};

struct planned_layer {
  regs::descriptor descriptor{}; ///< with its addresses
  std::vector<regs::panel> panels;
  sparse::format weight_format = sparse::format::bitmask;
  std::vector<plan::transfer_pattern> preparation; ///< descriptor, panel directory, codebook: loads, one by one
  std::vector<planned_load> loads;
  std::vector<planned_step> steps;
  // Counted over the layer.
  std::uint64_t bytes_loaded = 0, bytes_stored = 0, weight_bytes = 0, activation_bytes = 0, elements = 0;
};

/// What a chip with buffers of these capacities does for a network, step by step.
struct chip_plan {
  bool fits = true;
  std::vector<planned_layer> layers;
  plan::tile_limits tiles;
};

/// Plans with the chip's own tiles and steps, and lays the program out in memory as workload::lower does.
chip_plan plan_of(const network_profile& profile, const capacities& of);

} // namespace sonic::estimate
