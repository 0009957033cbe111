// SPDX-License-Identifier: Apache-2.0
#include "sonic/chip/control/descriptor_check.h"

#include <array>
#include <bit>
#include <cmath>
#include <cstddef>
#include <initializer_list>

namespace sonic::chip {

namespace {

using regs::error_code;

/// No extent, window, stride or padding is larger: products of two fit 64 bits with room.
constexpr std::uint32_t largest_extent = std::uint32_t{1} << 28;
/// No tensor is larger, in elements.
constexpr std::uint64_t largest_tensor = std::uint64_t{1} << 40;

/// Product of extents, or 0 if an extent is 0 or too large or the product passes largest_tensor.
std::uint64_t product(std::initializer_list<std::uint32_t> extents) {
  std::uint64_t total = 1;
  for (const std::uint32_t e : extents) {
    if (e == 0 || e > largest_extent || total > largest_tensor / e) {
      return 0;
    }
    total *= e;
  }
  return total;
}

/// True if [address, address + bytes) is aligned and lies in memory.
bool in_memory(std::uint64_t address, std::uint64_t bytes, std::uint64_t alignment,
               const plan::program_limits& limits) {
  return address % alignment == 0 && bytes <= limits.memory_size && address <= limits.memory_size - bytes;
}

/// One past the last element that a strided walk touches, or 0 if it passes largest_tensor.
std::uint64_t reach(std::uint64_t offset, const std::array<std::uint32_t, 4>& counts,
                    const std::array<std::uint32_t, 4>& strides) {
  std::uint64_t last = offset;
  for (std::size_t i = 0; i < counts.size(); ++i) {
    const std::uint64_t span = std::uint64_t{counts[i] - 1} * strides[i];
    if (last > largest_tensor || span > largest_tensor) {
      return 0;
    }
    last += span;
  }
  return last < largest_tensor ? last + 1 : 0;
}

bool window_fits(const regs::descriptor& d, bool may_overhang) {
  for (const std::uint32_t v :
       {d.kernel_height, d.kernel_width, d.stride_height, d.stride_width, d.dilation_height, d.dilation_width}) {
    if (v == 0 || v > largest_extent) {
      return false;
    }
  }
  for (const std::uint32_t v : {d.pad_top, d.pad_left, d.pad_bottom, d.pad_right}) {
    if (v > largest_extent) {
      return false;
    }
  }
  const auto axis = [may_overhang](std::uint64_t in, std::uint64_t out, std::uint64_t kernel, std::uint64_t stride,
                                   std::uint64_t dilation, std::uint64_t before, std::uint64_t after) {
    const std::uint64_t last_start = (out - 1) * stride;
    // A pool in ceil mode may hang over the end, but each window begins inside the input or the padding before it.
    return may_overhang ? last_start < in + before : last_start + dilation * (kernel - 1) + 1 <= in + before + after;
  };
  return axis(d.in_height, d.out_height, d.kernel_height, d.stride_height, d.dilation_height, d.pad_top,
              d.pad_bottom) &&
         axis(d.in_width, d.out_width, d.kernel_width, d.stride_width, d.dilation_width, d.pad_left, d.pad_right);
}

bool limits_in_order(const regs::descriptor& d) {
  if (d.element == 1) {
    const auto low = std::bit_cast<float>(d.clip_low);
    const auto high = std::bit_cast<float>(d.clip_high);
    return low <= high && std::isfinite(std::bit_cast<float>(d.negative_slope));
  }
  using regs::largest_code, regs::largest_slope;
  return d.clip_low >= 0 && d.clip_low <= d.clip_high && d.clip_high <= largest_code && d.output_zero_point >= 0 &&
         d.output_zero_point <= largest_code && d.negative_slope >= -largest_slope &&
         d.negative_slope <= largest_slope && d.pad_value <= static_cast<std::uint32_t>(largest_code);
}

error_code check_light(const regs::descriptor& d, const plan::program_limits& limits) {
  if (d.panels == 0 || d.panels > largest_extent ||
      !in_memory(d.weight_address, std::uint64_t{d.panels} * sizeof(regs::panel), 8, limits)) {
    return error_code::bad_address;
  }
  if (d.element == 0) {
    if (d.codebook_entries == 0 || d.codebook_entries > limits.codebook_levels || !std::isfinite(d.adc_full_scale) ||
        d.adc_full_scale <= 0.0F) {
      return error_code::bad_parameters;
    }
    if (!in_memory(d.codebook_address, std::uint64_t{d.codebook_entries} * sizeof(float), 4, limits)) {
      return error_code::bad_address;
    }
  }
  return error_code::none;
}

error_code check_strided(const regs::descriptor& d, const plan::program_limits& limits) {
  const std::array counts{d.batch, d.out_channels, d.out_height, d.out_width};
  const std::uint64_t elements = product({d.batch, d.out_channels, d.out_height, d.out_width});
  // No element is written twice, so that strides of 0 cannot ask for more work than the memory has room.
  if (elements == 0 || elements > limits.memory_size / plan::element_bytes(d)) {
    return error_code::bad_geometry;
  }
  const auto check = [&](std::uint64_t address, std::uint64_t offset, const std::array<std::uint32_t, 4>& strides) {
    const std::uint64_t end = reach(offset, counts, strides);
    if (end == 0) {
      return error_code::bad_geometry;
    }
    return in_memory(address, end * plan::element_bytes(d), plan::element_bytes(d), limits) ? error_code::none
                                                                                            : error_code::bad_address;
  };
  auto result = check(d.output_address, d.output_offset,
                      {d.output_stride_batch, d.output_stride_channel, d.output_stride_height, d.output_stride_width});
  if (result == error_code::none && d.operation == static_cast<std::uint8_t>(regs::operation::elementwise)) {
    result = check(d.input_address, d.input_offset,
                   {d.input_stride_batch, d.input_stride_channel, d.input_stride_height, d.input_stride_width});
    if (result == error_code::none && (d.flags & regs::flag_has_second) != 0) {
      result = check(d.second_address, d.second_offset,
                     {d.second_stride_batch, d.second_stride_channel, d.second_stride_height, d.second_stride_width});
    }
  }
  return result;
}

error_code check_dense(const regs::descriptor& d, const plan::program_limits& limits) {
  const std::uint64_t inputs = product({d.batch, d.in_channels, d.in_height, d.in_width});
  const std::uint64_t outputs = product({d.batch, d.out_channels, d.out_height, d.out_width});
  if (inputs == 0 || outputs == 0) {
    return error_code::bad_geometry;
  }
  const auto operation = static_cast<regs::operation>(d.operation);
  if (operation == regs::operation::fully_connected) {
    if (d.in_height != 1 || d.in_width != 1 || d.out_height != 1 || d.out_width != 1) {
      return error_code::bad_geometry;
    }
  } else {
    if (!window_fits(d, operation != regs::operation::convolution)) {
      return error_code::bad_geometry;
    }
    if (operation == regs::operation::convolution) {
      if (d.groups == 0 || d.in_channels % d.groups != 0 || d.out_channels % d.groups != 0 ||
          product({d.in_channels, d.kernel_height, d.kernel_width}) == 0) {
        return error_code::bad_geometry;
      }
    } else if (d.in_channels != d.out_channels) {
      return error_code::bad_geometry;
    }
  }
  return in_memory(d.input_address, inputs * plan::element_bytes(d), plan::element_bytes(d), limits) &&
                 in_memory(d.output_address, outputs * plan::element_bytes(d), plan::element_bytes(d), limits)
             ? error_code::none
             : error_code::bad_address;
}

} // namespace

error_code check_descriptor(const regs::descriptor& d, const plan::program_limits& limits) {
  if (d.operation < 1 || d.operation > 6 || d.element > 1 || d.version != 1 || d.flags > 3) {
    return error_code::bad_operation;
  }
  if ((d.element == 1) != limits.exact_optics) {
    return error_code::unsupported_element;
  }
  const auto operation = static_cast<regs::operation>(d.operation);
  const bool strided = operation == regs::operation::elementwise || operation == regs::operation::fill;
  auto result = strided ? check_strided(d, limits) : check_dense(d, limits);
  if (result == error_code::none && plan::is_light(d)) {
    result = check_light(d, limits);
  }
  if (result != error_code::none) {
    return result;
  }
  if (operation != regs::operation::fill) {
    if (d.parameter_records != 1 && d.parameter_records != d.out_channels) {
      return error_code::bad_parameters;
    }
    if (!in_memory(d.parameter_address, std::uint64_t{d.parameter_records} * sizeof(regs::parameters_code16), 8,
                   limits)) {
      return error_code::bad_address;
    }
  }
  return limits_in_order(d) ? error_code::none : error_code::bad_parameters;
}

error_code check_panels(const regs::descriptor& d, const regs::panel* panels, const plan::program_limits& limits,
                        const plan::tile_limits& tiles) {
  const bool conv = d.operation == static_cast<std::uint8_t>(regs::operation::convolution);
  const std::uint64_t rows = conv ? d.out_channels : d.in_channels;
  const std::uint64_t columns =
      conv ? std::uint64_t{d.in_channels} / d.groups * d.kernel_height * d.kernel_width : d.out_channels;
  std::uint64_t row = 0;
  std::uint64_t column = 0;
  std::uint64_t group_columns = columns; // panels of the same columns follow one another until all rows are there
  for (std::uint32_t i = 0; i < d.panels; ++i) {
    const auto& p = panels[i];
    if (row == 0) {
      group_columns = conv ? columns : p.columns;
    }
    if (column >= columns || p.columns != group_columns || p.first_row != row || p.rows == 0 || p.rows > rows - row ||
        p.first_column != column || p.columns == 0 || p.columns > columns - column) {
      return error_code::bad_weights;
    }
    if (p.offset > limits.memory_size || !in_memory(d.weight_address + p.offset, p.bytes, 1, limits)) {
      return error_code::bad_address;
    }
    const bool sums_fit = (conv ? p.rows : p.columns) * plan::sum_bytes(d) <= tiles.partial_sums;
    const bool activations_fit = conv || p.rows * plan::element_bytes(d) <= tiles.activations;
    if (p.bytes > tiles.weight_panel || !sums_fit || !activations_fit) {
      return error_code::too_large;
    }
    row += p.rows;
    if (row == rows) {
      row = 0;
      column += p.columns;
    }
  }
  return row == 0 && column == columns ? error_code::none : error_code::bad_weights;
}

} // namespace sonic::chip
