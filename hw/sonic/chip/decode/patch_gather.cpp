// SPDX-License-Identifier: Apache-2.0
#include "sonic/chip/decode/patch_gather.h"

#include <algorithm>
#include <bit>
#include <cstring>

namespace sonic::chip {

namespace {

template <class element>
float load_element(const std::uint8_t* from) {
  element value;
  std::memcpy(&value, from, sizeof(element));
  return static_cast<float>(value);
}

} // namespace

std::uint32_t count_zeros(std::span<const float> values) {
  std::uint32_t zeros = 0;
  for (const float v : values) {
    zeros += v == 0.0F ? 1U : 0U;
  }
  return zeros;
}

template <class element>
void patch_gather::unroll(const regs::descriptor& layer, const transport::rectangle& input,
                          const transport::rectangle& output, const std::uint8_t* activations, float pad_value) {
  const auto rows = output.rows();
  const auto columns = output.columns();
  const auto plane_bytes = static_cast<std::size_t>(input.area()) * sizeof(element);
  const std::int64_t stride = layer.stride_width;
  float* target = values_.data();
  std::size_t index = 0;
  for (std::uint32_t channel = 0; channel < layer.in_channels; ++channel) {
    const std::uint8_t* plane = activations + channel * plane_bytes;
    for (std::int64_t kr = 0; kr < layer.kernel_height; ++kr) {
      for (std::int64_t kc = 0; kc < layer.kernel_width; ++kc) {
        const float* start = target;
        const std::int64_t shift = kc * layer.dilation_width - std::int64_t{layer.pad_left};
        // Output columns whose input column lies in the rectangle: column * stride + shift in [begin, end).
        const auto first_inside = [&](std::int64_t bound) {
          const std::int64_t distance = bound - shift;
          return distance <= 0 ? std::int64_t{0} : (distance + stride - 1) / stride;
        };
        const std::int64_t inside_begin =
            std::clamp(first_inside(input.column_begin), output.column_begin, output.column_end);
        const std::int64_t inside_end = std::clamp(first_inside(input.column_end), inside_begin, output.column_end);
        for (std::int64_t r = 0; r < rows; ++r) {
          const std::int64_t in_row =
              (output.row_begin + r) * layer.stride_height + kr * layer.dilation_height - std::int64_t{layer.pad_top};
          if (in_row < input.row_begin || in_row >= input.row_end) {
            target = std::fill_n(target, columns, pad_value);
            continue;
          }
          target = std::fill_n(target, inside_begin - output.column_begin, pad_value);
          const std::int64_t first = (in_row - input.row_begin) * input.columns() + shift - input.column_begin;
          const std::int64_t inside = inside_end - inside_begin;
          const auto source = [&](std::int64_t c) {
            return load_element<element>(plane + static_cast<std::size_t>(first + (inside_begin + c) * stride) *
                                                     sizeof(element));
          };
          if (stride == 1) { // the common case, which the compiler vectorises
            const std::size_t begin = static_cast<std::size_t>(first + inside_begin) * sizeof(element);
            for (std::int64_t c = 0; c < inside; ++c) {
              target[c] = load_element<element>(plane + (begin + static_cast<std::size_t>(c) * sizeof(element)));
            }
          } else {
            for (std::int64_t c = 0; c < inside; ++c) {
              target[c] = source(c);
            }
          }
          target += inside;
          target = std::fill_n(target, output.column_end - inside_end, pad_value);
        }
        zeros_[index++] = count_zeros({start, symbols_});
      }
    }
  }
}

void patch_gather::load(const regs::descriptor& layer, const transport::rectangle& input,
                        const transport::rectangle& output, std::span<const std::uint8_t> activations) {
  symbols_ = static_cast<std::size_t>(output.area());
  const std::size_t rows = std::size_t{layer.in_channels} * layer.kernel_height * layer.kernel_width;
  if (values_.size() < rows * symbols_) {
    values_.resize(rows * symbols_); // grows only: all of it is written
  }
  zeros_.resize(rows);
  if (layer.element == 0) {
    unroll<std::uint16_t>(layer, input, output, activations.data(), static_cast<float>(layer.pad_value));
  } else {
    unroll<float>(layer, input, output, activations.data(), std::bit_cast<float>(layer.pad_value));
  }
}

} // namespace sonic::chip
