// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sonic/chip/memory/buffer.h"

namespace sonic::chip {

/// Holds the activations that one tile needs, [channel][row][column], for the index decoder.
class activation_buffer : public fed_buffer {
public:
  using fed_buffer::fed_buffer;
};

} // namespace sonic::chip
