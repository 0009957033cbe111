// SPDX-License-Identifier: Apache-2.0
// Real numbers as activation codes and back: real = scale * (code - zero_point), see docs/numbers.md.
#pragma once

#include "tb/workload/program.h"
#include "tb/workload/tensor.h"

#include <cstdint>
#include <string>
#include <vector>

namespace sonic::workload {

/// Smallest and largest value that a tensor takes.
struct value_range {
  double minimum = 0.0;
  double maximum = 0.0;
};

struct quantisation {
  double scale = 1.0;
  std::int32_t zero_point = 0;
};

/// Scale and zero point of a range, which is widened to include 0; scale 1 where it is 0 alone.
/// @param bits of the activation converter, 1 to 16
/// @param name of the tensor, for the message
/// @throws core::user_error if the range is not finite or its ends are swapped
quantisation quantise_range(const value_range& range, int bits, const std::string& name);

/// Code of one number: round_half_even(real / scale) + zero_point, clamped to [0, 2^bits - 1]. NaN gives 0.
std::uint16_t encode(double real, const quantisation& q, int bits);

/// Codes of a tensor's values in a slot's scale and zero point.
std::vector<std::uint16_t> encode(const tensor& reals, const slot& s, int bits);

/// Real numbers of codes, as a tensor of the given shape with as many elements.
tensor decode(const std::vector<std::uint16_t>& codes, const slot& s, const shape& extents);

} // namespace sonic::workload
