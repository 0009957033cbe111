// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tb/workload/program.h"

#include <cstdint>
#include <string>
#include <vector>

namespace sonic::workload {

/// What the layout must respect: capacities of the chip that runs it, in bytes.
struct layout_limits {
  std::uint64_t weight_panel_bytes = 0;
  std::uint64_t activation_bytes = 0;
  std::uint64_t partial_sum_bytes = 0;
};

/// A stretch of descriptors that the accelerator runs at one start.
struct descriptor_run {
  std::uint64_t address = 0;
  std::uint32_t first = 0; ///< index of the first descriptor in the whole list
  std::uint32_t count = 0;
};

/// A program as bytes: descriptors, panel directories, weight images, codebooks, channel parameters and constants,
/// followed by room for the tensors. Every address is relative to the start.
struct memory_image {
  std::vector<std::uint8_t> bytes;           ///< to be copied to the start of the memory
  std::uint64_t size = 0;                    ///< memory needed, with the tensors
  std::vector<std::uint64_t> slot_addresses; ///< per slot
  std::vector<descriptor_run> runs;          ///< one more than there are host steps at most; host steps lie between
  std::vector<std::size_t> descriptor_steps; ///< step index of each descriptor
  std::uint64_t weight_bytes = 0;            ///< compressed weights, with directories
};

/// Lays out a program. Weights are stored as bitmask or CSR images, whichever is smaller for the layer.
/// @throws core::user_error if a layer's smallest weight panel does not fit
memory_image lower(const program& source, const layout_limits& limits);

/// Bytes of a slot's tensor.
std::uint64_t slot_bytes(const program& source, const slot& s);

} // namespace sonic::workload
