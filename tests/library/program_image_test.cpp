// SPDX-License-Identifier: Apache-2.0
// A network of two programs with the host's work between, through the public headers alone.
#include "sonic/program_image.h"

#include "examples/platform/host.h"
#include "examples/platform/memory.h"
#include "sonic/accelerator.h"
#include "sonic/core/error.h"
#include "sonic/summary.h"
#include "tests/library/shipped_configurations.h"
#include "tests/support/onnx_builder.h"
#include "tests/support/scratch_folder.h"

#include <catch2/catch.hpp>

#include <cmath>
#include <fstream>
#include <iostream>
#include <iterator>
#include <numeric>
#include <random>

using namespace sonic;
using sonic::tests::onnx_builder;
using sonic::tests::scratch_folder;

namespace {

constexpr std::int64_t features = 6, classes = 4;

std::vector<float> weights(std::int64_t rows, std::int64_t columns) {
  std::vector<float> w(static_cast<std::size_t>(rows * columns));
  for (std::size_t i = 0; i < w.size(); ++i) {
    w[i] = i % 3 == 0 ? 0.0F : static_cast<float>(i % 5) / 4.0F - 0.5F;
  }
  return w;
}

std::vector<float> product(const std::vector<float>& x, const std::vector<float>& w, std::int64_t columns) {
  std::vector<float> y(static_cast<std::size_t>(columns));
  for (std::size_t i = 0; i < w.size(); ++i) {
    y[i % y.size()] += x[i / y.size()] * w[i];
  }
  return y;
}

/// Softmax in the middle, so that the host works between two programs.
std::string make_model(const scratch_folder& scratch) {
  onnx_builder model(13);
  model.input("x", {1, features})
      .floats("w", {features, classes}, weights(features, classes))
      .floats("v", {classes, features}, weights(classes, features));
  model.node("MatMul", {"x", "w"}, {"scores"})
      .node("Softmax", {"scores"}, {"shares"}, {{"axis", 1}})
      .node("MatMul", {"shares", "v"}, {"y"})
      .output("y");
  const auto file = scratch / "model.onnx";
  model.save(file);
  return file.string();
}

const std::vector<float> input{0.5F, -0.25F, 1.0F, 0.0F, 0.75F, -1.0F};

template <class work>
std::string refusal(const work& refused) {
  try {
    static_cast<void>(refused());
  } catch (const core::user_error& mistake) {
    return mistake.what();
  }
  return "nothing was refused";
}

} // namespace

TEST_CASE("a saved image runs on the chip, the host's work between its programs", "[sim]") {
  sonic::tests::use_shipped_configurations();
  const scratch_folder scratch;
  const auto chip = configuration::load("small", {"run.optics=ideal"});
  const auto file = (scratch / "model.sonic").string();
  program_image::lower(make_model(scratch), chip).save(file);
  const auto image = program_image::load(file);
  REQUIRE(image.steps().size() == 3);
  REQUIRE(image.layers().size() == 2);
  CHECK(image.layers()[0].operation == "fully_connected");

  constexpr std::uint64_t base = 0x10000;
  accelerator sonic("sonic", chip);
  memory ram("ram", base, image.size(), {10.0, 0.1});
  std::vector<float> found;
  host cpu("cpu", [&](host& self) {
    ram.write(base, image.bytes());
    const auto& x = image.tensors()[image.inputs().front()];
    ram.write(base + x.address, x.encode(input));
    for (const auto& step : image.steps()) {
      const auto& from = image.tensors()[step.input];
      const auto& to = image.tensors()[step.output];
      if (step.what == image_step::kind::program) {
        CHECK(self.run_program(base, image.size(), step.address, step.count) == SONIC_ERROR_NONE);
      } else {
        const auto shares = image.host_work(step, from.decode(ram.read(base + from.address, from.bytes)));
        CHECK(std::accumulate(shares.begin(), shares.end(), 0.0) == Approx(1.0));
        ram.write(base + to.address, to.encode(shares));
      }
    }
    const auto& y = image.tensors()[image.outputs().front()];
    found = y.decode(ram.read(base + y.address, y.bytes));
  });
  sc_core::sc_signal<bool> irq("irq"), reset("reset");
  cpu.bus.bind(sonic.cfg);
  sonic.mem.bind(ram.port);
  sonic.irq.bind(irq);
  cpu.irq.bind(irq);
  sonic.reset.bind(reset);
  sc_core::sc_start();

  auto shares = product(input, weights(features, classes), classes);
  float sum = 0.0F;
  for (auto& s : shares) {
    sum += s = std::exp(s);
  }
  for (auto& s : shares) {
    s /= sum;
  }
  const auto expected = product(shares, weights(classes, features), features);
  REQUIRE(found.size() == expected.size());
  double deviation = 0.0;
  for (std::size_t i = 0; i < found.size(); ++i) {
    deviation = std::max(deviation, std::abs(static_cast<double>(found[i] - expected[i])));
  }
  std::cout << "largest deviation from the closed form: " << deviation << "\n";
  CHECK(deviation < 1e-6);

  const auto took = summarise(chip, image, sonic.records());
  CHECK(took.layers.size() == 2);
  CHECK(took.latency_ns == Approx(took.layers[0].time_ns + took.layers[1].time_ns));
  CHECK(took.energy_pj > 0.0);
}

