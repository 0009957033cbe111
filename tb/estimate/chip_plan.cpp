// SPDX-License-Identifier: Apache-2.0
#include "tb/estimate/chip_plan.h"

#include "sonic/core/error.h"
#include "sonic/plan/element_sizes.h"
#include "tb/workload/weight_panels.h"

#include <algorithm>

namespace sonic::estimate {

namespace {

using use = plan::operand_load::use;

/// Addresses one behind the other, as workload::lower gives them.
class addresses {
public:
  std::uint64_t take(std::uint64_t bytes) {
    constexpr std::uint64_t alignment = 64;
    const std::uint64_t at = (end_ + alignment - 1) / alignment * alignment;
    end_ = at + bytes;
    return at;
  }

private:
  std::uint64_t end_ = 0;
};

workload::layout_limits layout_of(const plan::tile_limits& tiles) {
  return {tiles.weight_panel, tiles.activations, tiles.partial_sums};
}

void lay_out_panels(planned_layer& to, const layer_profile& of, const plan::tile_limits& tiles, addresses& memory) {
  auto& d = to.descriptor;
  const bool conv = d.operation == static_cast<std::uint8_t>(regs::operation::convolution);
  const auto columns = of.weights.columns();
  const workload::matrix_shape shape{conv ? workload::step_kind::convolution : workload::step_kind::fully_connected,
                                     workload::element_kind::code16,
                                     of.code_bits,
                                     static_cast<std::int64_t>(of.row_nonzeros.size()),
                                     static_cast<std::int64_t>(columns),
                                     of.nonzeros};
  const auto count = [&of, columns](std::int64_t row, std::int64_t first, std::int64_t held) -> std::uint64_t {
    const auto r = static_cast<std::size_t>(row);
    const auto n = static_cast<std::size_t>(held);
    return n == columns ? of.row_nonzeros[r] : of.weights.count(r, static_cast<std::size_t>(first), n);
  };
  auto laid_out = workload::lay_out_panels(shape, count, layout_of(tiles), of.name);
  to.panels = std::move(laid_out.panels);
  to.weight_format = laid_out.layout;
  d.panels = static_cast<std::uint32_t>(to.panels.size());
  d.weight_address = memory.take(laid_out.bytes);
  d.codebook_address = memory.take(of.codebook_bytes);
}

/// Where everything lies.
void lay_out(chip_plan& to, const network_profile& profile) {
  addresses memory;
  memory.take(profile.layers.size() * sizeof(regs::descriptor));
  for (std::size_t i = 0; i < profile.layers.size(); ++i) {
    auto& d = to.layers[i].descriptor;
    d = profile.layers[i].descriptor;
    if (d.operation != static_cast<std::uint8_t>(regs::operation::fill)) {
      d.parameter_address = memory.take(profile.layers[i].parameter_bytes);
    }
    if (plan::is_light(d)) {
      lay_out_panels(to.layers[i], profile.layers[i], to.tiles, memory);
    }
  }
  std::vector<std::uint64_t> slots(profile.slots.size());
  std::vector<bool> placed(profile.slots.size());
  for (const auto& [slot, bytes] : profile.constants) {
    slots[slot] = memory.take(bytes);
    placed[slot] = true;
  }
  for (std::size_t i = 0; i < slots.size(); ++i) {
    if (profile.slots[i].storage == i && !placed[i]) {
      slots[i] = memory.take(profile.slots[i].bytes);
    }
  }
  for (std::size_t i = 0; i < profile.layers.size(); ++i) {
    auto& d = to.layers[i].descriptor;
    const auto& of = profile.layers[i];
    d.input_address = slots[profile.slots[of.input].storage];
    d.second_address = (d.flags & regs::flag_has_second) != 0 ? slots[profile.slots[of.second].storage] : 0;
    d.output_address = slots[profile.slots[of.output].storage];
  }
}

/// A load through the start of the global buffer, in as many pieces as it takes.
void add_fetch(planned_layer& to, std::uint64_t address, std::uint64_t bytes, std::uint64_t room) {
  for (std::uint64_t done = 0; done < bytes;) {
    const std::uint64_t piece = std::min(bytes - done, room);
    to.preparation.push_back(plan::make_pattern(address + done, 1, {1, 1, 1, piece}, {0, 0, 0, 1}));
    to.bytes_loaded += piece;
    done += piece;
  }
}

void add_preparation(planned_layer& to, std::uint64_t descriptor_address, std::uint64_t codebook_bytes,
                     std::uint64_t room) {
  const auto& d = to.descriptor;
  add_fetch(to, descriptor_address, sizeof(regs::descriptor), room);
  to.bytes_loaded = 0; // the descriptor is loaded before its layer begins
  const std::uint64_t most = std::max<std::uint64_t>(room / sizeof(regs::panel), 1);
  for (std::uint64_t held = 0; held < to.panels.size(); held += most) {
    const std::uint64_t panels = std::min<std::uint64_t>(most, to.panels.size() - held);
    add_fetch(to, d.weight_address + held * sizeof(regs::panel), panels * sizeof(regs::panel), room);
  }
  add_fetch(to, d.codebook_address, codebook_bytes, room);
}

/// Limits of the chip that the layout does not keep by itself.
bool panels_fit(const planned_layer& of, const plan::tile_limits& tiles) {
  const auto& d = of.descriptor;
  const bool conv = d.operation == static_cast<std::uint8_t>(regs::operation::convolution);
  return std::all_of(of.panels.begin(), of.panels.end(), [&](const regs::panel& p) {
    return (conv ? p.rows : p.columns) * plan::sum_bytes(d) <= tiles.partial_sums;
  });
}

std::size_t panel_number(const planned_layer& of, const regs::panel& panel) {
  const auto found = std::find_if(of.panels.begin(), of.panels.end(),
                                  [&panel](const regs::panel& each) { return each.offset == panel.offset; });
  return static_cast<std::size_t>(found - of.panels.begin());
}

void add_step(planned_layer& to, const plan::layer_step& step, std::size_t& guess) {
  auto& s = to.steps.emplace_back();
  s.first_load = static_cast<std::uint32_t>(to.loads.size());
  s.loads = static_cast<std::uint32_t>(step.loads.size());
  for (const auto& load : step.loads) {
    const std::uint64_t bytes = load.pattern.total_bytes();
    to.loads.push_back({load.into, load.pattern, bytes});
    to.bytes_loaded += bytes;
    to.weight_bytes += load.into == use::weights ? bytes : 0;
    to.activation_bytes += load.into == use::activations ? bytes : 0;
  }
  s.half = static_cast<std::uint8_t>(step.half);
  s.light = step.light;
  s.finishes = step.finishes;
  s.flows = step.flows;
  s.first_panel = step.first_panel;
  s.last_panel = step.last_panel;
  if (step.light) {
    // Panels follow one another.
    guess =
        guess < to.panels.size() && to.panels[guess].offset == step.panel.offset ? guess : panel_number(to, step.panel);
    s.panel = static_cast<std::uint32_t>(guess++);
    const bool conv = to.descriptor.operation == static_cast<std::uint8_t>(regs::operation::convolution);
    s.symbols = conv ? static_cast<std::uint32_t>(step.output.area()) : step.panel.columns;
  }
  if (step.finishes) {
    s.channels = step.post.channels;
    s.inner = step.post.inner;
    s.source = step.post.source;
    s.output = step.post.output;
    s.store = step.store;
    to.elements += s.channels * s.inner;
    to.bytes_stored += step.store.total_bytes();
  }
}

/// Steps of a fully connected layer go through all panels for each row of its batch.
void number_frames(planned_layer& of, const bit_matrix& present) {
  std::uint32_t frame = 0;
  for (std::size_t i = 0; i < of.steps.size(); ++i) {
    auto& s = of.steps[i];
    frame += i > 0 && s.panel == 0 ? 1U : 0U;
    s.frame = frame;
    s.present = static_cast<std::uint32_t>(present.count(frame, of.panels[s.panel].first_row, of.panels[s.panel].rows));
  }
}

} // namespace

chip_plan plan_of(const network_profile& profile, const capacities& of) {
  chip_plan found;
  found.tiles = plan::tile_limits_of(of.global_buffer, of.weight_buffer, of.activation_buffer, of.partial_sum_buffer);
  found.layers.resize(profile.layers.size());
  try {
    lay_out(found, profile);
  } catch (const core::user_error&) {
    found.fits = false; // a row of weights is larger than its buffer
    return found;
  }
  for (std::size_t i = 0; i < found.layers.size(); ++i) {
    auto& layer = found.layers[i];
    add_preparation(layer, i * sizeof(regs::descriptor), profile.layers[i].codebook_bytes, found.tiles.global_buffer);
    const auto steps = plan::steps_of({&layer.descriptor, 0, found.tiles, layer.panels});
    if (!steps || !panels_fit(layer, found.tiles)) {
      found.fits = false;
      return found;
    }
    std::size_t guess = 0;
    for (plan::layer_step step; steps->next(step);) {
      add_step(layer, step, guess);
    }
    if (layer.descriptor.operation == static_cast<std::uint8_t>(regs::operation::fully_connected)) {
      number_frames(layer, profile.layers[i].present);
    }
  }
  return found;
}

} // namespace sonic::estimate
