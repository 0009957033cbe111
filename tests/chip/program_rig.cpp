// SPDX-License-Identifier: Apache-2.0
#include "tests/chip/program_rig.h"

#include "tb/host/chip_view.h"
#include "tb/host/inference.h"
#include "tb/reference/calibrate.h"
#include "tests/chip/chip_run.h"

#include <algorithm>
#include <stdexcept>

namespace sonic::tests {

program_rig::program_rig(const std::vector<std::string>& overrides) {
  constexpr std::uint64_t seed = 7;
  random_source random(seed);
  graph_builder network;
  const auto x = network.input({1, 2, 6, 6});
  const auto c = network.convolve(x, random.tensor({3, 2, 3, 3}, -1.0, 1.0, 0.4), square(3, 1, 1));
  const auto d = network.convolve(x, random.tensor({3, 2, 1, 1}, -1.0, 1.0), square(1));
  const auto pooled = network.pool(network.add(c, d), workload::pool_kind::maximum, square(2, 2));
  network.output(network.multiply(network.relabel(pooled, {1, 27}), random.tensor({27, 5}, -1.0, 1.0, 0.5)));
  const auto g = network.build();
  const std::vector<workload::tensor> inputs{random.tensor({1, 2, 6, 6}, -1.0, 1.0)};
  const auto a = chip_with(overrides);
  const auto how = host::numerics_of(a);
  const auto p = how.element == workload::element_kind::float32 ? workload::compile(g, how, {})
                                                                : reference::quantise(g, how, {inputs});
  image_ = workload::lower(p, host::layout_of(a));
  if (image_.runs.size() != 1) {
    throw std::logic_error("the program has several runs");
  }
  bench_ = std::make_unique<host::testbench>(a, image_.size);
  host::inference chip(*bench_, g, p, image_);
  if (chip.run(inputs).error_code != 0) {
    throw std::logic_error("the good program does not run");
  }
  golden_ = memory();
  // Everything behind the image but the input is empty at first.
  pristine_.assign(image_.size, 0);
  std::copy(image_.bytes.begin(), image_.bytes.end(), pristine_.begin());
  const auto& slot = p.slots[p.inputs.front()];
  const auto begin = static_cast<std::ptrdiff_t>(image_.slot_addresses[p.inputs.front()]);
  const auto length = static_cast<std::ptrdiff_t>(workload::slot_bytes(p, slot));
  std::copy_n(golden_.begin() + begin, length, pristine_.begin() + begin);
}

program_rig::run_end program_rig::run(std::uint32_t count) {
  return run(count, size());
}

program_rig::run_end program_rig::run(std::uint32_t count, std::uint64_t memory_size, std::uint64_t address) {
  run_end result;
  bench_->with_host([&](host::driver& host) {
    result.ended = host.run_program(memory_size, address, count);
    result.status = host.read(regs::at::status);
  });
  bench_->chip().clear_records();
  return result;
}

void program_rig::start_and_reset(double after_ns) {
  bench_->with_host([&](host::driver& host) {
    namespace at = regs::at;
    host.write(at::memory_size_low, static_cast<std::uint32_t>(size()));
    host.write(at::memory_size_high, 0);
    host.write(at::descriptor_address_low, 0);
    host.write(at::descriptor_address_high, 0);
    host.write(at::descriptor_count, count());
    host.write(at::control, at::control_start);
    sc_core::wait({after_ns, sc_core::SC_NS});
    host.write(at::control, at::control_reset);
  });
  bench_->chip().clear_records();
}

void program_rig::restore() {
  std::copy(pristine_.begin(), pristine_.end(), bench_->bytes().begin());
}

std::vector<std::uint8_t> program_rig::memory() {
  return {bench_->bytes().begin(), bench_->bytes().end()};
}

std::uint32_t program_rig::index_of(regs::operation wanted) {
  for (std::uint32_t i = 0; i < count(); ++i) {
    std::uint8_t operation = 0;
    std::memcpy(&operation, pristine_.data() + i * sizeof(regs::descriptor), sizeof(operation));
    if (operation == static_cast<std::uint8_t>(wanted)) {
      return i;
    }
  }
  throw std::logic_error("the program has no such operation");
}

} // namespace sonic::tests
