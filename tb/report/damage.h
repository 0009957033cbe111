// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sonic/config/architecture.h"
#include "tb/report/run_report.h"

#include <string>

namespace sonic::report {

/// The damage of a chip, by array, unit, kind and place.
/// @throws core::user_error as config::damage_of does
damage_report damage_report_of(const config::architecture& a);

/// "conv_array.vdu_3.laser_2: dead laser, remapped"
std::string sentence_of(const fault_line& f);

} // namespace sonic::report
