// SPDX-License-Identifier: Apache-2.0
// Networks that are refused: one sentence each, naming file and node or tensor.
#include "import_support.h"

#include <catch2/catch.hpp>

#include <limits>
#include <random>

using namespace sonic::tests;
using Catch::Contains;
using Catch::StartsWith;
using types = onnx::TensorProto;

namespace {

constexpr float not_a_number = std::numeric_limits<float>::quiet_NaN();
constexpr float infinity = std::numeric_limits<float>::infinity();

/// x -> one node -> y.
onnx_builder one(int opset, const shape& input, const std::string& op, const std::vector<std::string>& inputs,
                 const std::vector<onnx_attribute>& attributes = {}) {
  onnx_builder model(opset);
  model.input("x", input).output("y").node(op, inputs, {"y"}, attributes);
  return model;
}

void refused(const onnx_builder& model, const std::string& sentence, std::int64_t batch = 1) {
  const std::string text = refusal(model, batch);
  CHECK_THAT(text, Contains(sentence));
  CHECK(text.find('\n') == std::string::npos);
}

} // namespace

TEST_CASE("Files that are no model are refused", "[import]") {
  const scratch_folder folder;
  const auto sentence = [&](const std::filesystem::path& file) {
    try {
      sonic::workload::import_onnx(file);
      return std::string();
    } catch (const sonic::core::user_error& error) {
      return std::string(error.what());
    }
  };
  CHECK_THAT(sentence(folder / "none.onnx"), Contains("none.onnx: there is no such file"));
  CHECK_THAT(sentence(folder.path()), Contains("there is no such file"));
  CHECK_THAT(sentence(folder.write("empty.onnx", "")), Contains("it cannot be read as an ONNX model"));
  CHECK_THAT(sentence(folder.write("text.onnx", "this is no network\n")),
             Contains("it cannot be read as an ONNX model"));
  CHECK_THAT(sentence(folder.write("bare.onnx", onnx::ModelProto().SerializeAsString() + "\x08\x07")),
             Contains("it holds no network"));
}

TEST_CASE("A model cut anywhere, or with wrong bytes, is read or refused", "[import]") {
  const scratch_folder folder;
  onnx_builder model(13);
  model.input("x", {-1, 1, 4, 4}).output("y").floats("w", {2, 1, 3, 3}, std::vector<float>(18, 0.5F));
  model.sparse("v", {2, 2}, {1, 2}, {3, 4}).integers("s", {2}, {0, -1});
  model.node("Conv", {"x", "w"}, {"c"}, {{"pads", {1, 1, 1, 1}}, {"strides", {2, 2}}});
  model.node("MaxPool", {"c"}, {"p"}, {{"kernel_shape", {2, 2}}, {"ceil_mode", 1}});
  model.node("Reshape", {"p", "s"}, {"r"}).node("MatMul", {"r", "v"}, {"m"});
  model.node("Softmax", {"m"}, {"y"}, {{"axis", 1}});
  const std::string good = model.model.SerializeAsString();
  const auto attempt = [&](const std::string& content) {
    const std::filesystem::path file = folder.write("m.onnx", content);
    try {
      const graph network = sonic::workload::import_onnx(file);
      CHECK(network.outputs.size() == 1);
      return true;
    } catch (const sonic::core::user_error& error) {
      CHECK_THAT(error.what(), StartsWith(file.string()));
      return false;
    }
  };
  REQUIRE(attempt(good));
  SECTION("cut") {
    for (std::size_t length = 0; length + 1 < good.size(); ++length) {
      attempt(good.substr(0, length));
    }
  }
  SECTION("wrong bytes") {
    int accepted = 0;
    for (unsigned seed = 0; seed < 600; ++seed) {
      CAPTURE(seed);
      std::mt19937 random(seed);
      std::string damaged = good;
      for (unsigned changes = 1 + seed % 3; changes > 0; --changes) {
        damaged[random() % damaged.size()] = static_cast<char>(random());
      }
      accepted += attempt(damaged) ? 1 : 0;
    }
    CHECK(accepted < 600);
  }
}

