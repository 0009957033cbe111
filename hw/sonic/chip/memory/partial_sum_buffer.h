// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sonic/chip/memory/buffer.h"

namespace sonic::chip {

/// Holds the partial sums of one tile: 32-bit integers, or doubles under ideal optics. The index decoder lends rows of
/// it to blocks, whose conversion adds to them; the post-processor reads them.
class partial_sum_buffer : public buffer {
public:
  using buffer::buffer;
};

} // namespace sonic::chip
