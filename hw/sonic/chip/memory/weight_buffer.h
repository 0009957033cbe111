// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sonic/chip/memory/buffer.h"

namespace sonic::chip {

/// Holds one weight panel, in its compressed format, for the index decoder.
class weight_buffer : public fed_buffer {
public:
  using fed_buffer::fed_buffer;
};

} // namespace sonic::chip
