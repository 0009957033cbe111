// SPDX-License-Identifier: Apache-2.0
#include "tb/estimate/network_profile.h"

#include "sonic/plan/element_sizes.h"
#include "tb/host/chip_view.h"
#include "tb/reference/program_executor.h"
#include "tb/workload/lower.h"

#include <bit>
#include <cstring>
#include <variant>

namespace sonic::estimate {

namespace {

using workload::step_kind;

/// Zeros among the activations that each row of the unrolled patches streams, all images together.
/// @return by (channel, kernel row, kernel column)
std::vector<std::uint64_t> zeros_of_patches(const regs::descriptor& d, const std::vector<std::uint16_t>& input) {
  const bool padding_is_zero = d.pad_value == 0;
  std::vector<std::uint64_t> zeros;
  const auto inside = [](std::int64_t at, std::uint32_t size) { return at >= 0 && at < std::int64_t{size}; };
  for (std::uint32_t channel = 0; channel < d.in_channels; ++channel) {
    for (std::uint32_t kernel_row = 0; kernel_row < d.kernel_height; ++kernel_row) {
      for (std::uint32_t kernel_column = 0; kernel_column < d.kernel_width; ++kernel_column) {
        std::uint64_t count = 0;
        for (std::uint32_t image = 0; image < d.batch; ++image) {
          const std::uint16_t* plane =
              input.data() + (std::size_t{image} * d.in_channels + channel) * d.in_height * d.in_width;
          for (std::uint32_t row = 0; row < d.out_height; ++row) {
            const std::int64_t y = std::int64_t{row} * d.stride_height + std::int64_t{kernel_row} * d.dilation_height -
                                   std::int64_t{d.pad_top};
            if (!inside(y, d.in_height)) {
              count += padding_is_zero ? d.out_width : 0;
              continue;
            }
            const std::uint16_t* line = plane + static_cast<std::size_t>(y) * d.in_width;
            for (std::uint32_t column = 0; column < d.out_width; ++column) {
              const std::int64_t x = std::int64_t{column} * d.stride_width +
                                     std::int64_t{kernel_column} * d.dilation_width - std::int64_t{d.pad_left};
              const bool zero = inside(x, d.in_width) ? line[static_cast<std::size_t>(x)] == 0 : padding_is_zero;
              count += zero ? 1 : 0;
            }
          }
        }
        zeros.push_back(count);
      }
    }
  }
  return zeros;
}

void profile_weights(layer_profile& of, const workload::weight_matrix& weights) {
  const auto rows = static_cast<std::size_t>(weights.rows);
  const auto columns = static_cast<std::size_t>(weights.columns);
  of.weights = bit_matrix(rows, columns);
  for (std::size_t r = 0; r < rows; ++r) {
    for (std::size_t c = 0; c < columns; ++c) {
      if (weights.codes[r * columns + c] >= 0) {
        of.weights.set(r, c);
      }
    }
    of.row_nonzeros.push_back(static_cast<std::uint32_t>(of.weights.count(r, 0, columns)));
    of.nonzeros += of.row_nonzeros.back();
  }
}

void profile_convolution(layer_profile& of, const workload::step& s, const std::vector<std::uint16_t>& input) {
  const auto& d = of.descriptor;
  const auto zeros = zeros_of_patches(d, input);
  const std::size_t columns = of.weights.columns();
  const std::size_t kernels_per_group = d.out_channels / d.groups;
  for (std::size_t kernel = 0; kernel < d.out_channels; ++kernel) {
    const auto& record = s.channels[s.channels.size() == 1 ? 0 : kernel];
    of.ring_levels.push_back(record.ring_level);
    for (std::size_t c = 0; c < columns; ++c) {
      of.streamed_zeros += of.weights(kernel, c) ? zeros[kernel / kernels_per_group * columns + c] : 0;
    }
  }
}

/// Weights of each row that are zero, stored or not.
std::vector<std::uint64_t> zeros_of_rows(const workload::weight_matrix& weights) {
  const auto columns = static_cast<std::size_t>(weights.columns);
  std::vector<std::uint64_t> zeros(static_cast<std::size_t>(weights.rows));
  for (std::size_t i = 0; i < weights.codes.size(); ++i) {
    const auto code = weights.codes[i];
    zeros[i / columns] += code < 0 || weights.codebook[static_cast<std::size_t>(code)] == 0.0F ? 1U : 0U;
  }
  return zeros;
}

void profile_activations(layer_profile& of, const workload::weight_matrix& weights,
                         const std::vector<std::uint16_t>& input) {
  const auto& d = of.descriptor;
  const auto zeros = zeros_of_rows(weights);
  of.present = bit_matrix(d.batch, d.in_channels);
  for (std::size_t i = 0; i < std::size_t{d.batch} * d.in_channels; ++i) {
    if (input[i] != 0 || weights.stores_zeros) {
      of.present.set(i / d.in_channels, i % d.in_channels);
      of.streamed_zeros += zeros[i % d.in_channels];
    }
  }
}

/// A chip into which everything fits.
workload::layout_limits no_limits() {
  constexpr std::uint64_t plenty = std::uint64_t{1} << 40U;
  return {plenty, plenty, plenty};
}

} // namespace

std::uint64_t bit_matrix::count(std::size_t row, std::size_t first, std::size_t count) const {
  if (count == 0) {
    return 0;
  }
  const std::uint64_t* words = bits_.data() + row * words_;
  const std::size_t last = first + count - 1;
  std::uint64_t sum = 0;
  for (std::size_t w = first / 64; w <= last / 64; ++w) {
    std::uint64_t word = words[w];
    word &= w == first / 64 ? ~std::uint64_t{0} << (first % 64) : ~std::uint64_t{0};
    word &= w == last / 64 ? ~std::uint64_t{0} >> (63 - last % 64) : ~std::uint64_t{0};
    sum += static_cast<std::uint64_t>(std::popcount(word));
  }
  return sum;
}

network_profile profile_of(const workload::graph& network, const workload::program& program,
                           const workload::numerics& how, const std::vector<workload::tensor>& inputs) {
  network_profile found;
  found.numerics = how;
  for (const auto& s : program.slots) {
    found.slots.push_back({workload::slot_bytes(program, s), s.storage});
  }
  for (const auto& c : program.constants) {
    found.constants.emplace_back(c.slot, c.values.size() * sizeof(std::uint16_t));
  }
  const auto image = workload::lower(program, no_limits());
  const reference::program_executor golden(network, program, how);
  auto memory = golden.load(inputs);
  std::size_t descriptor = 0;
  bool host_worked = true;
  for (std::size_t i = 0; i < program.steps.size(); ++i) {
    const auto* s = std::get_if<workload::step>(&program.steps[i]);
    if (s == nullptr) {
      golden.run_step(i, memory);
      host_worked = true;
      continue;
    }
    auto& of = found.layers.emplace_back();
    std::memcpy(&of.descriptor, image.bytes.data() + descriptor++ * sizeof(of.descriptor), sizeof(of.descriptor));
    of.name = s->name;
    of.begins_run = host_worked;
    host_worked = false;
    of.input = s->input;
    of.second = s->second;
    of.output = s->output;
    of.parameter_bytes = of.descriptor.parameter_records * sizeof(regs::parameters_code16);
    if (plan::is_light(of.descriptor)) {
      of.codebook_bytes = of.descriptor.codebook_entries * sizeof(float);
      of.code_bits = static_cast<std::uint32_t>(program.weight_bits);
      profile_weights(of, s->weights);
      if (s->kind == step_kind::convolution) {
        profile_convolution(of, *s, memory[s->input]);
      } else {
        profile_activations(of, s->weights, memory[s->input]);
      }
    }
    golden.run_step(i, memory);
  }
  return found;
}

bool holds_for(const network_profile& profile, const config::architecture& a) {
  const auto how = host::numerics_of(a);
  const auto& mine = profile.numerics;
  const bool whole = a.faults.policy == config::fault_policy::none && a.faults.list == "none";
  return a.run.optics == config::optics_mode::quantised && whole && how.element == mine.element &&
         how.activation_bits == mine.activation_bits && how.weight_bits == mine.weight_bits &&
         how.ring_bits == mine.ring_bits && how.adc_bits == mine.adc_bits &&
         how.ring_batch_norm == mine.ring_batch_norm && how.keep_zeros == mine.keep_zeros &&
         how.adc_headroom == mine.adc_headroom;
}

} // namespace sonic::estimate
