// SPDX-License-Identifier: Apache-2.0
#include "tb/report/comparison.h"
#include "tb/report/page.h"

/// Made from comparison.html and from Chart.js.
extern const std::string_view sonic_comparison_page, sonic_chart_library;

namespace sonic::report {

std::string to_html(const comparison_report& r) {
  std::string page(sonic_comparison_page);
  // From the end to the beginning: what has been put is not searched for the places before it.
  put_in_page(page, "@COMPARISON@", inside_script(to_json(r)));
  put_in_page(page, "@CHART@", sonic_chart_library);
  return page;
}

} // namespace sonic::report
