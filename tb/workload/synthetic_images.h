// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tb/workload/tensor.h"

#include <cstdint>

namespace sonic::workload {

/// Smooth random fields from 0 to 1 that stand in for pictures where there are none: neighbouring pixels are alike, and
/// each image and channel is another one. Nothing but the seed decides them, and an image does not depend on how many
/// there are.
/// @param one the shape of one frame, with its first axis of 1; images lie along the last two axes
/// @param count frames, along the first axis, at least 1
tensor synthetic_images(const shape& one, std::int64_t count, std::uint64_t seed);

} // namespace sonic::workload
