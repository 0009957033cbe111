// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace sonic::workload {

/// Shape of a dense row-major array; every extent is at least 1, an empty shape is a scalar.
using shape = std::vector<std::int64_t>;

/// Product of the extents.
/// @throws core::user_error naming @p what if an extent is not positive or the product passes max_elements
std::int64_t element_count(const shape& extents, const std::string& what);

/// Largest tensor that the model accepts, in elements: 2^31 floats are 8 GiB, beyond any network meant here, and an
/// absurd size in a damaged file is refused before memory is asked for.
inline constexpr std::int64_t max_elements = std::int64_t{1} << 31;

/// Dense row-major array of real numbers.
struct tensor {
  shape extents;
  std::vector<float> values;
};

/// Smallest and largest value; (0, 0) where there is none.
std::pair<float, float> range_of(const tensor& data);

/// "3x32x32", or "scalar".
std::string to_string(const shape& extents);

} // namespace sonic::workload
