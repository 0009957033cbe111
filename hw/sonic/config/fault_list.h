// SPDX-License-Identifier: Apache-2.0
// Single broken devices, by name.
#pragma once

#include "sonic/config/architecture.h"
#include "sonic/physics/faults.h"

#include <cstdint>
#include <string>
#include <vector>

namespace sonic::config {

/// A broken device of a unit.
struct unit_fault {
  array_kind array = array_kind::conv;
  std::uint32_t unit = 0;
  physics::fault what;

  bool operator==(const unit_fault&) const = default;
};

/// faults.list: entries ARRAY.vdu_N.DEVICE apart by commas, DEVICE being
///   laser_L             dead
///   ring_L=VALUE        the lane's rings hold VALUE, from -1 to 1
///   heater_L[=LENGTH]   off by LENGTH, such as -0.3 nm; or by faults.detuning
///   detector[=TIMES]    noisier by TIMES, at least 1; or by faults.detector_noise
///   adc_bit_B=0|1       bit B of the two's complement code is stuck, 0 being the least
/// Lanes from conv_array.lanes or fc_array.lanes on are spare ones. `none` is the empty list.
/// @throws core::user_error at the first entry that names what is not there, or a device that another entry names
std::vector<unit_fault> parse_fault_list(const architecture& chip);

/// "conv_array.vdu_3", "fc_array.vdu_0"
std::string name_of_unit(array_kind array, std::uint32_t unit);
/// "laser_2", "detector", as the list names it, without its value
std::string name_of_device(const physics::fault& what);

} // namespace sonic::config
