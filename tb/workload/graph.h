// SPDX-License-Identifier: Apache-2.0
// A network as the importer leaves it: a topologically ordered list of nodes with ONNX semantics, reduced to the few
// kinds of operation that the accelerator or its host know. Every shape is known and constants are folded.
#pragma once

#include "tb/workload/tensor.h"

#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace sonic::workload {

/// Index into graph::values.
using value_id = std::size_t;

/// A pair (height, width). One-dimensional layers (N, C, L) use height 1.
using extent_2d = std::array<std::int64_t, 2>;

/// Window of a convolution or a pool over (height, width).
struct window {
  extent_2d kernel{1, 1};
  extent_2d strides{1, 1};
  extent_2d dilations{1, 1};
  extent_2d pads_begin{0, 0};
  extent_2d pads_end{0, 0};
};

/// Y = conv(X, W) + B. Inputs: X (N,C,H,W or N,C,L), W constant (M, C/groups, kH, kW), B constant (M), optional.
struct convolution {
  window geometry;
  std::int64_t groups = 1;
};

/// Y = X . W + B over the last axis. Inputs: X (..., K), W constant (K, N), B constant (N), optional.
struct matrix_multiply {};

/// Y = A + B with NumPy broadcasting; at most one operand is a constant.
struct add {};

/// Y = scale[c] X + shift[c] over axis 1 (batch normalisation, or multiplication by and addition of constants).
struct scale_shift {
  std::vector<double> scale;
  std::vector<double> shift;
};

/// Y = X < 0 ? negative_slope X : X, then clamped to [minimum, maximum]. ReLU: slope 0. Clip: slope 1.
struct activation {
  double negative_slope = 0.0;
  double minimum;
  double maximum;
};

enum class pool_kind { maximum, average };

/// Maximum or average over windows. Cells outside the input never win a maximum. The divisor of an average is the
/// number of cells inside the input, or inside the padded input when @c count_include_pad. The output extents are
/// those of the output value (ceil mode is already resolved there). Global pools have a window as large as the input.
struct pool {
  pool_kind kind = pool_kind::maximum;
  window geometry;
  bool count_include_pad = false;
};

/// Same elements in the same order under another shape (Reshape, Flatten, Squeeze, Identity, Dropout, ...).
struct relabel {};

/// Output axis i is input axis permutation[i].
struct transpose {
  std::vector<std::int64_t> permutation;
};

/// Inputs: two or more values (some may be constants) joined along @c axis.
struct concat {
  std::int64_t axis = 0;
};

/// Constant padding per axis; negative numbers crop.
struct pad {
  std::vector<std::int64_t> begin;
  std::vector<std::int64_t> end;
  double value = 0.0;
};

/// (Log-)softmax over the axes [first_axis, last_axis], done by the host.
struct softmax {
  std::int64_t first_axis = 0;
  std::int64_t last_axis = 0;
  bool logarithm = false;
};

using operation = std::variant<convolution, matrix_multiply, add, scale_shift, activation, pool, relabel, transpose,
                               concat, pad, softmax>;

struct node {
  std::string name;    ///< ONNX node name, or "<op type>_<index>" where the file has none
  std::string op_type; ///< ONNX operator it came from, for messages and reports
  operation op;
  std::vector<value_id> inputs;
  value_id output = 0;
};

/// A tensor of the network: a graph input, a node's output, or a constant.
struct value {
  std::string name;
  shape extents;
  std::optional<tensor> constant;
};

struct graph {
  std::string name;
  std::vector<value> values;
  std::vector<node> nodes; ///< in topological order
  std::vector<value_id> inputs;
  std::vector<value_id> outputs; ///< never a constant
  /// Extent bound to the model's symbolic batch axis; 0 where the model fixes every extent.
  std::int64_t symbolic_batch = 0;
  /// True if every node keeps axis 0 as the batch, so that N inputs may run one after the other.
  bool batch_separable = false;
  /// metadata_props of the ONNX file.
  std::vector<std::pair<std::string, std::string>> metadata;
  /// Number of stored parameters (elements of floating-point initialisers), and how many of them are zero.
  std::int64_t parameters = 0;
  std::int64_t zero_parameters = 0;
};

} // namespace sonic::workload
