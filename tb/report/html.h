// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tb/report/roofline.h"
#include "tb/report/run_report.h"

#include <string>

namespace sonic::report {

/// The report as one HTML file that needs nothing else: no network, no other file. Charts by Chart.js (MIT licence).
/// @param busy  share of unit time that each layer used, as in run_report::layers
/// @param frame from frame_view_json, or empty
std::string to_html(const run_report& r, const roofline& roofs, const std::vector<double>& busy,
                    const std::string& frame);

} // namespace sonic::report
