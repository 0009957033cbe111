// SPDX-License-Identifier: Apache-2.0
#include "tb/estimate/estimate.h"

#include "sonic/plan/bank_conflicts.h"
#include "sonic/plan/element_sizes.h"
#include "tb/estimate/cache.h"
#include "tb/estimate/picoseconds.h"
#include "tb/estimate/walk.h"
#include "tb/host/chip_view.h"
#include "tb/report/accounting.h"

#include <algorithm>
#include <map>
#include <utility>

namespace sonic::estimate {

namespace {

using config::array_kind;

bool is_convolution(const regs::descriptor& d) {
  return d.operation == static_cast<std::uint8_t>(regs::operation::convolution);
}

capacities capacities_of(const config::architecture& a) {
  const auto& b = a.buffers;
  return {b.global_buffer.bytes, b.weight_buffer.bytes, b.activation_buffer.bytes, b.partial_sum_buffer.bytes};
}

memory_path path_of(const config::architecture& a) {
  memory_path path;
  path.dram = host::dram_of(a);
  path.dram.shared = false;
  path.transaction_bytes = a.dma.transaction_bytes;
  path.outstanding = static_cast<std::uint64_t>(a.dma.outstanding);
  path.ns_per_byte = a.ns_per_byte(a.buffers.global_buffer);
  constexpr double ps_per_ns = 1e3;
  if (path.ns_per_byte * ps_per_ns <= path.dram.ps_per_byte) {
    path.ns_per_byte = 0; // a port that is never the slower one might as well be gone
  }
  return path;
}

array_shape shape_of(const config::architecture& a, array_kind kind) {
  array_shape shape;
  shape.units = static_cast<std::uint32_t>(a.array(kind).vdus);
  shape.lanes = static_cast<std::uint32_t>(a.array(kind).lanes);
  shape.slice_packing = kind == array_kind::conv && a.packing == config::packing_mode::kernel_slice;
  shape.decoders = static_cast<std::uint32_t>(a.index_decoder.count);
  shape.accumulators = static_cast<std::uint32_t>(a.accumulator.count);
  // Those that take no time are all alike.
  shape.decoder_lanes = shape.decoders > 0 ? static_cast<std::uint32_t>(a.index_decoder.lanes) : 1;
  shape.accumulator_lanes = shape.accumulators > 0 ? static_cast<std::uint32_t>(a.accumulator.lanes) : 1;
  return shape;
}

buffer_times times_of(const config::architecture& a, const config::buffer_parameters& b) {
  return {ps_of(b.latency_ns), a.ns_per_byte(b)};
}

double stream_ns(const config::architecture& a, const config::buffer_parameters& b, std::uint64_t requesters) {
  return plan::stream_ns(static_cast<std::uint64_t>(b.banks), static_cast<std::uint64_t>(b.ports), a.ns_per_byte(b),
                         1.0, requesters);
}

chip_times::array times_of(const config::architecture& a, array_kind kind) {
  constexpr double bits_per_byte = 8.0;
  chip_times::array of;
  of.interval_ps = ps_of(a.initiation_interval_ns(kind));
  of.retune_ps = ps_of(a.retune_ns());
  of.pipeline_ps = ps_of(a.fill_latency_ns(kind));
  of.needs = {static_cast<std::uint64_t>(a.array(kind).vdus), static_cast<std::uint64_t>(a.array(kind).lanes),
              a.streaming_dac(kind).bits / bits_per_byte, a.stationary_dac(kind).bits / bits_per_byte};
  const bool conv = kind == array_kind::conv;
  const auto needs = plan::needs_of(of.needs, {});
  const auto& streaming = conv ? a.buffers.activation_buffer : a.buffers.weight_buffer;
  const auto& stationary = conv ? a.buffers.weight_buffer : a.buffers.activation_buffer;
  of.stream_ns_per_byte = {stream_ns(a, streaming, needs[0].requesters), stream_ns(a, stationary, needs[1].requesters),
                           stream_ns(a, a.buffers.partial_sum_buffer, needs[2].requesters)};
  return of;
}

chip_times times_of(const config::architecture& a) {
  chip_times times;
  times.conv = times_of(a, array_kind::conv);
  times.fc = times_of(a, array_kind::fc);
  times.global_latency_ps = ps_of(a.buffers.global_buffer.latency_ns);
  times.weights = times_of(a, a.buffers.weight_buffer);
  times.activations = times_of(a, a.buffers.activation_buffer);
  times.sums = times_of(a, a.buffers.partial_sum_buffer);
  times.ns_per_cycle = 1.0 / a.digital.clock_ghz;
  times.ns_per_element = 1.0 / (a.digital.clock_ghz * a.digital.post_processor_lanes);
  return times;
}

/// @param imprints_every_symbol step modes whose interval holds an imprint
void add(core::activity& to, const planned_layer& layer, const light_counts& light, bool imprints_every_symbol,
         bool gates) {
  auto& of = is_convolution(layer.descriptor) ? to.conv : to.fc;
  of.blocks += light.blocks;
  of.symbols += light.symbols;
  of.steps += light.steps;
  of.retunes += imprints_every_symbol ? light.symbols : light.retunes;
  of.imprinted_rings += imprints_every_symbol ? light.lane_symbols : light.imprinted_rings;
  of.ring_retunes += light.ring_retunes;
  of.stream_lane_symbols += light.lane_symbols;
  of.held_lane_symbols += light.lane_symbols;
  of.gated_lane_symbols += gates ? light.zeros : 0;
  to.deleted_products += light.deleted;
  to.decoder_cycles += light.decoder_cycles;
  to.accumulator_cycles += light.accumulator_cycles;
}

void add(core::activity& to, const planned_layer& layer) {
  to.bytes_loaded += layer.bytes_loaded;
  to.bytes_stored += layer.bytes_stored;
  to.weight_bytes += layer.weight_bytes;
  to.activation_bytes += layer.activation_bytes;
  to.post_elements += layer.elements;
}

/// All of a plan that blocks and passes depend on, unless accumulators are counted, which go by the sums' places.
std::vector<std::uint32_t> what_light_needs(const planned_layer& layer) {
  std::vector<std::uint32_t> numbers;
  for (const auto& s : layer.steps) {
    if (s.light) {
      const auto& panel = layer.panels[s.panel];
      numbers.insert(numbers.end(),
                     {panel.first_row, panel.rows, panel.first_column, panel.columns, s.symbols, s.frame});
    }
  }
  return numbers;
}

} // namespace

struct estimator::memory {
  // What is kept takes some hundred megabytes at most.
  static constexpr std::size_t most_plans = 64, most_paths = 64, most_blocks = 32, most_lights = 4096, most_posts = 64;

