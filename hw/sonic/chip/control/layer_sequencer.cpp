// SPDX-License-Identifier: Apache-2.0
#include "sonic/chip/control/layer_sequencer.h"

#include "sonic/chip/control/descriptor_check.h"
#include "sonic/plan/tiling.h"
#include "sonic/tlm/picoseconds.h"

#include <algorithm>
#include <cstring>

namespace sonic::chip {

namespace {

using regs::error_code;
using sc_core::sc_time;
using transport::picoseconds;
using transport::post_source;

} // namespace

error_code layer_sequencer::run(const regs::descriptor& layer, std::uint64_t base, const plan::program_limits& limits,
                                transport::layer_event& done) {
  layer_ = &layer;
  base_ = base;
  limits_ = limits;
  done_ = &done;
  cursor_ = done.ended;
  auto result = error_code::none;
  panels_.clear();
  if (plan::is_light(layer)) {
    result = prepare_light();
  }
  if (result == error_code::none) {
    const auto steps = plan::steps_of({layer_, base_, tiles_, panels_});
    result = steps ? run_steps(*steps) : error_code::too_large;
  }
  done.time = causes_.take(picoseconds(done.started), picoseconds(done.ended));
  done_ = nullptr;
  return result;
}

bool layer_sequencer::load(const transport::transfer_pattern& pattern, std::uint64_t offset, sc_time& at) {
  transport::transfer_job job{false, pattern, offset, epoch_};
  const auto asked = at;
  transfer(job, at);
  causes_.add_dma(picoseconds(asked), picoseconds(at));
  if (done_ != nullptr) {
    done_->bytes_loaded += pattern.total_bytes();
  }
  return !job.bus_error;
}

bool layer_sequencer::store(const plan::layer_step& step, const sc_time& finished) {
  transport::transfer_job job{true, step.store, step.post.output_offset, epoch_};
  auto at = finished + latencies_.global_buffer;
  transfer(job, at);
  causes_.add_dma(picoseconds(finished), picoseconds(at));
  done_->ended = std::max(done_->ended, at);
  done_->bytes_stored += step.store.total_bytes();
  return !job.bus_error;
}

bool layer_sequencer::fetch(std::uint64_t address, std::span<std::uint8_t> bytes, sc_time& at) {
  // Through the start of the global buffer, in as many pieces as it takes.
  for (std::size_t done = 0; done < bytes.size();) {
    const auto piece = bytes.subspan(done, std::min<std::size_t>(bytes.size() - done, tiles_.global_buffer));
    if (!load(plan::make_pattern(address + done, 1, {1, 1, 1, piece.size()}, {0, 0, 0, 1}), 0, at)) {
      return false;
    }
    std::ranges::copy(ports_.global.direct(0, piece.size()), piece.begin());
    done += piece.size();
  }
  return true;
}

error_code layer_sequencer::load_parameters(const plan::operand_load& records, std::uint64_t count, sc_time& at,
                                            std::vector<std::uint32_t>& ring_levels) {
  if (!load(records.pattern, records.offset, at)) {
    return error_code::bus_error;
  }
  std::vector<regs::parameters_code16> raw(records.pattern.total_bytes() / sizeof(regs::parameters_code16));
  const auto bytes = ports_.global.direct(records.offset, raw.size() * sizeof(regs::parameters_code16));
  std::memcpy(raw.data(), bytes.data(), bytes.size());
  const bool shared = raw.size() == 1;
  ring_levels.assign(count, 0);
  for (std::uint64_t i = 0; i < count; ++i) {
    const auto& record = raw[shared ? 0 : i];
    if (layer_->element == 0) {
      if (record.shift == 0 || record.shift > regs::largest_shift) {
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

transport::decode_job layer_sequencer::light_of_layer() const {
  transport::decode_job job;
  job.layer = layer_;
  job.codebook = codebook_;
  if (layer_->operation == static_cast<std::uint8_t>(regs::operation::fully_connected)) {
    physics::emit(weight_emission_, 1.0F, job.codebook.data(), job.codebook.size());
  }
  job.inverse_lsb = limits_.exact_optics ? 1.0F : static_cast<float>(limits_.full_code / layer_->adc_full_scale);
  job.epoch = epoch_;
  return job;
}

void layer_sequencer::describe(const plan::layer_step& step, transport::decode_job& job) {
  job.program = program_;
  job.step = light_steps_++;
  job.passes = 0;
  job.panel = step.panel;
  job.input = step.input;
  job.output = step.output;
  job.first_panel = step.first_panel;
  job.last_panel = step.last_panel;
  job.sums_offset = step.half * tiles_.partial_sums;
}

void layer_sequencer::count_light(const transport::decode_job& job) {
  done_->deleted += job.deleted;
  done_->decoder_cycles += job.decoder_cycles;
  done_->accumulator_cycles += job.accumulator_cycles;
  for (const auto& light : job.light) {
    causes_.add_light(light);
  }
  if (!job.light.empty()) {
    done_->light_started = done_->light ? std::min(done_->light_started, job.started) : job.started;
    done_->light_ended = std::max(done_->light_ended, job.ended);
    done_->light = true;
  }
}

sc_time layer_sequencer::first_word_of(const transport::post_job& job) const {
  return job.source == post_source::partial_sums ? latencies_.partial_sum_buffer
         : job.source == post_source::fill       ? sc_core::SC_ZERO_TIME
                                                 : latencies_.global_buffer;
}

} // namespace sonic::chip
