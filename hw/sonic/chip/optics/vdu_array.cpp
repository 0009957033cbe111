// SPDX-License-Identifier: Apache-2.0
#include "sonic/chip/optics/vdu_array.h"

namespace sonic::chip {

vdu_array::vdu_array(const sc_core::sc_module_name& name, transport::array_kind array, const settings& chip)
    : sc_module(name), units("vdu") {
  units.init(chip.units(array),
             [&](const char* unit_name, std::size_t unit) { return new vdu(unit_name, array, unit, chip); });
}

} // namespace sonic::chip
