// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sonic/chip/control/layer_steps.h"
#include "sonic/chip/limits.h"
#include "sonic/tlm/byte_initiator.h"
#include "sonic/tlm/carrier.h"
#include "sonic/tlm/jobs.h"

#include <cstdint>
#include <span>
#include <vector>

#include <systemc>

namespace sonic::chip {

/// The sockets through which the command processor drives the other blocks.
struct control_ports {
  transport::job_initiator<transport::transfer_job> dma{"dma"};
  transport::job_initiator<transport::fill_job> weight_fill{"weight_fill"};
  transport::job_initiator<transport::fill_job> activation_fill{"activation_fill"};
  transport::job_initiator<transport::decode_job> decode{"decode"};
  transport::job_initiator<transport::post_job> post{"post"};
  transport::byte_initiator global{"global"};
};

/// First words of the buffers that the post-processor and stores read.
struct buffer_latencies {
  sc_core::sc_time global_buffer, partial_sum_buffer;
};

/// Runs one checked descriptor, step by step: load, decode and convert, finish, store.
///
/// Loosely timed: loads, light, post-processing and stores overlap as their resources allow, double-buffered: the next
/// tile's operands load while this one computes. Tiles never change values.
class layer_sequencer {
public:
  layer_sequencer(control_ports& ports, const tile_limits& tiles, const buffer_latencies& latencies)
      : ports_(ports), tiles_(tiles), latencies_(latencies) {}

  /// @param base memory_base, added to every address
  /// @param done ended is the time at which the layer may begin; receives its end and its activity
  regs::error_code run(const regs::descriptor& layer, std::uint64_t base, const program_limits& limits,
                       transport::layer_event& done);

  /// At a program's begin and at a reset: what an abandoned program left busy is free, and no ring holds a known value,
  /// so that what a program does never depends on what ran before it.
  void restart() {
    ++epoch_;
    causes_ = {};
  }

  /// Reads @p bytes at an absolute memory address through the DMA engine; false on a bus error.
  bool fetch(std::uint64_t address, std::span<std::uint8_t> bytes, sc_core::sc_time& at);

private:
  regs::error_code run_operation();
  regs::error_code prepare_light();
  regs::error_code run_step(layer_step& step);
  regs::error_code load_operands(const layer_step& step, sc_core::sc_time& ready);
  regs::error_code load_parameters(const operand_load& records, std::uint64_t count, sc_core::sc_time& at);
  bool load(const transport::transfer_pattern& pattern, std::uint64_t offset, sc_core::sc_time& at);
  bool fill(transport::job_initiator<transport::fill_job>& buffer, const operand_load& operand, sc_core::sc_time& at,
            sc_core::sc_time& ready);
  regs::error_code decode(const sc_core::sc_time& ready);
  sc_core::sc_time finish(transport::post_job& job, const sc_core::sc_time& from, const sc_core::sc_time& complete);
  bool store(const transport::transfer_pattern& pattern, std::uint64_t offset, const sc_core::sc_time& from);

  control_ports& ports_;
  tile_limits tiles_;
  buffer_latencies latencies_;
  const regs::descriptor* layer_ = nullptr;
  std::uint64_t base_ = 0;
  unsigned int epoch_ = 0;
  program_limits limits_;
  transport::layer_event* done_ = nullptr; ///< of the running layer
  std::vector<regs::panel> panels_;
  std::vector<float> codebook_;
  transport::decode_job decode_;  ///< of the running layer; keeps what its steps share
  core::time_attribution causes_; ///< of the running layer's time, its descriptor's fetch included
  sc_core::sc_time cursor_;       ///< absolute time at which the next load may begin
};

} // namespace sonic::chip
