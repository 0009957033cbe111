// SPDX-License-Identifier: Apache-2.0
// Slice, of constants and of computed tensors.
#include "tb/workload/onnx_gather.h"
#include "tb/workload/onnx_operators.h"
#include "tb/workload/onnx_text.h"

#include <algorithm>
#include <limits>
#include <numeric>

namespace sonic::workload {

namespace {

/// One axis of a Slice: NumPy's start:end:step.
struct slice {
  std::int64_t start, count, step;
};

slice slice_axis(const onnx_node& node, std::int64_t start, std::int64_t end, std::int64_t step, std::int64_t extent) {
  if (step == 0 || step == std::numeric_limits<std::int64_t>::min()) {
    node.refuse("its step is " + std::to_string(step));
  }
  const std::int64_t lowest = step > 0 ? 0 : -1; // one before the first element, going backwards
  const std::int64_t highest = step > 0 ? extent : extent - 1;
  const auto place = [&](std::int64_t i) { return std::clamp(i < 0 ? i + extent : i, lowest, highest); };
  const std::int64_t first = place(start);
  const std::int64_t distance = step > 0 ? place(end) - first : first - place(end);
  const std::int64_t stride = std::abs(step);
  const std::int64_t count = distance > 0 ? (distance - 1) / stride + 1 : 0;
  return {first, count, count > 1 ? step : 1};
}

/// What a Slice takes of each axis.
std::vector<slice> slices(const onnx_node& node, const network& net, const shape& from) {
  const bool by_attribute = node.opset() < 10;
  const auto list = [&](const char* name, std::size_t input) -> std::vector<std::int64_t> {
    if (by_attribute) {
      return node.integers(name).value_or(std::vector<std::int64_t>());
    }
    return node.has_input(input) ? net.integer_list(node, input, name) : std::vector<std::int64_t>();
  };
  const std::vector<std::int64_t> starts = list("starts", 1);
  const std::vector<std::int64_t> ends = list("ends", 2);
  std::vector<std::int64_t> axes = list("axes", 3);
  std::vector<std::int64_t> steps = by_attribute ? std::vector<std::int64_t>() : list("steps", 4);
  if (axes.empty()) {
    axes.resize(starts.size());
    std::iota(axes.begin(), axes.end(), 0);
  }
  steps.resize(steps.empty() ? starts.size() : steps.size(), 1);
  if (ends.size() != starts.size() || axes.size() != starts.size() || steps.size() != starts.size()) {
    node.refuse("its starts, ends, axes and steps differ in length");
  }
  std::vector<slice> parts;
  for (const std::int64_t extent : from) {
    parts.push_back({0, extent, 1});
  }
  std::vector<bool> seen(from.size(), false);
  for (std::size_t i = 0; i < starts.size(); ++i) {
    const std::size_t axis = checked_axis(node, axes[i], from.size());
    if (seen[axis]) {
      node.refuse("its axis " + std::to_string(axis) + " is listed twice");
    }
    seen[axis] = true;
    parts[axis] = slice_axis(node, starts[i], ends[i], steps[i], from[axis]);
  }
  return parts;
}

} // namespace

void fold_slice(const onnx_node& node, network& net) {
  const constant_array& from = net.constant(node, 0, "data");
  const std::vector<slice> parts = slices(node, net, from.extents);
  std::vector<std::int64_t> strides = row_major_strides(from.extents);
  shape extents;
  std::int64_t start = 0;
  for (std::size_t axis = 0; axis < parts.size(); ++axis) {
    extents.push_back(parts[axis].count);
    start += parts[axis].start * strides[axis];
    strides[axis] *= parts[axis].step;
  }
  net.define_constant(node.output(), gathered(node, from, extents, strided_source(extents, strides, start)));
}

/// A crop; steps become a pool of one cell, which exists along height and width.
void build_slice(const onnx_node& node, network& net) {
  value_id x = net.computed(node, 0);
  const shape from = net.extents(x);
  const std::vector<slice> parts = slices(node, net, from);
  pad crop;
  window stride;
  shape cropped;
  shape taken;
  for (std::size_t axis = 0; axis < parts.size(); ++axis) {
    const slice& part = parts[axis];
    const bool spatial = (from.size() == 3 || from.size() == 4) && axis >= 2;
    if (part.count < 1) {
      node.refuse("it takes nothing of axis " + std::to_string(axis),
                  "a slice must hold at least one index of each axis");
    }
    if (part.step < 1 || (part.step > 1 && !spatial)) {
      node.refuse("its step along axis " + std::to_string(axis) + " is " + std::to_string(part.step),
                  "on computed tensors, steps are positive, and above 1 only along the height and width of an image");
    }
    cropped.push_back((part.count - 1) * part.step + 1);
    taken.push_back(part.count);
    crop.begin.push_back(-part.start);
    crop.end.push_back(part.start + cropped.back() - from[axis]);
    if (spatial) {
      stride.strides[axis + 2 - from.size()] = part.step;
    }
  }
  const bool steps = cropped != taken;
  if (steps && cropped != from) {
    x = net.step(node, "cropped", crop, {x}, cropped);
  }
  net.finish(node, steps ? operation(pool{pool_kind::maximum, stride, false}) : operation(crop), {x}, taken);
}

} // namespace sonic::workload
