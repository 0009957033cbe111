// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

namespace sonic::plan {

/// Capacities that bound a tile, in bytes. Weight panels, activations and partial sums use half of their buffer: the
/// other half is filled, or emptied, meanwhile.
struct tile_limits {
  std::uint64_t global_buffer = 0;
  std::uint64_t weight_panel = 0;
  std::uint64_t activations = 0;
  std::uint64_t partial_sums = 0;
  /// Values of unrolled patches or decoded weight rows that the decoder keeps at once: a limit of the model's own
  /// memory.
  static constexpr std::uint64_t decoded_values = std::uint64_t{1} << 24;
};

/// Of buffers of so many bytes.
constexpr tile_limits tile_limits_of(std::uint64_t global_buffer, std::uint64_t weight_buffer,
                                     std::uint64_t activation_buffer, std::uint64_t partial_sum_buffer) {
  // Both places of a buffer are aligned for what lies in them.
  constexpr std::uint64_t widest = 64;
  return {global_buffer / widest * widest, weight_buffer / 2, activation_buffer / 2,
          partial_sum_buffer / 2 / widest * widest};
}

/// What a descriptor may ask for.
struct program_limits {
  std::uint64_t memory_size = 0; ///< bytes from memory_base
  bool exact_optics = false;     ///< float32 elements; else code16
  std::uint32_t codebook_levels = 64;
  std::uint32_t ring_levels = 63;
  double full_code = 32767.0; ///< largest magnitude of an ADC code
};

} // namespace sonic::plan
