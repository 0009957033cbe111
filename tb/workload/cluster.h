// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace sonic::workload {

/// Weights that share the levels of one codebook: weight = channel_scale[channel] * codebook[code].
struct shared_weights {
  std::vector<std::int16_t> codes; ///< one per weight, -1 for zero
  std::vector<float> codebook;     ///< ascending, distinct, non-zero, in [-1, 1]; empty if every weight is zero
  std::vector<double> channel_scale;
};

/// Weight sharing after S. Han, H. Mao, W. Dally, "Deep Compression", arXiv 1510.00149, with the density-based seeds
/// that SONIC (arXiv 2109.04459) takes: the distribution of the non-zero weights is cut into regions of equal
/// probability, each region's mean is a first level, and Lloyd's iterations lower the squared error from there.
/// Weights with no more distinct values than levels keep their values.
/// @param weights  a row-major matrix
/// @param channels number of output channels
/// @param channel_is_row rows are channels (CONV), else columns (FC)
/// @param bits     2^bits levels, 1 to 15
/// @param name     of the layer, for the message
/// @throws core::user_error if a weight is not finite
shared_weights share_weights(const std::vector<float>& weights, std::size_t channels, bool channel_is_row, int bits,
                             const std::string& name);

} // namespace sonic::workload
