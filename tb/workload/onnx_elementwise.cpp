// SPDX-License-Identifier: Apache-2.0
// Add, Sub, Mul and Div. With a constant they become a scale and a shift per channel wherever that is possible.
#include "tb/workload/onnx_broadcast.h"
#include "tb/workload/onnx_operators.h"

#include <functional>

namespace sonic::workload {

namespace {

/// y = scale x + shift for one entry of the constant.
struct line {
  double scale, shift;
};
using line_of = std::function<line(double)>;

value_id place(const onnx_node& node, network& net, const std::string& part, operation op, std::vector<value_id> inputs,
               const shape& extents) {
  return part.empty() ? net.finish(node, std::move(op), std::move(inputs), extents)
                      : net.step(node, part, std::move(op), std::move(inputs), extents);
}

/// The axes [first, last] of a shape over which a constant varies, widened so that axis 0 stays alone if it can.
struct span {
  std::size_t first = 1, last = 1;
};

span varying_axes(const shape& constant, const shape& whole) {
  const std::size_t lead = whole.size() - constant.size();
  span axes;
  for (std::size_t i = 0; i < constant.size(); ++i) {
    if (constant[i] > 1) {
      axes.first = lead + i == 0 ? 0 : axes.first;
      axes.last = std::max(axes.first == 0 ? std::size_t{0} : std::size_t{1}, lead + i);
    }
  }
  return axes;
}

/// Applies a line per entry of a constant that broadcasts to x, or to which x broadcasts.
value_id apply_line(const onnx_node& node, network& net, const std::string& part, value_id x,
                    const shape& constant_extents, const std::vector<float>& entries, const line_of& line_for) {
  const shape whole = broadcast(node, net.extents(x), constant_extents);
  if (whole != net.extents(x)) { // zeros stretch x
    const value_id zeros =
        net.add_constant(node.output() + ".zeros", constant_extents, std::vector<float>(entries.size(), 0.0F));
    x = net.step(node, "broadcast", add{}, {x, zeros}, whole);
  }
  const span axes = varying_axes(constant_extents, whole);
  const bool direct = whole.size() >= 2 && axes.first == 1 && axes.last == 1;
  shape channels = whole;
  if (!direct) {
    const std::size_t end = std::min(axes.last + 1, whole.size());
    const std::size_t begin = std::min(axes.first, whole.size());
    channels = {extent_product(whole, 0, begin), extent_product(whole, begin, end),
                extent_product(whole, end, whole.size())};
    x = net.step(node, "channels", relabel{}, {x}, channels);
  }
  scale_shift affine;
  const shape over(whole.begin() + static_cast<std::ptrdiff_t>(std::min(axes.first, whole.size())),
                   whole.begin() + static_cast<std::ptrdiff_t>(std::min(axes.last + 1, whole.size())));
  for (const std::size_t source : broadcast_indices(constant_extents, whole, axes.first, axes.last + 1)) {
    const line entry = line_for(static_cast<double>(entries[source]));
    affine.scale.push_back(entry.scale);
    affine.shift.push_back(entry.shift);
  }
  if (direct) {
    return place(node, net, part, std::move(affine), {x}, whole);
  }
  x = net.step(node, part + "scaled", std::move(affine), {x}, channels);
  return place(node, net, part, relabel{}, {x}, whole);
}

/// A computed operand and a constant one.
struct operands {
  value_id computed;
  std::size_t constant_input;
};

operands split(const onnx_node& node, const network& net) {
  const std::size_t constant = net.is_computed(node, 0) ? 1 : 0;
  return {net.computed(node, 1 - constant), constant};
}

void finish_sum(const onnx_node& node, network& net, value_id a, value_id b) {
  net.finish(node, add{}, {a, b}, broadcast(node, net.extents(a), net.extents(b)));
}

/// x + sign * c: a shift if c has one entry per channel, else an addition.
void finish_constant_sum(const onnx_node& node, network& net, value_id x, std::size_t constant_input, double sign) {
  const constant_array& c = net.parameters(node, constant_input, "operand");
  const shape whole = broadcast(node, net.extents(x), c.extents);
  const span axes = varying_axes(c.extents, whole);
  if (whole == net.extents(x) && whole.size() >= 2 && axes.first == 1 && axes.last == 1) {
    apply_line(node, net, "", x, c.extents, c.reals(), [&](double entry) { return line{1.0, sign * entry}; });
    return;
  }
  if (sign > 0) {
    finish_sum(node, net, x, net.any(node, constant_input));
    return;
  }
  std::vector<float> negated = net.take_reals(node, constant_input);
  for (float& entry : negated) {
    entry = -entry;
  }
  finish_sum(node, net, x, net.add_constant(node.input(constant_input) + ".negated", c.extents, std::move(negated)));
}

bool both_computed(const onnx_node& node, const network& net) {
  return net.is_computed(node, 0) && net.is_computed(node, 1);
}

} // namespace

void build_add(const onnx_node& node, network& net) {
  if (both_computed(node, net)) {
    finish_sum(node, net, net.computed(node, 0), net.computed(node, 1));
    return;
  }
  const operands in = split(node, net);
  finish_constant_sum(node, net, in.computed, in.constant_input, 1.0);
}

void build_sub(const onnx_node& node, network& net) {
  if (both_computed(node, net)) {
    const value_id negated = apply_line(node, net, "negated", net.computed(node, 1), {}, {0.0F}, [](double) {
      return line{-1.0, 0.0};
    });
    finish_sum(node, net, net.computed(node, 0), negated);
    return;
  }
  const operands in = split(node, net);
  if (in.constant_input == 1) {
    finish_constant_sum(node, net, in.computed, 1, -1.0);
    return;
  }
  const constant_array& c = net.parameters(node, 0, "operand");
  apply_line(node, net, "", in.computed, c.extents, c.reals(), [](double entry) { return line{-1.0, entry}; });
}

void build_mul(const onnx_node& node, network& net) {
  if (both_computed(node, net)) {
    node.refuse("it multiplies two computed tensors", "one operand must be a constant");
  }
  const operands in = split(node, net);
  const constant_array& c = net.parameters(node, in.constant_input, "operand");
  apply_line(node, net, "", in.computed, c.extents, c.reals(), [](double entry) { return line{entry, 0.0}; });
}

void build_div(const onnx_node& node, network& net) {
  if (!net.is_computed(node, 0) || net.is_computed(node, 1)) {
    node.refuse("it divides by a computed tensor", "the divisor must be a constant");
  }
  const constant_array& c = net.parameters(node, 1, "divisor");
  apply_line(node, net, "", net.computed(node, 0), c.extents, c.reals(), [&](double entry) {
    if (entry == 0.0) {
      node.refuse("it divides by zero");
    }
    return line{1.0 / entry, 0.0};
  });
}

} // namespace sonic::workload
