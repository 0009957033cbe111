// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sonic/accelerator.h"
#include "sonic/config/load.h"
#include "sonic/core/activity.h"
#include "tb/workload/compile.h"
#include "tb/workload/program.h"

#include <cstdint>
#include <string>
#include <vector>

namespace sonic::tests {

using keys = std::vector<std::string>;

/// The keys of both.
inline keys operator+(keys all, const keys& more) {
  all.insert(all.end(), more.begin(), more.end());
  return all;
}

/// configs/sonic.yaml with replaced keys.
config::architecture chip_with(const std::vector<std::string>& overrides);

struct chip_result {
  std::vector<std::vector<std::uint16_t>> codes; ///< per slot (code16)
  std::vector<workload::tensor> values;          ///< per slot
  std::vector<core::layer_record> layers;
  double latency_ns = 0;
  std::uint64_t contended = 0; ///< accesses to buffers and memory that another one held up
};

/// Elaborates a chip and runs a program once. One call per process.
/// @param with blocks that something else stands for
chip_result run_on_chip(const config::architecture& a, const workload::graph& g, const workload::program& p,
                        const std::vector<workload::tensor>& inputs, bool grant_dmi = true, twins with = {});

/// The same of the random network of this seed, quantised for the chip, on random inputs.
chip_result run_random_network(std::uint64_t seed, const config::architecture& a, twins with = {});

} // namespace sonic::tests