TEST_CASE("Operator sets and domains that are not supported", "[import]") {
  refused(one(8, {1}, "Relu", {"x"}), ": it uses ONNX operator set 8; operator sets 9 to 17 are supported");
  refused(one(18, {1}, "Relu", {"x"}), ": it uses ONNX operator set 18; operator sets 9 to 17 are supported");
  onnx_builder model = one(13, {1}, "Relu", {"x"});
  model.model.mutable_graph()->mutable_node(0)->set_domain("com.example");
  refused(model, ": node 'Relu_0' (Relu) is of the domain 'com.example'; only the standard domain ai.onnx");
  model.model.clear_opset_import();
  refused(model, ": it names no ONNX operator set");
}

TEST_CASE("An unknown operator: the sentence names it, its node and what there is", "[import]") {
  const std::string text = refusal(one(13, {1, 2}, "Einsum", {"x"}, {{"equation", "ij->ji"}}));
  CHECK_THAT(text,
             StartsWith(": node 'Einsum_0' (Einsum) uses an operator that is not supported; supported are Add, "));
  CHECK_THAT(text, Contains("Unsqueeze"));
}

TEST_CASE("Structure: missing, repeated and circular tensors", "[import]") {
  refused(one(13, {1}, "Relu", {"z"}), ": node 'Relu_0' (Relu) uses the tensor 'z', which nothing defines");
  refused(one(13, {1}, "Relu", {"y"}), ": node 'Relu_0' (Relu) depends on its own output");
  onnx_builder model(13);
  model.input("x", {1})
      .output("y")
      .node("Add", {"x", "b"}, {"a"})
      .node("Relu", {"a"}, {"b"})
      .node("Relu", {"b"}, {"y"});
  refused(model, ": node 'Add_0' (Add) depends on its own output, directly or through others; a network must have no");
  refused(one(13, {1}, "Relu", {"x"}).node("Relu", {"x"}, {"y"}), ": the tensor 'y' is defined twice");
  refused(one(13, {1}, "Relu", {"x"}).floats("y", {1}, {0}), ": the tensor 'y' is defined twice");
  refused(one(13, {1}, "Relu", {"x"}).floats("w", {1}, {0}).floats("w", {1}, {0}), ": the tensor 'w' is defined twice");
  refused(one(13, {1}, "Relu", {"x"}).input("x", {1}), ": the input 'x' is defined twice");
  refused(one(13, {1}, "Relu", {"x"}).output("q"), ": the output 'q' is made by no node");
  refused(one(13, {1}, "Relu", {"x"}).output("y"), ": the output 'y' is listed twice");
  onnx_builder no_output(13);
  no_output.input("x", {1}).node("Relu", {"x"}, {"y"});
  refused(no_output, ": the network has no outputs");
  refused(one(13, {1}, "Relu", {"x"}).floats("w", {1}, {1}).output("w"),
          ", output 'w': it is a constant, so there is nothing to compute");
}

TEST_CASE("Inputs: open axes, types, absurd extents and batches", "[import]") {
  refused(one(13, {-1, -1}, "Relu", {"x"}), ", input 'x': its axis 1 has no fixed extent; only axis 0, the batch");
  refused(one(13, {0, 2}, "Relu", {"x"}), ", tensor 'x': its shape 0x2 has the extent 0");
  refused(one(13, {-5, 2}, "Relu", {"x"}), ", tensor 'x': its shape -5x2 has the extent -5");
  refused(one(13, {1, 1L << 62, 1L << 62}, "Relu", {"x"}), "is too large; at most 2147483648 elements");
  refused(one(13, {-1, 2}, "Relu", {"x"}), "is too large", 1L << 40);
  refused(one(13, {-1, 2}, "Relu", {"x"}), ": the batch is 0; it must be at least 1", 0);
  refused(one(13, {1L << 30, 1}, "Relu", {"x"}).node("Relu", {"y"}, {"z"}), "all tensors of the network up to here");
  onnx_builder typed(13);
  typed.input("x", {1}, types::INT64).output("y", types::INT64).node("Relu", {"x"}, {"y"});
  refused(typed, ", input 'x': it is not a tensor of floating-point numbers");
  onnx_builder shapeless = one(13, {1}, "Relu", {"x"});
  shapeless.model.mutable_graph()->mutable_input(0)->mutable_type()->mutable_tensor_type()->clear_shape();
  refused(shapeless, ", input 'x': it has no shape");
}

