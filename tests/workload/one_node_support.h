// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "import_support.h"

#include <catch2/catch.hpp>

namespace sonic::tests {

using list = std::vector<float>;

inline void check(const tensor& made, const shape& extents, const list& values) {
  CHECK(made.extents == extents);
  REQUIRE(made.values.size() == values.size());
  for (std::size_t i = 0; i < values.size(); ++i) {
    CAPTURE(i);
    CHECK(made.values[i] == Approx(values[i]).epsilon(1e-6).margin(1e-7));
  }
}

/// y = operator(x, constants...) for a network x -> y.
struct one_node {
  explicit one_node(int opset, const shape& input) : model(opset) { model.input("x", input).output("y"); }
  onnx_builder model;
};

template <typename kind>
const kind& only_operation(const graph& network) {
  REQUIRE(network.nodes.size() == 1);
  return std::get<kind>(network.nodes[0].op);
}

} // namespace sonic::tests
