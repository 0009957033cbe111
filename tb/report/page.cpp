// SPDX-License-Identifier: Apache-2.0
#include "tb/report/page.h"

namespace sonic::report {

void put_in_page(std::string& page, std::string_view place, std::string_view content) {
  const auto at = page.find(place);
  page.replace(at, place.size(), content);
}

std::string inside_script(const std::string& text) {
  std::string safe;
  for (const char c : text) {
    safe += c == '<' ? std::string("\\u003c") : std::string(1, c);
  }
  return safe;
}

} // namespace sonic::report
