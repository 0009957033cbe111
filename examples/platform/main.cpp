// SPDX-License-Identifier: Apache-2.0
// A plain SystemC platform around the accelerator: a processor, a memory, an interrupt and a reset line.
//
//   platform MODEL.onnx INPUT.f32 [key=value...]      runs the network once; the input is raw little-endian floats
//
// Prints the network's outputs, one number a line, then what the run took as JSON. docs/integration.md explains it.
#include "host.h"
#include "memory.h"
#include "sonic/accelerator.h"
#include "sonic/configuration.h"
#include "sonic/core/error.h"
#include "sonic/program_image.h"
#include "sonic/summary.h"

#include <cstdio>
#include <cstring>
#include <fstream>
#include <iostream>
#include <iterator>
#include <string>
#include <vector>

#include <systemc>

namespace {

constexpr std::uint64_t memory_base = 0x80000000;
constexpr memory::timing memory_takes{100.0, 0.04}; // 25 GB/s

std::vector<float> floats_of(const std::string& file) {
  std::ifstream in(file, std::ios::binary);
  const std::vector<char> bytes{std::istreambuf_iterator<char>(in), {}};
  std::vector<float> values(bytes.size() / sizeof(float));
  std::memcpy(values.data(), bytes.data(), values.size() * sizeof(float));
  return values;
}

/// The software: everything between an input in memory and an output in memory.
void run_network(host& cpu, memory& ram, const sonic::program_image& image, const std::vector<float>& input) {
  const auto place = [](const sonic::image_tensor& t) { return memory_base + t.address; };
  ram.write(memory_base, image.bytes());
  const auto& first = image.tensors()[image.inputs().front()];
  ram.write(place(first), first.encode(input));
  for (const auto& step : image.steps()) {
    if (step.what == sonic::image_step::kind::program) {
      const auto error = cpu.run_program(memory_base, image.size(), step.address, step.count);
      if (error != SONIC_ERROR_NONE) {
        SC_REPORT_ERROR("host", ("the accelerator stopped with error " + std::to_string(error)).c_str());
      }
    } else {
      const auto& from = image.tensors()[step.input];
      const auto& to = image.tensors()[step.output];
      ram.write(place(to), to.encode(image.host_work(step, from.decode(ram.read(place(from), from.bytes)))));
    }
  }
}

int run(const std::vector<std::string>& arguments) {
  const auto chip = sonic::configuration::load("sonic", {arguments.begin() + 2, arguments.end()});
  const auto input = floats_of(arguments[1]);
  const auto image = sonic::program_image::lower(arguments[0], chip, {{input}});

  sonic::accelerator accelerator("sonic", chip);
  memory ram("ram", memory_base, image.size(), memory_takes);
  bool finished = false;
  host cpu("cpu", [&](host& self) {
    run_network(self, ram, image, input);
    finished = true;
  });
  sc_core::sc_signal<bool> irq("irq"), reset("reset");
  cpu.bus.bind(accelerator.cfg);
  accelerator.mem.bind(ram.port);
  accelerator.irq.bind(irq);
  cpu.irq.bind(irq);
  accelerator.reset.bind(reset);
  sc_core::sc_start(); // until nothing is left to do
  if (!finished) {
    std::cerr << "platform: the software waits for an interrupt that does not come\n";
    return 1;
  }

  const auto& output = image.tensors()[image.outputs().front()];
  for (const float value : output.decode(ram.read(memory_base + output.address, output.bytes))) {
    std::printf("%.9g\n", static_cast<double>(value));
  }
  std::cout << sonic::summarise(chip, image, accelerator.records()).to_json();
  return 0;
}

} // namespace

int sc_main(int argc, char** argv) {
  if (argc < 3) {
    std::cerr << "platform: expected MODEL.onnx INPUT.f32 [key=value...]\n";
    return 2;
  }
  try {
    return run({argv + 1, argv + argc});
  } catch (const sonic::core::user_error& mistake) {
    std::cerr << "platform: " << mistake.what() << '\n';
  } catch (const sc_core::sc_report& report) {
    std::cerr << report.what() << '\n';
  }
  return 2;
}
