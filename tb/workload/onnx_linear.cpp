// SPDX-License-Identifier: Apache-2.0
// Conv, Gemm and MatMul.
#include "tb/workload/onnx_operators.h"
#include "tb/workload/onnx_window.h"

namespace sonic::workload {

namespace {

/// A constant (rows, columns) matrix, transposed and scaled on demand.
std::vector<float> weight_matrix_of(const constant_array& source, bool transposed, double factor) {
  const auto rows = static_cast<std::size_t>(source.extents[transposed ? 1 : 0]);
  const auto columns = static_cast<std::size_t>(source.extents[transposed ? 0 : 1]);
  const std::vector<float>& from = source.reals();
  std::vector<float> matrix(from.size());
  for (std::size_t row = 0; row < rows; ++row) {
    for (std::size_t column = 0; column < columns; ++column) {
      const float entry = from[transposed ? column * rows + row : row * columns + column];
      matrix[row * columns + column] = static_cast<float>(factor * static_cast<double>(entry));
    }
  }
  return matrix;
}

/// Input B of a Gemm as (rows, columns), scaled; moved if it is that already and nothing else needs it.
std::vector<float> gemm_weights(const onnx_node& node, network& net, bool transposed) {
  const double alpha = node.real("alpha", 1.0);
  return transposed || alpha != 1.0 ? weight_matrix_of(net.constant(node, 1, "input B"), transposed, alpha)
                                    : net.take_reals(node, 1);
}

/// A constant that adds the same row to every row becomes the bias of the product.
bool is_bias(const shape& extents, std::int64_t columns) {
  const std::int64_t last = extents.empty() ? 1 : extents.back();
  return extent_product(extents, 0, extents.size()) == last && (last == 1 || last == columns);
}

/// Whether C may be broadcast to (rows, columns).
void check_addend(const onnx_node& node, const shape& extents, const shape& product) {
  bool fits = extents.size() <= 2;
  for (std::size_t back = 1; fits && back <= extents.size(); ++back) {
    const std::int64_t extent = extents[extents.size() - back];
    fits = extent == 1 || extent == product[2 - back];
  }
  if (!fits) {
    node.refuse("its input C has the shape " + to_string(extents), "it must broadcast to " + to_string(product));
  }
}

value_id gemm_input(const onnx_node& node, network& net) {
  const value_id a = net.computed(node, 0);
  const shape extents = net.extents(a);
  if (extents.size() != 2) {
    node.refuse("its input A has the shape " + to_string(extents), "it must have rank 2");
  }
  if (node.integer("transA", 0) == 0) {
    return a;
  }
  const shape turned{extents[1], extents[0]};
  const bool vector = extents[0] == 1 || extents[1] == 1;
  return net.step(node, "transposed", vector ? operation(relabel{}) : operation(transpose{{1, 0}}), {a}, turned);
}

/// Y = product + beta C where C is no bias.
void finish_with_addend(const onnx_node& node, network& net, value_id product, double beta) {
  const shape extents = net.extents(product);
  if (!net.is_computed(node, 2)) {
    const constant_array& c = net.parameters(node, 2, "C");
    const shape matrix{extent_product(c.extents, 0, c.extents.size() - 1), c.extents.back()};
    const value_id addend = net.add_constant(node.input(2), matrix, weight_matrix_of({matrix, c.data}, false, beta));
    net.finish(node, add{}, {product, addend}, extents);
    return;
  }
  value_id addend = net.computed(node, 2);
  const shape own = net.extents(addend);
  if (beta != 1.0) {
    if (own.size() != 2) {
      node.refuse("its input C is computed, has rank " + std::to_string(own.size()) + " and is scaled by beta",
                  "a computed C with beta other than 1 must have rank 2");
    }
    const auto channels = static_cast<std::size_t>(own[1]);
    addend =
        net.step(node, "beta", scale_shift{std::vector<double>(channels, beta), std::vector<double>(channels, 0.0)},
                 {addend}, own);
  }
  net.finish(node, add{}, {product, addend}, extents);
}

} // namespace

void build_conv(const onnx_node& node, network& net) {
  const value_id x = net.computed(node, 0);
  const shape input = net.extents(x);
  if (input.size() != 3 && input.size() != 4) {
    node.refuse("its input has the shape " + to_string(input),
                "one- and two-dimensional convolutions of rank 3 (N,C,L) and 4 (N,C,H,W) are supported");
  }
  const constant_array& weights = net.parameters(node, 1, "weights");
  const shape& w = weights.extents;
  if (w.size() != input.size()) {
    node.refuse("its weights have the shape " + to_string(w), "they need the rank of the input, " + to_string(input));
  }
  const std::int64_t groups = node.integer("group", 1);
  if (groups < 1 || input[1] % groups != 0 || w[0] % groups != 0 || w[1] != input[1] / groups) {
    node.refuse("its input has " + std::to_string(input[1]) + " channels, its weights the shape " + to_string(w) +
                    " and it has " + std::to_string(groups) + " groups",
                "the weights' second extent must be channels / groups, and groups must divide both sides");
  }
  const shape kernel(w.begin() + 2, w.end());
  if (const auto stated = kernel_shape(node, kernel.size()); stated && *stated != kernel) {
    node.refuse("its kernel_shape is " + to_string(*stated) + ", but its weights have the shape " + to_string(w));
  }
  const placed_window placed = place_window(node, kernel, shape(input.begin() + 2, input.end()));
  const shape stored{w[0], w[1], placed.geometry.kernel[0], placed.geometry.kernel[1]};
  std::vector<value_id> inputs{x, net.add_constant(node.input(1), stored, net.take_reals(node, 1))};
  if (node.has_input(2)) {
    const constant_array& bias = net.parameters(node, 2, "bias");
    if (bias.extents != shape{w[0]}) {
      node.refuse("its bias has the shape " + to_string(bias.extents), "it needs " + std::to_string(w[0]) + " entries");
    }
    inputs.push_back(net.add_constant(node.input(2), bias.extents, net.take_reals(node, 2)));
  }
  shape output{input[0], w[0]};
  output.insert(output.end(), placed.output.begin(), placed.output.end());
  net.finish(node, convolution{placed.geometry, groups}, inputs, output);
}

void build_gemm(const onnx_node& node, network& net) {
  const value_id a = gemm_input(node, net);
  const shape left = net.extents(a);
  const constant_array& weights = net.parameters(node, 1, "input B");
  const bool transposed = node.integer("transB", 0) != 0;
  if (weights.extents.size() != 2 || weights.extents[transposed ? 1 : 0] != left[1]) {
    node.refuse("its input B has the shape " + to_string(weights.extents) + (transposed ? " (transposed)" : ""),
                "it must be a matrix that fits A's " + std::to_string(left[1]) + " columns");
  }
  const std::int64_t columns = weights.extents[transposed ? 0 : 1];
  const shape output{left[0], columns};
  std::vector<value_id> inputs{
      a, net.add_constant(node.input(1), {left[1], columns}, gemm_weights(node, net, transposed))};
  const double beta = node.real("beta", 1.0);
  const bool adds = node.has_input(2) && beta != 0.0;
  if (adds) {
    check_addend(node, net.extents(node, 2), output);
    if (!net.is_computed(node, 2) && is_bias(net.extents(node, 2), columns)) {
      const constant_array& c = net.parameters(node, 2, "C");
      std::vector<float> bias(static_cast<std::size_t>(columns));
      for (std::size_t i = 0; i < bias.size(); ++i) {
        bias[i] = static_cast<float>(beta * static_cast<double>(c.reals()[c.size() == 1 ? 0 : i]));
      }
      inputs.push_back(net.add_constant(node.input(2), {columns}, std::move(bias)));
    } else {
      const value_id product = net.step(node, "product", matrix_multiply{}, inputs, output);
      finish_with_addend(node, net, product, beta);
      return;
    }
  }
  net.finish(node, matrix_multiply{}, inputs, output);
}

void build_matmul(const onnx_node& node, network& net) {
  const value_id a = net.computed(node, 0);
  shape output = net.extents(a);
  const constant_array& weights = net.parameters(node, 1, "right operand");
  if (output.empty() || weights.extents.size() != 2 || weights.extents[0] != output.back()) {
    node.refuse("it multiplies " + to_string(output) + " by a constant of the shape " + to_string(weights.extents),
                "the right operand must be a constant matrix with as many rows as the left one has columns");
  }
  output.back() = weights.extents[1];
  const value_id w = net.add_constant(node.input(1), weights.extents, net.take_reals(node, 1));
  net.finish(node, matrix_multiply{}, {a, w}, output);
}

} // namespace sonic::workload
