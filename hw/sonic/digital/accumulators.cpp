// SPDX-License-Identifier: Apache-2.0
#include "sonic/digital/accumulators.h"

#include <algorithm>

namespace sonic::digital {

void accumulators::count(std::uint64_t first, std::uint64_t sums, std::uint64_t times,
                         std::optional<std::uint64_t> taken) {
  gave_up_ = gave_up_ || !taken;
  if (!timed() || sums == 0 || !taken) {
    return;
  }
  const std::uint64_t words = accumulator_cycles(first, sums, how_.lanes);
  // Consecutive words lie in consecutive accumulators.
  words_of_all_ += words / how_.count * times;
  std::uint64_t at = first / how_.lanes % how_.count;
  for (std::uint64_t rest = words % how_.count; rest > 0; --rest) {
    words_[at] += times;
    at = at + 1 == how_.count ? 0 : at + 1;
  }
  total_words_ += words * times;
  cycles_ += *taken * times;
}

void accumulators::clear(std::uint64_t first, std::uint64_t sums) {
  count(first, sums, 1, has_twin() ? how_.twin->clear(first, sums) : accumulator_cycles(first, sums, how_.lanes));
}

void accumulators::add(std::uint64_t first, std::span<const std::int32_t> codes) {
  count(first, codes.size(), 1, how_.twin->add(first, codes));
}

void accumulators::count_added(std::uint64_t first, std::uint64_t sums, std::uint64_t blocks) {
  count(first, sums, blocks, accumulator_cycles(first, sums, how_.lanes));
}

void accumulators::read(std::uint64_t first, std::span<std::int32_t> into) {
  count(first, into.size(), 1,
        has_twin() ? how_.twin->read(first, into) : accumulator_cycles(first, into.size(), how_.lanes));
}

accumulators::cycles accumulators::take_cycles() {
  cycles taken;
  if (total_words_ > 0) {
    const std::uint64_t most = words_of_all_ + *std::max_element(words_.begin(), words_.end());
    taken = {(most * cycles_ + total_words_ - 1) / total_words_, cycles_};
  }
  std::fill(words_.begin(), words_.end(), 0);
  words_of_all_ = cycles_ = total_words_ = 0;
  return taken;
}

} // namespace sonic::digital
