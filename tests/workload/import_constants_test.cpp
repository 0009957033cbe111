// SPDX-License-Identifier: Apache-2.0
// Where weights come from: every way to store them, and every fold of constants.
#include "import_support.h"

#include "tb/workload/onnx_constant.h"

#include <catch2/catch.hpp>

#include <cmath>
#include <cstring>

using namespace sonic::tests;
using list = std::vector<float>;
using types = onnx::TensorProto;

namespace {

/// The weights that reach y = x . w for a network in which something defines w of the shape (rows, columns).
struct weights_reader {
  explicit weights_reader(int opset = 13) : model(opset) {}

  graph network(const shape& extents, types::DataType type = types::FLOAT) {
    model.input("x", {1, extents[0]}, type).output("y", type).node("MatMul", {"x", "w"}, {"y"});
    return import(model);
  }
  list weights(const shape& extents, types::DataType type = types::FLOAT) {
    const graph made = network(extents, type);
    const auto& constant = made.values[made.nodes.back().inputs[1]].constant;
    CHECK(constant->extents == extents);
    return constant->values;
  }
  onnx_builder model;
};

} // namespace

TEST_CASE("Weights of every floating-point type, raw and typed", "[import]") {
  weights_reader net;
  onnx::TensorProto w;
  w.set_name("w");
  w.add_dims(3);
  w.add_dims(1);
  SECTION("float32, typed") {
    w.set_data_type(types::FLOAT);
    for (const float value : {1.5F, -2.0F, 0.0F}) {
      w.add_float_data(value);
    }
  }
  SECTION("float64, typed") {
    w.set_data_type(types::DOUBLE);
    for (const double value : {1.5, -2.0, 0.0}) {
      w.add_double_data(value);
    }
  }
  SECTION("float64, raw") {
    w.set_data_type(types::DOUBLE);
    const double values[] = {1.5, -2.0, 0.0};
    w.set_raw_data(values, sizeof(values));
  }
  SECTION("float16, typed") {
    w = narrow_tensor("w", types::FLOAT16, {3, 1}, {0x3E00, 0xC000, 0x8000});
  }
  SECTION("float16, raw") {
    w.set_data_type(types::FLOAT16);
    w.set_raw_data(std::string("\x00\x3E\x00\xC0\x00\x00", 6));
  }
  net.model.tensor(w);
  CHECK(net.weights({3, 1}, static_cast<types::DataType>(w.data_type())) == list{1.5F, -2.0F, 0.0F});
}

TEST_CASE("float16: every finite number converts exactly", "[import]") {
  for (unsigned bits = 0; bits < 0x10000; ++bits) {
    const unsigned exponent = bits >> 10 & 31, mantissa = bits & 1023;
    if (exponent == 31) {
      CHECK(!std::isfinite(sonic::workload::half_to_float(static_cast<std::uint16_t>(bits))));
      continue;
    }
    const double magnitude = exponent == 0 ? mantissa * std::pow(2.0, -24)
                                           : (1.0 + mantissa / 1024.0) * std::pow(2.0, static_cast<int>(exponent) - 15);
    const double expected = bits >> 15 != 0 ? -magnitude : magnitude;
    if (static_cast<double>(sonic::workload::half_to_float(static_cast<std::uint16_t>(bits))) != expected) {
      FAIL("wrong for " << bits);
    }
  }
}

TEST_CASE("Sparse initialisers: linear indices and coordinates", "[import]") {
  weights_reader net;
  SECTION("linear") {
    net.model.sparse("w", {2, 3}, {1, 5}, {4, -5});
  }
  SECTION("coordinates") {
    net.model.sparse("w", {2, 3}, {0, 1, 1, 2}, {4, -5});
    auto& indices = *net.model.model.mutable_graph()->mutable_sparse_initializer(0)->mutable_indices();
    indices.clear_dims();
    indices.add_dims(2);
    indices.add_dims(2);
  }
  const graph made = net.network({2, 3});
  CHECK(made.values[made.nodes[0].inputs[1]].constant->values == list{0, 4, 0, 0, 0, -5});
  CHECK(made.parameters == 6);
  CHECK(made.zero_parameters == 4);
}

