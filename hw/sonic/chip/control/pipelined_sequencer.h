// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sonic/chip/control/layer_sequencer.h"

#include <array>
#include <cstdint>
#include <deque>
#include <functional>

#include <systemc>

namespace sonic::chip {

/// Approximately timed: loading and starting light, finishing, and storing are processes of their own, which speak to
/// the other blocks by nb_transport, at the time at which things happen. So the blocks meet everything that is asked of
/// them in its order in time, and what contends waits.
class pipelined_sequencer : public sc_core::sc_module, public layer_sequencer {
public:
  pipelined_sequencer(const sc_core::sc_module_name& name, control_ports& ports, const plan::tile_limits& tiles,
                      const buffer_latencies& latencies, const physics::emission_law& weight_emission);

  void restart(std::uint32_t program) override;
  /// The running layer ends with what is under way.
  void abandon() override;

private:
  struct flight;
  struct light_work : transport::decode_job {
    flight* of = nullptr;
  };
  struct fill_work : transport::fill_job {
    flight* of = nullptr;
  };
  /// A step under way.
  struct flight {
    std::uint64_t index = 0; ///< of the step in its layer
    plan::layer_step step;
    light_work light;
    transport::post_job post;
    std::deque<fill_work> fills;
    std::size_t unfilled = 0;                        ///< fills not answered
    bool answered = false;                           ///< the decoder's BEGIN_RESP for `light`
    regs::error_code error = regs::error_code::none; ///< of its loads
    sc_core::sc_time began, ready, finished;         ///< absolute
  };
  /// One of the two places of the buffers.
  struct place {
    bool unfinished = false; ///< the post-processor still needs what lies there
    bool unstored = false;   ///< the results there are not in memory yet
    sc_core::sc_time stored; ///< absolute, of the last results
  };

  regs::error_code run_steps(plan::layer_steps& steps) override;
  void transfer(transport::transfer_job& job, sc_core::sc_time& at) override;
  regs::error_code load_operands(flight& f);
  regs::error_code fill(transport::job_initiator<transport::fill_job>& buffer, const plan::operand_load& operand,
                        flight& f, sc_core::sc_time& at);
  void finish_steps();
  void finish(flight& f);
  void store_steps();
  void fail(const flight& f, regs::error_code error);
  void until(const std::function<bool()>& holds);
  void changed() { changed_.notify(sc_core::SC_ZERO_TIME); }
  [[nodiscard]] bool ending() const { return stopping_ || result_ != regs::error_code::none; }

  std::deque<flight> flights_; ///< in order
  std::deque<flight*> to_finish_, to_store_;
  std::array<place, 2> places_;
  std::vector<std::uint32_t> ring_levels_; ///< loaded last
  regs::error_code result_ = regs::error_code::none;
  std::uint64_t failed_ = 0; ///< step of result_
  std::uint64_t begun_ = 0;  ///< steps whose light the decoder has taken, END_REQ, or that have none
  bool stopping_ = false;
  std::vector<transport::transfer_job*> transfers_; ///< under way
  sc_core::sc_event changed_;
};

} // namespace sonic::chip
