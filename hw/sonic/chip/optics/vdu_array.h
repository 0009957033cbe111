// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sonic/chip/optics/vdu.h"

#include <systemc>

namespace sonic::chip {

/// The CONV or the FC units. Each has a socket of its own to the index decoder.
class vdu_array : public sc_core::sc_module {
public:
  vdu_array(const sc_core::sc_module_name& name, transport::array_kind array, const settings& chip);

  sc_core::sc_vector<vdu> units; ///< public for the composition root, which binds them
};

} // namespace sonic::chip
