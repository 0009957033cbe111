// SPDX-License-Identifier: Apache-2.0
#include "sonic/chip/observe/layer_recorder.h"

#include "sonic/tlm/picoseconds.h"

#include <algorithm>

namespace sonic::chip {

namespace {

constexpr double nanoseconds_per_second = 1e9;

double nanoseconds(const sc_core::sc_time& time) {
  return time.to_seconds() * nanoseconds_per_second;
}

} // namespace

template <class work>
void layer_recorder::each_timeline(const work& tell_it) const {
  for (auto* timeline : timelines_) {
    if (timeline != nullptr) {
      tell_it(*timeline);
    }
  }
}

void layer_recorder::tell(core::chip_part part, std::uint32_t unit, const sc_core::sc_time& begin,
                          const sc_core::sc_time& end, std::uint64_t amount) {
  each_timeline([&](core::timeline& t) {
    t.happened({part, unit, transport::picoseconds(begin), transport::picoseconds(end), amount});
  });
}

void layer_recorder::layer_begun(const transport::layer_event& begun) {
  each_timeline([&](core::timeline& t) { t.began(core::chip_part::layer, 0, begun.index); });
}

void layer_recorder::program_abandoned() {
  each_timeline([](core::timeline& t) { t.abandoned(); });
}

void layer_recorder::transfer_begun(const transport::transfer_job& begun) {
  const auto part = begun.store ? core::chip_part::dma_store : core::chip_part::dma_load;
  each_timeline([&](core::timeline& t) { t.began(part, 0, begun.pattern.total_bytes()); });
}

void layer_recorder::transfer_done(const transport::transfer_job& done) {
  tell(done.store ? core::chip_part::dma_store : core::chip_part::dma_load, 0, done.started, done.ended,
       done.pattern.total_bytes());
}

void layer_recorder::post_done(const transport::post_job& done) {
  tell(core::chip_part::post_processor, 0, done.started, done.ended, done.channels * done.inner);
}

void layer_recorder::burst_done(const transport::burst& done) {
  const bool conv = done.array == transport::array_kind::conv;
  tell(conv ? core::chip_part::conv_unit : core::chip_part::fc_unit, done.vdu, done.started, done.freed,
       done.actions.symbols);
  auto& sum = conv ? current_.done.conv : current_.done.fc;
  const auto& a = done.actions;
  sum.blocks += a.blocks;
  sum.retunes += a.retunes;
  sum.imprinted_rings += a.imprinted_rings;
  sum.ring_retunes += a.ring_retunes;
  sum.symbols += a.symbols;
  sum.stream_lane_symbols += a.stream_lane_symbols;
  sum.gated_lane_symbols += a.gated_lane_symbols;
  sum.held_lane_symbols += a.held_lane_symbols;
  sum.busy_ns += nanoseconds(done.ended - done.started);
  auto& symbols = unit_symbols_[conv ? 0 : 1];
  if (symbols.size() <= done.vdu) {
    symbols.resize(done.vdu + 1);
  }
  symbols[done.vdu] += a.symbols;
  sum.steps = std::max(sum.steps, symbols[done.vdu]);
}

void layer_recorder::layer_done(const transport::layer_event& done) {
  if (records_.empty()) {
    origin_ = done.started;
  }
  // Differences are taken in whole picoseconds, so that they do not depend on how long the simulation has run.
  const auto since_origin = [this](const sc_core::sc_time& time) { return nanoseconds(time - origin_); };
  current_.index = done.index;
  current_.layer = done.layer->layer;
  current_.operation = done.layer->operation;
  current_.start_ns = since_origin(done.started);
  current_.end_ns = since_origin(done.ended);
  current_.light_start_ns = done.light ? since_origin(done.light_started) : current_.end_ns;
  current_.light_end_ns = done.light ? since_origin(done.light_ended) : current_.end_ns;
  current_.done.deleted_products = done.deleted;
  current_.done.decoder_cycles = done.decoder_cycles;
  current_.done.accumulator_cycles = done.accumulator_cycles;
  current_.done.post_cycles = done.post_cycles;
  current_.done.bytes_loaded = done.bytes_loaded;
  current_.done.bytes_stored = done.bytes_stored;
  current_.done.weight_bytes = done.weight_bytes;
  current_.done.activation_bytes = done.activation_bytes;
  current_.done.post_elements = done.elements;
  current_.done.time = done.time;
  records_.push_back(current_);
  tell(core::chip_part::layer, 0, done.started, done.ended, done.layer->layer);
  current_ = {};
  for (auto& symbols : unit_symbols_) {
    std::fill(symbols.begin(), symbols.end(), 0);
  }
}

} // namespace sonic::chip
