// SPDX-License-Identifier: Apache-2.0
#include "tb/sonic/compare.h"

#include "tb/reference/float_executor.h"

#include <algorithm>
#include <cmath>

namespace sonic::command {

void comparer::prepare(const std::vector<workload::tensor>& inputs) {
  floats_ = reference::run_float(network_, inputs);
  if (program_.element == workload::element_kind::code16) {
    if (!quantised_) {
      quantised_ = std::make_unique<reference::program_executor>(network_, program_, how_);
    }
    codes_.emplace(quantised_->load(inputs));
    for (std::size_t i = 0; i < program_.steps.size(); ++i) {
      quantised_->run_step(i, *codes_);
      if (!repeated_) {
        quantised_->release(i);
      }
    }
  }
}

void comparer::compare(host::inference& chip, workload::slot_id slot, report::layer_check& check) const {
  check.compared = true;
  if (codes_) {
    const auto found = chip.codes(slot);
    const auto& expected = (*codes_)[slot];
    check.elements += found.size();
    const int zero = program_.slots[slot].zero_point;
    for (std::size_t i = 0; i < found.size(); ++i) {
      const int difference = std::abs(int{found[i]} - int{expected[i]});
      check.mismatches += difference == 0 ? 0U : 1U;
      check.deviation = std::max<double>(check.deviation, difference);
      if (measured_) {
        const double signal = int{expected[i]} - zero;
        check.signal += signal * signal;
        check.noise += static_cast<double>(difference) * difference;
      }
    }
    return;
  }
  const auto found = chip.values(slot);
  const auto& expected = floats_[program_.slots[slot].origin];
  double largest = 0.0;
  for (const float v : expected.values) {
    largest = std::max<double>(largest, std::abs(v));
  }
  check.elements += found.values.size();
  for (std::size_t i = 0; i < found.values.size(); ++i) {
    const double error = std::abs(static_cast<double>(found.values[i]) - static_cast<double>(expected.values[i]));
    const bool same = found.values[i] == expected.values[i]; // infinities of an empty maximum
    const double deviation = same ? 0.0 : error / largest;
    if (!(deviation <= ideal_tolerance)) {
      ++check.mismatches;
    }
    check.deviation = std::isnan(deviation) ? deviation : std::max(check.deviation, deviation);
  }
}

} // namespace sonic::command
