// SPDX-License-Identifier: Apache-2.0
// The sonic command's own JSON file against docs/report.schema.json.
#include "tb/workload/array_io.h"
#include "tests/report/schema.h"
#include "tests/support/onnx_builder.h"
#include "tests/support/scratch_folder.h"

#include <catch2/catch.hpp>

#include <cstdlib>

#include <sys/wait.h>

using namespace sonic::tests;

namespace {

/// Two frames of 2 x 6 x 6, a sparse convolution, a pool and a fully connected layer of three classes.
struct small_network {
  scratch_folder folder;
  std::filesystem::path model, input, labels;

  small_network() {
    std::vector<float> kernels(4 * 2 * 3 * 3);
    for (std::size_t i = 0; i < kernels.size(); ++i) {
      kernels[i] = i % 3 == 0 ? 0.0F : 0.1F * static_cast<float>(i % 7) - 0.3F;
    }
    std::vector<float> weights(36 * 3);
    for (std::size_t i = 0; i < weights.size(); ++i) {
      weights[i] = i % 4 == 0 ? 0.0F : 0.05F * static_cast<float>(i % 11) - 0.2F;
    }
    onnx_builder b;
    b.input("x", {-1, 2, 6, 6}).floats("k", {4, 2, 3, 3}, kernels).floats("w", {36, 3}, weights);
    b.node("Conv", {"x", "k"}, {"c"}, {{"pads", {1, 1, 1, 1}}}).node("Relu", {"c"}, {"r"});
    b.node("MaxPool", {"r"}, {"p"}, {{"kernel_shape", {2, 2}}, {"strides", {2, 2}}});
    b.node("Flatten", {"p"}, {"f"}).node("MatMul", {"f", "w"}, {"y"}).output("y");
    model = b.save(folder / "net.onnx");
    std::vector<float> frames(2 * 2 * 6 * 6);
    for (std::size_t i = 0; i < frames.size(); ++i) {
      frames[i] = i % 5 == 0 ? 0.0F : 0.01F * static_cast<float>(i % 97);
    }
    input = folder / "x.npy";
    sonic::workload::save_npy(input, {{2, 2, 6, 6}, frames});
    labels = folder / "labels.npy";
    sonic::workload::save_npy(labels, {{2}, {0, 2}});
  }

  /// Runs the command and gives its JSON back.
  nlohmann::json run(const std::string& options) const {
    const auto file = folder / "report.json";
    const std::string line = "'" SONIC_COMMAND "' run '" + model.string() + "' --input '" + input.string() +
                             "' --arch '" SONIC_SOURCE_DIR "/configs/sonic.yaml' --json '" + file.string() + "' " +
                             options + " > '" + (folder / "table.txt").string() + "'";
    const int status = std::system(line.c_str());
    INFO(line);
    REQUIRE(WIFEXITED(status));
    REQUIRE(WEXITSTATUS(status) == 0);
    std::ifstream stream(file);
    return nlohmann::json::parse(stream);
  }
};

} // namespace

TEST_CASE("sonic run --json writes what the schema describes", "[sim]") {
  const small_network network;
  for (const std::string options : {"", "--optics ideal", "--timing functional", "--accounting full", "--compare 1",
                                    "--set devices.adc.power=10mW"}) {
    CAPTURE(options);
    const auto j = network.run(options);
    CHECK(schema_problems(j) == std::vector<std::string>{});
    CHECK(j["frames"] == 2);
    CHECK(j["verdict"]["passed"] == true);
    CHECK(j["verdict"]["compared_frames"] == (options == "--compare 1" ? 1 : 2));
    CHECK_FALSE(j.contains("classification"));
    CHECK((j["latency_ns"]["mean"] > 0.0) == (options != "--timing functional"));
  }
}

TEST_CASE("a labelled run reports its classes, and its totals add up", "[sim]") {
  const small_network network;
  const auto j = network.run("--labels '" + network.labels.string() + "'");
  CHECK(schema_problems(j) == std::vector<std::string>{});
  CHECK(j["classification"]["images"] == 2);
  double device_pj = 0.0;
  for (const auto& line : j["energy"]) {
    device_pj += line["dynamic_pj"].get<double>() + line["static_pj"].get<double>();
  }
  double layer_pj = 0.0;
  double layer_ns = 0.0;
  for (const auto& layer : j["layers"]) {
    layer_pj += layer["energy_pj"].get<double>();
    layer_ns += layer["time_ns"].get<double>();
  }
  CHECK(device_pj / 2 == Approx(j["energy_pj"]["mean"].get<double>()).epsilon(1e-12));
  CHECK(layer_pj == Approx(j["energy_pj"]["mean"].get<double>()).epsilon(1e-12)); // published: nothing static
  CHECK(layer_ns == Approx(j["latency_ns"]["mean"].get<double>()).epsilon(1e-9));
  CHECK(j["frames_per_second"].get<double>() * j["latency_ns"]["mean"].get<double>() == Approx(1e9).epsilon(1e-12));
}
