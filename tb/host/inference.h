// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tb/host/testbench.h"
#include "tb/workload/lower.h"
#include "tb/workload/program.h"

#include <cstdint>
#include <optional>
#include <vector>

namespace sonic::host {

/// One run of a program on the chip.
struct inference_result {
  std::vector<layer_record> layers; ///< one per descriptor, in order; `index` counts over the whole program
  double latency_ns = 0.0;          ///< sum over the program's runs, first fetch to last store; host steps take no time
  unsigned int recalibrations = 0;  ///< whose time the latency has
  std::uint32_t error_code = 0;     ///< not 0: the chip stopped at an error
  std::uint32_t error_index = 0;    ///< descriptor at which it stopped
};

/// A lowered program in the memory of a testbench, run as often as wanted.
class inference {
public:
  /// Copies the image into the memory; the testbench's memory holds at least image.size bytes. The arguments must
  /// outlive it.
  inference(testbench& bench, const workload::graph& network, const workload::program& program,
            const workload::memory_image& image);

  /// Writes the inputs (one tensor per program input, real values), runs every step, and leaves all slots in memory.
  /// @param frame chooses the numbers of the programs, and so the noise of physical optics; none: those after the last
  inference_result run(const std::vector<workload::tensor>& inputs, std::optional<std::int64_t> frame = {});

  /// A slot's codes (code16 programs).
  std::vector<std::uint16_t> codes(workload::slot_id slot);
  /// A slot's content as real numbers in the shape of the network's value.
  workload::tensor values(workload::slot_id slot);

private:
  void write(workload::slot_id slot, const workload::tensor& content);

  testbench& bench_;
  const workload::graph& network_;
  const workload::program& program_;
  const workload::memory_image& image_;
};

} // namespace sonic::host
