// SPDX-License-Identifier: Apache-2.0
// Damaged, unsupported and contradictory networks.
#include "tests/sonic/sonic_command.h"
#include "tests/support/onnx_builder.h"

#include <catch2/catch.hpp>

#include <limits>

using namespace sonic::tests;

namespace {

onnx_builder four() {
  onnx_builder model(13);
  model.input("x", {-1, 4}).output("y");
  return model;
}

} // namespace

TEST_CASE("a damaged or unsupported network is refused in one sentence") {
  const scratch_folder folder;
  write_good_files(folder);
  constexpr float not_a_number = std::numeric_limits<float>::quiet_NaN();
  constexpr std::int64_t absurd = std::int64_t{1} << 62;
  struct bad_network {
    onnx_builder model;
    std::vector<std::string> words;
  };
  auto cut_weights = four().node("MatMul", {"x", "w"}, {"y"});
  cut_weights.tensor(float_tensor("w", {4, 3}, {1, 2, 3}));
  auto huge_weights = four().node("MatMul", {"x", "w"}, {"y"});
  huge_weights.tensor(float_tensor("w", {4, absurd}, {1, 2, 3}));
  auto no_output = onnx_builder(13).input("x", {-1, 4}).node("Relu", {"x"}, {"y"});
  auto constant = four().floats("s", {1}, {1e30F}).node("Mul", {"x", "s"}, {"y"});
  const std::vector<bad_network> networks{
      {four().node("Relu", {"z"}, {"y"}), {"'Relu_0'", "'z'", "nothing defines"}},
      {four().node("Add", {"x", "b"}, {"a"}).node("Relu", {"a"}, {"b"}).node("Relu", {"b"}, {"y"}),
       {"'Add_0'", "own output"}},
      {four().node("Einsum", {"x"}, {"y"}), {"'Einsum_0'", "not supported", "MatMul"}},
      {four().floats("w", {5, 3}, std::vector<float>(15, 1)).node("MatMul", {"x", "w"}, {"y"}), {"'MatMul_0'"}},
      {four().floats("w", {4, 1}, {1, 2, 3, not_a_number}).node("MatMul", {"x", "w"}, {"y"}), {"'w'", "NaN"}},
      {cut_weights, {"'w'"}},
      {huge_weights, {"'w'", "too large"}},
      {no_output, {"no outputs"}},
      {onnx_builder(99).input("x", {-1, 4}).output("y").node("Relu", {"x"}, {"y"}), {"operator set 99", "9 to 17"}},
      {onnx_builder(13).input("x", {absurd, absurd}).output("y").node("Relu", {"x"}, {"y"}), {"too large"}},
      {onnx_builder(13).input("x", {-1, -1}).output("y").node("Relu", {"x"}, {"y"}), {"'x'", "axis 1"}},
      {onnx_builder(13).input("x", {0, 4}).output("y").node("Relu", {"x"}, {"y"}), {"'x'", "extent 0"}},
      {onnx_builder(13).input("x", {-1, 4}, onnx::TensorProto::STRING).output("y").node("Relu", {"x"}, {"y"}),
       {"'x'", "floating-point"}},
      {onnx_builder(13).input("x", {1, 1, 2, 2}).output("y").node("MaxPool", {"x"}, {"y"}, {{"kernel_shape", {5, 5}}}),
       {"'MaxPool_0'"}},
      {onnx_builder(13)
           .input("x", {1, 1, 2, 2})
           .output("y")
           .node("MaxPool", {"x"}, {"y"}, {{"kernel_shape", {1, 1}}, {"strides", {0, absurd}}}),
       {"'MaxPool_0'"}},
      {onnx_builder(13)
           .input("x", {1, 1, 2, 2})
           .output("y")
           .floats("w", {1, 1, 1, 1}, {1})
           .node("Conv", {"x", "w"}, {"y"}, {{"pads", {absurd, absurd, absurd, absurd}}}),
       {"'Conv_0'"}},
      {onnx_builder(13)
           .input("x", {-1, 4})
           .output("y")
           .integers("s", {2}, {absurd, absurd})
           .node("Expand", {"x", "s"}, {"y"}),
       {"Expand_0"}},
      {onnx_builder(13)
           .input("x", {-1, 4})
           .output("y")
           .integers("s", {2}, {std::int64_t{1} << 20, std::int64_t{1} << 20})
           .node("ConstantOfShape", {"s"}, {"c"})
           .node("Add", {"x", "c"}, {"y"}),
       {"ConstantOfShape_0"}},
      {four().integers("s", {2}, {3, 7}).node("Reshape", {"x", "s"}, {"y"}), {"'Reshape_0'"}},
  };
  for (const auto& [model, words] : networks) {
    model.save(folder / "bad.onnx");
    auto all = words;
    all.emplace_back("bad.onnx");
    check_refused(folder, {{"run", "bad.onnx", "--input", "good.npy"}, all});
  }
}

TEST_CASE("bytes that are no network are refused in one sentence") {
  const scratch_folder folder;
  write_good_files(folder);
  const std::string good = four()
                               .floats("w", {4, 3}, std::vector<float>(12, 0.5F))
                               .node("MatMul", {"x", "w"}, {"y"})
                               .model.SerializeAsString();
  const std::vector<std::string> contents{"", "this is no network\n", std::string(4096, '\xff'),
                                          good.substr(0, good.size() / 2), good.substr(0, good.size() - 3)};
  for (const auto& content : contents) {
    folder.write("bad.onnx", content);
    check_refused(folder, {{"run", "bad.onnx", "--input", "good.npy"}, {"bad.onnx"}});
  }
}
