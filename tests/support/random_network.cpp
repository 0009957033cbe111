// SPDX-License-Identifier: Apache-2.0
#include "tests/support/random_network.h"

#include <algorithm>

namespace sonic::tests {

using namespace workload;

namespace {

std::vector<double> reals(random_source& random, std::int64_t count, double low, double high) {
  std::vector<double> v(static_cast<std::size_t>(count));
  std::generate(v.begin(), v.end(), [&] { return random.real(low, high); });
  return v;
}

std::vector<float> floats(random_source& random, std::int64_t count) {
  return random.tensor({count}, -0.3, 0.3).values;
}

value_id random_convolution(graph_builder& g, random_source& random, value_id x) {
  const shape in = g.extents(x);
  const bool depthwise = random.chance(0.3);
  const std::int64_t groups = depthwise ? in[1] : 1;
  const std::int64_t out = depthwise ? in[1] * random.integer(1, 2) : random.integer(1, 7);
  window w;
  const bool wide = in.size() == 4;
  for (std::size_t axis = wide ? 0 : 1; axis < 2; ++axis) {
    const std::int64_t length = in[in.size() - 2 + axis];
    w.pads_begin[axis] = random.integer(0, 2);
    w.pads_end[axis] = random.integer(0, 1);
    w.strides[axis] = random.integer(1, 2);
    w.kernel[axis] = std::min<std::int64_t>(random.integer(1, 3), length);
    w.dilations[axis] = w.kernel[axis] == 2 && length > 3 ? random.integer(1, 2) : 1;
  }
  const auto weights = random.tensor({out, in[1] / groups, w.kernel[0], w.kernel[1]}, -0.5, 0.5, 0.4);
  return g.convolve(x, weights, w, groups, random.chance(0.5) ? floats(random, out) : std::vector<float>{});
}

value_id random_pool(graph_builder& g, random_source& random, value_id x) {
  const shape in = g.extents(x);
  const bool wide = in.size() == 4;
  window w;
  for (std::size_t axis = wide ? 0 : 1; axis < 2; ++axis) {
    w.kernel[axis] = std::min<std::int64_t>(random.integer(1, 3), in[in.size() - 2 + axis]);
    w.pads_begin[axis] = w.kernel[axis] > 1 ? random.integer(0, 1) : 0;
    w.strides[axis] = random.integer(1, 2);
  }
  return g.pool(x, random.chance(0.5) ? pool_kind::maximum : pool_kind::average, w, random.chance(0.5));
}

value_id random_step(graph_builder& g, random_source& random, value_id x) {
  const shape in = g.extents(x);
  const auto rank = static_cast<std::int64_t>(in.size());
  switch (random.integer(0, 9)) {
  case 0:
  case 1:
    return rank >= 3 ? random_convolution(g, random, x) : g.relu(x);
  case 2: {
    const std::int64_t out = random.integer(1, 9);
    return g.multiply(x, random.tensor({in.back(), out}, -0.5, 0.5, 0.4),
                      random.chance(0.5) ? floats(random, out) : std::vector<float>{});
  }
  case 3:
    return g.line(x, reals(random, in[1], -1.5, 1.5), reals(random, in[1], -0.5, 0.5));
  case 4:
    return g.activate(x, {random.chance(0.5) ? 0.0 : 0.25, -0.8, random.chance(0.5) ? 1.0 : 50.0});
  case 5:
    return rank >= 3 ? random_pool(g, random, x) : g.add(x, x);
  case 6: {
    std::vector<std::int64_t> axes(in.size());
    for (std::size_t i = 0; i < axes.size(); ++i) {
      axes[i] = static_cast<std::int64_t>(i);
    }
    std::swap(axes[static_cast<std::size_t>(random.integer(0, rank - 1))], axes.back());
    return g.transpose(x, axes);
  }
  case 7: {
    std::vector<std::int64_t> begin(in.size());
    std::vector<std::int64_t> end(in.size());
    begin.back() = random.integer(in.back() > 2 ? -1 : 0, 2);
    end[1] = random.integer(0, 1);
    return g.pad(x, begin, end, random.chance(0.5) ? 0.0 : 0.4);
  }
  case 8: {
    shape other = in;
    other[static_cast<std::size_t>(random.integer(0, rank - 1))] = random.chance(0.5) ? 1 : in[0];
    for (std::size_t i = 0; i < other.size(); ++i) {
      other[i] = other[i] == in[i] ? in[i] : 1;
    }
    return g.add(x, g.constant(random.tensor(other, -1.0, 1.0)));
  }
  default:
    return g.concat({x, g.constant(random.tensor(in, -1.0, 1.0)), x}, random.integer(0, rank - 1));
  }
}

} // namespace

graph random_network(random_source& random) {
  graph_builder g;
  shape in{random.integer(1, 2), random.integer(1, 4), random.integer(3, 7), random.integer(3, 7)};
  in.resize(static_cast<std::size_t>(random.integer(2, 4)));
  std::vector<value_id> made{g.input(in)};
  const std::int64_t steps = random.integer(1, 6);
  for (std::int64_t i = 0; i < steps; ++i) {
    const bool latest = random.chance(0.8);
    const auto pick = static_cast<std::size_t>(random.integer(0, static_cast<std::int64_t>(made.size()) - 1));
    made.push_back(random_step(g, random, latest ? made.back() : made[pick]));
  }
  if (random.chance(0.3)) {
    const shape last = g.extents(made.back());
    g.output(g.relabel(made.back(), {element_count(last, "test")}));
  }
  if (random.chance(0.2)) {
    const auto axis = static_cast<std::int64_t>(g.extents(made.back()).size()) - 1;
    made.push_back(g.softmax(made.back(), axis, axis, random.chance(0.5)));
  }
  return g.output(made.back()).build();
}

std::vector<tensor> random_inputs(const graph& network, random_source& random) {
  std::vector<tensor> inputs;
  for (const value_id v : network.inputs) {
    inputs.push_back(random.tensor(network.values[v].extents, -1.0, 1.0, 0.3));
  }
  return inputs;
}

} // namespace sonic::tests