TEST_CASE("External data beside the model", "[import]") {
  const scratch_folder folder;
  std::filesystem::create_directory(folder / "data");
  const float stored[] = {9, 9, 1, 2};
  folder.write("data/weights.bin", std::string(reinterpret_cast<const char*>(stored), sizeof(stored)));
  onnx_builder model(13);
  onnx::TensorProto w = float_tensor("w", {2, 1}, {});
  w.clear_raw_data();
  w.set_data_location(types::EXTERNAL);
  const auto entry = [&](const char* key, const std::string& value) {
    auto& pair = *w.add_external_data();
    pair.set_key(key);
    pair.set_value(value);
  };
  const auto load = [&] {
    model.tensor(w);
    model.input("x", {1, 2}).output("y").node("MatMul", {"x", "w"}, {"y"});
    return sonic::workload::import_onnx(model.save(folder / "model.onnx"));
  };
  SECTION("with offset and length") {
    entry("location", "data/weights.bin");
    entry("offset", "8");
    entry("length", "8");
    const graph made = load();
    CHECK(made.values[made.nodes[0].inputs[1]].constant->values == list{1, 2});
  }
  SECTION("with offset alone") {
    entry("location", "data/weights.bin");
    entry("offset", "8");
    CHECK(load().parameters == 2);
  }
  const auto refused = [&](const std::string& sentence) {
    CHECK_THROWS_WITH(load(), Catch::Contains("tensor 'w': ") && Catch::Contains(sentence));
  };
  SECTION("wrong length") {
    entry("location", "data/weights.bin");
    refused("needs 8 bytes, but its external data is 16 bytes from offset 0 in a file of 16");
  }
  SECTION("beyond the end") {
    entry("location", "data/weights.bin");
    entry("offset", "12");
    entry("length", "8");
    refused("from offset 12 in a file of 16");
  }
  SECTION("offset that is no number") {
    entry("location", "data/weights.bin");
    entry("offset", "-4");
    refused("the offset of its external data is '-4'");
  }
  SECTION("no such file") {
    entry("location", "data/none.bin");
    refused("does not exist beside the model");
  }
  SECTION("no location") {
    refused("it must be a relative path inside the model's folder");
  }
  SECTION("above the folder") {
    entry("location", "data/../../weights.bin");
    refused("it must be a relative path inside the model's folder");
  }
  SECTION("absolute") {
    entry("location", (folder / "data/weights.bin").string());
    refused("it must be a relative path inside the model's folder");
  }
  SECTION("a link out of the folder") {
    const scratch_folder outside;
    outside.write("w.bin", std::string(8, '\0'));
    std::filesystem::create_symlink(outside / "w.bin", folder / "data/link.bin");
    entry("location", "data/link.bin");
    refused("links out of the model's folder");
  }
}

TEST_CASE("Codes and a codebook fold to weights, counted once", "[import]") {
  weights_reader net;
  net.model.tensor(narrow_tensor("codes", types::UINT8, {2, 3}, {0, 2, 1, 1, 0, 2})).floats("book", {3}, {0, 0.5, -1});
  net.model.node("Cast", {"codes"}, {"indices"}, {{"to", int{types::INT32}}});
  net.model.node("Gather", {"book", "indices"}, {"w"}, {{"axis", 0}});
  const graph made = net.network({2, 3});
  CHECK(made.nodes.size() == 1);
  CHECK(made.values[made.nodes[0].inputs[1]].constant->values == list{0, -1, 0.5, 0.5, 0, -1});
  CHECK(made.parameters == 6);
  CHECK(made.zero_parameters == 2);
}

TEST_CASE("DequantizeLinear folds", "[import]") {
  weights_reader net;
  net.model.tensor(narrow_tensor("q", types::INT8, {2, 2}, {-128, 0, 127, 3}));
  SECTION("per tensor, without zero point") {
    net.model.floats("s", {}, {0.5}).node("DequantizeLinear", {"q", "s"}, {"w"});
    CHECK(net.weights({2, 2}) == list{-64, 0, 63.5, 1.5});
  }
  SECTION("per axis 0") {
    net.model.floats("s", {2}, {1, 2}).tensor(narrow_tensor("z", types::INT8, {2}, {0, 3}));
    net.model.node("DequantizeLinear", {"q", "s", "z"}, {"w"}, {{"axis", 0}});
    CHECK(net.weights({2, 2}) == list{-128, 0, 248, 0});
  }
  SECTION("per axis 1, the default") {
    net.model.floats("s", {2}, {1, 2}).node("DequantizeLinear", {"q", "s"}, {"w"});
    CHECK(net.weights({2, 2}) == list{-128, 0, 127, 6});
  }
}

