// SPDX-License-Identifier: Apache-2.0
#include "tests/chip/chip_run.h"

#include "tb/host/chip_view.h"
#include "tb/host/inference.h"
#include "tb/host/testbench.h"
#include "tb/reference/calibrate.h"
#include "tests/support/random_network.h"

#include <stdexcept>
#include <utility>

namespace sonic::tests {

config::architecture chip_with(const std::vector<std::string>& overrides) {
  return config::load_architecture(SONIC_SOURCE_DIR "/configs/sonic.yaml", overrides);
}

chip_result run_on_chip(const config::architecture& a, const workload::graph& g, const workload::program& p,
                        const std::vector<workload::tensor>& inputs, bool grant_dmi, twins with) {
  const auto image = workload::lower(p, host::layout_of(a));
  host::testbench bench(a, image.size, grant_dmi, std::move(with));
  host::inference chip(bench, g, p, image);
  const auto ran = chip.run(inputs);
  if (ran.error_code != 0) {
    throw std::runtime_error("the chip stopped with error " + std::to_string(ran.error_code) + " at descriptor " +
                             std::to_string(ran.error_index));
  }
  chip_result result;
  for (std::size_t s = 0; s < p.slots.size(); ++s) {
    if (p.element == workload::element_kind::code16) {
      result.codes.push_back(chip.codes(s));
    }
    result.values.push_back(chip.values(s));
  }
  result.layers = ran.layers;
  result.latency_ns = ran.latency_ns;
  result.contended = bench.chip().contended() + bench.dram().contended();
  return result;
}

chip_result run_random_network(std::uint64_t seed, const config::architecture& a, twins with) {
  random_source random(seed);
  const auto g = random_network(random);
  const auto inputs = random_inputs(g, random);
  return run_on_chip(a, g, reference::quantise(g, host::numerics_of(a), {inputs}), inputs, true, std::move(with));
}

} // namespace sonic::tests
