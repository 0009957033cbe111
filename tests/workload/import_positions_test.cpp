// SPDX-License-Identifier: Apache-2.0
// Pools, softmax, and operators that move elements: one network of one node each, with values by hand.
#include "one_node_support.h"

#include <catch2/catch.hpp>

#include <cmath>

using namespace sonic::tests;

TEST_CASE("MaxPool: padding never wins, dilation, ceil mode", "[import]") {
  SECTION("all negative, padded") {
    one_node net(12, {1, 1, 2, 2});
    net.model.node("MaxPool", {"x"}, {"y"}, {{"kernel_shape", {2, 2}}, {"pads", {1, 1, 1, 1}}, {"strides", {2, 2}}});
    check(evaluate(net.model, {ramp({1, 1, 2, 2}, -1, -1)}), {1, 1, 2, 2}, {-1, -2, -3, -4});
  }
  SECTION("dilated, one-dimensional") {
    one_node net(12, {1, 1, 6});
    net.model.node("MaxPool", {"x"}, {"y"}, {{"kernel_shape", {2}}, {"dilations", {3}}});
    check(evaluate(net.model, {ramp({1, 1, 6}, -1)}), {1, 1, 3}, {0, -1, -2});
  }
  SECTION("rounding the extent") {
    const auto [ceil_mode, expected] = GENERATE(table<int, list>({{0, {1, 3}}, {1, {1, 3, 4}}}));
    one_node net(12, {1, 1, 5});
    net.model.node("MaxPool", {"x"}, {"y"}, {{"kernel_shape", {2}}, {"strides", {2}}, {"ceil_mode", ceil_mode}});
    check(evaluate(net.model, {ramp({1, 1, 5})}), {1, 1, static_cast<std::int64_t>(expected.size())}, expected);
  }
}

TEST_CASE("AveragePool: the divisor with and without the padding", "[import]") {
  const auto [include, expected] = GENERATE(table<int, list>({{0, {0, 1.5, 3}}, {1, {0, 1.5, 1.5}}}));
  one_node net(11, {1, 1, 4});
  net.model.node("AveragePool", {"x"}, {"y"},
                 {{"kernel_shape", {2}}, {"strides", {2}}, {"pads", {1, 1}}, {"count_include_pad", include}});
  check(evaluate(net.model, {ramp({1, 1, 4})}), {1, 1, 3}, expected);
}

TEST_CASE("AveragePool: ceil mode adds no cells to the divisor", "[import]") {
  one_node net(11, {1, 1, 3});
  net.model.node("AveragePool", {"x"}, {"y"},
                 {{"kernel_shape", {2}}, {"strides", {2}}, {"ceil_mode", 1}, {"count_include_pad", 1}});
  check(evaluate(net.model, {ramp({1, 1, 3}, 2)}), {1, 1, 2}, {1, 4});
}

TEST_CASE("Global pools", "[import]") {
  const auto [op, expected] =
      GENERATE(table<std::string, list>({{"GlobalAveragePool", {2.5, 8.5}}, {"GlobalMaxPool", {5, 11}}}));
  one_node net(9, {1, 2, 2, 3});
  net.model.node(op, {"x"}, {"y"});
  check(evaluate(net.model, {ramp({1, 2, 2, 3})}), {1, 2, 1, 1}, expected);
}

TEST_CASE("Operators that only rename positions", "[import]") {
  const tensor x = ramp({2, 1, 3});
  const auto same_elements = [&](const onnx_builder& model, const shape& extents) {
    const graph network = import(model);
    only_operation<sonic::workload::relabel>(network);
    check(evaluate(network, {x}), extents, x.values);
  };
  one_node old(11, {2, 1, 3});
  one_node recent(13, {2, 1, 3});
  SECTION("Flatten, default axis") {
    same_elements(old.model.node("Flatten", {"x"}, {"y"}), {2, 3});
  }
  SECTION("Flatten, axis 0") {
    same_elements(old.model.node("Flatten", {"x"}, {"y"}, {{"axis", 0}}), {1, 6});
  }
  SECTION("Flatten, axis -1") {
    same_elements(old.model.node("Flatten", {"x"}, {"y"}, {{"axis", -1}}), {2, 3});
  }
  SECTION("Reshape with 0 and -1") {
    recent.model.integers("s", {3}, {0, -1, 1});
    same_elements(recent.model.node("Reshape", {"x", "s"}, {"y"}), {2, 3, 1});
  }
  SECTION("Squeeze by attribute") {
    same_elements(old.model.node("Squeeze", {"x"}, {"y"}, {{"axes", {-2}}}), {2, 3});
  }
  SECTION("Squeeze by input") {
    recent.model.integers("a", {1}, {1});
    same_elements(recent.model.node("Squeeze", {"x", "a"}, {"y"}), {2, 3});
  }
  SECTION("Squeeze of all") {
    same_elements(recent.model.node("Squeeze", {"x"}, {"y"}), {2, 3});
  }
  SECTION("Unsqueeze by attribute") {
    same_elements(old.model.node("Unsqueeze", {"x"}, {"y"}, {{"axes", {0, 4}}}), {1, 2, 1, 3, 1});
  }
  SECTION("Unsqueeze by input") {
    recent.model.integers("a", {1}, {-1});
    same_elements(recent.model.node("Unsqueeze", {"x", "a"}, {"y"}), {2, 1, 3, 1});
  }
  SECTION("Identity") {
    same_elements(recent.model.node("Identity", {"x"}, {"y"}), {2, 1, 3});
  }
  SECTION("Dropout") {
    same_elements(recent.model.node("Dropout", {"x"}, {"y"}), {2, 1, 3});
  }
  SECTION("Dropout by attribute") {
    same_elements(old.model.node("Dropout", {"x"}, {"y"}, {{"ratio", 0.3}}), {2, 1, 3});
  }
  SECTION("Transpose that moves an extent of 1") {
    same_elements(recent.model.node("Transpose", {"x"}, {"y"}, {{"perm", {1, 0, 2}}}), {1, 2, 3});
  }
}

