// SPDX-License-Identifier: Apache-2.0
#include "tb/cosim/pin_checker.h"

#include <fmt/format.h>

namespace sonic::cosim {

pin_checker::pin_checker(const rtl_block& block) : block_(block) {
  for (const auto& s : block.ports().streams) {
    if (s.output) {
      outputs_.push_back({&s, false, {}});
    }
  }
}

std::optional<std::string> pin_checker::check() {
  const auto name_of = [this](std::size_t port) { return block_.ports().ports[port].name; };
  for (auto& o : outputs_) {
    const bool valid = block_.get(o.of->valid) != 0;
    if (o.waits && !valid) {
      return fmt::format("{} fell before {} was high", name_of(o.of->valid), name_of(o.of->ready));
    }
    for (std::size_t i = 0; o.waits && i < o.data.size(); ++i) {
      const auto now = block_.text_of(o.of->data[i]);
      if (now != o.data[i]) {
        return fmt::format("{} changed from 0x{} to 0x{} while {} waited for {}", name_of(o.of->data[i]), o.data[i],
                           now, name_of(o.of->valid), name_of(o.of->ready));
      }
    }
    o.waits = valid && block_.get(o.of->ready) == 0;
    o.data.clear();
    for (std::size_t i = 0; o.waits && i < o.of->data.size(); ++i) {
      o.data.push_back(block_.text_of(o.of->data[i]));
    }
  }
  return {};
}

} // namespace sonic::cosim