TEST_CASE("Folds that move elements", "[import]") {
  weights_reader net;
  net.model.floats("v", {2, 3}, {0, 1, 2, 3, 4, 5});
  SECTION("Transpose") {
    net.model.node("Transpose", {"v"}, {"w"});
    CHECK(net.weights({3, 2}) == list{0, 3, 1, 4, 2, 5});
  }
  SECTION("Reshape") {
    net.model.integers("s", {2}, {-1, 2}).node("Reshape", {"v", "s"}, {"w"});
    CHECK(net.weights({3, 2}) == list{0, 1, 2, 3, 4, 5});
  }
  SECTION("Unsqueeze, Squeeze, Identity, Dropout, Flatten") {
    net.model.integers("a", {1}, {1});
    net.model.node("Unsqueeze", {"v", "a"}, {"u"}).node("Identity", {"u"}, {"i"}).node("Dropout", {"i"}, {"d"});
    net.model.node("Squeeze", {"d", "a"}, {"s"}).node("Flatten", {"s"}, {"w"});
    CHECK(net.weights({2, 3}) == list{0, 1, 2, 3, 4, 5});
  }
  SECTION("Concat") {
    net.model.floats("t", {2, 1}, {7, 8}).node("Concat", {"v", "t", "v"}, {"w"}, {{"axis", 1}});
    CHECK(net.weights({2, 7}) == list{0, 1, 2, 7, 0, 1, 2, 3, 4, 5, 8, 3, 4, 5});
  }
  SECTION("Gather along axis 1 with a negative index") {
    net.model.integers("i", {2}, {-1, 0}).node("Gather", {"v", "i"}, {"w"}, {{"axis", 1}});
    CHECK(net.weights({2, 2}) == list{2, 0, 5, 3});
  }
  SECTION("Slice backwards") {
    net.model.integers("from", {2}, {-1, 0}).integers("to", {2}, {-99, 3}).integers("axes", {2}, {0, 1});
    net.model.integers("by", {2}, {-1, 2}).node("Slice", {"v", "from", "to", "axes", "by"}, {"w"});
    CHECK(net.weights({2, 2}) == list{3, 5, 0, 2});
  }
  SECTION("ConstantOfShape") {
    net.model.integers("s", {2}, {2, 1});
    net.model.node("ConstantOfShape", {"s"}, {"w"}, {{"value", float_tensor("", {1}, {2.5})}});
    CHECK(net.weights({2, 1}) == list{2.5, 2.5});
  }
  SECTION("Constant") {
    net.model.node("Constant", {}, {"w"}, {{"value", float_tensor("", {1, 2}, {6, 7})}});
    CHECK(net.weights({1, 2}) == list{6, 7});
  }
}

TEST_CASE("Folds that compute, with broadcasting", "[import]") {
  const auto [op, expected] = GENERATE(table<std::string, list>(
      {{"Add", {3, 5, 5, 7}}, {"Sub", {-1, -3, 1, -1}}, {"Mul", {2, 4, 6, 12}}, {"Div", {0.5, 0.25, 1.5, 0.75}}}));
  weights_reader net;
  net.model.floats("a", {2, 1}, {1, 3}).floats("b", {2}, {2, 4}).node(op, {"a", "b"}, {"w"});
  CHECK(net.weights({2, 2}) == expected);
}

TEST_CASE("Chains from Shape to Reshape fold, as exporters write them", "[import]") {
  onnx_builder model(11);
  model.input("x", {-1, 2, 3}).output("y").integers("zero", {}, {0}).integers("minus", {1}, {-1});
  model.node("Shape", {"x"}, {"s"}).node("Gather", {"s", "zero"}, {"n"}, {{"axis", 0}});
  model.node("Unsqueeze", {"n"}, {"n1"}, {{"axes", {0}}}).node("Concat", {"n1", "minus"}, {"t"}, {{"axis", 0}});
  model.node("Reshape", {"x", "t"}, {"y"});
  const graph made = import(model, 4);
  REQUIRE(made.nodes.size() == 1);
  CHECK(made.values[made.outputs[0]].extents == shape{4, 6});
  CHECK(made.symbolic_batch == 4);
  CHECK(made.batch_separable);
  CHECK(made.parameters == 0);
}

TEST_CASE("Shape takes a range of axes since operator set 15", "[import]") {
  onnx_builder model(15);
  model.input("x", {2, 3, 4}).output("y");
  model.node("Shape", {"x"}, {"s"}, {{"start", -2}, {"end", 3}});
  model.integers("two", {1}, {2}).node("Concat", {"s", "two"}, {"t"}, {{"axis", 0}}).node("Reshape", {"x", "t"}, {"y"});
  CHECK(import(model).values.back().extents == shape{3, 4, 2});
}