TEST_CASE("Constants: NaN, infinities, wrong amounts of data, absurd shapes, types", "[import]") {
  const auto with = [](const onnx::TensorProto& w) { return one(13, {1, 2}, "MatMul", {"x", "w"}).tensor(w); };
  refused(with(float_tensor("w", {2, 1}, {1, not_a_number})),
          ", tensor 'w': element 1 is NaN; constants must be finite");
  refused(with(float_tensor("w", {2, 1}, {-infinity, 1})), ", tensor 'w': element 0 is infinite");
  refused(with(narrow_tensor("w", types::FLOAT16, {2, 1}, {0, 0x7C00})), ", tensor 'w': element 1 is infinite");
  onnx::TensorProto wide;
  wide.set_name("w");
  wide.set_data_type(types::DOUBLE);
  wide.add_dims(2);
  wide.add_dims(1);
  wide.add_double_data(0);
  wide.add_double_data(1e300);
  refused(with(wide), ", tensor 'w': element 1 is beyond the range of float32");
  refused(with(float_tensor("w", {2, 1}, {1})), ", tensor 'w': it holds 4 bytes, but its shape 2x1 needs 8");
  refused(with(float_tensor("w", {1L << 40, 1L << 40}, {1})),
          ", tensor 'w': its shape 1099511627776x1099511627776 is too");
  refused(with(float_tensor("w", {-1, 1}, {1})), ", tensor 'w': its shape has the extent -1");
  refused(with(integer_tensor("w", {2, 1}, {1})), ", tensor 'w': it holds 1 elements, but its shape 2x1 needs 2");
  refused(with(integer_tensor("w", {2, 1}, {1, 2})), "its right operand 'w' holds integers");
  onnx::TensorProto text;
  text.set_name("w");
  text.set_data_type(types::STRING);
  text.add_dims(1);
  text.add_string_data("x");
  refused(with(text), ", tensor 'w': its type STRING is not supported");
  refused(one(13, {1, 2}, "MatMul", {"x", "w"}).sparse("w", {2, 1}, {2}, {1}), "index 2 lies outside its shape 2x1");
  refused(one(13, {1, 2}, "MatMul", {"x", "w"}).sparse("w", {2, 1}, {0, 1}, {1}), "its values and indices do not fit");
  refused(one(13, {1, 2}, "MatMul", {"x", "w"}).sparse("w", {1L << 20, 1L << 20}, {0}, {1}), "is too large");
}

