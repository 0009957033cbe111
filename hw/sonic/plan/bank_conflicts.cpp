// SPDX-License-Identifier: Apache-2.0
#include "sonic/plan/bank_conflicts.h"

#include <algorithm>
#include <cmath>

namespace sonic::plan {

double words_per_cycle(std::uint64_t banks, std::uint64_t ports, std::uint64_t requesters) {
  if (banks == 1) {
    return static_cast<double>(std::min(requesters, ports));
  }
  const auto b = static_cast<double>(banks);
  const auto p = static_cast<double>(ports);
  const auto k = static_cast<double>(requesters);
  // E[min(X, p)] = p - sum over j < p of (p - j) P(X = j); the probabilities one from the other.
  double probability = std::pow(1.0 - 1.0 / b, k);
  double served = p;
  for (std::uint64_t j = 0; j < std::min(ports, requesters + 1); ++j) {
    const auto n = static_cast<double>(j);
    served -= (p - n) * probability;
    probability *= (k - n) / (n + 1.0) / (b - 1.0);
  }
  return b * served;
}

double stream_ns(std::uint64_t banks, std::uint64_t ports, double ns_per_byte, double bytes, std::uint64_t requesters) {
  const double all = static_cast<double>(banks * ports);
  const double busy = requesters == 0 ? 1.0 : words_per_cycle(banks, ports, requesters) / all;
  return bytes * ns_per_byte / busy;
}

} // namespace sonic::plan
