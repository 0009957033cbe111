// SPDX-License-Identifier: Apache-2.0
#include "sonic/chip/control/layer_sequencer.h"

#include "sonic/chip/control/descriptor_check.h"
#include "sonic/chip/control/tiling.h"
#include "sonic/tlm/picoseconds.h"

#include <algorithm>
#include <cstring>

namespace sonic::chip {

namespace {

using regs::error_code;
using sc_core::sc_time;
using transport::picoseconds;
using transport::post_source;

/// Offset from now of an absolute time, zero if it has passed.
sc_time delay_until(const sc_time& when) {
  const auto now = sc_core::sc_time_stamp();
  return when > now ? when - now : sc_core::SC_ZERO_TIME;
}

sc_time absolute(const sc_time& delay) {
  return sc_core::sc_time_stamp() + delay;
}

} // namespace

error_code layer_sequencer::run(const regs::descriptor& layer, std::uint64_t base, const program_limits& limits,
                                transport::layer_event& done) {
  layer_ = &layer;
  base_ = base;
  limits_ = limits;
  done_ = &done;
  cursor_ = done.ended;
  const auto result = run_operation();
  done.time = causes_.take(picoseconds(done.started), picoseconds(done.ended));
  done_ = nullptr;
  return result;
}

error_code layer_sequencer::run_operation() {
  const bool light = is_light(*layer_);
  panels_.clear();
  if (light) {
    const auto prepared = prepare_light();
    if (prepared != error_code::none) {
      return prepared;
    }
  }
  const auto steps = steps_of({layer_, base_, tiles_, panels_});
  if (!steps) {
    return error_code::too_large;
  }
  decode_ = {};
  if (light) {
    decode_.layer = layer_;
    decode_.codebook = codebook_;
    decode_.inverse_lsb = limits_.exact_optics ? 1.0F : static_cast<float>(limits_.full_code / layer_->adc_full_scale);
    decode_.epoch = epoch_;
  }
  for (layer_step step; steps->next(step);) {
    const auto result = run_step(step);
    if (result != error_code::none) {
      return result;
    }
  }
  return error_code::none;
}

error_code layer_sequencer::run_step(layer_step& step) {
  const auto began = cursor_;
  sc_time ready;
  const auto loaded = load_operands(step, ready);
  if (loaded != error_code::none) {
    return loaded;
  }
  auto complete = ready;
  if (step.light) {
    decode_.panel = step.panel;
    decode_.input = step.input;
    decode_.output = step.output;
    decode_.first_panel = step.first_panel;
    decode_.last_panel = step.last_panel;
    const auto decoded = decode(ready);
    if (decoded != error_code::none) {
      return decoded;
    }
    complete = decode_.ended;
    cursor_ = decode_.started; // the next step's operands load while this one computes
  } else {
    cursor_ = ready;
  }
  if (!step.finishes) {
    return error_code::none;
  }
  const auto flowing = step.light ? ready : began;
  const auto finished = finish(step.post, step.flows ? flowing : complete, complete);
  return store(step.store, step.post.output_offset, finished) ? error_code::none : error_code::bus_error;
}

error_code layer_sequencer::load_operands(const layer_step& step, sc_time& ready) {
  using use = operand_load::use;
  sc_time at = cursor_;
  ready = cursor_;
  for (const auto& operand : step.loads) {
    switch (operand.into) {
    case use::parameters: {
      const auto result = load_parameters(operand, step.channel_records, at);
      if (result != error_code::none) {
        return result;
      }
      break;
    }
    case use::weights:
      done_->weight_bytes += operand.pattern.total_bytes();
      if (!fill(ports_.weight_fill, operand, at, ready)) {
        return error_code::bus_error;
      }
      break;
    case use::activations:
      done_->activation_bytes += operand.pattern.total_bytes();
      if (!fill(ports_.activation_fill, operand, at, ready)) {
        return error_code::bus_error;
      }
      break;
    case use::operands:
      if (!load(operand.pattern, operand.offset, at)) {
        return error_code::bus_error;
      }
      break;
    }
  }
  ready = std::max(ready, at);
  return error_code::none;
}

bool layer_sequencer::load(const transport::transfer_pattern& pattern, std::uint64_t offset, sc_time& at) {
  transport::transfer_job job{false, pattern, offset, epoch_, false, {}, {}};
  sc_time delay = delay_until(at);
  ports_.dma.run(job, delay);
  causes_.add_dma(picoseconds(at), picoseconds(absolute(delay)));
  at = absolute(delay);
  if (done_ != nullptr) {
    done_->bytes_loaded += pattern.total_bytes();
  }
  return !job.bus_error;
}

bool layer_sequencer::store(const transport::transfer_pattern& pattern, std::uint64_t offset, const sc_time& from) {
  transport::transfer_job job{true, pattern, offset, epoch_, false, {}, {}};
  sc_time delay = delay_until(from + latencies_.global_buffer);
  ports_.dma.run(job, delay);
  causes_.add_dma(picoseconds(from), picoseconds(absolute(delay)));
  done_->ended = std::max(done_->ended, absolute(delay));
  done_->bytes_stored += pattern.total_bytes();
  return !job.bus_error;
}

bool layer_sequencer::fetch(std::uint64_t address, std::span<std::uint8_t> bytes, sc_time& at) {
  // Through the start of the global buffer, in as many pieces as it takes.
  for (std::size_t done = 0; done < bytes.size();) {
    const auto piece = bytes.subspan(done, std::min<std::size_t>(bytes.size() - done, tiles_.global_buffer));
    if (!load(make_pattern(address + done, 1, {1, 1, 1, piece.size()}, {0, 0, 0, 1}), 0, at)) {
      return false;
    }
    ports_.global.read_hidden(0, piece);
    done += piece.size();
  }
  return true;
}

error_code layer_sequencer::load_parameters(const operand_load& records, std::uint64_t count, sc_time& at) {
  if (!load(records.pattern, records.offset, at)) {
    return error_code::bus_error;
  }
  std::vector<regs::parameters_code16> raw(records.pattern.total_bytes() / sizeof(regs::parameters_code16));
  ports_.global.read_hidden(
      records.offset, {reinterpret_cast<std::uint8_t*>(raw.data()), raw.size() * sizeof(regs::parameters_code16)});
  const bool shared = raw.size() == 1;
  auto& ring_levels = decode_.ring_levels;
  ring_levels.assign(count, 0);
  for (std::uint64_t i = 0; i < count; ++i) {
    const auto& record = raw[shared ? 0 : i];
    if (layer_->element == 0) {
      constexpr std::uint32_t largest_shift = 62;
      if (record.shift == 0 || record.shift > largest_shift) {
        return error_code::bad_parameters;
      }
      ring_levels[i] = record.ring_level;
    } else {
      regs::parameters_float32 exact{};
      std::memcpy(&exact, &record, sizeof(exact));
      ring_levels[i] = exact.ring_level;
    }
    if (ring_levels[i] > limits_.ring_levels) {
      return error_code::bad_parameters;
    }
  }
  return error_code::none;
}

error_code layer_sequencer::prepare_light() {
  // A directory piece by piece: a damaged number of panels meets the end of the memory before it fills the host's.
  const std::uint64_t most = std::max<std::uint64_t>(tiles_.global_buffer / sizeof(regs::panel), 1);
  panels_.clear();
  while (panels_.size() < layer_->panels) {
    const std::size_t held = panels_.size();
    panels_.resize(held + std::min<std::uint64_t>(most, layer_->panels - held));
    const std::span<regs::panel> piece(panels_.data() + held, panels_.size() - held);
    if (!fetch(base_ + layer_->weight_address + held * sizeof(regs::panel),
               {reinterpret_cast<std::uint8_t*>(piece.data()), piece.size_bytes()}, cursor_)) {
      return error_code::bus_error;
    }
  }
  const auto checked = check_panels(*layer_, panels_.data(), limits_, tiles_);
  if (checked != error_code::none) {
    return checked;
  }
  codebook_.clear();
  if (layer_->element == 0) {
    codebook_.resize(layer_->codebook_entries);
    if (!fetch(base_ + layer_->codebook_address,
               {reinterpret_cast<std::uint8_t*>(codebook_.data()), codebook_.size() * sizeof(float)}, cursor_)) {
      return error_code::bus_error;
    }
    for (const float level : codebook_) {
      if (!(level >= -1.0F && level <= 1.0F)) {
        return error_code::bad_parameters;
      }
    }
  }
  return error_code::none;
}

/// Loads into the global buffer and through it into an operand buffer.
/// @param at    when the load may begin; receives the time at which the next one may
/// @param ready is moved on to the time at which the operands can be read
bool layer_sequencer::fill(transport::job_initiator<transport::fill_job>& buffer, const operand_load& operand,
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

error_code layer_sequencer::decode(const sc_time& ready) {
  auto& job = decode_;
  sc_time delay = delay_until(ready);
  ports_.decode.run(job, delay);
  done_->deleted += job.deleted;
  for (const auto& light : job.light) {
    causes_.add_light(light);
  }
  if (!job.light.empty()) {
    done_->light_started = done_->light ? std::min(done_->light_started, job.started) : job.started;
    done_->light_ended = std::max(done_->light_ended, job.ended);
    done_->light = true;
  }
  return job.error;
}

sc_time layer_sequencer::finish(transport::post_job& job, const sc_time& from, const sc_time& complete) {
  const auto first_word = job.source == post_source::partial_sums ? latencies_.partial_sum_buffer
                          : job.source == post_source::fill       ? sc_core::SC_ZERO_TIME
                                                                  : latencies_.global_buffer;
  job.available = from;
  job.epoch = epoch_;
  sc_time delay = delay_until(complete + first_word);
  ports_.post.run(job, delay);
  done_->elements += job.channels * job.inner;
  causes_.add_post_processing(picoseconds(complete), picoseconds(absolute(delay)));
  return absolute(delay);
}

} // namespace sonic::chip
