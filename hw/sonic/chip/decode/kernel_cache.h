// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sonic/chip/decode/panel_identity.h"
#include "sonic/chip/decode/row_decoders.h"
#include "sonic/sparse/matrix_image.h"
#include "sonic/tlm/jobs.h"

#include <cstddef>
#include <cstdint>
#include <span>
#include <unordered_map>
#include <vector>

namespace sonic::chip {

/// Blocks that a partial sum may have: they are 32-bit integers of 16-bit codes.
inline constexpr std::size_t most_chunks_per_sum = 65535;

/// The kernels of a convolution's weight panel without their zeros, cut into stationary vectors.
struct decoded_kernels {
  regs::error_code error = regs::error_code::none;
  std::vector<float> stationary;         ///< levels (code16) or weights (float32), kernel by kernel
  std::vector<std::uint32_t> patches;    ///< of each, the row of the unrolled patches that streams past it
  std::vector<std::uint32_t> chunk_ends; ///< vector i has [chunk_ends[i-1], chunk_ends[i])
  struct kernel {
    std::uint32_t row = 0; ///< of the panel
    std::size_t end = 0;   ///< after its last vector
    friend bool operator==(const kernel&, const kernel&) = default;
  };
  std::vector<kernel> kernels;      ///< with any vector
  std::uint64_t deleted = 0;        ///< zero weights
  std::uint64_t decoding = 0;       ///< cycles of the busiest decoder; 0 if decoding takes no time
  std::uint64_t decoder_cycles = 0; ///< of all decoders
};

/// Decodes panels of convolutions, and remembers them.
class kernel_cache {
public:
  /// @param lanes         most values of a stationary vector
  /// @param slice_packing vectors end with each input channel
  /// @param decoders must outlive the cache
  kernel_cache(std::uint32_t lanes, bool slice_packing, row_decoders& decoders)
      : lanes_(lanes), slice_packing_(slice_packing), decoders_(decoders) {}

  /// @param bytes the panel's image; damaged ones give an error
  const decoded_kernels& decode(const transport::decode_job& job, std::span<const std::uint8_t> bytes);

private:
  struct entry {
    panel_identity what;
    decoded_kernels found;
  };
  void decode(const panel_identity& what, decoded_kernels& into);
  static std::size_t bytes_of(const entry& e); ///< about

  std::uint32_t lanes_;
  bool slice_packing_;
  row_decoders& decoders_;
  std::unordered_map<std::uint64_t, entry> entries_; ///< by place
  std::size_t held_ = 0;                             ///< bytes, about
  sparse::decoded_row row_;
};

} // namespace sonic::chip
