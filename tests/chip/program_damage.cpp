// SPDX-License-Identifier: Apache-2.0
#include "tests/chip/program_damage.h"

#include <limits>

namespace sonic::tests {

using regs::error_code;
using regs::operation;

namespace {

damage panel(const char* what, operation target, const std::function<void(regs::panel&)>& change, error_code expected) {
  return {what, target,
          [=](program_rig& rig, regs::descriptor& d) {
            auto p = rig.load<regs::panel>(d.weight_address);
            change(p);
            rig.save(d.weight_address, p);
          },
          expected};
}

damage parameters(const char* what, operation target, const std::function<void(regs::parameters_code16&)>& change) {
  return {what, target,
          [=](program_rig& rig, regs::descriptor& d) {
            auto p = rig.load<regs::parameters_code16>(d.parameter_address);
            change(p);
            rig.save(d.parameter_address, p);
          },
          error_code::bad_parameters};
}

damage level(const char* what, float content) {
  return {what, operation::convolution,
          [=](program_rig& rig, regs::descriptor& d) { rig.save(d.codebook_address, content); },
          error_code::bad_parameters};
}

} // namespace

damage image(const char* what, operation target, std::uint64_t offset, std::uint8_t content) {
  return {what, target,
          [=](program_rig& rig, regs::descriptor& d) {
            const auto p = rig.load<regs::panel>(d.weight_address);
            rig.save(d.weight_address + p.offset + offset, content);
          },
          error_code::bad_weights};
}

std::vector<damage> all_damages() {
  using d = regs::descriptor;
  constexpr auto conv = operation::convolution;
  constexpr auto fc = operation::fully_connected;
  constexpr auto pool = operation::max_pool;
  constexpr auto line = operation::elementwise;
  constexpr std::uint32_t most = 0xFFFFFFFF;
  constexpr std::uint64_t far = std::uint64_t{1} << 40;
  constexpr std::uint64_t last = ~std::uint64_t{0};
  const float nan = std::numeric_limits<float>::quiet_NaN();
  const float infinity = std::numeric_limits<float>::infinity();
  return {
      set("operation 0", conv, &d::operation, 0, error_code::bad_operation),
      set("operation 7", pool, &d::operation, 7, error_code::bad_operation),
      set("element 2", fc, &d::element, 2, error_code::bad_operation),
      set("version 0", line, &d::version, 0, error_code::bad_operation),
      set("version 2", conv, &d::version, 2, error_code::bad_operation),
      set("flag 4", line, &d::flags, 4, error_code::bad_operation),
      set("float32 on quantised optics", conv, &d::element, 1, error_code::unsupported_element),
      set("no batch", conv, &d::batch, 0, error_code::bad_geometry),
      set("huge batch", conv, &d::batch, most, error_code::bad_geometry),
      set("batch beyond memory", conv, &d::batch, 1 << 20, error_code::bad_address),
      set("no channels", conv, &d::in_channels, 0, error_code::bad_geometry),
      set("no groups", conv, &d::groups, 0, error_code::bad_geometry),
      set("5 groups", conv, &d::groups, 5, error_code::bad_geometry),
      set("no window", conv, &d::kernel_height, 0, error_code::bad_geometry),
      set("window beyond the image", conv, &d::kernel_width, 1 << 20, error_code::bad_geometry),
      set("stride 0", conv, &d::stride_height, 0, error_code::bad_geometry),
      set("stride too long", conv, &d::stride_width, 100, error_code::bad_geometry),
      set("dilation 0", conv, &d::dilation_height, 0, error_code::bad_geometry),
      set("dilation too long", conv, &d::dilation_width, most, error_code::bad_geometry),
      set("huge padding", conv, &d::pad_top, most, error_code::bad_geometry),
      set("output too high", conv, &d::out_height, 1000, error_code::bad_geometry),
      set("pool channels differ", pool, &d::out_channels, 1, error_code::bad_geometry),
      set("pool windows beyond the image", pool, &d::stride_height, 1 << 20, error_code::bad_geometry),
      set("FC of height 2", fc, &d::in_height, 2, error_code::bad_geometry),
      set("walk of no height", line, &d::out_height, 0, error_code::bad_geometry),
      set("walk stride too long", line, &d::input_stride_width, most, error_code::bad_address),
      set("walk starts far away", line, &d::input_offset, far, error_code::bad_geometry),
      set("walk starts at the end of numbers", line, &d::output_offset, last, error_code::bad_geometry),
      {"repeated writes of one element", line,
       [](program_rig&, regs::descriptor& x) {
         x.batch = x.out_channels = x.out_height = 1 << 13;
         x.out_width = 1;
         x.output_stride_batch = x.output_stride_channel = x.output_stride_height = 0;
         x.input_stride_batch = x.input_stride_channel = x.input_stride_height = 0;
         x.second_stride_batch = x.second_stride_channel = x.second_stride_height = 0;
       },
       error_code::bad_geometry},
      set("input outside", conv, &d::input_address, far, error_code::bad_address),
      set("input at the end of numbers", conv, &d::input_address, last - 1, error_code::bad_address),
      set("input misaligned", conv, &d::input_address, 65, error_code::bad_address),
      set("output outside", fc, &d::output_address, far, error_code::bad_address),
      set("output misaligned", line, &d::output_address, 65, error_code::bad_address),
      set("weights outside", conv, &d::weight_address, far, error_code::bad_address),
      set("weights misaligned", fc, &d::weight_address, 12, error_code::bad_address),
      set("no panels", conv, &d::panels, 0, error_code::bad_address),
      set("4294967295 panels", conv, &d::panels, most, error_code::bad_address),
      set("one panel too many", conv, &d::panels, 2, error_code::bad_weights),
      set("codebook outside", conv, &d::codebook_address, far, error_code::bad_address),
      set("no levels", conv, &d::codebook_entries, 0, error_code::bad_parameters),
      set("too many levels", fc, &d::codebook_entries, 65, error_code::bad_parameters),
      set("fewer levels than codes", conv, &d::codebook_entries, 1, error_code::bad_weights),
      set("parameters outside", pool, &d::parameter_address, far, error_code::bad_address),
      set("parameters misaligned", pool, &d::parameter_address, 4, error_code::bad_address),
      set("no parameter records", conv, &d::parameter_records, 0, error_code::bad_parameters),
      set("other number of records", conv, &d::parameter_records, 2, error_code::bad_parameters),
      set("negative smallest code", conv, &d::clip_low, -1, error_code::bad_parameters),
      set("limits crossed", pool, &d::clip_high, -1, error_code::bad_parameters),
      set("zero point beyond codes", conv, &d::output_zero_point, 65536, error_code::bad_parameters),
      set("huge slope", line, &d::negative_slope, std::numeric_limits<std::int32_t>::min(), error_code::bad_parameters),
      set("padding beyond codes", conv, &d::pad_value, 65536, error_code::bad_parameters),
      set("full scale 0", conv, &d::adc_full_scale, 0.0F, error_code::bad_parameters),
      set("full scale NaN", conv, &d::adc_full_scale, nan, error_code::bad_parameters),
      set("full scale infinite", fc, &d::adc_full_scale, infinity, error_code::bad_parameters),
      panel(
          "panel outside", conv, [](auto& p) { p.offset = far; }, error_code::bad_address),
      panel(
          "panel at the end of numbers", conv, [](auto& p) { p.offset = last; }, error_code::bad_address),
      panel(
          "panel larger than the memory", conv, [](auto& p) { p.bytes = most; }, error_code::bad_address),
      panel(
          "panel of no bytes", conv, [](auto& p) { p.bytes = 0; }, error_code::bad_weights),
      panel(
          "panel cut", fc, [](auto& p) { p.bytes -= 4; }, error_code::bad_weights),
      panel(
          "panel of no rows", conv, [](auto& p) { p.rows = 0; }, error_code::bad_weights),
      panel(
          "panel of too many rows", conv, [](auto& p) { p.rows = most; }, error_code::bad_weights),
      panel(
          "panel of too few rows", conv, [](auto& p) { --p.rows; }, error_code::bad_weights),
      panel(
          "panel of other rows", fc, [](auto& p) { p.first_row = 1; }, error_code::bad_weights),
      panel(
          "panel of other columns", fc, [](auto& p) { p.first_column = 1; }, error_code::bad_weights),
      panel(
          "panel of no columns", fc, [](auto& p) { p.columns = 0; }, error_code::bad_weights),
      panel(
          "panel too wide", conv, [](auto& p) { p.columns = most; }, error_code::bad_weights),
      image("image signature", conv, 0, 'X'),
      image("image version", conv, 4, 9),
      image("image format", conv, 5, 7),
      image("image of floats", conv, 6, 32),
      image("image reserved", fc, 7, 1),
      image("image rows", conv, 8, 77),
      image("image columns", fc, 13, 77),
      image("image non-zeros", conv, 18, 77),
      image("image size", fc, 22, 77),
      image("image row pointers", conv, 36, 0xFF),
      parameters("shift 0", conv, [](auto& p) { p.shift = 0; }),
      parameters("shift 63", pool, [](auto& p) { p.shift = 63; }),
      parameters("ring level beyond the converter", conv, [](auto& p) { p.ring_level = 64; }),
      level("level above 1", 1.5F),
      level("level below -1", -2.0F),
      level("level NaN", nan),
  };
}

} // namespace sonic::tests
