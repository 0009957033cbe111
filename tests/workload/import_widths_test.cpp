// SPDX-License-Identifier: Apache-2.0
// Integer constants keep the width in which they are stored, and large constants are copied and kept no longer than
// they are needed: neither shows in the graph.
#include "import_support.h"

#include "tb/workload/onnx_constant.h"

#include <catch2/catch.hpp>

#include <limits>
#include <type_traits>

using namespace sonic::tests;
using list = std::vector<float>;
using types = onnx::TensorProto;

namespace {

template <typename element>
onnx::TensorProto raw_tensor(const std::string& name, types::DataType type, const std::vector<std::int64_t>& dims,
                             const std::vector<element>& values) {
  onnx::TensorProto tensor = narrow_tensor(name, type, dims, {});
  tensor.set_raw_data(values.data(), values.size() * sizeof(element));
  return tensor;
}

const list& weights_of(const graph& network, std::size_t node = 0) {
  return network.values[network.nodes[node].inputs[1]].constant->values;
}

/// A matrix of more bytes than any list of a shape has: rows of two, of which the first is (1, 2).
onnx::TensorProto large_matrix(const std::string& name, std::int64_t rows) {
  list values(static_cast<std::size_t>(2 * rows), 0.5F);
  values[0] = 1.0F;
  values[1] = 2.0F;
  return raw_tensor(name, types::FLOAT, {rows, 2}, values);
}
constexpr std::int64_t large_rows = 20000;

} // namespace

TEMPLATE_TEST_CASE("A decoded integer tensor is as wide as its type", "[import]", std::int64_t, std::int32_t,
                   std::uint16_t, std::int16_t, std::uint8_t, std::int8_t) {
  const auto type = std::is_same_v<TestType, std::int64_t>    ? types::INT64
                    : std::is_same_v<TestType, std::int32_t>  ? types::INT32
                    : std::is_same_v<TestType, std::uint16_t> ? types::UINT16
                    : std::is_same_v<TestType, std::int16_t>  ? types::INT16
                    : std::is_same_v<TestType, std::uint8_t>  ? types::UINT8
                                                              : types::INT8;
  const std::vector<TestType> values{std::numeric_limits<TestType>::min(), 0, std::numeric_limits<TestType>::max()};
  const auto found = sonic::workload::decode(raw_tensor("t", type, {3}, values), "test");
  CHECK(std::get<std::vector<TestType>>(found.data) == values);
  CHECK(found.integers() == std::vector<std::int64_t>(values.begin(), values.end()));
}

TEST_CASE("Codes of any width, cast or not, gather the same weights", "[import]") {
  const auto type = GENERATE(types::UINT8, types::INT8, types::UINT16, types::INT16, types::INT32, types::BOOL);
  const bool flags = type == types::BOOL;
  CAPTURE(type);
  onnx_builder model;
  model.tensor(narrow_tensor("codes", type, {2, 2}, {0, 1, flags ? 1 : 2, 0})).floats("book", {3}, {0.5, -1, 2});
  model.node("Cast", {"codes"}, {"places"}, {{"to", int{types::INT64}}});
  model.node("Gather", {"book", "places"}, {"w"});
  model.input("x", {1, 2}).output("y").node("MatMul", {"x", "w"}, {"y"});
  CHECK(weights_of(import(model)) == list{0.5F, -1.0F, flags ? -1.0F : 2.0F, 0.5F});
}

TEST_CASE("A cast of narrow codes checks the range of its new type", "[import]") {
  onnx_builder model;
  model.tensor(narrow_tensor("codes", types::UINT8, {1}, {200})).node("Cast", {"codes"}, {"c"}, {{"to", types::INT8}});
  model.input("x", {1}).output("x");
  CHECK_THAT(refusal(model), Catch::Contains("it casts a constant out of the range of its new type"));
}

TEST_CASE("Narrow integers move and compute as wide ones do", "[import]") {
  onnx_builder model;
  model.input("x", {2, 3, 4}).output("y").node("Reshape", {"x", "s"}, {"y"});
  SECTION("Concat of two widths") {
    model.tensor(narrow_tensor("a", types::INT32, {1}, {6})).node("Cast", {"a"}, {"wide"}, {{"to", types::INT64}});
    model.integers("b", {1}, {-1}).node("Concat", {"wide", "b"}, {"s"}, {{"axis", 0}});
    CHECK(import(model).values.back().extents == shape{6, 4});
  }
  SECTION("Concat of one width, and a slice of it") {
    model.tensor(narrow_tensor("a", types::INT8, {2}, {9, 6})).tensor(narrow_tensor("b", types::INT8, {1}, {4}));
    model.node("Concat", {"a", "b"}, {"ab"}, {{"axis", 0}}).integers("one", {1}, {1}).integers("three", {1}, {3});
    model.node("Slice", {"ab", "one", "three"}, {"part"}).node("Cast", {"part"}, {"s"}, {{"to", types::INT64}});
    CHECK(import(model).values.back().extents == shape{6, 4});
  }
  SECTION("A product beyond the width of its factors") {
    constexpr int billion = 1000000000;
    model.tensor(narrow_tensor("a", types::INT32, {2}, {100000, 4}));
    model.tensor(narrow_tensor("b", types::INT32, {2}, {60000, billion}));
    model.tensor(narrow_tensor("c", types::INT32, {1}, {billion})).node("Mul", {"a", "b"}, {"ab"});
    model.node("Div", {"ab", "c"}, {"n"}).node("Cast", {"n"}, {"s"}, {{"to", types::INT64}});
    CHECK(import(model).values.back().extents == shape{6, 4});
  }
}

TEST_CASE("Large constants reach the graph, and ONNX's checks pass without their data", "[import]") {
  onnx_builder model;
  model.input("x", {1, large_rows}).output("y").node("MatMul", {"x", "w"}, {"y"});
  SECTION("of an initialiser") {
    model.tensor(large_matrix("w", large_rows));
  }
  SECTION("of a Constant") {
    auto value = large_matrix("", large_rows);
    model.node("Constant", {}, {"w"}, {{"value", value}});
  }
  const graph network = import(model);
  const list& weights = weights_of(network);
  REQUIRE(weights.size() == 2 * large_rows);
  CHECK(weights[1] == 2.0F);
  CHECK(weights.back() == 0.5F);
  CHECK(network.parameters == 2 * large_rows);
}

TEST_CASE("A constant is moved at its last use only", "[import]") {
  onnx_builder model;
  model.input("x", {1, 2}).output("y").floats("w", {2, 2}, {1, 2, 3, 4});
  SECTION("Gemm, twice") {
    model.node("Gemm", {"x", "w"}, {"a"}).node("Gemm", {"a", "w"}, {"y"});
    const graph network = import(model);
    CHECK(weights_of(network, 0) == list{1, 2, 3, 4});
    CHECK(weights_of(network, 1) == list{1, 2, 3, 4});
    CHECK(evaluate(network, {{{1, 2}, {1, 0}}}).values == list{7, 10});
  }
  SECTION("Gemm that scales") {
    model.node("Gemm", {"x", "w"}, {"y"}, {{"alpha", 2.0F}});
    CHECK(weights_of(import(model)) == list{2, 4, 6, 8});
  }
  SECTION("Sub and Add of one operand") {
    model.input("z", {2, 2});
    model.node("Sub", {"z", "w"}, {"a"}).node("Add", {"a", "w"}, {"y"});
    CHECK(evaluate(import(model), {{{1, 2}, {0, 0}}, {{2, 2}, {5, 6, 7, 8}}}).values == list{5, 6, 7, 8});
  }
}
