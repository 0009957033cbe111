// SPDX-License-Identifier: Apache-2.0
#include "sonic/sparse/compression.h"

namespace sonic::sparse {

void cut_kernel(std::span<const std::uint32_t> columns, std::uint32_t lanes, std::uint32_t slice, std::uint32_t base,
                std::vector<std::uint32_t>& ends) {
  std::uint32_t held = 0;
  for (std::size_t i = 0; i < columns.size(); ++i) {
    ++held;
    const bool last = i + 1 == columns.size();
    if (last || held == lanes || columns[i + 1] / slice != columns[i] / slice) {
      ends.push_back(base + static_cast<std::uint32_t>(i + 1));
      held = 0;
    }
  }
}

} // namespace sonic::sparse
