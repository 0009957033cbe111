// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tb/estimate/chip_plan.h"
#include "tb/host/dram_timing.h"

#include <cstdint>
#include <vector>

namespace sonic::estimate {

/// The way between memory and chip: all that the time of a transfer depends on beside its pattern.
struct memory_path {
  host::dram_timing::parameters dram;
  std::uint64_t transaction_bytes = 1;
  std::uint64_t outstanding = 1;
  double ns_per_byte = 0; ///< of the dma_engine's port

  bool operator==(const memory_path&) const;
  [[nodiscard]] std::size_t hash() const;
};

/// How long each transfer of a layer takes, in ps.
struct transfer_times {
  double preparation_ps = 0;         ///< all of it
  std::vector<double> loads, stores; ///< by load, and by step
};

/// Of every layer. Loads follow one another and stores do, and loosely timed each direction has a bus and rows of its
/// own: so a transfer takes as long whenever it begins.
std::vector<transfer_times> transfer_times_of(const network_profile& profile, const chip_plan& plan,
                                              const memory_path& path);

} // namespace sonic::estimate
