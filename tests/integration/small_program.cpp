// SPDX-License-Identifier: Apache-2.0
#include "tests/integration/small_program.h"

#include "tb/host/chip_view.h"
#include "tb/reference/calibrate.h"
#include "tb/reference/program_executor.h"
#include "tb/workload/lower.h"
#include "tests/support/graph_builder.h"

#include <algorithm>
#include <cstring>
#include <stdexcept>

namespace sonic::tests {

small_program::small_program(const config::architecture& chip, std::uint64_t seed) {
  random_source random(seed);
  graph_builder network;
  const auto x = network.input({1, 2, 6, 6});
  const auto c = network.convolve(x, random.tensor({3, 2, 3, 3}, -1.0, 1.0, 0.4), square(3, 1, 1));
  const auto d = network.convolve(x, random.tensor({3, 2, 1, 1}, -1.0, 1.0), square(1));
  const auto pooled = network.pool(network.add(c, d), workload::pool_kind::maximum, square(2, 2));
  network.output(network.multiply(network.relabel(pooled, {1, 27}), random.tensor({27, 5}, -1.0, 1.0, 0.5)));
  const auto g = network.build();
  const std::vector<workload::tensor> inputs{random.tensor({1, 2, 6, 6}, -1.0, 1.0)};
  const auto how = host::numerics_of(chip);
  const auto p = reference::quantise(g, how, {inputs});
  const auto image = workload::lower(p, host::layout_of(chip));
  if (image.runs.size() != 1 || image.runs.front().address != 0) {
    throw std::logic_error("the program is not one run from address 0");
  }
  descriptors = image.runs.front().count;
  after.assign(image.size, 0);
  std::copy(image.bytes.begin(), image.bytes.end(), after.begin());
  const reference::program_executor golden(g, p, how);
  const auto put = [&](workload::slot_id slot, const reference::code_memory& codes) {
    std::memcpy(after.data() + image.slot_addresses[slot], codes[slot].data(), codes[slot].size() * 2);
  };
  const auto loaded = golden.load(inputs);
  put(p.inputs.front(), loaded);
  before = after;
  const auto codes = golden.run(inputs);
  for (workload::slot_id slot = 0; slot < p.slots.size(); ++slot) {
    put(slot, codes);
  }
}

std::int64_t first_foreign_byte(const small_program& program, const std::vector<std::uint8_t>& memory) {
  for (std::size_t i = 0; i < memory.size(); ++i) {
    if (memory[i] != program.before[i] && memory[i] != program.after[i]) {
      return static_cast<std::int64_t>(i);
    }
  }
  return -1;
}

} // namespace sonic::tests
