// SPDX-License-Identifier: Apache-2.0
#include "tb/workload/lower.h"

#include "sonic/core/error.h"
#include "sonic_regs/regs.h"
#include "tb/workload/codes.h"
#include "tb/workload/weight_panels.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <limits>
#include <span>

namespace sonic::workload {

namespace {

constexpr std::uint64_t alignment = 64;

/// Appends byte strings at aligned addresses.
class arena {
public:
  std::uint64_t append(std::span<const std::uint8_t> content) {
    bytes_.resize((bytes_.size() + alignment - 1) / alignment * alignment);
    const std::uint64_t address = bytes_.size();
    bytes_.insert(bytes_.end(), content.begin(), content.end());
    return address;
  }
  template <class record>
  std::uint64_t append_records(const std::vector<record>& records) {
    return append({reinterpret_cast<const std::uint8_t*>(records.data()), records.size() * sizeof(record)});
  }
  std::vector<std::uint8_t>& bytes() { return bytes_; }

private:
  std::vector<std::uint8_t> bytes_;
};

std::uint32_t narrow(std::int64_t value, const std::string& name, const char* what) {
  if (value < 0 || value > std::numeric_limits<std::uint32_t>::max()) {
    throw core::user_error("node " + name, std::string(what) + " is " + std::to_string(value),
                           "expected 0 to 4294967295, the range of a descriptor");
  }
  return static_cast<std::uint32_t>(value);
}

std::int32_t float_bits(double value) {
  const auto limit = static_cast<double>(std::numeric_limits<float>::max());
  return std::bit_cast<std::int32_t>(static_cast<float>(std::clamp(value, -limit, limit)));
}

std::uint64_t append_parameters(arena& to, const step& s, element_kind element) {
  if (element == element_kind::code16) {
    std::vector<regs::parameters_code16> records;
    for (const auto& c : s.channels) {
      regs::parameters_code16 r{};
      r.multiplier_a = c.multiplier_a;
      r.multiplier_b = c.multiplier_b;
      r.offset = c.offset;
      r.shift = c.shift;
      r.ring_level = c.ring_level;
      records.push_back(r);
    }
    return to.append_records(records);
  }
  std::vector<regs::parameters_float32> records;
  for (const auto& c : s.channels) {
    regs::parameters_float32 r{};
    r.multiplier_a = c.exact_a;
    r.multiplier_b = c.exact_b;
    r.offset = c.exact_offset;
    r.ring_level = c.ring_level;
    records.push_back(r);
  }
  return to.append_records(records);
}

void set_extents(regs::descriptor& d, const program& p, const step& s) {
  const auto& in = p.slots[s.input].extents;
  const auto& out =
      s.kind == step_kind::elementwise || s.kind == step_kind::fill ? s.iteration : p.slots[s.output].extents;
  const auto set = [&](std::uint32_t& field, std::int64_t value, const char* what) {
    field = narrow(value, s.name, what);
  };
  set(d.batch, out[0], "the batch");
  set(d.in_channels, in[1], "the number of input channels");
  set(d.in_height, in[2], "the input height");
  set(d.in_width, in[3], "the input width");
  set(d.out_channels, out[1], "the number of output channels");
  set(d.out_height, out[2], "the output height");
  set(d.out_width, out[3], "the output width");
  set(d.groups, s.groups, "the number of groups");
  const auto& g = s.geometry;
  set(d.kernel_height, g.kernel[0], "the kernel height");
  set(d.kernel_width, g.kernel[1], "the kernel width");
  set(d.stride_height, g.strides[0], "the stride");
  set(d.stride_width, g.strides[1], "the stride");
  set(d.dilation_height, g.dilations[0], "the dilation");
  set(d.dilation_width, g.dilations[1], "the dilation");
  set(d.pad_top, g.pads_begin[0], "the padding");
  set(d.pad_left, g.pads_begin[1], "the padding");
  set(d.pad_bottom, g.pads_end[0], "the padding");
  set(d.pad_right, g.pads_end[1], "the padding");
}

void set_strides(regs::descriptor& d, const step& s) {
  const auto set = [&](const access& from, std::uint64_t& offset, std::uint32_t& n, std::uint32_t& c, std::uint32_t& h,
                       std::uint32_t& w) {
    offset = static_cast<std::uint64_t>(from.offset);
    n = narrow(from.strides[0], s.name, "a stride");
    c = narrow(from.strides[1], s.name, "a stride");
    h = narrow(from.strides[2], s.name, "a stride");
    w = narrow(from.strides[3], s.name, "a stride");
  };
  set(s.read, d.input_offset, d.input_stride_batch, d.input_stride_channel, d.input_stride_height,
      d.input_stride_width);
  set(s.read_second, d.second_offset, d.second_stride_batch, d.second_stride_channel, d.second_stride_height,
      d.second_stride_width);
  set(s.write, d.output_offset, d.output_stride_batch, d.output_stride_channel, d.output_stride_height,
      d.output_stride_width);
}

void set_arithmetic(regs::descriptor& d, const program& p, const step& s) {
  if (p.element == element_kind::code16) {
    d.pad_value = static_cast<std::uint32_t>(s.pad_code);
    d.output_zero_point = s.output_zero_point;
    d.clip_low = s.clip_low;
    d.clip_high = s.clip_high;
    d.negative_slope = s.negative_slope_q15;
    d.adc_full_scale = s.adc_full_scale;
  } else {
    d.pad_value = std::bit_cast<std::uint32_t>(s.pad_value);
    d.clip_low = float_bits(s.exact_clip_low);
    d.clip_high = float_bits(s.exact_clip_high);
    d.negative_slope = float_bits(s.exact_negative_slope);
  }
}

regs::descriptor describe(const program& p, const step& s, std::size_t layer) {
  regs::descriptor d{};
  d.operation = static_cast<std::uint8_t>(s.kind);
  d.element = static_cast<std::uint8_t>(p.element);
  d.version = 1;
  d.flags = static_cast<std::uint8_t>((s.has_second ? regs::flag_has_second : 0U) |
                                      (s.count_include_pad ? regs::flag_count_include_pad : 0U));
  d.layer = static_cast<std::uint32_t>(layer);
  set_extents(d, p, s);
  set_strides(d, s);
  set_arithmetic(d, p, s);
  return d;
}

} // namespace

std::uint64_t slot_bytes(const program& source, const slot& s) {
  std::uint64_t count = source.element == element_kind::code16 ? sizeof(std::uint16_t) : sizeof(float);
  for (const std::int64_t extent : s.extents) {
    count *= static_cast<std::uint64_t>(extent);
  }
  return count;
}

memory_image lower(const program& source, const layout_limits& limits) {
  memory_image image;
  std::vector<regs::descriptor> descriptors;
  for (std::size_t i = 0; i < source.steps.size(); ++i) {
    if (const auto* s = std::get_if<step>(&source.steps[i])) {
      if (descriptors.empty() || std::holds_alternative<host_step>(source.steps[i - 1])) {
        image.runs.push_back(
            {descriptors.size() * sizeof(regs::descriptor), static_cast<std::uint32_t>(descriptors.size()), 0});
      }
      ++image.runs.back().count;
      descriptors.push_back(describe(source, *s, i));
      image.descriptor_steps.push_back(i);
    }
  }
  arena to;
  to.append_records(descriptors); // at address 0; written again below, with its addresses
  for (std::size_t i = 0; i < descriptors.size(); ++i) {
    const auto& s = std::get<step>(source.steps[image.descriptor_steps[i]]);
    auto& d = descriptors[i];
    if (s.kind != step_kind::fill) {
      d.parameter_records = static_cast<std::uint32_t>(s.channels.size());
      d.parameter_address = append_parameters(to, s, source.element);
    }
    if (s.kind == step_kind::convolution || s.kind == step_kind::fully_connected) {
      const auto panels = make_panels(s.weights, s.kind, source.element, source.weight_bits, limits, s.name);
      d.weight_address = to.append(panels.bytes);
      d.panels = panels.count;
      image.weight_bytes += panels.bytes.size();
      if (source.element == element_kind::code16) {
        // A layer whose weights are all zero has no levels; one that no code names keeps the descriptor valid.
        const auto& levels = s.weights.codebook.empty() ? std::vector<float>{0.0F} : s.weights.codebook;
        d.codebook_entries = static_cast<std::uint32_t>(levels.size());
        d.codebook_address = to.append_records(levels);
      }
    }
  }
  image.slot_addresses.assign(source.slots.size(), 0);
  std::vector<bool> placed(source.slots.size());
  for (const auto& constant : source.constants) {
    placed[constant.slot] = true;
    const slot& s = source.slots[constant.slot];
    if (source.element == element_kind::code16) {
      image.slot_addresses[constant.slot] = to.append_records(encode({{}, constant.values}, s, source.activation_bits));
    } else {
      image.slot_addresses[constant.slot] = to.append_records(constant.values);
    }
  }
  std::uint64_t end = to.bytes().size();
  for (std::size_t i = 0; i < source.slots.size(); ++i) {
    if (source.slots[i].storage == i && !placed[i]) {
      end = (end + alignment - 1) / alignment * alignment;
      image.slot_addresses[i] = end;
      end += slot_bytes(source, source.slots[i]);
    }
  }
  for (std::size_t i = 0; i < source.slots.size(); ++i) {
    image.slot_addresses[i] = image.slot_addresses[source.slots[i].storage];
  }
  for (std::size_t i = 0; i < descriptors.size(); ++i) {
    const auto& s = std::get<step>(source.steps[image.descriptor_steps[i]]);
    descriptors[i].input_address = image.slot_addresses[s.input];
    descriptors[i].second_address = s.has_second ? image.slot_addresses[s.second] : 0;
    descriptors[i].output_address = image.slot_addresses[s.output];
  }
  image.bytes = std::move(to.bytes());
  if (!descriptors.empty()) { // a network that only relabels or leaves all to the host has none
    std::memcpy(image.bytes.data(), descriptors.data(), descriptors.size() * sizeof(regs::descriptor));
  }
  image.size = end;
  return image;
}

} // namespace sonic::workload
