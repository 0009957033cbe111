// SPDX-License-Identifier: Apache-2.0
#include "sonic/physics/noise_pool.h"

#include "sonic/physics/counter_random.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace sonic::physics {

noise_pool::noise_pool(std::uint64_t seed) {
  std::vector<double> deviates(size);
  fill_normal(seed, stream_of(random_purpose::receiver, 0), 0, deviates);
  constexpr double count = size;
  const double mean = std::accumulate(deviates.begin(), deviates.end(), 0.0) / count;
  double squares = 0.0;
  for (double& d : deviates) {
    d -= mean;
    squares += d * d;
  }
  const double deviation = std::sqrt(squares / count);
  values_.reserve(size + repeated);
  for (const double d : deviates) {
    values_.push_back(static_cast<float>(d / deviation));
    largest_ = std::max(largest_, std::abs(values_.back()));
  }
  for (std::size_t i = 0; i < repeated; ++i) {
    values_.push_back(values_[i]);
  }
}

namespace {

/// Tells windows from all other random numbers, whose streams do not have this bit.
constexpr std::uint32_t windows = 0x80000000U;

} // namespace

window_places::window_places(std::uint64_t seed, const std::array<std::uint32_t, 3>& address)
    : key_{static_cast<std::uint32_t>(seed), static_cast<std::uint32_t>(seed >> 32U)}, counter_{0, address[0],
                                                                                                address[1],
                                                                                                address[2] | windows} {}

void window_places::draw() {
  drawn_ = philox_4x32(counter_, key_);
  ++counter_[0];
  left_ = 2 * drawn_.size();
}

} // namespace sonic::physics
