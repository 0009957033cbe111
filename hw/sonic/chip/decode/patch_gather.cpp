// SPDX-License-Identifier: Apache-2.0
#include "sonic/chip/decode/patch_gather.h"

#include "sonic/chip/decode/stream_light.h"
#include "sonic/core/instruction_sets.h"
#include "sonic/plan/window_reach.h"
#include "sonic/sparse/dense_row.h"

#include <algorithm>
#include <bit>
#include <cstdlib>
#include <cstring>
#include <numeric>

namespace sonic::chip {

namespace {

SONIC_EACH_INSTRUCTION_SET
void widen(const std::uint16_t* from, std::size_t count, float* into) {
  for (std::size_t i = 0; i < count; ++i) {
    into[i] = from[i];
  }
}

} // namespace

patch_gather::column patch_gather::column_of(const regs::descriptor& layer, const transport::rectangle& input,
                                             const transport::rectangle& output, std::int64_t kernel_column) {
  const std::int64_t stride = layer.stride_width;
  const std::int64_t first = output.column_begin * stride + kernel_column * layer.dilation_width -
                             std::int64_t{layer.pad_left}; // input column of the first output column
  const auto [begin, end] =
      plan::positions_inside(first, stride, output.columns(), input.column_begin, input.column_end);
  return {begin, end, first + begin * stride - input.column_begin};
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
  const std::int64_t kernel = layer.kernel_height;
  const std::int64_t period = stride / std::gcd(stride, std::int64_t{layer.dilation_height});
  const std::int64_t shift =
      period * layer.dilation_height / stride; // lines from one kernel row of a class to the next
  for (std::int64_t first = 0; first < std::min(period, kernel); ++first) {
    for (std::int64_t row = first; row < kernel; row += period) {
      const std::int64_t fresh = row == first ? rows : std::min(rows, shift);
      first_line_[static_cast<std::size_t>(row)] = lines_.size() - static_cast<std::size_t>(rows - fresh);
      for (std::int64_t r = rows - fresh; r < rows; ++r) {
        lines_.push_back(image_row(row, r));
      }
    }
  }
}

void patch_gather::find_runs(const transport::rectangle& input) {
  runs_.clear();
  for (std::size_t line = 0; line < lines_.size(); ++line) {
    const std::int64_t row = lines_[line] - input.row_begin;
    const bool inside = row >= 0 && row < input.rows();
    if (line > 0 && inside == runs_.back().inside && (!inside || lines_[line] == lines_[line - 1] + 1)) {
      ++runs_.back().lines;
    } else {
      runs_.push_back({line, 1, inside, row});
    }
  }
}

void patch_gather::lay_out_column(const column& kernel_column, const run& of, float* target) const {
  const auto& [begin, end, first] = kernel_column;
  const auto lines = static_cast<std::int64_t>(of.lines);
  if (!of.inside || begin == end) {
    std::fill_n(target, lines * columns_, pad_value_);
    return;
  }
  const float* source = plane_.data() + margin_ + of.row * plane_columns_ + first;
  if (stride_ == 1 && plane_columns_ == columns_) {
    // Lines as long as the image's: one copy, whose ends come from the neighbouring lines, or from the margin.
    std::copy_n(source - begin, lines * columns_, target);
  } else {
    for (std::int64_t line = 0; line < lines; ++line) {
      for (std::int64_t c = begin; c < end; ++c) {
        target[line * columns_ + c] = source[line * plane_columns_ + (c - begin) * stride_];
      }
    }
  }
  for (std::int64_t line = 0; line < lines; ++line) {
    std::fill(target + line * columns_, target + line * columns_ + begin, pad_value_);
    std::fill(target + line * columns_ + end, target + (line + 1) * columns_, pad_value_);
  }
}

std::uint32_t patch_gather::zeros_of_line(const column& kernel_column, const run& of, std::int64_t line,
                                          const float* laid_out) const {
  const auto& [begin, end, first] = kernel_column;
  const std::uint32_t zeros_per_pad = pad_value_ == 0.0F ? 1 : 0;
  if (!of.inside || begin == end) {
    return zeros_per_pad * static_cast<std::uint32_t>(columns_);
  }
  if (stride_ != 1) {
    return sparse::count_zeros({laid_out, static_cast<std::size_t>(columns_)});
  }
  // The image's line without the few values that the kernel column does not reach.
  const std::int64_t row = of.row + line;
  const float* source = plane_.data() + margin_ + row * plane_columns_;
  std::uint32_t zeros =
      row_zeros_[static_cast<std::size_t>(row)] + zeros_per_pad * static_cast<std::uint32_t>(columns_ - (end - begin));
  for (std::int64_t c = 0; c < first; ++c) {
    zeros -= source[c] == 0.0F ? 1U : 0U;
  }
  for (std::int64_t c = first + (end - begin); c < plane_columns_; ++c) {
    zeros -= source[c] == 0.0F ? 1U : 0U;
  }
  return zeros;
}

void patch_gather::lay_out(const regs::descriptor& layer, const transport::rectangle& input, std::int64_t rows,
                           std::span<const std::uint8_t> activations) {
  const auto plane = static_cast<std::size_t>(input.area());
  const auto margin = static_cast<std::size_t>(margin_);
  float* target = values_.data();
  for (std::size_t channel = 0; channel < layer.in_channels; ++channel) {
    const std::span<float> values(plane_.data() + margin, plane);
    if (layer.element == 0) {
      widen(reinterpret_cast<const std::uint16_t*>(activations.data()) + channel * plane, plane, values.data());
    } else if (plane > 0) {
      std::memcpy(values.data(), activations.data() + channel * plane * sizeof(float), plane * sizeof(float));
    }
    if (emission_.physical) {
      physics::emit(emission_.law, emission_.full, values.data(), values.size());
      const std::size_t of_channel = std::size_t{layer.kernel_height} * layer.kernel_width;
      std::fill_n(light_.begin() + static_cast<std::ptrdiff_t>(channel * of_channel), of_channel,
                  light_of(values, emission_.full));
    }
    const auto width = static_cast<std::size_t>(plane_columns_);
    for (std::size_t row = 0; row < row_zeros_.size(); ++row) {
      row_zeros_[row] = sparse::count_zeros(values.subspan(row * width, width));
    }
    for (std::size_t kernel_column = 0; kernel_column < layer.kernel_width; ++kernel_column) {
      const auto& in = kernel_columns_[kernel_column];
      const auto start = static_cast<std::size_t>(target - values_.data());
      for (const auto& r : runs_) {
        lay_out_column(in, r, target);
        for (std::size_t line = 0; line < r.lines; ++line, target += columns_) {
          zeros_before_[r.first + line + 1] =
              zeros_before_[r.first + line] + zeros_of_line(in, r, static_cast<std::int64_t>(line), target);
        }
      }
      for (std::size_t kernel_row = 0; kernel_row < layer.kernel_height; ++kernel_row) {
        const std::size_t index = (channel * layer.kernel_height + kernel_row) * layer.kernel_width + kernel_column;
        const std::size_t first = first_line_[kernel_row];
        offsets_[index] = static_cast<std::uint32_t>(start + first * static_cast<std::size_t>(columns_));
        zeros_[index] = zeros_before_[first + static_cast<std::size_t>(rows)] - zeros_before_[first];
      }
    }
  }
}

void patch_gather::load(const regs::descriptor& layer, const transport::rectangle& input,
                        const transport::rectangle& output, std::span<const std::uint8_t> activations) {
  symbols_ = static_cast<std::size_t>(output.area());
  columns_ = output.columns();
  plane_columns_ = input.columns();
  stride_ = layer.stride_width;
  pad_value_ = layer.element == 0 ? static_cast<float>(layer.pad_value) : std::bit_cast<float>(layer.pad_value);
  if (emission_.physical) {
    physics::emit(emission_.law, emission_.full, &pad_value_, 1);
    light_.resize(std::size_t{layer.in_channels} * layer.kernel_height * layer.kernel_width);
  }
  plan_lines(layer, output);
  find_runs(input);
  kernel_columns_.clear();
  margin_ = 0;
  for (std::int64_t kernel_column = 0; kernel_column < layer.kernel_width; ++kernel_column) {
    const auto& in = kernel_columns_.emplace_back(column_of(layer, input, output, kernel_column));
    margin_ = in.begin < in.end ? std::max(margin_, std::abs(in.first - in.begin)) : margin_;
  }
  const auto fit = [](auto& values, std::size_t count) {
    if (values.size() < count) {
      values.resize(count); // grows only: all of it is written
    }
  };
  const std::size_t planes = std::size_t{layer.in_channels} * layer.kernel_width;
  fit(values_, planes * lines_.size() * static_cast<std::size_t>(columns_));
  fit(plane_, static_cast<std::size_t>(input.area() + 2 * margin_));
  row_zeros_.resize(static_cast<std::size_t>(input.rows()));
  zeros_before_.assign(lines_.size() + 1, 0);
  offsets_.resize(planes * layer.kernel_height);
  zeros_.resize(planes * layer.kernel_height);
  lay_out(layer, input, output.rows(), activations);
}

} // namespace sonic::chip
