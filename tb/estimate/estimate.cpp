// SPDX-License-Identifier: Apache-2.0
#include "tb/estimate/estimate.h"

#include "sonic/plan/element_sizes.h"
#include "tb/estimate/cache.h"
#include "tb/estimate/chip_times.h"
#include "tb/estimate/walk.h"
#include "tb/report/accounting.h"

#include <algorithm>
#include <array>
#include <map>
#include <span>
#include <utility>

namespace sonic::estimate {

namespace {

using config::array_kind;

bool is_convolution(const regs::descriptor& d) {
  return d.operation == static_cast<std::uint8_t>(regs::operation::convolution);
}

/// @param imprints_every_symbol step modes whose interval holds an imprint
void add(core::activity& to, core::activity::array& of, const light_counts& light, bool imprints_every_symbol,
         bool gates) {
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

void add(light_counts& to, const light_counts& more) {
  to.blocks += more.blocks;
  to.symbols += more.symbols;
  to.steps += more.steps;
  to.retunes += more.retunes;
  to.imprinted_rings += more.imprinted_rings;
  to.ring_retunes += more.ring_retunes;
  to.lane_symbols += more.lane_symbols;
  to.zeros += more.zeros;
  to.deleted += more.deleted;
  to.decoder_cycles += more.decoder_cycles;
  to.accumulator_cycles += more.accumulator_cycles;
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

bool has_levels(const layer_profile& of) {
  return std::any_of(of.ring_levels.begin(), of.ring_levels.end(), [](std::uint32_t level) { return level != 0; });
}

} // namespace

struct estimator::memory {
  // Most bytes that are kept: of all plans, of each plan's transfers, of each array's and each layer's light.
  static constexpr std::size_t mib = std::size_t{1} << 20U;
  static constexpr std::size_t most_plans = 64 * mib, most_transfers = 2 * mib, most_arrays = 64 * mib,
                               most_blocks = 8 * mib, most_light = 8 * mib, most_posts = mib;
  static constexpr std::size_t most_alike = 4096; ///< kinds of plans that are told apart, of each layer

  struct all_transfers : std::vector<transfer_times> {
    [[nodiscard]] std::size_t bytes() const {
      std::size_t sum = 0;
      for (const auto& layer : *this) {
        sum += sizeof(layer) + (layer.loads.size() + layer.stores.size()) * sizeof(double);
      }
      return sum;
    }
  };
  struct post_counts : std::vector<post_count> {
    [[nodiscard]] std::size_t bytes() const { return size() * sizeof(post_count); }
  };

  /// For buffers of one size.
  struct plan_memory {
    std::uint64_t number = 0; ///< no other one has it
    chip_plan plan;
    /// Plans whose blocks and passes are alike have the same: of each layer, and of all layers of the CONV and FC
    /// array.
    std::vector<std::uint64_t> light_numbers;
    std::array<std::uint64_t, 2> array_numbers{};
    cache<memory_path, all_transfers> transfers{most_transfers};
  };
  struct plan_place {
    std::unique_ptr<plan_memory> at;
    [[nodiscard]] std::size_t bytes() const {
      std::size_t sum = sizeof(plan_memory);
      for (const auto& layer : at->plan.layers) {
        sum += sizeof(layer) + layer.steps.size() * sizeof(planned_step) + layer.loads.size() * sizeof(planned_load);
      }
      return sum;
    }
  };
  /// Gives things that are alike the same number, as long as it remembers them.
  template <class thing>
  class numbers {
  public:
    std::uint64_t operator()(const thing& of) {
      if (known_.size() >= most_alike) {
        known_.clear();
      }
      const auto [at, fresh] = known_.emplace(of, given_);
      given_ += fresh ? 1 : 0;
      return at->second;
    }

  private:
    std::map<thing, std::uint64_t> known_;
    std::uint64_t given_ = 0;
  };
  struct blocks_key {
    std::uint32_t lanes = 0;
    bool slice_packing = true;
    bool operator==(const blocks_key&) const = default;
    [[nodiscard]] std::size_t hash() const { return mixed({lanes, slice_packing ? 1U : 0U}); }
  };
  struct light_key {
    bool alike = true; ///< `number` is one of plans that are alike; else the plan's
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
    cache<light_key, light_plan> light{most_light};
    cache<post_key, post_counts> post{most_posts};
    numbers<std::vector<std::uint32_t>> alike; ///< plans, by what their light depends on
  };
  /// The light of all layers of an array, in one piece.
  struct array_plan {
    bool fits = true;
    light_counts counts;
    std::vector<planned_pass> passes;
    std::vector<pass_kind> kinds;
    std::vector<unit_work> work;
    std::vector<std::uint32_t> ends; ///< of each layer's passes

    [[nodiscard]] std::size_t bytes() const {
      return passes.size() * sizeof(planned_pass) + kinds.size() * sizeof(pass_kind) + work.size() * sizeof(unit_work) +
             ends.size() * sizeof(std::uint32_t);
    }
  };
  struct array_memory {
    std::vector<std::size_t> layers; ///< that the array works for
    cache<light_key, array_plan> plans{most_arrays};
    numbers<std::vector<std::uint64_t>> alike; ///< plans, by the numbers of the layers
  };

  explicit memory(const network_profile& of) : profile(of), layers(of.layers.size()) {
    for (std::size_t i = 0; i < of.layers.size(); ++i) {
      if (plan::is_light(of.layers[i].descriptor)) {
        arrays[is_convolution(of.layers[i].descriptor) ? 0 : 1].layers.push_back(i);
      }
    }
  }

  std::unique_ptr<plan_memory> make_plan(const capacities& sizes);
  const kernel_blocks* blocks_for(std::size_t layer, const array_shape& array);
  array_plan make_array(const plan_memory& kept, const array_shape& shape, const array_memory& of);
  const array_plan& array_for(const plan_memory& kept, const config::architecture& a, array_kind kind);
  const std::vector<post_count>* post_for(const plan_memory& kept, const config::architecture& a, std::size_t layer);

  const network_profile& profile;
  cache<capacities, plan_place> plans{most_plans};
  std::uint64_t plans_made = 0;
  std::vector<layer_memory> layers;
  std::array<array_memory, 2> arrays; ///< CONV, FC
  walk_room room;
  outcome found;
};

std::unique_ptr<estimator::memory::plan_memory> estimator::memory::make_plan(const capacities& sizes) {
  auto made = std::make_unique<plan_memory>();
  made->plan = plan_of(profile, sizes);
  made->number = plans_made++;
  for (std::size_t i = 0; i < layers.size(); ++i) {
    made->light_numbers.push_back(layers[i].alike(what_light_needs(made->plan.layers[i])));
  }
  for (std::size_t k = 0; k < arrays.size(); ++k) {
    std::vector<std::uint64_t> of_layers;
    for (const std::size_t layer : arrays[k].layers) {
      of_layers.push_back(made->light_numbers[layer]);
    }
    made->array_numbers[k] = arrays[k].alike(of_layers);
  }
  return made;
}

const kernel_blocks* estimator::memory::blocks_for(std::size_t layer, const array_shape& array) {
  const auto& of = profile.layers[layer];
  if (!is_convolution(of.descriptor)) {
    return nullptr;
  }
  return &layers[layer].blocks({array.lanes, array.slice_packing},
                               [&] { return blocks_of(of, array.lanes, array.slice_packing); });
}

estimator::memory::array_plan estimator::memory::make_array(const plan_memory& kept, const array_shape& shape,
                                                            const array_memory& of) {
  array_plan made;
  std::size_t next = 0; // layer of the array
  bool fresh = true;    // no layer of the run so far had a level for the broadband rings
  for (std::size_t i = 0; i < layers.size() && next < of.layers.size(); ++i) {
    fresh = fresh || profile.layers[i].begins_run;
    if (of.layers[next] == i) {
      const bool alike = shape.accumulators == 0;
      const light_key key{alike, alike ? kept.light_numbers[i] : kept.number, shape};
      const auto& light = layers[i].light(key, [&] {
        return light_plan_of(profile.layers[i], kept.plan.layers[i], kept.plan.tiles, shape, blocks_for(i, shape),
                             fresh);
      });
      made.fits = made.fits && light.fits;
      add(made.counts, light.counts);
      for (auto pass : light.passes) {
        pass.kind += static_cast<std::uint32_t>(made.kinds.size());
        made.passes.push_back(pass);
      }
      for (auto kind : light.kinds) {
        kind.first_work += static_cast<std::uint32_t>(made.work.size());
        made.kinds.push_back(kind);
      }
      made.work.insert(made.work.end(), light.work.begin(), light.work.end());
      made.ends.push_back(static_cast<std::uint32_t>(made.passes.size()));
      ++next;
    }
    fresh = fresh && !has_levels(profile.layers[i]);
  }
  return made;
}

const estimator::memory::array_plan& estimator::memory::array_for(const plan_memory& kept,
                                                                  const config::architecture& a, array_kind kind) {
  const std::size_t k = kind == array_kind::conv ? 0 : 1;
  const auto shape = shape_of(a, kind);
  const bool alike = shape.accumulators == 0;
  return arrays[k].plans({alike, alike ? kept.array_numbers[k] : kept.number, shape},
                         [&] { return make_array(kept, shape, arrays[k]); });
}

const std::vector<post_count>* estimator::memory::post_for(const plan_memory& kept, const config::architecture& a,
                                                           std::size_t layer) {
  if (a.post_processor.count == 0) {
    return nullptr;
  }
  const auto lanes = static_cast<std::uint32_t>(a.post_processor.lanes);
  const auto count = static_cast<std::uint32_t>(a.post_processor.count);
  return &layers[layer].post({kept.number, lanes, count},
                             [&] { return post_counts{post_counts_of(kept.plan.layers[layer], lanes, count)}; });
}

estimator::estimator(const network_profile& profile) : memory_(std::make_unique<memory>(profile)) {}
estimator::~estimator() = default;

const outcome& estimator::operator()(const config::architecture& a) {
  auto& m = *memory_;
  auto& found = m.found;
  const auto sizes = capacities_of(a);
  auto& kept = *m.plans(sizes, [&] { return memory::plan_place{m.make_plan(sizes)}; }).at;
  found.fits = kept.plan.fits;
  found.latency_ns = found.energy_pj = found.operand_bits = 0;
  found.done = {};
  found.layers_ns.assign(m.layers.size(), 0.0);
  if (!found.fits) {
    return found;
  }
  const std::array<const memory::array_plan*, 2> arrays{&m.array_for(kept, a, array_kind::conv),
                                                        &m.array_for(kept, a, array_kind::fc)};
  found.fits = arrays[0]->fits && arrays[1]->fits;
  if (!found.fits) {
    return found;
  }
  const auto path = path_of(a);
  const auto& transfers =
      kept.transfers(path, [&] { return memory::all_transfers{transfer_times_of(m.profile, kept.plan, path)}; });
  const auto times = times_of(a);
  std::array<std::size_t, 2> next{}; // layer of each array
  for (std::size_t i = 0; i < m.layers.size(); ++i) {
    const auto& layer = kept.plan.layers[i];
    layer_parts parts{&layer, &transfers[i], {}, {}, {}, m.post_for(kept, a, i)};
    if (plan::is_light(layer.descriptor)) {
      const std::size_t k = is_convolution(layer.descriptor) ? 0 : 1;
      const auto& of = *arrays[k];
      const std::uint32_t begin = next[k] == 0 ? 0 : of.ends[next[k] - 1];
      parts.passes = std::span(of.passes).subspan(begin, of.ends[next[k]] - begin);
      parts.kinds = of.kinds;
      parts.work = of.work;
      ++next[k];
    }
    for (std::size_t s = 0; parts.post != nullptr && s < parts.post->size(); ++s) {
      found.done.post_cycles += (*parts.post)[s].sum;
    }
    constexpr double ps_per_ns = 1e3;
    found.layers_ns[i] = walk(parts, times, m.room) / ps_per_ns;
    found.latency_ns += found.layers_ns[i];
    add(found.done, layer);
  }
  const bool imprints_every_symbol = a.step != config::step_mode::pipelined;
  const bool gates = a.gating != config::gating_mode::none;
  add(found.done, found.done.conv, arrays[0]->counts, imprints_every_symbol, gates);
  add(found.done, found.done.fc, arrays[1]->counts, imprints_every_symbol, gates);
  found.energy_pj = report::total_pj_of(report::energy_table(a), found.done, found.latency_ns);
  found.operand_bits = report::operand_bits(a, found.done);
  return found;
}

outcome estimate(const network_profile& profile, const config::architecture& a) {
  estimator once(profile);
  return once(a);
}

} // namespace sonic::estimate
