// SPDX-License-Identifier: Apache-2.0
// Operators on constants that move elements.
#include "tb/workload/onnx_gather.h"
#include "tb/workload/onnx_operators.h"
#include "tb/workload/onnx_shapes.h"
#include "tb/workload/onnx_text.h"

#include <algorithm>
#include <cmath>
#include <type_traits>

namespace sonic::workload {

namespace {

void fold_relabelled(const onnx_node& node, network& net, const shape& extents) {
  net.define_constant(node.output(), {extents, net.take(node, 0, "input")});
}

/// Tensor attribute or one of the short forms of Constant.
constant_array constant_of(const onnx_node& node) {
  const std::string where = node.where();
  const auto present = [&](const char* name) { return node.has_attribute(name); };
  if (present("value")) {
    return decode(node.find("value")->t(), where);
  }
  if (present("sparse_value")) {
    return decode(node.find("sparse_value")->sparse_tensor(), where);
  }
  const auto finite = [&](float value) {
    if (!std::isfinite(value)) {
      node.refuse("its value is not finite", "constants must be finite");
    }
    return value;
  };
  if (present("value_float")) {
    return {{}, std::vector<float>{finite(node.find("value_float")->f())}};
  }
  if (present("value_int")) {
    return {{}, std::vector<std::int64_t>{node.integer("value_int", 0)}};
  }
  if (present("value_floats")) {
    std::vector<float> values;
    for (const float value : node.find("value_floats")->floats()) {
      values.push_back(finite(value));
    }
    return {{static_cast<std::int64_t>(values.size())}, values};
  }
  if (present("value_ints")) {
    const std::vector<std::int64_t> values = *node.integers("value_ints");
    return {{static_cast<std::int64_t>(values.size())}, values};
  }
  node.refuse("it holds no number", "value, sparse_value, value_float(s) and value_int(s) are supported");
}

} // namespace

void fold_constant(const onnx_node& node, network& net) {
  net.define_constant(node.output(), constant_of(node));
}

void fold_constant_of_shape(const onnx_node& node, network& net) {
  const shape extents = net.integer_list(node, 0, "shape");
  constant_array fill{{1}, std::vector<float>{0.0F}};
  if (const auto* value = node.find("value")) {
    fill = decode(value->t(), node.where());
  }
  if (fill.size() != 1) {
    node.refuse("its value has " + std::to_string(fill.size()) + " elements", "it must have one");
  }
  net.define_constant(node.output(), gathered(node, fill, extents, [](std::size_t) { return std::size_t{0}; }));
}

void fold_identity(const onnx_node& node, network& net) {
  const shape extents = net.constant(node, 0, "input").extents;
  fold_relabelled(node, net, extents);
}

void fold_reshape(const onnx_node& node, network& net) {
  fold_relabelled(node, net, reshaped(node, net, net.extents(node, 0)));
}

void fold_flatten(const onnx_node& node, network& net) {
  fold_relabelled(node, net, flattened(node, net.extents(node, 0)));
}

void fold_squeeze(const onnx_node& node, network& net) {
  fold_relabelled(node, net, squeezed(node, net, net.extents(node, 0)));
}

void fold_unsqueeze(const onnx_node& node, network& net) {
  fold_relabelled(node, net, unsqueezed(node, net, net.extents(node, 0)));
}

void fold_gather(const onnx_node& node, network& net) {
  const constant_array& from = net.constant(node, 0, "data");
  const constant_array& indices = net.constant(node, 1, "indices");
  const std::size_t axis = checked_axis(node, node.integer("axis", 0), from.extents.size());
  if (indices.is_real()) {
    node.refuse("its indices are no integers");
  }
  const std::int64_t extent = from.extents[axis];
  std::visit(
      [&](const auto& places) {
        for (const auto place : places) {
          if (static_cast<std::int64_t>(place) < -extent || static_cast<std::int64_t>(place) >= extent) {
            node.refuse("its index " + std::to_string(place) + " lies outside an axis of " + std::to_string(extent));
          }
        }
      },
      indices.data);
  shape extents(from.extents.begin(), from.extents.begin() + static_cast<std::ptrdiff_t>(axis));
  extents.insert(extents.end(), indices.extents.begin(), indices.extents.end());
  extents.insert(extents.end(), from.extents.begin() + static_cast<std::ptrdiff_t>(axis) + 1, from.extents.end());
  const auto count = static_cast<std::size_t>(constant_count(extents, node.where()));
  const std::int64_t inner = extent_product(from.extents, axis + 1, from.extents.size());
  constant_array result{extents, {}};
  std::visit(
      [&](const auto& values, const auto& places) {
        std::decay_t<decltype(values)> moved(count);
        auto block = values.begin();
        for (auto to = moved.begin(); to < moved.end(); block += extent * inner) {
          for (const auto number : places) {
            const auto place = static_cast<std::int64_t>(+number); // promoted: those of 8 bits are no characters
            const auto first = block + (place < 0 ? place + extent : place) * inner;
            if (inner == 1) { // a table of levels
              *to++ = *first;
            } else {
              to = std::copy_n(first, inner, to);
            }
          }
        }
        result.data = std::move(moved);
      },
      from.data, indices.data);
  net.define_constant(node.output(), std::move(result));
}

void fold_transpose(const onnx_node& node, network& net) {
  const constant_array& from = net.constant(node, 0, "input");
  const std::vector<std::int64_t> order = permutation(node, from.extents.size());
  const shape extents = permuted(from.extents, order);
  const strided_source source(extents, permuted(row_major_strides(from.extents), order), 0);
  net.define_constant(node.output(), gathered(node, from, extents, source));
}

void fold_concat(const onnx_node& node, network& net) {
  const joined_shape whole = joined(node, net);
  const auto outer = static_cast<std::size_t>(extent_product(whole.extents, 0, whole.axis));
  constant_array result{whole.extents, {}};
  const auto count = static_cast<std::size_t>(constant_count(whole.extents, node.where()));
  const constant_array& first = net.constant(node, 0, "input");
  bool alike = true;
  for (std::size_t i = 1; i < node.input_count(); ++i) {
    const constant_array& part = net.constant(node, i, "input");
    if (part.is_real() != first.is_real()) {
      node.refuse("its inputs mix integers and floating-point numbers");
    }
    alike = alike && part.data.index() == first.data.index();
  }
  const constant_numbers widest = std::vector<std::int64_t>(); // holds what integers of different widths become
  std::visit(
      [&](const auto& kind) {
        using list = std::decay_t<decltype(kind)>;
        list all(count);
        std::size_t offset = 0;
        for (std::size_t i = 0; i < node.input_count(); ++i) {
          const constant_array& part = net.constant(node, i, "input");
          const std::size_t run = outer == 0 ? 0 : part.size() / outer;
          const auto place = [&](const auto& values) {
            for (std::size_t block = 0; block < outer; ++block) {
              std::copy_n(values.begin() + static_cast<std::ptrdiff_t>(block * run), run,
                          all.begin() + static_cast<std::ptrdiff_t>(block * (count / outer) + offset));
            }
          };
          if (const list* same = std::get_if<list>(&part.data)) {
            place(*same);
          } else if constexpr (std::is_same_v<list, std::vector<std::int64_t>>) {
            place(part.integers());
          }
          offset += run;
        }
        result.data = std::move(all);
      },
      alike ? first.data : widest);
  net.define_constant(node.output(), std::move(result));
}

} // namespace sonic::workload
