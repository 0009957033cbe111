// SPDX-License-Identifier: Apache-2.0
// Noise for every conversion, nearly as fast as the conversions themselves. A pool of normal deviates is drawn once for
// a seed; the noise of a block is a window of it, whose place and sign a counter-based generator chooses by the block's
// address. docs/optics.md (Noise of a conversion) says what that leaves of independence.
#pragma once

#include "sonic/core/large_pages.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace sonic::physics {

/// Noise to add to codes before they are limited and rounded: for symbol s of the block whose first lane is l,
/// deviations[l] x pool[(windows[l] + s) mod 2^16].
struct code_noise {
  const float* pool = nullptr;            ///< noise_pool::values()
  const std::uint16_t* windows = nullptr; ///< of each lane that is a block's first: where its window begins
  const float* deviations = nullptr;      ///< of the same lanes, in codes; the sign is the window's
  float largest = 0.0F;                   ///< no noise is larger in magnitude
};

class noise_pool {
public:
  static constexpr std::size_t size = 65536;
  /// Values behind the last one that repeat the first ones: a vector may begin at any.
  static constexpr std::size_t repeated = 256;

  /// Normal deviates of the seed, shifted and scaled to mean 0 and deviation 1.
  explicit noise_pool(std::uint64_t seed);

  [[nodiscard]] const float* values() const { return values_.data(); }
  [[nodiscard]] float largest() const { return largest_; }

private:
  std::vector<float, core::large_page_allocator<float>> values_; ///< in whole lines of the processor's caches
  float largest_ = 0.0F;
};

/// Windows of the first block of an address, the next one, and so on.
class window_places {
public:
  struct window {
    std::uint16_t begin; ///< a multiple of 16, so that vectors lie in lines of the processor's caches
    float sign;
  };

  /// @param address what the blocks belong to, the last of it below 2^31; two addresses have nothing in common
  window_places(std::uint64_t seed, const std::array<std::uint32_t, 3>& address);

  window next() {
    if (left_ == 0) {
      draw();
    }
    --left_;
    const std::uint32_t half = drawn_[left_ / 2] >> (left_ % 2 * 16);
    return {static_cast<std::uint16_t>(half & 0xFFF0U), (half & 1U) != 0 ? -1.0F : 1.0F};
  }

private:
  void draw();

  std::array<std::uint32_t, 2> key_;
  std::array<std::uint32_t, 4> counter_;
  std::array<std::uint32_t, 4> drawn_{};
  std::size_t left_ = 0; ///< halves of what is drawn
};

} // namespace sonic::physics
