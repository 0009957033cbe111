// SPDX-License-Identifier: Apache-2.0
#include "sonic/sparse/unpack.h"

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstring>

namespace sonic::sparse {

static_assert(std::endian::native == std::endian::little, "codes are read in place");

namespace {

constexpr std::size_t group = 8; ///< codes of a window: they fill `bits` bytes, so all windows begin at the same bit

/// Eight codes at a time from 64-bit windows. A window holds its 8 x bits: with fewer than 8 bits per code the shift of
/// at most 7 leaves them inside, and with 8 there is no shift.
template <std::uint32_t bits>
void unpack_bits(std::span<const std::uint8_t> section, std::uint64_t first, std::span<std::uint16_t> codes) {
  constexpr std::uint64_t mask = (std::uint64_t{1} << bits) - 1;
  const std::uint64_t bit = first * bits;
  const auto shift = static_cast<std::uint32_t>(bit % 8);
  auto at = static_cast<std::size_t>(bit / 8);
  std::size_t done = 0;
  for (; done + group <= codes.size() && at + sizeof(std::uint64_t) <= section.size(); done += group, at += bits) {
    std::uint64_t window = 0;
    std::memcpy(&window, section.data() + at, sizeof(window));
    window >>= shift;
    for (std::uint32_t i = 0; i < group; ++i) {
      codes[done + i] = static_cast<std::uint16_t>(window >> (i * bits) & mask);
    }
  }
  for (; done < codes.size(); done += group, at += bits) {
    std::uint64_t window = 0;
    const std::size_t left = section.size() - std::min(at, section.size());
    std::memcpy(&window, section.data() + at, std::min(sizeof(window), left));
    window >>= shift;
    const std::size_t count = std::min(group, codes.size() - done);
    for (std::size_t i = 0; i < count; ++i) {
      codes[done + i] = static_cast<std::uint16_t>(window >> (i * bits) & mask);
    }
  }
}

} // namespace

void unpack(std::span<const std::uint8_t> section, std::uint64_t first, std::uint32_t code_bits,
            std::span<std::uint16_t> codes) {
  using unpacker = void (*)(std::span<const std::uint8_t>, std::uint64_t, std::span<std::uint16_t>);
  constexpr unpacker by_bits[] = {unpack_bits<1>, unpack_bits<2>, unpack_bits<3>, unpack_bits<4>,
                                  unpack_bits<5>, unpack_bits<6>, unpack_bits<7>, unpack_bits<8>};
  by_bits[code_bits - 1](section, first, codes);
}

} // namespace sonic::sparse
