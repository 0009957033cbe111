// SPDX-License-Identifier: Apache-2.0
#include "tb/report/trace.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <map>

namespace sonic::report {

namespace {

using core::chip_part;
using json = nlohmann::ordered_json;

constexpr int process = 1;

/// Number of a track, by which viewers sort: fixed ones first, then the units of each array.
std::uint32_t track_of(const core::timeline_event& event) {
  constexpr std::uint32_t first_conv_unit = 1000;
  constexpr std::uint32_t first_fc_unit = 2000000;
  switch (event.part) {
  case chip_part::conv_unit:
    return first_conv_unit + event.unit;
  case chip_part::fc_unit:
    return first_fc_unit + event.unit;
  default:
    return 1 + static_cast<std::uint32_t>(event.part);
  }
}

std::string track_name(const core::timeline_event& event) {
  switch (event.part) {
  case chip_part::layer:
    return "layers";
  case chip_part::conv_unit:
    return "conv vdu " + std::to_string(event.unit);
  case chip_part::fc_unit:
    return "fc vdu " + std::to_string(event.unit);
  case chip_part::post_processor:
    return "post_processor";
  case chip_part::dma_load:
    return "dma_engine, loads";
  case chip_part::dma_store:
    return "dma_engine, stores";
  }
  return "";
}

const char* amount_name(chip_part part) {
  switch (part) {
  case chip_part::conv_unit:
  case chip_part::fc_unit:
    return "symbols";
  case chip_part::post_processor:
    return "elements";
  case chip_part::layer:
    return "layer";
  default:
    return "bytes";
  }
}

} // namespace

void trace_recorder::happened(const core::timeline_event& event) {
  entries_.push_back({event, layers_});
  layers_ += event.part == chip_part::layer ? 1 : 0;
}

std::vector<core::timeline_event> trace_recorder::events() const {
  std::vector<core::timeline_event> all;
  for (const auto& e : entries_) {
    all.push_back(e.event);
  }
  return all;
}

std::string trace_recorder::to_json(const std::function<std::string(std::size_t)>& name_of) const {
  constexpr double ps_per_us = 1e6;
  std::uint64_t origin = ~std::uint64_t{0};
  std::map<std::uint32_t, std::string> tracks;
  for (const auto& e : entries_) {
    origin = std::min(origin, e.event.begin_ps);
    tracks.emplace(track_of(e.event), track_name(e.event));
  }
  json events = json::array();
  events.push_back({{"ph", "M"}, {"pid", process}, {"name", "process_name"}, {"args", {{"name", "sonic"}}}});
  for (const auto& [track, name] : tracks) {
    events.push_back(
        {{"ph", "M"}, {"pid", process}, {"tid", track}, {"name", "thread_name"}, {"args", {{"name", name}}}});
    events.push_back({{"ph", "M"},
                      {"pid", process},
                      {"tid", track},
                      {"name", "thread_sort_index"},
                      {"args", {{"sort_index", track}}}});
  }
  for (const auto& e : entries_) {
    events.push_back({{"ph", "X"},
                      {"pid", process},
                      {"tid", track_of(e.event)},
                      {"name", name_of(e.layer)},
                      {"ts", static_cast<double>(e.event.begin_ps - origin) / ps_per_us},
                      {"dur", static_cast<double>(e.event.end_ps - e.event.begin_ps) / ps_per_us},
                      {"args", {{amount_name(e.event.part), e.event.amount}}}});
  }
  return json{{"displayTimeUnit", "ns"}, {"traceEvents", events}}.dump() + "\n";
}

} // namespace sonic::report