TEST_CASE("Transpose: moves elements", "[import]") {
  one_node net(13, {2, 3});
  net.model.node("Transpose", {"x"}, {"y"});
  check(evaluate(net.model, {ramp({2, 3})}), {3, 2}, {0, 3, 1, 4, 2, 5});
}

TEST_CASE("Concat: computed and constant parts", "[import]") {
  one_node net(13, {2, 1});
  net.model.floats("c", {2, 2}, {7, 8, 9, 10}).node("Concat", {"x", "c", "x"}, {"y"}, {{"axis", -1}});
  check(evaluate(net.model, {ramp({2, 1})}), {2, 4}, {0, 7, 8, 0, 1, 9, 10, 1});
}

TEST_CASE("Pad: attribute and input forms, and cropping", "[import]") {
  SECTION("attributes") {
    one_node net(10, {1, 3});
    net.model.node("Pad", {"x"}, {"y"}, {{"pads", {1, 0, 0, 1}}, {"value", -1.0}});
    check(evaluate(net.model, {ramp({1, 3})}), {2, 4}, {-1, -1, -1, -1, 0, 1, 2, -1});
  }
  SECTION("inputs, negative pads") {
    one_node net(13, {2, 3});
    net.model.integers("p", {4}, {-1, 1, 0, -2}).floats("v", {}, {5}).node("Pad", {"x", "p", "v"}, {"y"});
    check(evaluate(net.model, {ramp({2, 3})}), {1, 2}, {5, 3});
  }
}

TEST_CASE("Softmax: all axes from one on before operator set 13, one axis since", "[import]") {
  const tensor x{{1, 2, 2}, {0, std::log(2.0F), std::log(3.0F), std::log(4.0F)}};
  one_node old(11, {1, 2, 2});
  one_node recent(13, {1, 2, 2});
  SECTION("default axis before 13") {
    old.model.node("Softmax", {"x"}, {"y"});
    check(evaluate(old.model, {x}), {1, 2, 2}, {0.1F, 0.2F, 0.3F, 0.4F});
  }
  SECTION("default axis since 13") {
    recent.model.node("Softmax", {"x"}, {"y"});
    check(evaluate(recent.model, {x}), {1, 2, 2}, {1.0F / 3, 2.0F / 3, 3.0F / 7, 4.0F / 7});
  }
  SECTION("inner axis") {
    recent.model.node("Softmax", {"x"}, {"y"}, {{"axis", 1}});
    check(evaluate(recent.model, {x}), {1, 2, 2}, {0.25, 1.0F / 3, 0.75, 2.0F / 3});
  }
  SECTION("logarithm") {
    old.model.node("LogSoftmax", {"x"}, {"y"}, {{"axis", 1}});
    check(evaluate(old.model, {x}), {1, 2, 2}, {std::log(0.1F), std::log(0.2F), std::log(0.3F), std::log(0.4F)});
  }
}

TEST_CASE("Slice of a computed tensor: a crop, and steps along an image", "[import]") {
  one_node net(13, {1, 2, 3, 5});
  net.model.integers("from", {3}, {1, -2, 0}).integers("to", {3}, {2, 99, 5}).integers("axes", {3}, {1, 2, 3});
  SECTION("crop") {
    net.model.node("Slice", {"x", "from", "to", "axes"}, {"y"});
    const graph network = import(net.model);
    CHECK(network.nodes.size() == 1);
    CHECK(network.batch_separable);
    check(evaluate(network, {ramp({1, 2, 3, 5})}), {1, 1, 2, 5}, {20, 21, 22, 23, 24, 25, 26, 27, 28, 29});
  }
  SECTION("steps") {
    net.model.integers("by", {3}, {1, 1, 2}).node("Slice", {"x", "from", "to", "axes", "by"}, {"y"});
    check(evaluate(net.model, {ramp({1, 2, 3, 5})}), {1, 1, 2, 3}, {20, 22, 24, 25, 27, 29});
  }
  SECTION("attributes") {
    one_node old(9, {2, 3});
    old.model.node("Slice", {"x"}, {"y"}, {{"starts", {1}}, {"ends", {3}}, {"axes", {1}}});
    check(evaluate(old.model, {ramp({2, 3})}), {2, 2}, {1, 2, 4, 5});
  }
}

TEST_CASE("ReduceMean over height and width", "[import]") {
  one_node net(13, {1, 2, 2, 3});
  SECTION("keeping the axes") {
    net.model.node("ReduceMean", {"x"}, {"y"}, {{"axes", {2, 3}}});
    check(evaluate(net.model, {ramp({1, 2, 2, 3})}), {1, 2, 1, 1}, {2.5, 8.5});
  }
  SECTION("dropping the axes") {
    net.model.node("ReduceMean", {"x"}, {"y"}, {{"axes", {-1, -2}}, {"keepdims", 0}});
    check(evaluate(net.model, {ramp({1, 2, 2, 3})}), {1, 2}, {2.5, 8.5});
  }
}
