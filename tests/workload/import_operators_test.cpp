// SPDX-License-Identifier: Apache-2.0
// One network of one node per operator that computes, with values by hand.
#include "one_node_support.h"

#include <catch2/catch.hpp>

#include <limits>

using namespace sonic::tests;
using sonic::workload::activation;
using sonic::workload::scale_shift;

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
