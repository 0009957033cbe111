// SPDX-License-Identifier: Apache-2.0
// Operators on constants that compute.
#include "tb/workload/onnx_broadcast.h"
#include "tb/workload/onnx_gather.h"
#include "tb/workload/onnx_operators.h"
#include "tb/workload/onnx_text.h"

#include <cmath>
#include <limits>

namespace sonic::workload {

namespace {

using types = onnx::TensorProto;

float finite(const onnx_node& node, float value) {
  if (!std::isfinite(value)) {
    node.refuse("its result of constants is not finite");
  }
  return value;
}

/// Integer results as ONNX defines them for int64; narrower types never get here with values that they cannot hold.
struct adder {
  static float of(float a, float b) { return a + b; }
  static bool of(std::int64_t a, std::int64_t b, std::int64_t& c) { return !__builtin_add_overflow(a, b, &c); }
};
struct subtractor {
  static float of(float a, float b) { return a - b; }
  static bool of(std::int64_t a, std::int64_t b, std::int64_t& c) { return !__builtin_sub_overflow(a, b, &c); }
};
struct multiplier {
  static float of(float a, float b) { return a * b; }
  static bool of(std::int64_t a, std::int64_t b, std::int64_t& c) { return !__builtin_mul_overflow(a, b, &c); }
};
struct divider {
  static float of(float a, float b) { return b == 0.0F ? std::numeric_limits<float>::quiet_NaN() : a / b; }
  static bool of(std::int64_t a, std::int64_t b, std::int64_t& c) {
    const bool fits = b != 0 && !(b == -1 && a == std::numeric_limits<std::int64_t>::min());
    c = fits ? a / b : 0;
    return fits;
  }
};

/// Calls visit(i, element of a, element of b) for each of the @p count elements of the shape to which both broadcast.
template <typename visitor>
void each_pair(const shape& a, const shape& b, const shape& whole, std::size_t count, const visitor& visit) {
  const std::vector<std::int64_t> a_strides = broadcast_strides(a, whole);
  const std::vector<std::int64_t> b_strides = broadcast_strides(b, whole);
  const strided_source row_of_a(whole, a_strides, 0);
  const strided_source row_of_b(whole, b_strides, 0);
  const bool scalar = whole.empty();
  const auto length = static_cast<std::size_t>(scalar ? 1 : whole.back());
  const auto a_step = static_cast<std::size_t>(scalar ? 0 : a_strides.back());
  const auto b_step = static_cast<std::size_t>(scalar ? 0 : b_strides.back());
  for (std::size_t first = 0; first < count; first += length) {
    const std::size_t in_a = row_of_a(first);
    const std::size_t in_b = row_of_b(first);
    for (std::size_t i = 0; i < length; ++i) {
      visit(first + i, in_a + i * a_step, in_b + i * b_step);
    }
  }
}

template <typename arithmetic>
void fold_binary(const onnx_node& node, network& net) {
  const constant_array& a = net.constant(node, 0, "operand");
  const constant_array& b = net.constant(node, 1, "operand");
  if (a.is_real() != b.is_real()) {
    node.refuse("its operands mix integers and floating-point numbers");
  }
  const shape whole = broadcast(node, a.extents, b.extents);
  const auto count = static_cast<std::size_t>(constant_count(whole, node.where()));
  if (a.is_real()) {
    const std::vector<float>& left = a.reals();
    const std::vector<float>& right = b.reals();
    std::vector<float> values(count);
    each_pair(a.extents, b.extents, whole, count, [&](std::size_t i, std::size_t in_a, std::size_t in_b) {
      values[i] = finite(node, arithmetic::of(left[in_a], right[in_b]));
    });
    net.define_constant(node.output(), {whole, std::move(values)});
    return;
  }
  const std::vector<std::int64_t> left = a.integers();
  const std::vector<std::int64_t> right = b.integers();
  std::vector<std::int64_t> values(count);
  each_pair(a.extents, b.extents, whole, count, [&](std::size_t i, std::size_t in_a, std::size_t in_b) {
    if (!arithmetic::of(left[in_a], right[in_b], values[i])) {
      node.refuse("its result of constants is beyond the range of int64");
    }
  });
  net.define_constant(node.output(), {whole, std::move(values)});
}

struct integer_range {
  std::int64_t low, high;
};

integer_range range_of_type(const onnx_node& node, std::int64_t type) {
  switch (type) {
  case types::UINT8:
    return {0, 255};
  case types::INT8:
    return {-128, 127};
  case types::UINT16:
    return {0, 65535};
  case types::INT16:
    return {-32768, 32767};
  case types::INT32:
    return {std::numeric_limits<std::int32_t>::min(), std::numeric_limits<std::int32_t>::max()};
  case types::UINT32:
    return {0, std::numeric_limits<std::uint32_t>::max()};
  case types::INT64:
    return {std::numeric_limits<std::int64_t>::min(), std::numeric_limits<std::int64_t>::max()};
  default:
    node.refuse("it casts a constant to the type " + std::to_string(type),
                "constants may be cast to float32, float64, bool and integers of up to 64 bits");
  }
}

constant_numbers to_integers(const onnx_node& node, network& net, std::int64_t type) {
  const integer_range range = range_of_type(node, type);
  const auto check = [&](bool fits) {
    if (!fits) {
      node.refuse("it casts a constant out of the range of its new type");
    }
  };
  constant_numbers numbers = net.take(node, 0, "input");
  if (const auto* reals = std::get_if<std::vector<float>>(&numbers)) {
    std::vector<std::int64_t> values;
    values.reserve(reals->size());
    for (const float value : *reals) {
      check(std::abs(value) < 0x1p63F);
      values.push_back(static_cast<std::int64_t>(value));
    }
    numbers = std::move(values);
  }
  std::visit(
      [&](const auto& values) {
        for (const auto value : values) {
          check(static_cast<std::int64_t>(value) >= range.low && static_cast<std::int64_t>(value) <= range.high);
        }
      },
      numbers);
  return numbers;
}

} // namespace

void fold_cast(const onnx_node& node, network& net) {
  const constant_array& from = net.constant(node, 0, "input");
  const std::int64_t to = node.integer("to", 0);
  constant_array result{from.extents, {}};
  if (to == types::BOOL) {
    std::visit(
        [&](const auto& values) {
          std::vector<std::uint8_t> flags;
          flags.reserve(values.size());
          for (const auto value : values) {
            flags.push_back(value != 0 ? 1 : 0);
          }
          result.data = std::move(flags);
        },
        from.data);
  } else if (to != types::FLOAT && to != types::DOUBLE) {
    result.data = to_integers(node, net, to);
  } else if (from.is_real()) {
    result.data = net.take(node, 0, "input");
  } else {
    std::visit([&](const auto& values) { result.data = std::vector<float>(values.begin(), values.end()); }, from.data);
  }
  net.define_constant(node.output(), std::move(result));
}

void fold_dequantize_linear(const onnx_node& node, network& net) {
  const constant_array& codes = net.constant(node, 0, "input");
  const constant_array& scale = net.constant(node, 1, "scale");
  const constant_array* zero_point = net.find_constant(node, 2);
  if (codes.is_real() || !scale.is_real() || scale.size() == 0 ||
      (zero_point != nullptr && (zero_point->is_real() || zero_point->size() != scale.size()))) {
    node.refuse("its codes, scale and zero point do not fit together",
                "codes and zero point are integers, scale and zero point have the same shape");
  }
  const bool per_tensor = scale.size() == 1;
  const std::size_t axis = per_tensor ? 0 : checked_axis(node, node.integer("axis", 1), codes.extents.size());
  if (!per_tensor && (scale.extents != shape{codes.extents[axis]})) {
    node.refuse("its scale has the shape " + to_string(scale.extents),
                "it needs one entry, or one for each of the " + std::to_string(codes.extents[axis]) + " of its axis");
  }
  const std::size_t inner =
      per_tensor ? 1 : static_cast<std::size_t>(extent_product(codes.extents, axis + 1, codes.extents.size()));
  const std::vector<std::int64_t> zeros =
      zero_point != nullptr ? zero_point->integers() : std::vector<std::int64_t>(scale.size(), 0);
  std::vector<float> values(codes.size());
  std::visit(
      [&](const auto& numbers) {
        for (std::size_t i = 0; i < values.size(); ++i) {
          const std::size_t channel = per_tensor ? 0 : i / inner % scale.size();
          std::int64_t difference = 0;
          subtractor::of(static_cast<std::int64_t>(numbers[i]), zeros[channel], difference);
          values[i] = finite(node, static_cast<float>(difference) * scale.reals()[channel]);
        }
      },
      codes.data);
  net.define_constant(node.output(), {codes.extents, std::move(values)});
}

void fold_add(const onnx_node& node, network& net) {
  fold_binary<adder>(node, net);
}
void fold_sub(const onnx_node& node, network& net) {
  fold_binary<subtractor>(node, net);
}
void fold_mul(const onnx_node& node, network& net) {
  fold_binary<multiplier>(node, net);
}
void fold_div(const onnx_node& node, network& net) {
  fold_binary<divider>(node, net);
}

} // namespace sonic::workload
