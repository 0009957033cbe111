// SPDX-License-Identifier: Apache-2.0
#include "tb/report/run_report.h"

#include <algorithm>
#include <cmath>

namespace sonic::report {

double layer_check::signal_to_noise_db() const {
  return 10.0 * std::log10(signal / noise);
}

void classification::add(std::uint64_t label, std::uint64_t chip, std::uint64_t reference) {
  ++images;
  correct += chip == label ? 1U : 0U;
  reference_correct += reference == label ? 1U : 0U;
  agreeing += chip == reference ? 1U : 0U;
  const auto classes = std::max<std::size_t>(confusion.size(), std::max(label, chip) + 1);
  confusion.resize(classes);
  for (auto& row : confusion) {
    row.resize(classes);
  }
  ++confusion[label][chip];
}

} // namespace sonic::report
