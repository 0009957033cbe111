// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sonic/chip/memory/buffer.h"

namespace sonic::chip {

/// Staging memory between the DMA engine and the other blocks: everything enters and leaves the chip through it.
class global_buffer : public buffer {
public:
  using buffer::buffer;
};

} // namespace sonic::chip
