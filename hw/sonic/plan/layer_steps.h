// SPDX-License-Identifier: Apache-2.0
// A layer as a sequence of steps: what to load, what to compute, what to store. No time, no values.
#pragma once

#include "sonic/plan/limits.h"
#include "sonic/plan/tiling.h"
#include "sonic/plan/work.h"

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

namespace sonic::plan {

/// One load from memory into the global buffer, and from there to where it is used.
struct operand_load {
  enum class use : std::uint8_t {
    parameters,  ///< channel records, which stay in the global buffer
    weights,     ///< on to the weight buffer
    activations, ///< on to the activation buffer
    operands,    ///< of the post-processor, which stay in the global buffer
  };
  use into = use::operands;
  transfer_pattern pattern;
  std::uint64_t offset = 0; ///< in the global buffer
};

/// One tile of one layer, or one panel of it.
struct layer_step {
  std::vector<operand_load> loads;   ///< in this order
  std::uint64_t channel_records = 0; ///< that `parameters` brings, one for each channel of the tile

  /// Which of two places its sums, channel records, post-processor operands and results have: while one tile is
  /// finished and stored, the next one uses the other. Steps up to one that finishes share it.
  unsigned int half = 0;

  bool light = false; ///< the decoder works on `panel`, `input`, `output`, `first_panel`, `last_panel`
  regs::panel panel{};
  rectangle input, output;
  bool first_panel = true, last_panel = true;

  bool finishes = true; ///< sums are complete after it, or there are none: the post-processor works and stores
  bool flows = true;    ///< channels can be finished one by one while the others are still computed or loaded
  post_work post;
  transfer_pattern store;
};

/// The steps of a layer, one after the other.
class layer_steps {
public:
  layer_steps() = default;
  layer_steps(const layer_steps&) = delete;
  layer_steps& operator=(const layer_steps&) = delete;
  virtual ~layer_steps() = default;

  /// The next step; false after the last one. Parts of the step that are not of its kind are left as they were.
  virtual bool next(layer_step& step) = 0;
};

/// What steps are made from.
struct layer_plan {
  const regs::descriptor* layer = nullptr;
  std::uint64_t base = 0; ///< memory_base, added to every address
  tile_limits limits;
  std::span<const regs::panel> panels; ///< of operations with light; stay valid as long as the steps
};

/// The steps of a checked descriptor; nullptr if not even one position fits the buffers.
std::unique_ptr<layer_steps> steps_of(const layer_plan& plan);

/// By kind of operation.
std::unique_ptr<layer_steps> convolution_steps(const layer_plan& plan);
std::unique_ptr<layer_steps> fully_connected_steps(const layer_plan& plan);
std::unique_ptr<layer_steps> pool_steps(const layer_plan& plan);
std::unique_ptr<layer_steps> strided_steps(const layer_plan& plan);

/// Channel records [first, first + count), or the one that all channels share.
/// @param offset in the global buffer
operand_load parameter_load(const layer_plan& plan, std::uint64_t first, std::uint64_t count, std::uint64_t offset);

/// Bytes of the channel records of so many channels.
std::uint64_t parameter_bytes(const regs::descriptor& layer, std::uint64_t channels);

} // namespace sonic::plan
