// SPDX-License-Identifier: Apache-2.0
#include "sonic/chip/control/pipelined_sequencer.h"

#include "sonic/tlm/picoseconds.h"
#include "sonic/tlm/wait_until.h"

#include <algorithm>

namespace sonic::chip {

namespace {

using regs::error_code;
using sc_core::sc_time;
using transport::picoseconds;
using transport::wait_until;

} // namespace

pipelined_sequencer::pipelined_sequencer(const sc_core::sc_module_name& name, control_ports& ports,
                                         const plan::tile_limits& tiles, const buffer_latencies& latencies,
                                         const physics::emission_law& weight_emission)
    : sc_module(name), layer_sequencer(ports, tiles, latencies, weight_emission) {
  ports_.decode.on_accepted = [this](transport::decode_job& job) {
    begun_ = static_cast<light_work&>(job).of->index + 1;
    changed();
  };
  ports_.decode.on_answered = [this](transport::decode_job& job) {
    static_cast<light_work&>(job).of->answered = true;
    changed();
  };
  const auto filled = [this](transport::fill_job& job) {
    --static_cast<fill_work&>(job).of->unfilled;
    causes_.add_dma(picoseconds(job.from), picoseconds(job.ended));
    changed();
  };
  ports_.weight_fill.on_answered = filled;
  ports_.activation_fill.on_answered = filled;
  SC_HAS_PROCESS(pipelined_sequencer);
  SC_THREAD(finish_steps);
  SC_THREAD(store_steps);
}

void pipelined_sequencer::restart(std::uint32_t program) {
  layer_sequencer::restart(program);
  stopping_ = false;
}

void pipelined_sequencer::abandon() {
  layer_sequencer::abandon();
  stopping_ = true;
  for (auto* job : transfers_) {
    job->abandoned = true;
  }
}

void pipelined_sequencer::until(const std::function<bool()>& holds) {
  while (!holds()) {
    sc_core::wait(changed_);
  }
}

void pipelined_sequencer::transfer(transport::transfer_job& job, sc_time& at) {
  wait_until(at);
  if (stopping_) {
    job.bus_error = true;
    return;
  }
  transfers_.push_back(&job);
  ports_.dma.call(job);
  transfers_.erase(std::find(transfers_.begin(), transfers_.end(), &job));
  at = sc_core::sc_time_stamp();
}

error_code pipelined_sequencer::run_steps(plan::layer_steps& steps) {
  result_ = error_code::none;
  places_ = {};
  const auto light = light_of_layer();
  begun_ = 0;
  std::uint64_t index = 0;
  for (plan::layer_step step; !ending() && steps.next(step);) {
    auto& mine = places_[step.half];
    until([&] { return !mine.unfinished; });
    auto& f = flights_.emplace_back();
    f.index = index++;
    f.step = step;
    f.began = cursor_ = sc_core::sc_time_stamp();
    f.error = load_operands(f);
    until([&] { return f.unfilled == 0; });
    f.ready = sc_core::sc_time_stamp();
    const bool sent = step.light && f.error == error_code::none && !stopping_;
    mine.unfinished = step.finishes;
    const auto error = f.error;
    if (sent) {
      static_cast<transport::decode_job&>(f.light) = light;
      describe(step, f.light);
      f.light.ring_levels = ring_levels_;
      f.light.of = &f;
      ports_.decode.send(f.light);
    } else {
      f.answered = true;
      begun_ = index;
    }
    to_finish_.push_back(&f);
    changed();
    until([&] { return begun_ == index; }); // it may have failed and be gone by then
    if (error != error_code::none) {
      break;
    }
  }
  until([this] { return flights_.empty(); });
  return result_;
}

error_code pipelined_sequencer::load_operands(flight& f) {
  using use = plan::operand_load::use;
  auto at = f.began;
  for (const auto& operand : f.step.loads) {
    auto result = error_code::none;
    switch (operand.into) {
    case use::parameters:
      result = load_parameters(operand, f.step.channel_records, at, ring_levels_);
      break;
    case use::weights:
      done_->weight_bytes += operand.pattern.total_bytes();
      result = fill(ports_.weight_fill, operand, f, at);
      break;
    case use::activations:
      done_->activation_bytes += operand.pattern.total_bytes();
      result = fill(ports_.activation_fill, operand, f, at);
      break;
    case use::operands:
      result = load(operand.pattern, operand.offset, at) ? error_code::none : error_code::bus_error;
      break;
    }
    if (result != error_code::none || stopping_) {
      return result;
    }
  }
  return error_code::none;
}

error_code pipelined_sequencer::fill(transport::job_initiator<transport::fill_job>& buffer,
                                     const plan::operand_load& operand, flight& f, sc_time& at) {
  const auto from = at;
  if (!load(operand.pattern, operand.offset, at)) {
    return error_code::bus_error;
  }
  auto& job = f.fills.emplace_back();
  job.source_offset = operand.offset;
  job.bytes = operand.pattern.total_bytes();
  job.from = from;
  job.until = at;
  job.of = &f;
  ++f.unfilled;
  buffer.send(job);
  return error_code::none;
}

void pipelined_sequencer::finish_steps() {
  while (true) {
    until([this] { return !to_finish_.empty() && to_finish_.front()->answered; });
    auto& f = *to_finish_.front();
    to_finish_.pop_front();
    if (f.step.light && f.error == error_code::none && f.light.of != nullptr) {
      count_light(f.light);
      f.error = f.light.error;
    }
    fail(f, f.error);
    if (f.step.finishes) {
      if (ending()) {
        f.step.finishes = false; // nothing to store
      } else {
        finish(f);
      }
      places_[f.step.half].unfinished = false;
    }
    to_store_.push_back(&f);
    changed();
  }
}

void pipelined_sequencer::finish(flight& f) {
  auto& mine = places_[f.step.half];
  until([&] { return !mine.unstored; });
  const auto complete = std::max(f.step.light ? f.light.ended : f.ready, mine.stored);
  const auto flowing = f.step.light ? f.ready : f.began;
  auto& job = f.post;
  static_cast<plan::post_work&>(job) = f.step.post;
  job.available = std::max(f.step.flows ? flowing : complete, mine.stored);
  job.sums_offset = f.light.sums_offset;
  job.epoch = epoch_;
  wait_until(complete + first_word_of(job));
  ports_.post.call(job);
  f.finished = sc_core::sc_time_stamp();
  done_->elements += job.channels * job.inner;
  done_->post_cycles += job.cycles;
  fail(f, job.error);
  causes_.add_post_processing(picoseconds(complete), picoseconds(f.finished));
  mine.unstored = true;
}

void pipelined_sequencer::store_steps() {
  while (true) {
    until([this] { return !to_store_.empty(); });
    auto& f = *to_store_.front();
    to_store_.pop_front();
    if (f.step.finishes) {
      auto& mine = places_[f.step.half];
      if (!ending() || (f.index < failed_ && !stopping_)) {
        fail(f, store(f.step, f.finished) ? error_code::none : error_code::bus_error);
      }
      mine.unstored = false;
      mine.stored = sc_core::sc_time_stamp();
    }
    flights_.pop_front(); // steps end in order
    changed();
  }
}

/// What a layer fails with is the error of its first step that has one.
void pipelined_sequencer::fail(const flight& f, error_code error) {
  if (error != error_code::none && (result_ == error_code::none || f.index < failed_)) {
    result_ = error;
    failed_ = f.index;
  }
}

} // namespace sonic::chip
