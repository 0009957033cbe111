// SPDX-License-Identifier: Apache-2.0
#include "sonic/chip/memory/partial_sum_buffer.h"

namespace sonic::chip {

bool partial_sum_buffer::lend(::tlm::tlm_dmi& dmi) {
  dmi.set_start_address(0);
  dmi.set_end_address(capacity() - 1);
  dmi.set_dmi_ptr(storage().data());
  dmi.allow_read_write();
  return true;
}

} // namespace sonic::chip
