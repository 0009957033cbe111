// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sonic/chip/control/layer_sequencer.h"

#include <array>

namespace sonic::chip {

/// Loosely timed: one step after the other, by b_transport, each told when it may begin and telling when it ends. What
/// two steps ask of one resource at the same time is known only as far as the resource remembers until when it is busy.
class loose_sequencer : public layer_sequencer {
public:
  using layer_sequencer::layer_sequencer;

  void restart(std::uint32_t program) override;
  void abandon() override;

private:
  regs::error_code run_steps(plan::layer_steps& steps) override;
  void transfer(transport::transfer_job& job, sc_core::sc_time& at) override;
  regs::error_code run_step(const plan::layer_step& step);
  regs::error_code load_operands(const plan::layer_step& step, sc_core::sc_time& ready);
  bool fill(transport::job_initiator<transport::fill_job>& buffer, const plan::operand_load& operand,
            sc_core::sc_time& at, sc_core::sc_time& ready);
  sc_core::sc_time finish(transport::post_job& job, const sc_core::sc_time& from, const sc_core::sc_time& complete);

  transport::transfer_job* under_way_ = nullptr; ///< a memory that waits lets a reset come in between
  bool stopping_ = false;                        ///< since a reset, until the next program
  transport::decode_job decode_;                 ///< of the running layer; keeps what its steps share
  std::array<sc_core::sc_time, 2> finished_{};   ///< when the post-processor has read what lies in each place
  std::array<sc_core::sc_time, 2> stored_{};     ///< when the results in each place are in memory
};

} // namespace sonic::chip
