// SPDX-License-Identifier: Apache-2.0
#include "sonic/chip/decode/work_partition.h"

#include <algorithm>

namespace sonic::chip {

void partition_work(const std::vector<transport::block>& blocks, std::uint32_t units,
                    const std::function<transport::block(const transport::block&, std::uint32_t, std::uint32_t)>& piece,
                    const std::function<void(std::uint32_t, std::vector<transport::block>&)>& share) {
  std::uint64_t total = 0;
  for (const auto& b : blocks) {
    total += b.symbols;
  }
  const std::uint64_t quota = (total + units - 1) / units;
  std::uint32_t unit = 0;
  std::uint64_t room = quota;
  std::vector<transport::block> mine;
  mine.reserve(blocks.size() / units + 2);
  const auto hand_out = [&] {
    share(unit++, mine);
    mine.clear();
    room = quota;
  };
  for (const auto& b : blocks) {
    std::uint32_t done = 0;
    while (done < b.symbols) {
      const auto take = static_cast<std::uint32_t>(std::min<std::uint64_t>(room, b.symbols - done));
      mine.push_back(take == b.symbols ? b : piece(b, done, done + take));
      done += take;
      room -= take;
      if (room == 0) {
        hand_out();
      }
    }
  }
  if (!mine.empty()) {
    hand_out();
  }
}

} // namespace sonic::chip
