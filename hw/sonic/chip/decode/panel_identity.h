// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sonic/tlm/jobs.h"

#include <algorithm>
#include <cstdint>
#include <span>
#include <vector>

namespace sonic::chip {

/// All that decides what a weight panel decodes to. What the decoder remembers is compared with what it is given, each
/// time: the next tile or frame has mostly the same panels, but a program may change its weights in place.
struct panel_identity {
  std::vector<std::uint8_t> bytes; ///< the image
  std::vector<float> codebook;
  regs::panel panel{};
  std::uint32_t slice = 0;             ///< positions of a kernel slice
  std::uint32_t kernels_per_group = 0; ///< of a convolution
  std::uint32_t element = 0;

  /// Becomes that of a job's panel, in the room that it has.
  void assign(const transport::decode_job& job, std::span<const std::uint8_t> image) {
    bytes.assign(image.begin(), image.end());
    codebook = job.codebook;
    panel = job.panel;
    slice = slice_of(*job.layer);
    kernels_per_group = kernels_per_group_of(*job.layer);
    element = job.layer->element;
  }

  [[nodiscard]] bool is(const transport::decode_job& job, std::span<const std::uint8_t> image) const {
    const auto& p = job.panel;
    return panel.first_row == p.first_row && panel.rows == p.rows && panel.first_column == p.first_column &&
           panel.columns == p.columns && slice == slice_of(*job.layer) &&
           kernels_per_group == kernels_per_group_of(*job.layer) && element == job.layer->element &&
           codebook == job.codebook && std::ranges::equal(bytes, image);
  }

  /// Where a panel of a layer is remembered; others may have the same place.
  static std::uint64_t place_of(const transport::decode_job& job) {
    return (std::uint64_t{job.layer->layer} << 32U) ^ job.panel.offset ^ (std::uint64_t{job.panel.first_row} << 16U);
  }

private:
  static std::uint32_t slice_of(const regs::descriptor& layer) { return layer.kernel_height * layer.kernel_width; }
  static std::uint32_t kernels_per_group_of(const regs::descriptor& layer) {
    return layer.out_channels / std::max<std::uint32_t>(layer.groups, 1);
  }
};

} // namespace sonic::chip