  /// For buffers of one size.
  struct plan_memory {
    std::uint64_t number = 0; ///< no other one has it
    chip_plan plan;
    std::vector<std::uint64_t> light_numbers; ///< of each layer: plans whose blocks and passes are alike have the same
    cache<memory_path, std::vector<transfer_times>> transfers{most_paths};
  };
  struct blocks_key {
    std::uint32_t lanes = 0;
    bool slice_packing = true;
    bool operator==(const blocks_key&) const = default;
    [[nodiscard]] std::size_t hash() const { return mixed({lanes, slice_packing ? 1U : 0U}); }
  };
  struct light_key {
    bool alike = true; ///< `number` is one of light_numbers; else the plan's
    std::uint64_t number = 0;
    array_shape array;
    bool operator==(const light_key&) const = default;
    [[nodiscard]] std::size_t hash() const { return mixed({number, array.hash()}); }
  };
  struct post_key {
    std::uint64_t plan = 0;
    std::uint32_t lanes = 0, count = 0;
    bool operator==(const post_key&) const = default;
    [[nodiscard]] std::size_t hash() const { return mixed({plan, lanes, count}); }
  };
  struct layer_memory {
    cache<blocks_key, kernel_blocks> blocks{most_blocks}; ///< of convolutions
    cache<light_key, light_plan> light{most_lights};
    cache<post_key, std::vector<post_count>> post{most_posts};
    std::map<std::vector<std::uint32_t>, std::uint64_t> alike; ///< numbers of plans, by what their light depends on
  };

  explicit memory(const network_profile& of) : profile(of), layers(of.layers.size()) {}

  const kernel_blocks* blocks_for(std::size_t layer, const array_shape& array);
  void walk_layer(std::size_t index, plan_memory& kept, const std::vector<transfer_times>& transfers,
                  const config::architecture& a, const chip_times& times);

