// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sonic_regs/regs.h"
#include "tb/host/testbench.h"
#include "tb/workload/lower.h"
#include "tests/support/graph_builder.h"

#include <cstdint>
#include <cstring>
#include <memory>
#include <string>
#include <vector>

namespace sonic::tests {

/// A chip with a small good program of convolution, element-wise addition, pool and fully connected layer in its
/// memory, to be damaged and run. One per process.
class program_rig {
public:
  explicit program_rig(const std::vector<std::string>& overrides);

  struct run_end {
    host::outcome ended;
    std::uint32_t status = 0; ///< register, read after the interrupt was served
  };
  /// Runs the first @p count descriptors; returns after the interrupt came and was acknowledged.
  run_end run(std::uint32_t count);
  run_end run(std::uint32_t count, std::uint64_t memory_size, std::uint64_t address = 0);

  /// Starts all descriptors and resets the chip so many nanoseconds later.
  void start_and_reset(double after_ns);

  /// Puts the good program and its input back, with all other bytes as at first.
  void restore();

  host::testbench& bench() { return *bench_; }
  [[nodiscard]] std::vector<std::uint8_t> memory();
  /// Memory after the good program.
  [[nodiscard]] const std::vector<std::uint8_t>& golden() const { return golden_; }
  [[nodiscard]] std::uint32_t count() const { return image_.runs.front().count; }
  [[nodiscard]] std::uint64_t size() const { return pristine_.size(); }
  /// Bytes of descriptors, directories, weights, codebooks and parameters.
  [[nodiscard]] std::uint64_t image_bytes() const { return image_.bytes.size(); }
  /// First descriptor of an operation.
  [[nodiscard]] std::uint32_t index_of(regs::operation wanted);
  [[nodiscard]] regs::descriptor descriptor(std::uint32_t index) {
    return load<regs::descriptor>(index * sizeof(regs::descriptor));
  }

  template <class record>
  [[nodiscard]] record load(std::uint64_t address) {
    record content;
    std::memcpy(&content, bench_->bytes().data() + address, sizeof(content));
    return content;
  }
  template <class record>
  void save(std::uint64_t address, const record& content) {
    std::memcpy(bench_->bytes().data() + address, &content, sizeof(content));
  }

private:
  workload::memory_image image_;
  std::unique_ptr<host::testbench> bench_;
  std::vector<std::uint8_t> pristine_, golden_;
};

} // namespace sonic::tests
