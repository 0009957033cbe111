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
  switch (static_cast<regs::operation>(layer_->operation)) {
  case regs::operation::convolution:
    return run_convolution();
  case regs::operation::fully_connected:
    return run_fully_connected();
  case regs::operation::max_pool:
    return run_pool(post_source::max_pool);
  case regs::operation::average_pool:
    return run_pool(post_source::average_pool);
  case regs::operation::elementwise:
    return run_strided(post_source::elementwise);
  case regs::operation::fill:
    return run_strided(post_source::fill);
  }
  return error_code::bad_operation;
}

bool layer_sequencer::load(const transport::transfer_pattern& pattern, std::uint64_t offset, sc_time& at) {
  transport::transfer_job job{false, pattern, offset, epoch_, false};
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
  transport::transfer_job job{true, pattern, offset, epoch_, false};
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

std::uint64_t layer_sequencer::parameter_bytes(std::uint64_t count) const {
  return (layer_->parameter_records == 1 ? 1 : count) * sizeof(regs::parameters_code16);
}

error_code layer_sequencer::load_parameters(std::uint64_t first, std::uint64_t count, sc_time& at) {
  // The records lie at the start of the global buffer, first record first.
  const bool shared = layer_->parameter_records == 1;
  const std::uint64_t records = shared ? 1 : count;
  const std::uint64_t address =
      base_ + layer_->parameter_address + (shared ? 0 : first * sizeof(regs::parameters_code16));
  if (!load(make_pattern(address, 1, {1, 1, 1, records * sizeof(regs::parameters_code16)}, {0, 0, 0, 1}), 0, at)) {
    return error_code::bus_error;
  }
  std::vector<regs::parameters_code16> raw(records);
  ports_.global.read_hidden(
      0, {reinterpret_cast<std::uint8_t*>(raw.data()), raw.size() * sizeof(regs::parameters_code16)});
  ring_levels_.assign(count, 0);
  for (std::uint64_t i = 0; i < count; ++i) {
    const auto& record = raw[shared ? 0 : i];
    if (layer_->element == 0) {
      constexpr std::uint32_t largest_shift = 62;
      if (record.shift == 0 || record.shift > largest_shift) {
        return error_code::bad_parameters;
      }
      ring_levels_[i] = record.ring_level;
    } else {
      regs::parameters_float32 exact{};
      std::memcpy(&exact, &record, sizeof(exact));
      ring_levels_[i] = exact.ring_level;
    }
    if (ring_levels_[i] > limits_.ring_levels) {
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
  largest_panel_bytes_ = largest_panel_rows_ = largest_panel_columns_ = 0;
  for (const auto& panel : panels_) {
    largest_panel_bytes_ = std::max<std::uint64_t>(largest_panel_bytes_, panel.bytes);
    largest_panel_rows_ = std::max<std::uint64_t>(largest_panel_rows_, panel.rows);
    largest_panel_columns_ = std::max<std::uint64_t>(largest_panel_columns_, panel.columns);
  }
  return error_code::none;
}

/// Loads into the global buffer and through it into an operand buffer.
/// @param at    when the load may begin; receives the time at which the next one may
/// @param ready is moved on to the time at which the operands can be read
bool layer_sequencer::fill(transport::job_initiator<transport::fill_job>& buffer,
                           const transport::transfer_pattern& pattern, std::uint64_t offset, sc_time& at,
                           sc_time& ready) {
  transport::fill_job job{offset, 0, pattern.total_bytes(), at, {}, {}};
  if (!load(pattern, offset, at)) {
    return false;
  }
  job.until = at;
  sc_time unused;
  buffer.run(job, unused);
  causes_.add_dma(picoseconds(job.from), picoseconds(job.ended));
  ready = std::max(ready, job.ended);
  return true;
}

bool layer_sequencer::load_weights(const regs::panel& panel, sc_time& at, sc_time& ready) {
  done_->weight_bytes += panel.bytes;
  return fill(ports_.weight_fill,
              make_pattern(base_ + layer_->weight_address + panel.offset, 1, {1, 1, 1, panel.bytes}, {0, 0, 0, 1}),
              parameter_region_, at, ready);
}

bool layer_sequencer::load_activations(const transport::transfer_pattern& pattern, sc_time& at, sc_time& ready) {
  done_->activation_bytes += pattern.total_bytes();
  return fill(ports_.activation_fill, pattern, parameter_region_ + largest_panel_bytes_, at, ready);
}

error_code layer_sequencer::decode(transport::decode_job& job, const sc_time& ready) {
  job.epoch = epoch_;
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

error_code layer_sequencer::run_convolution() {
  const auto& d = *layer_;
  auto result = prepare_light();
  if (result != error_code::none) {
    return result;
  }
  parameter_region_ = parameter_bytes(largest_panel_rows_);
  const auto tiles =
      window_tiles(d, tiles_, largest_panel_rows_, d.in_channels, parameter_region_ + largest_panel_bytes_);
  if (!tiles) {
    return error_code::too_large;
  }
  const std::uint64_t element = element_bytes(d);
  const std::uint64_t in_plane = std::uint64_t{d.in_height} * d.in_width;
  const std::uint64_t out_plane = std::uint64_t{d.out_height} * d.out_width;
  const bool resident = d.panels == 1; // one panel is loaded once and stays
  transport::decode_job job;
  job.layer = &d;
  job.codebook = codebook_;
  job.inverse_lsb = limits_.exact_optics ? 1.0F : static_cast<float>(limits_.full_code / d.adc_full_scale);
  bool first = true;
  for (std::uint64_t n = 0; n < d.batch; ++n) {
    for (const auto& tile : *tiles) {
      job.output = tile;
      job.input = input_of(d, tile);
      sc_time at = cursor_;
      sc_time ready = cursor_;
      const auto input =
          make_pattern(base_ + d.input_address +
                           (n * d.in_channels * in_plane + unsigned_of(job.input.row_begin) * d.in_width +
                            unsigned_of(job.input.column_begin)) *
                               element,
                       element, {1, d.in_channels, unsigned_of(job.input.rows()), unsigned_of(job.input.columns())},
                       {0, in_plane, d.in_width, 1});
      if (input.total_bytes() > 0 && !load_activations(input, at, ready)) {
        return error_code::bus_error;
      }
      for (const auto& panel : panels_) {
        if (!resident || first) {
          at = std::max(cursor_, at);
          result = load_parameters(panel.first_row, panel.rows, at);
          if (result != error_code::none) {
            return result;
          }
          job.ring_levels = ring_levels_;
          if (!load_weights(panel, at, ready)) {
            return error_code::bus_error;
          }
          first = false;
        }
        job.panel = panel;
        result = decode(job, ready);
        if (result != error_code::none) {
          return result;
        }
        transport::post_job post;
        post.layer = &d;
        post.source = post_source::partial_sums;
        post.channels = panel.rows;
        post.inner = unsigned_of(tile.area());
        post.output_offset = parameter_region_ + largest_panel_bytes_ + input.total_bytes();
        const auto finished = finish(post, ready, job.ended);
        const auto output =
            make_pattern(base_ + d.output_address +
                             ((n * d.out_channels + panel.first_row) * out_plane +
                              unsigned_of(tile.row_begin) * d.out_width + unsigned_of(tile.column_begin)) *
                                 element,
                         element, {1, panel.rows, unsigned_of(tile.rows()), unsigned_of(tile.columns())},
                         {0, out_plane, d.out_width, 1});
        if (!store(output, post.output_offset, finished)) {
          return error_code::bus_error;
        }
        cursor_ = job.started; // the next tile's operands load while this one computes
      }
    }
  }
  return error_code::none;
}

error_code layer_sequencer::run_fully_connected() {
  const auto& d = *layer_;
  auto result = prepare_light();
  if (result != error_code::none) {
    return result;
  }
  const std::uint64_t element = element_bytes(d);
  parameter_region_ = parameter_bytes(largest_panel_columns_);
  const std::uint64_t output_offset = parameter_region_ + largest_panel_bytes_ + largest_panel_rows_ * element;
  if (output_offset + largest_panel_columns_ * element > tiles_.global_buffer) {
    return error_code::too_large;
  }
  transport::decode_job job;
  job.layer = &d;
  job.codebook = codebook_;
  job.inverse_lsb = limits_.exact_optics ? 1.0F : static_cast<float>(limits_.full_code / d.adc_full_scale);
  for (std::uint64_t row = 0; row < d.batch; ++row) {
    sc_time sums_started;
    for (const auto& panel : panels_) {
      job.panel = panel;
      job.first_panel = panel.first_row == 0;
      job.last_panel = panel.first_row + panel.rows == d.in_channels;
      sc_time at = cursor_;
      sc_time ready = cursor_;
      if (job.first_panel) {
        result = load_parameters(panel.first_column, panel.columns, at);
        if (result != error_code::none) {
          return result;
        }
        job.ring_levels = ring_levels_;
      }
      const auto input = make_pattern(base_ + d.input_address + (row * d.in_channels + panel.first_row) * element,
                                      element, {1, 1, 1, panel.rows}, {0, 0, 0, 1});
      if (!load_activations(input, at, ready) || !load_weights(panel, at, ready)) {
        return error_code::bus_error;
      }
      result = decode(job, ready);
      if (result != error_code::none) {
        return result;
      }
      cursor_ = job.started;
      if (job.first_panel) {
        sums_started = job.started;
      }
      if (!job.last_panel) {
        continue;
      }
      transport::post_job post;
      post.layer = &d;
      post.source = post_source::partial_sums;
      post.channels = panel.columns;
      post.inner = 1;
      post.output_offset = output_offset;
      // Every output neuron's sum ends with the last block: nothing can be finished before.
      const auto finished = finish(post, job.ended, job.ended);
      const auto output = make_pattern(base_ + d.output_address + (row * d.out_channels + panel.first_column) * element,
                                       element, {1, 1, 1, panel.columns}, {0, 0, 0, 1});
      if (!store(output, output_offset, finished)) {
        return error_code::bus_error;
      }
    }
  }
  return error_code::none;
}

} // namespace sonic::chip
