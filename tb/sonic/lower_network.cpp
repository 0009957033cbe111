// SPDX-License-Identifier: Apache-2.0
#include "tb/sonic/lower_network.h"

#include "sonic/core/error.h"
#include "tb/reference/program_executor.h"
#include "tb/report/run_report.h"
#include "tb/sonic/prepared.h"
#include "tb/workload/codes.h"

#include <algorithm>
#include <cctype>
#include <cstdint>
#include <filesystem>
#include <string_view>
#include <variant>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace sonic::command {

namespace {

void append(std::string& bytes, const std::vector<std::uint16_t>& codes) {
  bytes.append(reinterpret_cast<const char*>(codes.data()), codes.size() * sizeof(std::uint16_t));
}

/// "mnist" for "build/mnist": a word of C.
std::string word_of(const std::string& prefix) {
  std::string word = std::filesystem::path(prefix).filename().string();
  const auto is_part = [](unsigned char c) { return std::isalnum(c) != 0 || c == '_'; };
  if (word.empty() || std::isdigit(static_cast<unsigned char>(word.front())) != 0 ||
      !std::all_of(word.begin(), word.end(), is_part)) {
    throw core::user_error("--to " + prefix, "its last part is no word of C",
                           "expected letters, digits and underscores, such as build/mnist");
  }
  return word;
}

/// The slot whose content is the network's output. A softmax at the end is left to whoever reads it.
workload::slot_id output_of(const std::string& model, const workload::program& program) {
  const auto is_host = [](const auto& work) { return std::holds_alternative<workload::host_step>(work); };
  const auto first = std::find_if(program.steps.begin(), program.steps.end(), is_host);
  if (first == program.steps.end()) {
    return program.outputs.front();
  }
  const auto& softmax = std::get<workload::host_step>(*first);
  if (first + 1 != program.steps.end() || softmax.output != program.outputs.front()) {
    throw core::user_error(model, "'" + softmax.name + "' is done by the host, between layers",
                           "expected a network whose only softmax is its last layer");
  }
  return softmax.input;
}

std::uint64_t elements_of(const workload::slot& s) {
  std::uint64_t count = 1;
  for (const auto extent : s.extents) {
    count *= static_cast<std::uint64_t>(extent);
  }
  return count;
}

std::string header_of(const std::string& word, const prepared& what, workload::slot_id output) {
  std::string upper = word;
  std::transform(upper.begin(), upper.end(), upper.begin(), [](unsigned char c) { return std::toupper(c); });
  const auto& image = what.image;
  const auto& run = image.runs.front();
  const auto input = what.program.inputs.front();
  const auto& in = what.program.slots[input];
  const auto& out = what.program.slots[output];
  std::string text =
      fmt::format("/* SPDX-License-Identifier: Apache-2.0 */\n"
                  "/* Made by `sonic lower`; do not edit. Addresses are relative to the image's start. */\n"
                  "#ifndef {0}_NETWORK_H\n#define {0}_NETWORK_H\n\n",
                  upper);
  const auto define = [&](const char* name, std::uint64_t value, const char* what_it_is) {
    text += fmt::format("#define {}_{} {}u /* {} */\n", upper, name, value, what_it_is);
  };
  define("IMAGE_BYTES", image.bytes.size(), "of the image's file");
  define("MEMORY_BYTES", image.size, "that the program may touch, image and tensors");
  define("DESCRIPTOR_ADDRESS", run.address, "of the first descriptor");
  define("DESCRIPTORS", run.count, "layers");
  define("INPUT_ADDRESS", image.slot_addresses[input], "of the input's codes");
  define("INPUT_ELEMENTS", elements_of(in), "codes of 16 bits of one frame");
  define("OUTPUT_ADDRESS", image.slot_addresses[output], "of the output's codes");
  define("OUTPUT_ELEMENTS", elements_of(out), "codes of 16 bits of one frame");
  define("FRAMES", static_cast<std::uint64_t>(what.frames.runs), "in the files of inputs and expected outputs");
  text += fmt::format("/* Real numbers: scale * (code - zero point). */\n"
                      "#define {0}_INPUT_SCALE {1:.17g}\n#define {0}_INPUT_ZERO_POINT {2}\n"
                      "#define {0}_OUTPUT_SCALE {3:.17g}\n#define {0}_OUTPUT_ZERO_POINT {4}\n",
                      upper, in.scale, in.zero_point, out.scale, out.zero_point);
  if (!what.frames.labels.empty()) {
    text += fmt::format("#define {}_LABELS {{{}}}\n", upper, fmt::join(what.frames.labels, ", "));
  }
  return text + "\n#endif\n";
}

} // namespace

void lower_network(const run_options& options, const std::string& prefix) {
  const std::string word = word_of(prefix);
  run_options once = options;
  once.compare = 0;
  const prepared what(once);
  if (what.program.element != workload::element_kind::code16) {
    throw core::user_error("run.optics", "under ideal optics numbers are not codes", "expected quantised or physical");
  }
  if (what.program.inputs.size() != 1 || what.program.outputs.size() != 1) {
    throw core::user_error(
        options.model,
        fmt::format("it has {} inputs and {} outputs", what.program.inputs.size(), what.program.outputs.size()),
        "expected one of each");
  }
  const auto output = output_of(options.model, what.program);
  const reference::program_executor golden(what.frames.network, what.program, what.how);
  std::string inputs;
  std::string expected;
  for (std::int64_t run = 0; run < what.frames.runs; ++run) {
    const auto tensors = what.frames.run_inputs(run);
    append(inputs, workload::encode(tensors.front(), what.program.slots[what.program.inputs.front()],
                                    what.program.activation_bits));
    append(expected, golden.run(tensors)[output]);
  }
  const auto& bytes = what.image.bytes;
  report::write_file(prefix + ".bin", std::string(bytes.begin(), bytes.end()));
  report::write_file(prefix + "_inputs.bin", inputs);
  report::write_file(prefix + "_expected.bin", expected);
  report::write_file(prefix + ".h", header_of(word, what, output));
}

} // namespace sonic::command