TEST_CASE("Conv that is not supported or does not fit", "[import]") {
  const auto conv = [](const shape& x, const shape& w, const std::vector<onnx_attribute>& attributes = {}) {
    std::size_t count = 1;
    for (const std::int64_t extent : w) {
      count *= static_cast<std::size_t>(extent);
    }
    return one(13, x, "Conv", {"x", "w"}, attributes).floats("w", w, std::vector<float>(count, 1));
  };
  const std::string node = ", node 'Conv_0' (Conv): ";
  refused(conv({1, 2}, {1, 2}), node + "its input has the shape 1x2; one- and two-dimensional convolutions");
  refused(conv({1, 1, 4, 4, 4}, {1, 1, 2, 2, 2}), node + "its input has the shape 1x1x4x4x4");
  refused(conv({1, 1, 4, 4}, {1, 1, 2}), node + "its weights have the shape 1x1x2; they need the rank of the input");
  refused(conv({1, 3, 4, 4}, {2, 2, 1, 1}),
          node + "its input has 3 channels, its weights the shape 2x2x1x1 and it has 1");
  refused(conv({1, 4, 4, 4}, {3, 2, 1, 1}, {{"group", 2}}), "groups must divide both sides");
  refused(conv({1, 4, 4, 4}, {4, 4, 1, 1}, {{"group", 0}}), "it has 0 groups");
  refused(conv({1, 1, 4, 4}, {1, 1, 5, 5}), node + "its window reaches over 5 cells of spatial axis 0, which has 4");
  refused(conv({1, 1, 4, 4}, {1, 1, 2, 2}, {{"strides", {0, 1}}}), node + "its attribute 'strides' has the entry 0");
  refused(conv({1, 1, 4, 4}, {1, 1, 2, 2}, {{"strides", {1}}}),
          node + "its attribute 'strides' has 1 entries; it needs 2");
  refused(conv({1, 1, 4, 4}, {1, 1, 2, 2}, {{"dilations", {-1, 1}}}),
          node + "its attribute 'dilations' has the entry -1");
  refused(conv({1, 1, 4, 4}, {1, 1, 2, 2}, {{"pads", {0, 0, -1, 0}}}), node + "its attribute 'pads' has the entry -1");
  refused(conv({1, 1, 4, 4}, {1, 1, 2, 2}, {{"pads", {0, 0, 1L << 60, 0}}}),
          node + "its attribute 'pads' has the entry");
  refused(conv({1, 1, 4, 4}, {1, 1, 2, 2}, {{"kernel_shape", {3, 2}}}), node + "its kernel_shape is 3x2");
  refused(conv({1, 1, 4, 4}, {1, 1, 2, 2}, {{"auto_pad", "SOMEHOW"}}), node + "its auto_pad is 'SOMEHOW'");
  refused(conv({1, 1, 4, 4}, {1, 1, 2, 2}, {{"strides", 1}}), node + "its attribute 'strides' has the wrong type");
  refused(one(13, {1, 1, 2, 2}, "Conv", {"x", "x"}), node + "its weights 'x' is computed by the network; it must be a");
  refused(one(13, {1, 1, 2, 2}, "Conv", {"w", "w"}).floats("w", {1, 1, 1, 1}, {1}),
          node + "its input 'w' is a constant");
  refused(one(13, {1, 1, 2}, "Conv", {"x", "w", "b"}).floats("w", {1, 1, 1}, {1}).floats("b", {2}, {1, 1}),
          node + "its bias has the shape 2; it needs 1 entries");
  refused(conv({1, 1, 4, 4}, {1, 1, 2, 2}, {{"colour", 3}}),
          "the ONNX checker refuses it: Unrecognized attribute: colour");
}

TEST_CASE("Matrix products that are not supported or do not fit", "[import]") {
  refused(one(13, {2, 2}, "MatMul", {"x", "x"}), ", node 'MatMul_0' (MatMul): its right operand 'x' is computed");
  refused(one(13, {2, 2}, "MatMul", {"w", "x"}).floats("w", {1, 2}, {1, 1}), "its input 'w' is a constant");
  refused(one(13, {2, 2}, "MatMul", {"x", "w"}).floats("w", {3, 1}, {1, 1, 1}),
          "it multiplies 2x2 by a constant of the");
  refused(one(13, {2, 2}, "MatMul", {"x", "w"}).floats("w", {1, 2, 1}, {1, 1}), "must be a constant matrix");
  refused(one(13, {2, 2}, "Gemm", {"x", "w"}).floats("w", {3, 1}, {1, 1, 1}), "(Gemm): its input B has the shape 3x1");
  refused(one(13, {2}, "Gemm", {"x", "w"}).floats("w", {2, 1}, {1, 1}),
          "its input A has the shape 2; it must have rank");
  refused(one(13, {2, 2}, "Gemm", {"x", "w", "c"}).floats("w", {2, 1}, {1, 1}).floats("c", {3}, {1, 1, 1}),
          "its input C has the shape 3; it must broadcast to 2x1");
}

