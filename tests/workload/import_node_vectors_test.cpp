// SPDX-License-Identifier: Apache-2.0
// The ONNX project's own test vectors, which python3-onnx carries: each is imported and computed, or refused cleanly.
#include "import_support.h"

#include "tb/workload/array_io.h"

#include <catch2/catch.hpp>

#include <cmath>
#include <cstdlib>
#include <map>
#include <sys/wait.h>

using namespace sonic::tests;
namespace fs = std::filesystem;

namespace {

/// False where the Python package is missing.
bool generate(const fs::path& folder) {
  const std::string command = std::string(SONIC_PYTHON) + " " + SONIC_SOURCE_DIR +
                              "/tests/workload/generate_node_vectors.py " + folder.string() + " 2>&1";
  const int status = std::system(command.c_str());
  const int code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  REQUIRE((code == 0 || code == 77));
  return code == 0;
}

onnx::ModelProto read(const fs::path& file) {
  std::ifstream stream(file, std::ios::binary);
  onnx::ModelProto model;
  REQUIRE(model.ParseFromIstream(&stream));
  return model;
}

/// A test names the operator set in which its operator came up last: it means the same in every later one.
void lift_operator_set(onnx::ModelProto& model) {
  for (auto& import : *model.mutable_opset_import()) {
    import.set_version(std::max<std::int64_t>(import.version(), 9));
  }
}

/// Makes each input from @p first on a constant of its test value.
void hold(onnx::ModelProto& model, const fs::path& folder, int first) {
  for (int i = first; i < model.graph().input_size(); ++i) {
    std::ifstream stream(folder / ("input_" + std::to_string(i) + ".pb"), std::ios::binary);
    onnx::TensorProto value;
    if (stream && value.ParseFromIstream(&stream)) {
      value.set_name(model.graph().input(i).name());
      *model.mutable_graph()->add_initializer() = value;
    }
  }
}

/// The largest |made - expected| / (1 + |expected|) over all outputs.
double deviation(const graph& network, const fs::path& folder) {
  std::vector<tensor> inputs;
  for (std::size_t i = 0; i < network.inputs.size(); ++i) {
    inputs.push_back(sonic::workload::load_arrays(folder / ("input_" + std::to_string(i) + ".pb"))[0].second);
  }
  const std::vector<tensor> values = sonic::reference::run_float(network, inputs);
  double largest = 0.0;
  for (std::size_t o = 0; o < network.outputs.size(); ++o) {
    const tensor expected = sonic::workload::load_arrays(folder / ("output_" + std::to_string(o) + ".pb"))[0].second;
    const tensor& made = values[network.outputs[o]];
    REQUIRE(made.extents == expected.extents);
    for (std::size_t i = 0; i < made.values.size(); ++i) {
      const double difference = std::abs(static_cast<double>(made.values[i]) - static_cast<double>(expected.values[i]));
      largest = std::max(largest, difference / (1.0 + std::abs(static_cast<double>(expected.values[i]))));
    }
  }
  return largest;
}

} // namespace

TEST_CASE("ONNX's own node tests give their results or are refused cleanly", "[import]") {
  const scratch_folder folder;
  if (!generate(folder.path())) {
    WARN("skipped: python3-onnx is not installed");
    return;
  }
  int computed = 0, unknown = 0;
  double largest = 0.0;
  std::string refusals;
  for (const auto& entry : fs::directory_iterator(folder.path())) {
    const std::string name = entry.path().filename().string();
    CAPTURE(name);
    std::string sentence;
    bool done = false;
    for (int constants_from : {1 << 20, 1}) { // every input computed; else every one but the first a constant
      onnx::ModelProto model = read(entry.path() / "model.onnx");
      lift_operator_set(model);
      hold(model, entry.path(), constants_from);
      std::ofstream(entry.path() / "tried.onnx", std::ios::binary) << model.SerializeAsString();
      try {
        const graph network = sonic::workload::import_onnx(entry.path() / "tried.onnx");
        const double off = deviation(network, entry.path());
        CHECK(off < 1e-5);
        largest = std::max(largest, off);
        done = true;
        break;
      } catch (const sonic::core::user_error& error) {
        sentence = error.what();
        CHECK(sentence.find("tried.onnx") != std::string::npos);
      }
    }
    computed += done ? 1 : 0;
    if (!done && (sentence.find("uses an operator that is not supported") != std::string::npos ||
                  sentence.find("it names no ONNX operator set") != std::string::npos ||
                  sentence.find("is of the domain") != std::string::npos)) {
      ++unknown; // the training operators have a domain of their own
    } else if (!done) {
      refusals += " " + name;
    }
  }
  WARN(computed << " node tests computed, largest deviation " << largest << "; " << unknown
                << " use operators that are not supported; refused for another reason:" << refusals);
  CHECK(computed >= 144);
}
