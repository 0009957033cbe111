// SPDX-License-Identifier: Apache-2.0
#include "tb/workload/onnx_window.h"

#include "tb/workload/onnx_text.h"

#include <algorithm>

namespace sonic::workload {

namespace {

constexpr std::int64_t largest = std::int64_t{1} << 24; // keeps every product far from overflow

std::vector<std::int64_t> checked_list(const onnx_node& node, const std::string& name, std::size_t count,
                                       std::int64_t smallest) {
  const auto list = node.integers(name);
  if (!list) {
    return std::vector<std::int64_t>(count, smallest);
  }
  if (list->size() != count) {
    node.refuse("its attribute " + in_quotes(name) + " has " + std::to_string(list->size()) + " entries",
                "it needs " + std::to_string(count));
  }
  for (const std::int64_t entry : *list) {
    if (entry < smallest || entry > largest) {
      node.refuse("its attribute " + in_quotes(name) + " has the entry " + std::to_string(entry),
                  "entries lie between " + std::to_string(smallest) + " and " + std::to_string(largest));
    }
  }
  return *list;
}

/// One spatial axis.
struct axis_window {
  std::int64_t input, kernel, stride, dilation, begin, end, output;

  std::int64_t reach() const { return dilation * (kernel - 1) + 1; }

  void place(bool round_up) {
    const std::int64_t room = input + begin + end - reach();
    output = room < 0 ? 0 : (room + (round_up ? stride - 1 : 0)) / stride + 1;
  }

  /// The padding that gives ceil(input / stride) outputs.
  void place_same(bool more_at_end) {
    output = (input + stride - 1) / stride;
    const std::int64_t padding = std::max<std::int64_t>(0, (output - 1) * stride + reach() - input);
    begin = more_at_end ? padding / 2 : padding - padding / 2;
    end = padding - begin;
  }
};

} // namespace

std::optional<shape> kernel_shape(const onnx_node& node, std::size_t rank) {
  if (!node.has_attribute("kernel_shape")) {
    return std::nullopt;
  }
  return checked_list(node, "kernel_shape", rank, 1);
}

placed_window place_window(const onnx_node& node, const shape& kernel, const shape& input) {
  const std::size_t rank = input.size();
  const auto strides = checked_list(node, "strides", rank, 1);
  const auto dilations = checked_list(node, "dilations", rank, 1);
  const auto pads = checked_list(node, "pads", 2 * rank, 0);
  const std::string auto_pad = node.text("auto_pad", "NOTSET");
  const bool same = auto_pad == "SAME_UPPER" || auto_pad == "SAME_LOWER";
  if (!same && auto_pad != "NOTSET" && auto_pad != "VALID") {
    node.refuse("its auto_pad is " + in_quotes(auto_pad), "it may be NOTSET, VALID, SAME_UPPER or SAME_LOWER");
  }
  const bool explicit_pads = auto_pad == "NOTSET";
  const bool round_up = node.integer("ceil_mode", 0) != 0;
  placed_window placed;
  for (std::size_t i = 0; i < rank; ++i) {
    axis_window axis{
        input[i], kernel[i], strides[i], dilations[i], explicit_pads ? pads[i] : 0, explicit_pads ? pads[rank + i] : 0,
        0};
    if (kernel[i] > largest) {
      node.refuse("its kernel has the extent " + std::to_string(kernel[i]));
    }
    if (same) {
      axis.place_same(auto_pad == "SAME_UPPER");
    } else {
      axis.place(round_up);
    }
    if (axis.output < 1) {
      node.refuse("its window reaches over " + std::to_string(axis.reach()) + " cells of spatial axis " +
                      std::to_string(i) + ", which has " + std::to_string(axis.input + axis.begin + axis.end) +
                      " with padding",
                  "the window must fit");
    }
    const std::size_t slot = 2 - rank + i; // one-dimensional windows have height 1
    placed.geometry.kernel[slot] = axis.kernel;
    placed.geometry.strides[slot] = axis.stride;
    placed.geometry.dilations[slot] = axis.dilation;
    placed.geometry.pads_begin[slot] = axis.begin;
    placed.geometry.pads_end[slot] = axis.end;
    placed.output.push_back(axis.output);
  }
  return placed;
}

} // namespace sonic::workload
