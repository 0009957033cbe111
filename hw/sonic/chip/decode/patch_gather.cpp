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

/// Where a kernel column's values lie in a line of output columns [0, columns): outside of [begin, end) in the padding.
struct inside {
  std::int64_t begin, end;
  std::int64_t first; ///< column in the input rectangle of output column `begin`
};

inside columns_inside(const regs::descriptor& layer, const transport::rectangle& input,
                      const transport::rectangle& output, std::int64_t kernel_column) {
  const std::int64_t stride = layer.stride_width;
  const std::int64_t shift = kernel_column * layer.dilation_width - std::int64_t{layer.pad_left};
  // Output columns whose input column lies in the rectangle: column * stride + shift in [begin, end).
  const auto first_from = [&](std::int64_t bound) {
    const std::int64_t distance = bound - shift;
    return distance <= 0 ? std::int64_t{0} : (distance + stride - 1) / stride;
  };
  const std::int64_t begin = std::clamp(first_from(input.column_begin), output.column_begin, output.column_end);
  const std::int64_t end = std::clamp(first_from(input.column_end), begin, output.column_end);
  return {begin - output.column_begin, end - output.column_begin, begin * stride + shift - input.column_begin};
}

} // namespace

std::uint32_t count_zeros(std::span<const float> values) {
  std::uint32_t zeros = 0;
  for (const float v : values) {
    zeros += v == 0.0F ? 1U : 0U;
  }
  return zeros;
}

void patch_gather::plan_lines(const regs::descriptor& layer, const transport::rectangle& output) {
  const std::int64_t rows = output.rows();
  const std::int64_t stride = layer.stride_height;
  lines_.clear();
  first_line_.assign(layer.kernel_height, 0);
  const auto image_row = [&](std::int64_t kernel_row, std::int64_t output_row) {
    return (output.row_begin + output_row) * stride + kernel_row * layer.dilation_height - std::int64_t{layer.pad_top};
  };
  // Kernel rows whose image rows lie a whole number of strides apart share lines: of each such class, one sequence.
  std::vector<bool> placed(layer.kernel_height, false);
  for (std::size_t first = 0; first < placed.size(); ++first) {
    std::int64_t last = -1; // kernel row placed before, in this class
    for (std::size_t k = first; k < placed.size(); ++k) {
      const auto row = static_cast<std::int64_t>(k);
      if (placed[k] || (last >= 0 && ((row - last) * layer.dilation_height) % stride != 0)) {
        continue;
      }
      const std::int64_t apart = last < 0 ? rows : std::min(rows, (row - last) * layer.dilation_height / stride);
      first_line_[k] = lines_.size() - static_cast<std::size_t>(rows - apart);
      for (std::int64_t r = rows - apart; r < rows; ++r) {
        lines_.push_back(image_row(row, r));
      }
      placed[k] = true;
      last = row;
    }
  }
}

template <class element>
void patch_gather::lay_out(const regs::descriptor& layer, const transport::rectangle& input,
                           const transport::rectangle& output, const std::uint8_t* activations, float pad_value) {
  const auto columns = output.columns();
  const auto rows = static_cast<std::size_t>(output.rows());
  const auto plane_bytes = static_cast<std::size_t>(input.area()) * sizeof(element);
  const auto stride = static_cast<std::size_t>(layer.stride_width) * sizeof(element);
  float* target = values_.data();
  for (std::size_t channel = 0; channel < layer.in_channels; ++channel) {
    const std::uint8_t* plane = activations + channel * plane_bytes;
    for (std::size_t kernel_column = 0; kernel_column < layer.kernel_width; ++kernel_column) {
      const auto in = columns_inside(layer, input, output, static_cast<std::int64_t>(kernel_column));
      const auto start = static_cast<std::size_t>(target - values_.data());
      for (std::size_t line = 0; line < lines_.size(); ++line) {
        const std::int64_t row = lines_[line];
        if (row < input.row_begin || row >= input.row_end) {
          std::fill_n(target, columns, pad_value);
        } else {
          std::fill_n(target, in.begin, pad_value);
          const std::uint8_t* source =
              plane + static_cast<std::size_t>((row - input.row_begin) * input.columns() + in.first) * sizeof(element);
          const auto count = static_cast<std::size_t>(in.end - in.begin);
          if (stride == sizeof(element)) { // the common case, which the compiler vectorises
            for (std::size_t c = 0; c < count; ++c) {
              target[static_cast<std::size_t>(in.begin) + c] = load_element<element>(source + c * sizeof(element));
            }
          } else {
            for (std::size_t c = 0; c < count; ++c) {
              target[static_cast<std::size_t>(in.begin) + c] = load_element<element>(source + c * stride);
            }
          }
          std::fill_n(target + in.end, columns - in.end, pad_value);
        }
        zeros_before_[line + 1] = zeros_before_[line] + count_zeros({target, static_cast<std::size_t>(columns)});
        target += columns;
      }
      for (std::size_t kernel_row = 0; kernel_row < layer.kernel_height; ++kernel_row) {
        const std::size_t index = (channel * layer.kernel_height + kernel_row) * layer.kernel_width + kernel_column;
        const std::size_t first = first_line_[kernel_row];
        rows_[index] = {static_cast<std::uint32_t>(start + first * static_cast<std::size_t>(columns)),
                        zeros_before_[first + rows] - zeros_before_[first]};
      }
    }
  }
}

void patch_gather::load(const regs::descriptor& layer, const transport::rectangle& input,
                        const transport::rectangle& output, std::span<const std::uint8_t> activations) {
  symbols_ = static_cast<std::size_t>(output.area());
  plan_lines(layer, output);
  const std::size_t planes = std::size_t{layer.in_channels} * layer.kernel_width;
  const std::size_t values = planes * lines_.size() * static_cast<std::size_t>(output.columns());
  if (values_.size() < values) {
    values_.resize(values); // grows only: all of it is written
  }
  zeros_before_.assign(lines_.size() + 1, 0);
  rows_.resize(planes * layer.kernel_height);
  if (layer.element == 0) {
    lay_out<std::uint16_t>(layer, input, output, activations.data(), static_cast<float>(layer.pad_value));
  } else {
    lay_out<float>(layer, input, output, activations.data(), std::bit_cast<float>(layer.pad_value));
  }
}

} // namespace sonic::chip
