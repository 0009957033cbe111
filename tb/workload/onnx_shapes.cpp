// SPDX-License-Identifier: Apache-2.0
#include "tb/workload/onnx_shapes.h"

#include "tb/workload/onnx_text.h"

#include <algorithm>
#include <numeric>

namespace sonic::workload {

namespace {

/// Axes of Squeeze and Unsqueeze: an attribute before operator set 13, an input since.
std::optional<std::vector<std::int64_t>> axes_of(const onnx_node& node, const network& net) {
  if (node.opset() < 13) {
    return node.integers("axes");
  }
  if (!node.has_input(1)) {
    return std::nullopt;
  }
  return net.integer_list(node, 1, "list of axes");
}

/// For each axis of a tensor of this rank, whether it is listed.
std::vector<bool> marked(const onnx_node& node, const std::vector<std::int64_t>& axes, std::size_t rank) {
  std::vector<bool> marks(rank, false);
  for (const std::int64_t axis : axes) {
    const std::size_t index = checked_axis(node, axis, rank);
    if (marks[index]) {
      node.refuse("its axis " + std::to_string(axis) + " is listed twice");
    }
    marks[index] = true;
  }
  return marks;
}

} // namespace

shape reshaped(const onnx_node& node, const network& net, const shape& from) {
  shape target = net.integer_list(node, 1, "shape");
  const bool keep_zero = node.opset() >= 14 && node.integer("allowzero", 0) != 0;
  const std::int64_t count = extent_product(from, 0, from.size());
  const auto fail = [&](const std::string& why) {
    node.refuse("it cannot give " + to_string(from) + " the shape " + to_string(net.integer_list(node, 1, "shape")),
                why);
  };
  std::int64_t known = 1;
  auto open = target.end();
  for (auto extent = target.begin(); extent != target.end(); ++extent) {
    const auto axis = static_cast<std::size_t>(extent - target.begin());
    if (*extent == 0 && !keep_zero) {
      if (axis >= from.size()) {
        fail("0 copies an extent that the input does not have");
      }
      *extent = from[axis];
    }
    if (*extent == -1) {
      if (open != target.end()) {
        fail("only one extent may be -1");
      }
      open = extent;
    } else if (*extent < 0 || (*extent > 0 && known > max_elements / *extent)) {
      fail("an extent is out of range");
    } else {
      known *= *extent;
    }
  }
  if (open != target.end()) {
    if (known == 0 || count % known != 0) {
      fail("the elements cannot be divided so");
    }
    *open = count / known;
    known = count;
  }
  if (known != count) {
    fail("the number of elements must stay");
  }
  return target;
}

shape flattened(const onnx_node& node, const shape& from) {
  const std::int64_t axis = node.integer("axis", 1);
  const auto rank = static_cast<std::int64_t>(from.size());
  if (axis < -rank || axis > rank) {
    node.refuse("its axis " + std::to_string(axis) + " lies outside a tensor of rank " + std::to_string(rank));
  }
  const auto split = static_cast<std::size_t>(axis < 0 ? axis + rank : axis);
  return {extent_product(from, 0, split), extent_product(from, split, from.size())};
}

shape squeezed(const onnx_node& node, const network& net, const shape& from) {
  const auto axes = axes_of(node, net);
  const std::vector<bool> removed = axes ? marked(node, *axes, from.size()) : std::vector<bool>();
  shape target;
  for (std::size_t axis = 0; axis < from.size(); ++axis) {
    if (axes && removed[axis] && from[axis] != 1) {
      node.refuse("it removes axis " + std::to_string(axis) + " of " + to_string(from), "only extents of 1 can go");
    }
    if (axes ? !removed[axis] : from[axis] != 1) {
      target.push_back(from[axis]);
    }
  }
  return target;
}

shape unsqueezed(const onnx_node& node, const network& net, const shape& from) {
  const auto axes = axes_of(node, net);
  if (!axes) {
    node.refuse("it has no axes");
  }
  const std::vector<bool> inserted = marked(node, *axes, from.size() + axes->size());
  shape target;
  auto next = from.begin();
  for (const bool is_new : inserted) {
    target.push_back(is_new ? 1 : *next++);
  }
  return target;
}

std::vector<std::int64_t> permutation(const onnx_node& node, std::size_t rank) {
  std::vector<std::int64_t> order(rank);
  std::iota(order.rbegin(), order.rend(), 0);
  if (const auto given = node.integers("perm")) {
    if (given->size() != rank || !std::is_permutation(given->begin(), given->end(), order.begin())) {
      node.refuse("its perm is no permutation of the axes of a tensor of rank " + std::to_string(rank));
    }
    return *given;
  }
  return order;
}

shape permuted(const shape& from, const std::vector<std::int64_t>& order) {
  shape target;
  for (const std::int64_t axis : order) {
    target.push_back(from[static_cast<std::size_t>(axis)]);
  }
  return target;
}

joined_shape joined(const onnx_node& node, const network& net) {
  if (node.input_count() == 0) {
    node.refuse("it has no inputs");
  }
  shape whole = net.extents(node, 0);
  if (!node.has_attribute("axis")) {
    node.refuse("it has no axis");
  }
  const std::size_t axis = checked_axis(node, node.integer("axis", 0), whole.size());
  for (std::size_t i = 1; i < node.input_count(); ++i) {
    shape part = net.extents(node, i);
    const bool same_rank = part.size() == whole.size();
    const std::int64_t along = same_rank ? part[axis] : 0;
    if (same_rank) {
      part[axis] = whole[axis];
    }
    if (part != whole) {
      node.refuse("its input " + in_quotes(node.input(i)) + " has the shape " + to_string(net.extents(node, i)),
                  "it must equal " + to_string(whole) + " but for axis " + std::to_string(axis));
    }
    whole[axis] += along;
  }
  return {axis, whole};
}

} // namespace sonic::workload