  const network_profile& profile;
  cache<capacities, std::unique_ptr<plan_memory>> plans{most_plans};
  std::uint64_t plans_made = 0;
  std::vector<layer_memory> layers;
  walk_room room;
  outcome found;
  bool rings_fresh = true; ///< no layer so far had a level for the broadband rings
};

const kernel_blocks* estimator::memory::blocks_for(std::size_t layer, const array_shape& array) {
  const auto& of = profile.layers[layer];
  if (!is_convolution(of.descriptor)) {
    return nullptr;
  }
  return &layers[layer].blocks({array.lanes, array.slice_packing},
                               [&] { return blocks_of(of, array.lanes, array.slice_packing); });
}

void estimator::memory::walk_layer(std::size_t index, plan_memory& kept, const std::vector<transfer_times>& transfers,
                                   const config::architecture& a, const chip_times& times) {
  const auto& of = profile.layers[index];
  const auto& layer = kept.plan.layers[index];
  layer_parts parts;
  parts.plan = &layer;
  parts.transfers = &transfers[index];
  rings_fresh = rings_fresh || of.begins_run;
  if (plan::is_light(layer.descriptor)) {
    const auto shape = shape_of(a, is_convolution(layer.descriptor) ? array_kind::conv : array_kind::fc);
    const bool alike = shape.accumulators == 0;
    const memory::light_key key{alike, alike ? kept.light_numbers[index] : kept.number, shape};
    const auto& light = layers[index].light(
        key, [&] { return light_plan_of(of, layer, kept.plan.tiles, shape, blocks_for(index, shape), rings_fresh); });
    rings_fresh = rings_fresh && std::all_of(of.ring_levels.begin(), of.ring_levels.end(),
                                             [](std::uint32_t level) { return level == 0; });
    found.fits = found.fits && light.fits;
    add(found.done, layer, light.counts, a.step != config::step_mode::pipelined, a.gating != config::gating_mode::none);
    parts.light = &light;
  }
  add(found.done, layer);
  if (a.post_processor.count > 0) {
    const auto lanes = static_cast<std::uint32_t>(a.post_processor.lanes);
    const auto count = static_cast<std::uint32_t>(a.post_processor.count);
    const auto& post =
        layers[index].post({kept.number, lanes, count}, [&] { return post_counts_of(layer, lanes, count); });
    for (const auto& each : post) {
      found.done.post_cycles += each.sum;
    }
    parts.post = &post;
  }
  constexpr double ps_per_ns = 1e3;
  found.layers_ns[index] = walk(parts, times, room) / ps_per_ns;
  found.latency_ns += found.layers_ns[index];
}

estimator::estimator(const network_profile& profile) : memory_(std::make_unique<memory>(profile)) {}
estimator::~estimator() = default;

const outcome& estimator::operator()(const config::architecture& a) {
  auto& m = *memory_;
  auto& found = m.found;
  const auto sizes = capacities_of(a);
  auto& kept = *m.plans(sizes, [&] {
    auto made = std::make_unique<memory::plan_memory>();
    made->plan = plan_of(m.profile, sizes);
    made->number = m.plans_made++;
    for (std::size_t i = 0; i < made->plan.layers.size(); ++i) {
      auto& alike = m.layers[i].alike;
      made->light_numbers.push_back(alike.emplace(what_light_needs(made->plan.layers[i]), alike.size()).first->second);
    }
    return made;
  });
  found.fits = kept.plan.fits;
  found.latency_ns = found.energy_pj = found.operand_bits = 0;
  found.done = {};
  found.layers_ns.assign(m.profile.layers.size(), 0.0);
  if (!found.fits) {
    return found;
  }
  const auto path = path_of(a);
  const auto& transfers = kept.transfers(path, [&] { return transfer_times_of(m.profile, kept.plan, path); });
  const auto times = times_of(a);
  m.rings_fresh = true;
  for (std::size_t i = 0; i < m.profile.layers.size(); ++i) {
    m.walk_layer(i, kept, transfers, a, times);
  }
  if (!found.fits) {
    found = {};
    return found;
  }
  found.energy_pj = report::total_pj_of(report::energy_table(a), found.done, found.latency_ns);
  found.operand_bits = report::operand_bits(a, found.done);
  return found;
}

outcome estimate(const network_profile& profile, const config::architecture& a) {
  estimator once(profile);
  return once(a);
}

} // namespace sonic::estimate
