// SPDX-License-Identifier: Apache-2.0
#include "tb/report/html.h"

#include "tb/report/page.h"

#include <nlohmann/json.hpp>

#include <string_view>

/// Made from report.html and from Chart.js.
extern const std::string_view sonic_report_page, sonic_chart_library;

namespace sonic::report {

namespace {

using json = nlohmann::ordered_json;

json roof_json(const run_report& r, const roofline& roofs, const std::vector<double>& busy) {
  json j;
  j["memory_gb_per_s"] = roofs.memory_bytes_per_ns;
  j["arrays"] = json::array();
  for (const auto& a : roofs.arrays) {
    j["arrays"].push_back({{"name", a.name}, {"converters_gmac_per_s", a.converters}, {"light_gmac_per_s", a.light}});
  }
  j["points"] = json::array();
  for (const auto& p : roofs.points) {
    j["points"].push_back({{"name", r.layers[p.layer].name},
                           {"macs_per_byte", p.macs_per_byte},
                           {"gmac_per_s", p.macs_per_ns},
                           {"attainable_gmac_per_s", p.attainable_per_ns},
                           {"bound", p.bound}});
  }
  j["busy"] = busy;
  return j;
}

} // namespace

std::string to_html(const run_report& r, const roofline& roofs, const std::vector<double>& busy,
                    const std::string& frame) {
  std::string page(sonic_report_page);
  // From the end to the beginning: what has been put is not searched for the places before it.
  put_in_page(page, "@ROOF@", inside_script(roof_json(r, roofs, busy).dump()));
  put_in_page(page, "@FRAME@", frame.empty() ? "null" : inside_script(frame));
  put_in_page(page, "@RUN@", inside_script(to_json(r)));
  put_in_page(page, "@CHART@", sonic_chart_library);
  return page;
}

} // namespace sonic::report
