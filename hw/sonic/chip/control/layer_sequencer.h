// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sonic/physics/emission.h"
#include "sonic/plan/layer_steps.h"
#include "sonic/plan/limits.h"
#include "sonic/tlm/byte_initiator.h"
#include "sonic/tlm/job_initiator.h"
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

/// Runs one checked descriptor, step by step: load, decode and convert, finish, store. Loads, light, post-processing
/// and stores overlap as their resources allow, and double-buffered:
///
/// - the next step's operands load once every unit has begun with this one's light,
/// - what a step loads, sums and finishes lies in one of two places, free once the post-processor has finished the
///   step before the last one, and its results once they are stored.
///
/// Times never change values; tiles do so only under physical optics, whose noise and rings belong to blocks and units.
/// Subclasses differ in how they know when things happen.
class layer_sequencer {
public:
  /// @param weight_emission of the codebook's levels where weights stream
  layer_sequencer(control_ports& ports, const plan::tile_limits& tiles, const buffer_latencies& latencies,
                  const physics::emission_law& weight_emission)
      : ports_(ports), tiles_(tiles), latencies_(latencies), weight_emission_(weight_emission) {}
  layer_sequencer(const layer_sequencer&) = delete;
  layer_sequencer& operator=(const layer_sequencer&) = delete;
  virtual ~layer_sequencer() = default;

  /// @param base memory_base, added to every address
  /// @param done ended is the time at which the layer may begin; receives its end and its activity
  regs::error_code run(const regs::descriptor& layer, std::uint64_t base, const plan::program_limits& limits,
                       transport::layer_event& done);

  /// At a program's begin: what an abandoned program left busy is free, and no ring holds a known value, so that what a
  /// program does never depends on what ran before it.
  /// @param program its number
  virtual void restart(std::uint32_t program) {
    ++epoch_;
    causes_ = {};
    program_ = program;
    light_steps_ = 0;
  }
  /// At a reset: a running layer asks for nothing more.
  virtual void abandon() { layer_sequencer::restart(0); }

  /// Reads @p bytes at an absolute memory address through the DMA engine; false on a bus error.
  bool fetch(std::uint64_t address, std::span<std::uint8_t> bytes, sc_core::sc_time& at);

protected:
  /// The steps of a prepared layer.
  virtual regs::error_code run_steps(plan::layer_steps& steps) = 0;
  /// One transfer from absolute time @p at on; receives its end.
  virtual void transfer(transport::transfer_job& job, sc_core::sc_time& at) = 0;

  bool load(const transport::transfer_pattern& pattern, std::uint64_t offset, sc_core::sc_time& at);
  bool store(const plan::layer_step& step, const sc_core::sc_time& finished);
  /// Channel records; of the operations with light, the ring levels they ask for.
  regs::error_code load_parameters(const plan::operand_load& records, std::uint64_t count, sc_core::sc_time& at,
                                   std::vector<std::uint32_t>& ring_levels);
  /// The decode job of a step with light, as far as its layer says; without ring levels.
  [[nodiscard]] transport::decode_job light_of_layer() const;
  void describe(const plan::layer_step& step, transport::decode_job& job);
  void count_light(const transport::decode_job& job);
  [[nodiscard]] sc_core::sc_time first_word_of(const transport::post_job& job) const;

  control_ports& ports_;
  plan::tile_limits tiles_;
  buffer_latencies latencies_;
  physics::emission_law weight_emission_;
  unsigned int epoch_ = 0;
  transport::layer_event* done_ = nullptr; ///< of the running layer
  core::time_attribution causes_;          ///< of the running layer's time, its descriptor's fetch included
  sc_core::sc_time cursor_;                ///< absolute time at which the next load may begin

private:
  regs::error_code prepare_light();

  const regs::descriptor* layer_ = nullptr;
  std::uint64_t base_ = 0;
  plan::program_limits limits_;
  std::vector<regs::panel> panels_;
  std::vector<float> codebook_;
  std::uint32_t program_ = 0;
  std::uint32_t light_steps_ = 0; ///< of the program, so far
};

} // namespace sonic::chip
