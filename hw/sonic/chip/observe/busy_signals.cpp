// SPDX-License-Identifier: Apache-2.0
#include "sonic/chip/observe/busy_signals.h"

#include <algorithm>
#include <string>

namespace sonic::chip {

namespace {

using core::chip_part;

sc_core::sc_time time_of(std::uint64_t ps) {
  return {static_cast<double>(ps), sc_core::SC_PS};
}

constexpr std::size_t index_of(chip_part part) {
  return static_cast<std::size_t>(part);
}

} // namespace

busy_signals::busy_signals(const sc_core::sc_module_name& name) : sc_module(name) {
  SC_HAS_PROCESS(busy_signals);
  SC_METHOD(apply_due);
  sensitive << due_;
  dont_initialize();
}

void busy_signals::trace(sc_core::sc_trace_file* file) {
  const std::string prefix = std::string(name()) + ".";
  sc_core::sc_trace(file, busy_[index_of(chip_part::layer)], prefix + "running");
  sc_core::sc_trace(file, layers_, prefix + "layers_begun");
  sc_core::sc_trace(file, busy_[index_of(chip_part::conv_unit)], prefix + "conv_units");
  sc_core::sc_trace(file, busy_[index_of(chip_part::fc_unit)], prefix + "fc_units");
  sc_core::sc_trace(file, busy_[index_of(chip_part::dma_load)], prefix + "dma_loads");
  sc_core::sc_trace(file, busy_[index_of(chip_part::dma_store)], prefix + "dma_stores");
  sc_core::sc_trace(file, busy_[index_of(chip_part::post_processor)], prefix + "post_processor");
}

void busy_signals::began(chip_part part, std::uint32_t /*unit*/, std::uint64_t /*amount*/) {
  ++live_[index_of(part)];
  apply({part, 1});
}

void busy_signals::happened(const core::timeline_event& event) {
  auto& live = live_[index_of(event.part)];
  if (live > 0) {
    --live;
  } else {
    plan(time_of(event.begin_ps), {event.part, 1});
  }
  plan(time_of(event.end_ps), {event.part, -1});
}

void busy_signals::abandoned() {
  planned_.clear();
  due_.cancel();
  busy_ = live_ = {};
}

void busy_signals::apply(const change& what) {
  busy_[index_of(what.part)] += static_cast<std::uint32_t>(what.by);
  if (what.part == chip_part::layer && what.by > 0) {
    ++layers_;
  }
}

void busy_signals::plan(const sc_core::sc_time& when, const change& what) {
  const auto now = sc_core::sc_time_stamp();
  planned_.emplace(std::max(when, now), what);
  due_.notify(planned_.begin()->first - now);
}

void busy_signals::apply_due() {
  const auto now = sc_core::sc_time_stamp();
  while (!planned_.empty() && planned_.begin()->first <= now) {
    const auto what = planned_.begin()->second;
    planned_.erase(planned_.begin());
    apply(what);
  }
  if (!planned_.empty()) {
    due_.notify(planned_.begin()->first - now);
  }
}

} // namespace sonic::chip
