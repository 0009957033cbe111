// SPDX-License-Identifier: Apache-2.0
// What the command processor asks of the other blocks, one struct per kind of request.
#pragma once

#include "sonic/core/time_attribution.h"
#include "sonic/plan/work.h"
#include "sonic/tlm/block.h"
#include "sonic_regs/regs.h"

#include <array>
#include <cstdint>
#include <vector>

namespace sonic::transport {

using plan::post_source;
using plan::rectangle;
using plan::transfer_pattern;

/// dma_engine: move between memory and the global buffer.
struct transfer_job {
  bool store = false; ///< global buffer to memory
  transfer_pattern pattern;
  std::uint64_t buffer_offset = 0;
  unsigned int epoch = 0; ///< counts programs and resets
  /// Results, set by the target.
  bool bus_error = false;
  sc_core::sc_time started{}, ended{}; ///< absolute
  /// Set by the initiator while it is under way: no further transaction is asked for.
  bool abandoned = false;
};

/// Told of every transfer.
class transfer_observer {
public:
  transfer_observer() = default;
  transfer_observer(const transfer_observer&) = delete;
  transfer_observer& operator=(const transfer_observer&) = delete;
  virtual ~transfer_observer() = default;
  virtual void transfer_done(const transfer_job& done) = 0;
  /// Approximately timed only.
  virtual void transfer_begun(const transfer_job& /*begun*/) {}
};

/// weight_buffer, activation_buffer: copy from the global buffer, as the bytes arrive there.
struct fill_job {
  std::uint64_t source_offset = 0;
  std::uint64_t target_offset = 0;
  std::uint64_t bytes = 0;
  sc_core::sc_time from;  ///< absolute time at which the first byte is asked from memory
  sc_core::sc_time until; ///< absolute time at which the last byte is in the global buffer
  sc_core::sc_time ended; ///< set by the target: absolute time at which the last byte can be read
};

/// A buffer on the chip: what the units of an array read or write of it side by side during one tile; or what another
/// block reads.
struct stream_job {
  double bytes = 0.0;           ///< a value of 6 bits is 0.75 bytes
  std::uint64_t cycles = 0;     ///< of a block that counts these in place of bytes
  std::uint64_t requesters = 0; ///< that ask in the same cycle; 0: one that keeps all banks busy
  bool first = false;           ///< approximately timed: goes before what the units still have to read or write
  unsigned int epoch = 0;       ///< counts programs and resets
  sc_core::sc_time asked;       ///< absolute time of the first access
  sc_core::sc_time ended;       ///< set by the target: absolute time of the last one
  sc_core::sc_time held_up;     ///< set by the target, approximately timed: by what went first
};

/// index_decoder: compress one tile and send its blocks to the units.
struct decode_job {
  const regs::descriptor* layer = nullptr;
  regs::panel panel{};                    ///< the weights now in the weight buffer, from its first byte
  std::vector<float> codebook;            ///< code16
  std::vector<std::uint32_t> ring_levels; ///< per row of the panel (CONV) or per column (FC); empty = full transmission
  float inverse_lsb = 1.0F;
  std::uint32_t program = 0;     ///< number of the program, and of this step among its steps with light: an address for
  std::uint32_t step = 0;        ///< random numbers
  std::uint32_t passes = 0;      ///< begun so far by the dispatch
  std::uint64_t sums_offset = 0; ///< of the tile's sums in the partial-sum buffer
  unsigned int epoch = 0;        ///< counts programs and resets
  /// CONV: the input rectangle in the activation buffer [channel][row][column] and the output rectangle to compute.
  rectangle input, output;
  /// FC: the activations in the activation buffer are the panel's rows; the last panel of these columns ends the sums.
  bool first_panel = true, last_panel = true;
  /// Results, set by the target.
  regs::error_code error = regs::error_code::none;
  std::uint64_t deleted = 0;                        ///< products skipped because compression deleted their position
  std::uint64_t decoder_cycles = 0;                 ///< of all decoders of rows, if they take time
  std::uint64_t accumulator_cycles = 0;             ///< of all accumulators, if they take time
  sc_core::sc_time started;                         ///< absolute time at which the first unit begins
  sc_core::sc_time taken;                           ///< absolute time at which the last unit begins
  sc_core::sc_time ended;                           ///< absolute time of the last partial sum
  std::vector<core::time_attribution::light> light; ///< one for each time that all units got work
};

/// post_processor: finish one tile and leave it in the global buffer.
struct post_job : plan::post_work {
  unsigned int epoch = 0;          ///< counts programs and resets
  std::uint64_t sums_offset = 0;   ///< partial sums: in the partial-sum buffer
  sc_core::sc_time available;      ///< absolute time from which finished channels flow in, one after the other
  sc_core::sc_time started, ended; ///< absolute, set by the target
  // Also set by the target.
  regs::error_code error = regs::error_code::none;
  std::uint64_t cycles = 0; ///< of all post-processors, if they are counted
};

/// Told of every tile finished.
class post_observer {
public:
  post_observer() = default;
  post_observer(const post_observer&) = delete;
  post_observer& operator=(const post_observer&) = delete;
  virtual ~post_observer() = default;
  virtual void post_done(const post_job& done) = 0;
};

/// What one descriptor did, for observers.
struct layer_event {
  const regs::descriptor* layer = nullptr;
  std::uint32_t index = 0;
  sc_core::sc_time started, ended;      ///< absolute
  bool light = false;                   ///< whether any unit got work
  sc_core::sc_time light_started;       ///< absolute, of the first imprint
  sc_core::sc_time light_ended;         ///< absolute, of the last partial sum
  std::uint64_t deleted = 0;            ///< products that compression skipped
  std::uint64_t decoder_cycles = 0;     ///< of all decoders of rows, if they take time
  std::uint64_t accumulator_cycles = 0; ///< of all accumulators, if they take time
  std::uint64_t post_cycles = 0;        ///< of all post-processors, if their cycles are counted
  std::uint64_t bytes_loaded = 0;       ///< from memory
  std::uint64_t bytes_stored = 0;       ///< to memory
  std::uint64_t weight_bytes = 0;       ///< filled into the weight buffer
  std::uint64_t activation_bytes = 0;   ///< filled into the activation buffer
  std::uint64_t elements = 0;           ///< finished by the post-processor
  core::time_by_cause time;             ///< from started to ended
};

class layer_observer {
public:
  layer_observer() = default;
  layer_observer(const layer_observer&) = delete;
  layer_observer& operator=(const layer_observer&) = delete;
  virtual ~layer_observer() = default;
  virtual void layer_done(const layer_event& done) = 0;
  /// Approximately timed only. `started` and `index` are set.
  virtual void layer_begun(const layer_event& /*begun*/) {}
  /// At a reset, whether a program was running or not, and approximately timed at an error.
  virtual void program_abandoned() {}
};

} // namespace sonic::transport