TEST_CASE("arrays that do not fit are refused in one sentence") {
  sonic::tests::use_shipped_configurations();
  const scratch_folder scratch;
  const auto model = make_model(scratch);
  const auto quantised = configuration::load("small");
  CHECK(refusal([&] { return program_image::lower(model, quantised, {{{1.0F}}}); }) ==
        "calibration: the array for 'x' has 1 numbers; expected 1x6");
  CHECK(refusal([&] { return program_image::lower(model, quantised, {{}}); }) ==
        "calibration: 0 arrays are given; expected one for each of the network's 1 inputs");
  CHECK(refusal([&] { return program_image::lower(model, quantised); }) != "nothing was refused");
  const auto image = program_image::lower(model, quantised, {{input}});
  const auto& x = image.tensors()[image.inputs().front()];
  CHECK(refusal([&] { return x.encode({1.0F}); }) == "tensor x: 1 numbers are given; expected 6");
  CHECK(refusal([&] { return x.decode({1}); }) == "tensor x: 1 bytes are given; expected 12");
  CHECK(refusal([&] { return image.host_work(image.steps()[0], input); }) ==
        "program image: the step is the accelerator's; expected one of kind softmax");
  CHECK(refusal([&] { return image.host_work(image.steps()[1], input); }) ==
        "tensor scores: 6 numbers are given; expected 4");
  CHECK(refusal([&] { return summarise(quantised, image, {}); }) ==
        "records: 0 layers have been recorded; expected the 2 of one run of the network: clear_records() before it");
}

TEST_CASE("codes of a tensor and real numbers are each other's inverse within half a step") {
  sonic::tests::use_shipped_configurations();
  const scratch_folder scratch;
  const auto image = program_image::lower(make_model(scratch), configuration::load("small"), {{input}});
  const auto& x = image.tensors()[image.inputs().front()];
  const auto back = x.decode(x.encode(input));
  for (std::size_t i = 0; i < input.size(); ++i) {
    CHECK(std::abs(back[i] - input[i]) <= x.scale / 2.0 * (1.0 + 1e-6));
  }
}

TEST_CASE("a damaged image file is refused, or is still consistent") {
  sonic::tests::use_shipped_configurations();
  const scratch_folder scratch;
  const auto file = (scratch / "model.sonic").string();
  program_image::lower(make_model(scratch), configuration::load("small"), {{input}}).save(file);
  std::ifstream in(file, std::ios::binary);
  const std::string good{std::istreambuf_iterator<char>(in), {}};
  const std::uint64_t seed = 20261122;
  std::mt19937_64 random(seed);
  int refused = 0;
  constexpr int tries = 500;
  for (int i = 0; i < tries; ++i) {
    CAPTURE(seed, i);
    auto bad = good;
    if (i % 4 == 0) {
      bad.resize(random() % good.size());
    } else {
      for (std::uint64_t n = 1 + random() % 4; n > 0; --n) {
        bad[random() % bad.size()] = static_cast<char>(random());
      }
    }
    std::ofstream(file, std::ios::binary) << bad;
    try {
      const auto image = program_image::load(file);
      for (const auto& t : image.tensors()) {
        REQUIRE(t.address + t.bytes <= image.size());
        REQUIRE(t.decode(std::vector<std::uint8_t>(t.bytes)).size() == t.elements());
      }
    } catch (const core::user_error& mistake) {
      CHECK(std::string(mistake.what()).find(file) == 0);
      ++refused;
    }
  }
  std::cout << tries << " damaged files, seed " << seed << ": " << refused << " refused\n";
  CHECK(refused > tries / 4);
  CHECK(refusal([] { return program_image::load("/nowhere/x.sonic"); }) ==
        "/nowhere/x.sonic: cannot be read; expected one that program_image::save has written");
}
