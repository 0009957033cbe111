// SPDX-License-Identifier: Apache-2.0
// What the import says about a network as a whole: order, batch, names, parameters.
#include "import_support.h"

#include <catch2/catch.hpp>

using namespace sonic::tests;

namespace {

/// x -> Conv -> Relu -> y with an open batch.
onnx_builder small_network() {
  onnx_builder model(13);
  model.input("x", {-1, 1, 3, 3}).output("y").floats("w", {2, 1, 2, 2}, {0, 1, 2, 3, 4, 5, 6, 0});
  model.node("Conv", {"x", "w"}, {"c"}).node("Relu", {"c"}, {"y"});
  return model;
}

bool separable(onnx_builder& model, std::int64_t batch = 1) {
  model.input("x", {-1, 2, 2}).output("y");
  return import(model, batch).batch_separable;
}

} // namespace

TEST_CASE("A network: names, shapes, order, metadata, parameters", "[import]") {
  onnx_builder model = small_network();
  auto& entry = *model.model.add_metadata_props();
  entry.set_key("made-by");
  entry.set_value("a test");
  model.floats("unused", {3}, {0, 0, 0});
  const graph network = import(model, 2);
  CHECK(network.name == "test");
  CHECK(network.symbolic_batch == 2);
  CHECK(network.batch_separable);
  CHECK(network.metadata == std::vector<std::pair<std::string, std::string>>{{"made-by", "a test"}});
  CHECK(network.parameters == 8);
  CHECK(network.zero_parameters == 2);
  REQUIRE(network.nodes.size() == 2);
  CHECK(network.nodes[0].name == "Conv_0");
  CHECK(network.nodes[1].op_type == "Relu");
  CHECK(network.values[network.inputs[0]].name == "x");
  CHECK(network.values[network.outputs[0]].name == "y");
  CHECK(network.values[network.outputs[0]].extents == shape{2, 2, 2, 2});
}

TEST_CASE("A nameless node is named after its operator and place", "[import]") {
  onnx_builder model = small_network();
  model.model.mutable_graph()->mutable_node(1)->clear_name();
  CHECK(import(model).nodes[1].name == "Relu_1");
}

TEST_CASE("Nodes in any order are put in order", "[import]") {
  onnx_builder model = small_network();
  model.model.mutable_graph()->mutable_node()->SwapElements(0, 1);
  const graph network = import(model);
  CHECK(network.nodes[0].op_type == "Conv");
  CHECK(network.nodes[1].op_type == "Relu");
}

TEST_CASE("A fixed batch stays, whatever is asked for", "[import]") {
  onnx_builder model(13);
  model.input("x", {3, 2}).output("y").node("Relu", {"x"}, {"y"});
  const graph network = import(model, 7);
  CHECK(network.symbolic_batch == 0);
  CHECK(network.values[0].extents == shape{3, 2});
}

TEST_CASE("An initialiser that is listed as an input is a constant", "[import]") {
  onnx_builder model = small_network();
  model.input("w", {2, 1, 2, 2});
  CHECK(import(model).inputs.size() == 1);
}

TEST_CASE("The domain ai.onnx is the standard one", "[import]") {
  onnx_builder model = small_network();
  model.model.mutable_opset_import(0)->set_domain("ai.onnx");
  model.model.mutable_graph()->mutable_node(0)->set_domain("ai.onnx");
  CHECK(import(model).nodes.size() == 2);
}

TEST_CASE("An output that is an input is copied", "[import]") {
  onnx_builder model(13);
  model.input("x", {2, 2}).output("x").output("y").node("Relu", {"x"}, {"y"});
  const graph network = import(model);
  CHECK(network.outputs[0] != network.inputs[0]);
  CHECK(sonic::reference::run_float(network, {ramp({2, 2})})[network.outputs[0]].values == ramp({2, 2}).values);
}

TEST_CASE("Operator sets 9 to 17 are read", "[import]") {
  const int opset = GENERATE(range(9, 18));
  onnx_builder model(opset);
  model.input("x", {1, 1, 2, 2}).output("y").floats("w", {1, 1, 1, 1}, {2}).node("Conv", {"x", "w"}, {"c"});
  model.node("Relu", {"c"}, {"r"}).node("GlobalAveragePool", {"r"}, {"p"}).node("Flatten", {"p"}, {"y"});
  CHECK(evaluate(model, {ramp({1, 1, 2, 2})}).values == std::vector<float>{3});
}

TEST_CASE("Batches are separable exactly where no node mixes axis 0", "[import]") {
  onnx_builder model(13);
  SECTION("reshape that keeps the batch") {
    model.integers("s", {2}, {0, 4}).node("Reshape", {"x", "s"}, {"y"});
    CHECK(separable(model));
  }
  SECTION("reshape that swallows the batch") {
    model.integers("s", {2}, {-1, 2}).node("Reshape", {"x", "s"}, {"y"});
    CHECK(!separable(model));
  }
  SECTION("transpose of other axes") {
    model.node("Transpose", {"x"}, {"y"}, {{"perm", {0, 2, 1}}});
    CHECK(separable(model));
  }
  SECTION("transpose of the batch") {
    model.node("Transpose", {"x"}, {"y"}, {{"perm", {1, 0, 2}}});
    CHECK(!separable(model));
  }
  SECTION("concatenation along channels") {
    model.node("Concat", {"x", "x"}, {"y"}, {{"axis", 1}});
    CHECK(separable(model));
  }
  SECTION("concatenation along the batch") {
    model.node("Concat", {"x", "x"}, {"y"}, {{"axis", 0}});
    CHECK(!separable(model));
  }
  SECTION("softmax over another axis") {
    model.node("Softmax", {"x"}, {"y"}, {{"axis", 1}});
    CHECK(separable(model));
  }
  SECTION("softmax over the batch") {
    model.node("Softmax", {"x"}, {"y"}, {{"axis", 0}});
    CHECK(!separable(model));
  }
  SECTION("padding of the batch") {
    model.integers("p", {6}, {0, 0, 0, 1, 0, 0}).node("Pad", {"x", "p"}, {"y"});
    CHECK(!separable(model));
  }
  SECTION("a constant that differs within the batch") {
    model.floats("c", {2, 1, 1}, {1, 2}).node("Add", {"x", "c"}, {"y"});
    CHECK(!separable(model, 2));
  }
  SECTION("a constant along the last axis") {
    model.floats("c", {2}, {1, 2}).node("Mul", {"x", "c"}, {"y"});
    CHECK(separable(model, 3));
  }
}
