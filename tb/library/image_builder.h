// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sonic/program_image.h"
#include "tb/workload/lower.h"
#include "tb/workload/program.h"

#include <cstddef>
#include <map>
#include <vector>

namespace sonic {

/// Fills the public image: from a lowered network, or from what a file holds.
class image_builder {
public:
  program_image of(const workload::graph& network, const workload::program& lowered, workload::memory_image&& image);
  static program_image decode(const std::vector<std::uint8_t>& bytes);
  static std::vector<std::uint8_t> encode(const program_image& image);

private:
  std::size_t tensor(const workload::graph& network, const workload::program& lowered,
                     const workload::memory_image& image, workload::slot_id slot);
  void add_steps(const workload::graph& network, const workload::program& lowered, const workload::memory_image& image);

  program_image built_;
  std::map<workload::slot_id, std::size_t> tensors_; ///< that are there already
};

} // namespace sonic
