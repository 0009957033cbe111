// SPDX-License-Identifier: Apache-2.0
#include "sonic/chip/control/loose_sequencer.h"

#include "sonic/tlm/picoseconds.h"

#include <algorithm>

namespace sonic::chip {

namespace {

using regs::error_code;
using sc_core::sc_time;
using transport::picoseconds;

/// Offset from now of an absolute time, zero if it has passed.
sc_time delay_until(const sc_time& when) {
  const auto now = sc_core::sc_time_stamp();
  return when > now ? when - now : sc_core::SC_ZERO_TIME;
}

sc_time absolute(const sc_time& delay) {
  return sc_core::sc_time_stamp() + delay;
}

} // namespace

void loose_sequencer::restart(std::uint32_t program) {
  layer_sequencer::restart(program);
  stopping_ = false;
}

void loose_sequencer::abandon() {
  layer_sequencer::abandon();
  stopping_ = true;
  if (under_way_ != nullptr) {
    under_way_->abandoned = true;
  }
}

void loose_sequencer::transfer(transport::transfer_job& job, sc_time& at) {
  if (!stopping_) {
    sc_time delay = delay_until(at);
    under_way_ = &job;
    ports_.dma.run(job, delay);
    under_way_ = nullptr;
    at = absolute(delay);
  }
  job.bus_error = job.bus_error || stopping_; // what did not come is not used
}

error_code loose_sequencer::run_steps(plan::layer_steps& steps) {
  decode_ = light_of_layer();
  finished_ = stored_ = {};
  for (plan::layer_step step; steps.next(step);) {
    const auto result = run_step(step);
    if (result != error_code::none) {
      return result;
    }
  }
  return error_code::none;
}

error_code loose_sequencer::run_step(const plan::layer_step& step) {
  cursor_ = std::max(cursor_, finished_[step.half]);
  const auto began = cursor_;
  sc_time ready;
  const auto loaded = load_operands(step, ready);
  if (loaded != error_code::none) {
    return loaded;
  }
  auto complete = ready;
  if (step.light) {
    describe(step, decode_);
    sc_time delay = delay_until(ready);
    ports_.decode.run(decode_, delay);
    count_light(decode_);
    if (decode_.error != error_code::none) {
      return decode_.error;
    }
    complete = decode_.ended;
    cursor_ = decode_.taken; // the next step's operands load while this one computes
  } else {
    cursor_ = ready;
  }
  if (!step.finishes) {
    return error_code::none;
  }
  const auto flowing = step.light ? ready : began;
  auto& place_free = stored_[step.half];
  complete = std::max(complete, place_free);
  const auto from = std::max(step.flows ? flowing : complete, place_free);
  transport::post_job post;
  static_cast<plan::post_work&>(post) = step.post;
  post.sums_offset = decode_.sums_offset;
  const auto finished = finished_[step.half] = finish(post, from, complete);
  if (post.error != error_code::none) {
    return post.error;
  }
  const bool stored = store(step, finished);
  place_free = done_->ended;
  return stored ? error_code::none : error_code::bus_error;
}

error_code loose_sequencer::load_operands(const plan::layer_step& step, sc_time& ready) {
  using use = plan::operand_load::use;
  sc_time at = cursor_;
  ready = cursor_;
  for (const auto& operand : step.loads) {
    auto result = error_code::none;
    switch (operand.into) {
    case use::parameters:
      result = load_parameters(operand, step.channel_records, at, decode_.ring_levels);
      break;
    case use::weights:
      done_->weight_bytes += operand.pattern.total_bytes();
      result = fill(ports_.weight_fill, operand, at, ready) ? error_code::none : error_code::bus_error;
      break;
    case use::activations:
      done_->activation_bytes += operand.pattern.total_bytes();
      result = fill(ports_.activation_fill, operand, at, ready) ? error_code::none : error_code::bus_error;
      break;
    case use::operands:
      result = load(operand.pattern, operand.offset, at) ? error_code::none : error_code::bus_error;
      break;
    }
    if (result != error_code::none) {
      return result;
    }
  }
  ready = std::max(ready, at);
  return error_code::none;
}

/// Loads into the global buffer and through it into an operand buffer.
/// @param at    when the load may begin; receives the time at which the next one may
/// @param ready is moved on to the time at which the operands can be read
bool loose_sequencer::fill(transport::job_initiator<transport::fill_job>& buffer, const plan::operand_load& operand,
                           sc_time& at, sc_time& ready) {
  transport::fill_job job{operand.offset, 0, operand.pattern.total_bytes(), at, {}, {}};
  if (!load(operand.pattern, operand.offset, at)) {
    return false;
  }
  job.until = at;
  sc_time unused;
  buffer.run(job, unused);
  causes_.add_dma(picoseconds(job.from), picoseconds(job.ended));
  ready = std::max(ready, job.ended);
  return true;
}

sc_time loose_sequencer::finish(transport::post_job& job, const sc_time& from, const sc_time& complete) {
  job.available = from;
  job.epoch = epoch_;
  sc_time delay = delay_until(complete + first_word_of(job));
  ports_.post.run(job, delay);
  done_->elements += job.channels * job.inner;
  done_->post_cycles += job.cycles;
  causes_.add_post_processing(picoseconds(complete), picoseconds(absolute(delay)));
  return absolute(delay);
}

} // namespace sonic::chip
