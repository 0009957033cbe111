// SPDX-License-Identifier: Apache-2.0
// What buffers give where their bits flip; for index_decoder alone.
#pragma once

#include "sonic/tlm/jobs.h"

#include <cstdint>
#include <span>
#include <vector>

namespace sonic::chip {

/// Flips bits of what is read for a tile, each on its own, at addresses of program, step and buffer: the same in every
/// mode of time. Transient: the buffer keeps what it has.
class read_flips {
public:
  /// Probability of one bit of what a tile reads; of partial sums, once for each tile.
  struct rates {
    double weights = 0.0, activations = 0.0, partial_sums = 0.0;
    std::uint64_t seed = 0;
  };

  explicit read_flips(const rates& of) : rates_(of) {}

  [[nodiscard]] bool of_weights() const { return rates_.weights > 0.0; }
  /// Of a panel only the codes: what says where they belong is taken to be protected, as a chip could not go on without
  /// it. The span is valid until the next call.
  std::span<const std::uint8_t> weights(const transport::decode_job& job, std::span<const std::uint8_t> bytes);
  std::span<const std::uint8_t> activations(const transport::decode_job& job, std::span<const std::uint8_t> bytes);
  /// Where they are: nothing else reads them.
  void partial_sums(const transport::decode_job& job, std::span<std::uint8_t> bytes) const;

private:
  rates rates_;
  std::vector<std::uint8_t> weights_, activations_; ///< as read
};

} // namespace sonic::chip
