// SPDX-License-Identifier: Apache-2.0
// One network of one node per operator, with values computed by hand.
#include "import_support.h"

#include <catch2/catch.hpp>

#include <cmath>
#include <limits>

using namespace sonic::tests;
using Catch::Matchers::Equals;
using sonic::workload::activation;
using sonic::workload::scale_shift;
using list = std::vector<float>;

namespace {

void check(const tensor& made, const shape& extents, const list& values) {
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

} // namespace

TEST_CASE("Conv: padding, stride, bias and negative weights", "[import]") {
  one_node net(13, {1, 1, 3, 3});
  net.model.floats("w", {2, 1, 2, 2}, {1, 0, 0, -1, 0.5, 0.5, 0.5, 0.5}).floats("b", {2}, {10, -1});
  SECTION("plain") {
    net.model.node("Conv", {"x", "w", "b"}, {"y"});
    check(evaluate(net.model, {ramp({1, 1, 3, 3})}), {1, 2, 2, 2}, {6, 6, 6, 6, 3, 5, 9, 11});
  }
  SECTION("asymmetric pads and strides") {
    net.model.node("Conv", {"x", "w"}, {"y"}, {{"pads", {1, 0, 0, 1}}, {"strides", {2, 1}}});
    check(evaluate(net.model, {ramp({1, 1, 3, 3}, -1)}), {1, 2, 2, 3},
          {1, 2, 0, 4, 4, -5, -0.5, -1.5, -1, -10, -12, -6.5});
  }
  SECTION("dilation") {
    net.model.node("Conv", {"x", "w"}, {"y"}, {{"dilations", {2, 2}}});
    check(evaluate(net.model, {ramp({1, 1, 3, 3})}), {1, 2, 1, 1}, {0 - 8, 8});
  }
}

TEST_CASE("Conv: automatic padding puts the odd cell where it belongs", "[import]") {
  const auto [name, expected] = GENERATE(
      table<std::string, list>({{"SAME_UPPER", {1, 3, 5, 3}}, {"SAME_LOWER", {0, 1, 3, 5}}, {"VALID", {1, 3, 5}}}));
  one_node net(11, {1, 1, 4});
  net.model.floats("w", {1, 1, 2}, {1, 1}).node("Conv", {"x", "w"}, {"y"}, {{"auto_pad", name.c_str()}});
  check(evaluate(net.model, {ramp({1, 1, 4})}), {1, 1, static_cast<std::int64_t>(expected.size())}, expected);
}

TEST_CASE("Conv: automatic padding with a stride gives ceil(input / stride) outputs", "[import]") {
  one_node net(11, {1, 1, 5});
  net.model.floats("w", {1, 1, 3}, {1, 1, 1})
      .node("Conv", {"x", "w"}, {"y"}, {{"auto_pad", "SAME_UPPER"}, {"strides", {2}}});
  check(evaluate(net.model, {ramp({1, 1, 5})}), {1, 1, 3}, {0 + 1, 1 + 2 + 3, 3 + 4});
}

TEST_CASE("Conv: groups, depthwise, batch of two", "[import]") {
  one_node net(13, {-1, 2, 1, 2});
  net.model.floats("w", {4, 1, 1, 1}, {1, 2, -3, 4}).node("Conv", {"x", "w"}, {"y"}, {{"group", 2}});
  check(evaluate(net.model, {ramp({2, 2, 1, 2})}, 2), {2, 4, 1, 2},
        {0, 1, 0, 2, -6, -9, 8, 12, 4, 5, 8, 10, -18, -21, 24, 28});
}

TEST_CASE("Gemm: every combination of transposition, with alpha and beta", "[import]") {
  const bool turn_a = GENERATE(false, true);
  const bool turn_b = GENERATE(false, true);
  CAPTURE(turn_a, turn_b);
  one_node net(13, turn_a ? shape{3, 2} : shape{2, 3});
  const list b = turn_b ? list{1, 0, -1, 2, 1, 0} : list{1, 2, 0, 1, -1, 0};
  net.model.floats("b", turn_b ? shape{2, 3} : shape{3, 2}, b).floats("c", {2}, {10, 20});
  net.model.node("Gemm", {"x", "b", "c"}, {"y"},
                 {{"alpha", 2.0}, {"beta", 0.5}, {"transA", int{turn_a}}, {"transB", int{turn_b}}});
  const tensor a{turn_a ? shape{3, 2} : shape{2, 3}, turn_a ? list{1, 4, 2, 5, 3, 6} : list{1, 2, 3, 4, 5, 6}};
  check(evaluate(net.model, {a}), {2, 2}, {2 * -2 + 5, 2 * 4 + 10, 2 * -2 + 5, 2 * 13 + 10});
}

TEST_CASE("Gemm: C of every shape that broadcasts", "[import]") {
  const auto [extents, values, expected] = GENERATE(table<shape, list, list>({{{}, {5}, {5, 6, 7, 8}},
                                                                              {{1}, {5}, {5, 6, 7, 8}},
                                                                              {{2}, {5, 6}, {5, 7, 7, 9}},
                                                                              {{1, 2}, {5, 6}, {5, 7, 7, 9}},
                                                                              {{2, 1}, {5, 6}, {5, 6, 8, 9}},
                                                                              {{2, 2}, {5, 6, 7, 8}, {5, 7, 9, 11}}}));
  one_node net(11, {2, 2});
  net.model.floats("b", {2, 2}, {1, 0, 0, 1}).floats("c", extents, values).node("Gemm", {"x", "b", "c"}, {"y"});
  check(evaluate(net.model, {ramp({2, 2})}), {2, 2}, expected);
}

TEST_CASE("Gemm: a computed C", "[import]") {
  onnx_builder model(13);
  model.input("x", {2, 2}).input("c", {2, 2}).output("y").floats("b", {2, 2}, {1, 0, 0, 1});
  model.node("Gemm", {"x", "b", "c"}, {"y"}, {{"beta", -2.0}});
  check(evaluate(model, {ramp({2, 2}), ramp({2, 2}, 1, 1)}), {2, 2}, {0 - 2, 1 - 4, 2 - 6, 3 - 8});
}

TEST_CASE("MatMul: left operands of rank 1, 2 and 3", "[import]") {
  const auto [extents, result] = GENERATE(table<shape, shape>({{{2}, {3}}, {{2, 2}, {2, 3}}, {{1, 2, 2}, {1, 2, 3}}}));
  one_node net(9, extents);
  net.model.floats("w", {2, 3}, {1, 2, 3, -1, 0, 1}).node("MatMul", {"x", "w"}, {"y"});
  list expected{-1, 0, 1};
  if (extents.size() > 1) {
    expected.insert(expected.end(), {2 - 3, 4, 6 + 3});
  }
  check(evaluate(net.model, {ramp(extents)}), result, expected);
}

TEST_CASE("Add: two computed tensors broadcast both ways", "[import]") {
  onnx_builder model(13);
  model.input("a", {2, 1}).input("b", {3}).output("y").node("Add", {"a", "b"}, {"y"});
  check(evaluate(model, {ramp({2, 1}, 10), ramp({3})}), {2, 3}, {0, 1, 2, 10, 11, 12});
}

TEST_CASE("Add, Sub, Mul, Div with a constant: every way it can broadcast", "[import]") {
  const shape x = GENERATE(shape{}, shape{2}, shape{2, 3}, shape{1, 3}, shape{2, 3, 2}, shape{2, 3, 2, 2});
  const shape c = GENERATE(shape{}, shape{1}, shape{3, 1}, shape{3, 1, 1}, shape{2}, shape{3, 2}, shape{2, 1, 1});
  const std::string op = GENERATE("Add", "Sub", "Mul", "Div");
  const bool constant_first = GENERATE(false, true);
  if (op == "Div" && constant_first) {
    return;
  }
  shape whole(std::max(x.size(), c.size()), 1); // NumPy's rule, once more
  const auto from_end = [](const shape& s, std::size_t back) { return back < s.size() ? s[s.size() - 1 - back] : 1; };
  for (std::size_t back = 0; back < whole.size(); ++back) {
    const std::int64_t a = from_end(x, back);
    const std::int64_t b = from_end(c, back);
    if (a != b && a != 1 && b != 1) {
      return;
    }
    whole[whole.size() - 1 - back] = std::max(a, b);
  }
  CAPTURE(op, constant_first, sonic::workload::to_string(x), sonic::workload::to_string(c));
  const tensor data = ramp(x, 1, -2.5F);
  const tensor constant = ramp(c, -0.75F, 4);
  one_node net(13, x);
  net.model.floats("c", c, constant.values);
  net.model.node(op, constant_first ? std::vector<std::string>{"c", "x"} : std::vector<std::string>{"x", "c"}, {"y"});
  const tensor made = evaluate(net.model, {data});
  REQUIRE(made.extents == whole);
  for (std::size_t i = 0; i < made.values.size(); ++i) {
    std::size_t rest = i, at_x = 0, at_c = 0, step_x = 1, step_c = 1;
    for (std::size_t back = 0; back < whole.size(); ++back) {
      const std::size_t position = rest % static_cast<std::size_t>(from_end(whole, back));
      rest /= static_cast<std::size_t>(from_end(whole, back));
      at_x += from_end(x, back) > 1 ? position * step_x : 0;
      at_c += from_end(c, back) > 1 ? position * step_c : 0;
      step_x *= static_cast<std::size_t>(from_end(x, back));
      step_c *= static_cast<std::size_t>(from_end(c, back));
    }
    const float a = constant_first ? constant.values[at_c] : data.values[at_x];
    const float b = constant_first ? data.values[at_x] : constant.values[at_c];
    const float expected = op == "Add" ? a + b : op == "Sub" ? a - b : op == "Mul" ? a * b : a / b;
    CHECK(made.values[i] == Approx(expected).epsilon(1e-6));
  }
}

TEST_CASE("Sub: two computed tensors", "[import]") {
  onnx_builder model(13);
  model.input("a", {2, 2}).input("b", {2}).output("y").node("Sub", {"a", "b"}, {"y"});
  check(evaluate(model, {ramp({2, 2}), ramp({2}, 5, 1)}), {2, 2}, {-1, -5, 1, -3});
}

TEST_CASE("Constants per channel become a scale and a shift", "[import]") {
  one_node net(13, {2, 3, 2, 2});
  SECTION("addition") {
    net.model.floats("c", {3, 1, 1}, {1, 2, 3}).node("Add", {"x", "c"}, {"y"});
    const graph network = import(net.model);
    CHECK(only_operation<scale_shift>(network).shift == std::vector<double>{1, 2, 3});
  }
  SECTION("division by a scalar") {
    net.model.floats("c", {}, {4}).node("Div", {"x", "c"}, {"y"});
    const graph network = import(net.model);
    CHECK(only_operation<scale_shift>(network).scale == std::vector<double>{0.25, 0.25, 0.25});
  }
  SECTION("an addition that is none per channel stays one") {
    net.model.floats("c", {1, 2}, {1, 2}).node("Add", {"c", "x"}, {"y"});
    const graph network = import(net.model);
    only_operation<sonic::workload::add>(network);
  }
}

TEST_CASE("BatchNormalization: the closed form, and its four vectors as parameters", "[import]") {
  const int opset = GENERATE(9, 14, 15);
  one_node net(opset, {2, 2});
  net.model.floats("s", {2}, {2, -1}).floats("b", {2}, {0.5, 0}).floats("m", {2}, {1, 2}).floats("v", {2}, {3, 0});
  net.model.node("BatchNormalization", {"x", "s", "b", "m", "v"}, {"y"}, {{"epsilon", 1.0}});
  const graph network = import(net.model);
  CHECK(network.parameters == 8);
  CHECK(network.zero_parameters == 2);
  check(evaluate(network, {ramp({2, 2})}), {2, 2}, {-0.5, 1, 1.5, -1});
}

TEST_CASE("Relu, LeakyRelu", "[import]") {
  one_node net(13, {4});
  SECTION("Relu") {
    net.model.node("Relu", {"x"}, {"y"});
    check(evaluate(net.model, {ramp({4}, 1, -2)}), {4}, {0, 0, 0, 1});
  }
  SECTION("LeakyRelu") {
    net.model.node("LeakyRelu", {"x"}, {"y"}, {{"alpha", 0.25}});
    check(evaluate(net.model, {ramp({4}, 1, -2)}), {4}, {-0.5, -0.25, 0, 1});
  }
  SECTION("LeakyRelu, default slope") {
    net.model.node("LeakyRelu", {"x"}, {"y"});
    check(evaluate(net.model, {ramp({4}, 1, -2)}), {4}, {-0.02F, -0.01F, 0, 1});
  }
}

TEST_CASE("Clip: attributes before operator set 11, inputs since, missing bounds", "[import]") {
  const tensor x = ramp({5}, 1, -2);
  SECTION("attributes") {
    one_node net(10, {5});
    net.model.node("Clip", {"x"}, {"y"}, {{"min", -1.0}, {"max", 1.5}});
    check(evaluate(net.model, {x}), {5}, {-1, -1, 0, 1, 1.5});
  }
  SECTION("no attributes: no bounds") {
    one_node net(9, {5});
    net.model.node("Clip", {"x"}, {"y"});
    const graph network = import(net.model);
    CHECK(only_operation<activation>(network).minimum == -std::numeric_limits<double>::infinity());
    CHECK(only_operation<activation>(network).maximum == std::numeric_limits<double>::infinity());
  }
  SECTION("inputs") {
    one_node net(11, {5});
    net.model.floats("low", {}, {-1}).floats("high", {}, {1}).node("Clip", {"x", "low", "high"}, {"y"});
    check(evaluate(net.model, {x}), {5}, {-1, -1, 0, 1, 1});
  }
  SECTION("upper bound only") {
    one_node net(13, {5});
    net.model.floats("high", {}, {0.5}).node("Clip", {"x", "", "high"}, {"y"});
    check(evaluate(net.model, {x}), {5}, {-2, -1, 0, 0.5, 0.5});
  }
}

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