TEST_CASE("Element-wise operators that are not supported or do not fit", "[import]") {
  refused(one(13, {2, 3}, "Add", {"x", "c"}).floats("c", {2}, {1, 1}), "its operands have the shapes 2x3 and 2");
  refused(one(13, {2}, "Mul", {"x", "x"}), "(Mul): it multiplies two computed tensors; one operand must be a constant");
  refused(one(13, {2}, "Div", {"c", "x"}).floats("c", {2}, {1, 1}), "(Div): it divides by a computed tensor");
  refused(one(13, {2}, "Div", {"x", "c"}).floats("c", {2}, {1, 0}), "(Div): it divides by zero");
  refused(one(13, {2, 2}, "Sub", {"x", "c"}).integers("c", {2}, {1, 0}), "(Sub): its operand 'c' holds integers");
  const auto norm = [](std::int64_t channels, float variance) {
    const std::vector<float> ones(static_cast<std::size_t>(channels), 1.0F);
    return one(14, {1, 2}, "BatchNormalization", {"x", "s", "s", "s", "v"})
        .floats("s", {channels}, ones)
        .floats("v", {2}, {1, variance});
  };
  refused(norm(3, 1), "its scale has the shape 3; it needs one entry for each of the 2 channels");
  refused(norm(2, -1), "its variance plus epsilon is -0.999990 in channel 1");
  refused(
      one(14, {1, 2}, "BatchNormalization", {"x", "s", "s", "s", "s"}, {{"training_mode", 1}}).floats("s", {2}, {1, 1}),
      "it is in training mode");
  refused(one(13, {2}, "Clip", {"x", "x"}), "its min 'x' is computed by the network");
  refused(one(13, {2}, "Clip", {"x", "m"}).floats("m", {2}, {1, 1}), "its min is no single floating-point number");
  refused(one(13, {2}, "Softmax", {"x"}, {{"axis", 1}}), "(Softmax): its axis 1 lies outside a tensor of rank 1");
}

TEST_CASE("Pools that are not supported or do not fit", "[import]") {
  const shape x{1, 1, 4, 4};
  refused(one(12, x, "MaxPool", {"x"}), "(MaxPool): it has no kernel_shape");
  refused(one(12, x, "MaxPool", {"x"}, {{"kernel_shape", {2}}}),
          "its attribute 'kernel_shape' has 1 entries; it needs 2");
  refused(one(12, x, "MaxPool", {"x"}, {{"kernel_shape", {2, 2}}, {"storage_order", 1}}), "its storage_order is not");
  onnx_builder indices(12);
  indices.input("x", x).output("y").node("MaxPool", {"x"}, {"y", "i"}, {{"kernel_shape", {2, 2}}});
  refused(indices, "its output Indices is not supported");
  refused(one(12, x, "MaxPool", {"x"}, {{"kernel_shape", {1, 1}}, {"pads", {0, 0, 1, 1}}}),
          "one of its windows lies in the padding alone");
  refused(one(12, {1, 1, 2, 2, 2}, "AveragePool", {"x"}, {{"kernel_shape", {1, 1, 1}}}),
          "its input has the shape 1x1x2x2x2");
  refused(one(12, {1, 1}, "GlobalAveragePool", {"x"}), "(GlobalAveragePool): its input has the shape 1x1");
}

