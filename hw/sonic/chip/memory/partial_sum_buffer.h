// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sonic/chip/memory/buffer.h"

namespace sonic::chip {

/// Holds the partial sums of one tile: 32-bit integers, or doubles under ideal optics. The index decoder asks for its
/// memory once by get_direct_mem_ptr and lends rows of it to blocks; the post-processor reads it by b_transport.
class partial_sum_buffer : public buffer {
public:
  using buffer::buffer;

protected:
  bool lend(::tlm::tlm_dmi& dmi) override;
};

} // namespace sonic::chip
