// SPDX-License-Identifier: Apache-2.0
#include "sonic/digital/post_arithmetic.h"

#include "sonic/core/instruction_sets.h"

#include <algorithm>
#include <limits>

namespace sonic::digital {

namespace {

/// What a channel does to its sums, where negative values stay as they are or become zero.
struct plain_post {
  std::int32_t multiplier_a, multiplier_b; // of the width that processors multiply in one step
  std::uint64_t offset;                    ///< with the half that rounds
  std::uint32_t shift;
  std::int64_t floor; ///< of what is shifted
  std::int64_t zero_point, low, high;

  /// A value shifted by one at least is so far from the ends of 64 bits that the zero point can be added.
  [[gnu::always_inline]] std::uint16_t finish(std::int32_t a, std::uint64_t product_b) const {
    const std::uint64_t sum = static_cast<std::uint64_t>(std::int64_t{a} * multiplier_a) + product_b + offset;
    const std::int64_t v = std::max(static_cast<std::int64_t>(sum) >> shift, floor);
    return static_cast<std::uint16_t>(std::min(std::max(v + zero_point, low), high));
  }
};

// Each takes the constants by value: the outputs might alias them. Outputs over their own operands are no dependence
// between elements.

SONIC_EACH_INSTRUCTION_SET
void finish_sums(const std::int32_t* a, std::size_t count, plain_post how, std::uint16_t* out) {
  for (std::size_t i = 0; i < count; ++i) {
    out[i] = how.finish(a[i], 0);
  }
}

SONIC_EACH_INSTRUCTION_SET
void finish_codes(const std::uint16_t* a, std::size_t count, plain_post how, std::uint16_t* out) {
#pragma GCC ivdep
  for (std::size_t i = 0; i < count; ++i) {
    out[i] = how.finish(a[i], 0);
  }
}

SONIC_EACH_INSTRUCTION_SET
void finish_pairs(const std::uint16_t* a, const std::uint16_t* b, std::size_t count, plain_post how,
                  std::uint16_t* out) {
#pragma GCC ivdep
  for (std::size_t i = 0; i < count; ++i) {
    out[i] = how.finish(a[i], static_cast<std::uint64_t>(std::int64_t{b[i]} * how.multiplier_b));
  }
}

plain_post plain_of(const code16_post& post, const regs::parameters_code16& channel) {
  return {channel.multiplier_a,
          channel.multiplier_b,
          static_cast<std::uint64_t>(channel.offset) + (std::uint64_t{1} << (channel.shift - 1)),
          channel.shift,
          post.slope() == 0 ? 0 : std::numeric_limits<std::int64_t>::min(),
          post.zero_point(),
          post.low(),
          post.high()};
}

} // namespace

void code16_post::operator()(const std::int32_t* a, std::size_t count, const regs::parameters_code16& channel,
                             std::uint16_t* out) const {
  if (plain()) {
    finish_sums(a, count, plain_of(*this, channel), out);
    return;
  }
  for (std::size_t i = 0; i < count; ++i) {
    out[i] = (*this)(a[i], 0, channel);
  }
}

void code16_post::operator()(const std::uint16_t* a, const std::uint16_t* b, std::size_t count,
                             const regs::parameters_code16& channel, std::uint16_t* out) const {
  if (!plain()) {
    for (std::size_t i = 0; i < count; ++i) {
      out[i] = (*this)(a[i], b == nullptr ? 0 : b[i], channel);
    }
  } else if (b == nullptr) {
    finish_codes(a, count, plain_of(*this, channel), out);
  } else {
    finish_pairs(a, b, count, plain_of(*this, channel), out);
  }
}

} // namespace sonic::digital