TEST_CASE("Shapes that do not fit", "[import]") {
  const auto reshape = [](const shape& to) {
    return one(13, {2, 3}, "Reshape", {"x", "s"}).integers("s", {static_cast<std::int64_t>(to.size())}, to);
  };
  const std::string node = ", node 'Reshape_0' (Reshape): ";
  refused(reshape({4}), node + "it cannot give 2x3 the shape 4; the number of elements must stay");
  refused(reshape({-1, -1}), "only one extent may be -1");
  refused(reshape({-1, 4}), "the elements cannot be divided so");
  refused(reshape({2, 3, 0}), "0 copies an extent that the input does not have");
  refused(reshape({-2, 3}), "an extent is out of range");
  refused(reshape({1L << 62, 1L << 62}), "an extent is out of range");
  refused(one(13, {2, 3}, "Reshape", {"x", "x"}), node + "its shape 'x' is computed by the network");
  refused(one(11, {2, 3}, "Flatten", {"x"}, {{"axis", 3}}), "(Flatten): its axis 3 lies outside a tensor of rank 2");
  refused(one(11, {2, 3}, "Squeeze", {"x"}, {{"axes", {0}}}), "it removes axis 0 of 2x3; only extents of 1 can go");
  refused(one(11, {2, 3}, "Squeeze", {"x"}, {{"axes", {5}}}), "its axis 5 lies outside");
  refused(one(11, {2, 3}, "Unsqueeze", {"x"}, {{"axes", {0, 0}}}), "its axis 0 is listed twice");
  refused(one(13, {2, 3}, "Transpose", {"x"}, {{"perm", {0, 0}}}), "its perm is no permutation");
  refused(one(13, {2, 3}, "Concat", {"x", "c"}, {{"axis", 0}}).floats("c", {1, 2}, {0, 0}),
          "its input 'c' has the shape 1x2; it must equal 2x3 but for axis 0");
  refused(one(10, {2, 3}, "Pad", {"x"}, {{"pads", {0, 0, 1}}}), "it has 3 pads; a tensor of rank 2 needs 4");
  refused(one(10, {2, 3}, "Pad", {"x"}, {{"pads", {-1, 0, -1, 0}}}), "its pads -1 and -1 do not fit axis 0 of 2x3");
  refused(one(10, {2, 3}, "Pad", {"x"}, {{"pads", {1, 1, 1, 1}}, {"mode", "reflect"}}), "its mode is 'reflect'");
  refused(one(13, {2, 3}, "Gather", {"x", "i"}).integers("i", {1}, {0}),
          "(Gather): it works on a computed tensor; this operator is supported on constants only");
  const auto slice = [](std::int64_t from, std::int64_t to, std::int64_t by) {
    return one(13, {2, 3}, "Slice", {"x", "f", "t", "a", "b"})
        .integers("f", {1}, {from})
        .integers("t", {1}, {to})
        .integers("a", {1}, {1})
        .integers("b", {1}, {by});
  };
  refused(slice(2, 2, 1), "(Slice): it takes nothing of axis 1");
  refused(slice(0, 3, 2), "(Slice): its step along axis 1 is 2; on computed tensors");
  refused(slice(0, 3, 0), "(Slice): its step is 0");
  refused(one(13, {1, 1, 2, 2}, "ReduceMean", {"x"}, {{"axes", {1}}}),
          "(ReduceMean): it takes the mean over other axes");
  refused(one(13, {2, 3}, "Cast", {"x"}, {{"to", int{types::INT64}}}), "it casts a computed tensor to the type 7");
  refused(one(12, {2, 3}, "Dropout", {"x", "", "t"}).tensor(narrow_tensor("t", types::BOOL, {}, {1})),
          "in training mode");
}

TEST_CASE("Folds that cannot be done", "[import]") {
  const auto weights = [](const std::string& op, const std::vector<std::string>& inputs,
                          const std::vector<onnx_attribute>& attributes = {}) {
    onnx_builder model(13);
    model.input("x", {1, 2}).output("y").node(op, inputs, {"w"}, attributes).node("MatMul", {"x", "w"}, {"y"});
    return model.floats("f", {2, 1}, {1, 0}).integers("i", {1}, {7}).integers("z", {1}, {0});
  };
  refused(weights("Gather", {"f", "i"}), "(Gather): its index 7 lies outside an axis of 2");
  refused(weights("Div", {"f", "f"}), "(Div): its result of constants is not finite");
  refused(weights("Div", {"i", "z"}), "(Div): its result of constants is beyond the range of int64");
  refused(weights("Add", {"f", "i"}), "(Add): its operands mix integers and floating-point numbers");
  refused(weights("Cast", {"f"}, {{"to", int{types::STRING}}}), "(Cast): it casts a constant to the type 8");
  refused(weights("ConstantOfShape", {"big"}).integers("big", {2}, {1L << 20, 1L << 20}), "is too large");
  refused(weights("DequantizeLinear", {"i", "f"}, {{"axis", 0}}), "(DequantizeLinear): its scale has the shape 2x1");
  refused(weights("Constant", {}, {{"value_string", "x"}}), "(Constant): it holds no number");
}

TEST_CASE("A shape that the file declares wrongly is refused", "[import]") {
  onnx_builder model(13);
  model.input("x", {2, 3}).output("y").node("Relu", {"x"}, {"y"});
  auto& extents =
      *model.model.mutable_graph()->mutable_output(0)->mutable_type()->mutable_tensor_type()->mutable_shape();
  extents.add_dim()->set_dim_value(2);
  extents.add_dim()->set_dim_value(4);
  refused(model, "ONNX shape inference finds a contradiction");
}
