// SPDX-License-Identifier: Apache-2.0
// What a chip of any configuration would need for a network, without simulating it: docs/estimator.md.
#pragma once

#include "sonic/config/architecture.h"
#include "sonic/core/activity.h"
#include "tb/estimate/network_profile.h"

#include <memory>
#include <vector>

namespace sonic::estimate {

/// One run of a network's inputs.
struct outcome {
  bool fits = false;             ///< false: the chip would refuse the network, its buffers are too small; all else is 0
  double latency_ns = 0;         ///< from the first descriptor's fetch to the last store; the host takes no time
  double energy_pj = 0;          ///< under the configuration's accounting
  double operand_bits = 0;       ///< as report::operand_bits
  core::activity done;           ///< of all layers together; without causes of time and the units' busy times
  std::vector<double> layers_ns; ///< of each descriptor, in order
};

/// Estimates one network on many chips. Keeps what several configurations have in common (plans for the same buffers,
/// transfers over the same memory, blocks for the same arrays), within some limit, so that a change of a few keys costs
/// little. One per thread; they may share a profile.
class estimator {
public:
  /// @param profile must outlive it
  explicit estimator(const network_profile& profile);
  ~estimator();
  estimator(const estimator&) = delete;
  estimator& operator=(const estimator&) = delete;

  /// What `run.timing: loosely_timed` gives, whatever the configuration's own timing.
  /// @param a the profile holds for it
  /// @return valid until the next call
  const outcome& operator()(const config::architecture& a);

private:
  struct memory;
  std::unique_ptr<memory> memory_;
};

/// One estimate alone. For several threads at once.
outcome estimate(const network_profile& profile, const config::architecture& a);

} // namespace sonic::estimate
