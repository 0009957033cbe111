// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sonic/tlm/block.h"

#include <span>

namespace sonic::chip {

/// Light of streaming values, over that of @p full, which is at least as large as any of their magnitudes; none for no
/// values.
transport::row_light light_of(std::span<const float> values, float full);

} // namespace sonic::chip
