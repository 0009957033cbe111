// SPDX-License-Identifier: Apache-2.0
#include "tb/sonic/session.h"

#include "sonic/config/load.h"
#include "sonic/core/error.h"
#include "sonic_regs/regs.h"
#include "tb/host/chip_view.h"
#include "tb/reference/calibrate.h"
#include "tb/reference/float_executor.h"
#include "tb/report/accounting.h"
#include "tb/sonic/compare.h"
#include "tb/sonic/frames.h"
#include "tb/sonic/locate.h"
#include "tb/sonic/progress.h"
#include "tb/workload/array_io.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <filesystem>
#include <limits>
#include <memory>

namespace sonic::command {

namespace {

using config::architecture;
using workload::element_kind;
using workload::step;

architecture load_configuration(const run_options& options) {
  auto overrides = options.overrides;
  const auto add = [&](const char* key, const auto& value) {
    if (value) {
      overrides.push_back(std::string("run.") + key + "=" + *value);
    }
  };
  add("optics", options.optics);
  add("timing", options.timing);
  add("accounting", options.accounting);
  if (options.seed) {
    overrides.push_back("run.seed=" + std::to_string(*options.seed));
  }
  return config::load_architecture(find_architecture(options.architecture), overrides);
}

const char* operation_name(workload::step_kind kind) {
  switch (kind) {
  case workload::step_kind::convolution:
    return "convolution";
  case workload::step_kind::fully_connected:
    return "fully_connected";
  case workload::step_kind::max_pool:
    return "max_pool";
  case workload::step_kind::average_pool:
    return "average_pool";
  case workload::step_kind::elementwise:
    return "elementwise";
  case workload::step_kind::fill:
    return "fill";
  }
  return "unknown";
}

/// Multiplications of a layer with no zero skipped.
std::uint64_t dense_macs(const workload::program& p, const step& s) {
  const auto& out = p.slots[s.output].extents;
  const auto positions = static_cast<std::uint64_t>(out[0] * out[2] * out[3]);
  if (s.kind == workload::step_kind::convolution || s.kind == workload::step_kind::fully_connected) {
    return positions * static_cast<std::uint64_t>(s.weights.rows * s.weights.columns);
  }
  return 0;
}

double nonzero_fraction(const step& s) {
  const auto total = static_cast<double>(s.weights.rows * s.weights.columns);
  if (total == 0.0) {
    return 0.0;
  }
  const auto zeros = s.weights.values.empty()
                         ? std::count(s.weights.codes.begin(), s.weights.codes.end(), std::int16_t{-1})
                         : std::count(s.weights.values.begin(), s.weights.values.end(), 0.0F);
  return 1.0 - static_cast<double>(zeros) / total;
}

std::vector<report::layer_line> describe_layers(const workload::program& p, const workload::memory_image& image,
                                                std::int64_t frames) {
  std::vector<report::layer_line> lines;
  for (const auto index : image.descriptor_steps) {
    const auto& s = std::get<step>(p.steps[index]);
    report::layer_line l;
    l.name = s.name;
    l.operation = operation_name(s.kind);
    l.dense_macs = dense_macs(p, s) / static_cast<std::uint64_t>(frames);
    l.nonzero_weights = nonzero_fraction(s);
    lines.push_back(std::move(l));
  }
  return lines;
}

std::size_t largest_of(const float* values, std::size_t count) {
  return static_cast<std::size_t>(std::max_element(values, values + count) - values);
}

/// Counts right answers where the first output holds one score per class and frame.
void classify(report::classification& to, const workload::tensor& chip, const workload::tensor& reference,
              const std::vector<std::int64_t>& labels, std::size_t first, std::size_t frames) {
  const std::size_t classes = chip.values.size() / frames;
  for (std::size_t f = 0; f < frames; ++f) {
    const std::size_t answer = largest_of(chip.values.data() + f * classes, classes);
    const std::size_t expected = largest_of(reference.values.data() + f * classes, classes);
    const auto label = static_cast<std::size_t>(labels[first + f]);
    ++to.images;
    to.correct += answer == label ? 1U : 0U;
    to.reference_correct += expected == label ? 1U : 0U;
    to.agreeing += answer == expected ? 1U : 0U;
  }
}

/// One run of the whole command.
class session {
public:
  explicit session(const run_options& options)
      : options_(options), chip_(load_configuration(options)), frames_(load_frames(options)),
        how_(host::numerics_of(chip_)), program_(make_program()),
        image_(workload::lower(program_, host::layout_of(chip_))), comparer_(frames_.network, program_, how_) {}

  report::run_report run();

private:
  workload::program make_program() {
    if (how_.element == element_kind::float32) {
      return workload::compile(frames_.network, how_, {});
    }
    return reference::quantise(frames_.network, how_, load_calibration(options_, frames_));
  }

  void add_run(host::inference& chip, std::int64_t run);
  void check_run(host::inference& chip, std::int64_t run);
  void finish();

  const run_options& options_;
  architecture chip_;
  frame_set frames_;
  workload::numerics how_;
  workload::program program_;
  workload::memory_image image_;
  comparer comparer_;
  report::run_report report_;
  activity total_;
  double elapsed_ns_ = 0.0;
  std::vector<workload::named_tensor> outputs_;
};

void session::add_run(host::inference& chip, std::int64_t run) {
  const auto began = std::chrono::steady_clock::now();
  const auto result = chip.run(frames_.run_inputs(run));
  report_.host_seconds += std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
  if (result.error_code != 0) {
    const auto& s = std::get<step>(program_.steps[image_.descriptor_steps[result.error_index]]);
    throw core::user_error("node " + s.name,
                           std::string("the accelerator refused it: ") + regs::error_descriptions.at(result.error_code),
                           "expected a network and buffers that fit each other, see docs/registers.md");
  }
  for (const auto& record : result.layers) {
    auto& line = report_.layers[record.index];
    line.time_ns += record.end_ns - record.start_ns;
    line.light_ns += record.light_end_ns - record.light_start_ns;
    line.done += record.done;
    total_ += record.done;
  }
  const double per_frame_ns = result.latency_ns / static_cast<double>(frames_.frames_per_run);
  elapsed_ns_ += result.latency_ns;
  report_.latency_min_ns = std::min(report_.latency_min_ns, per_frame_ns);
  report_.latency_max_ns = std::max(report_.latency_max_ns, per_frame_ns);
  report_.images += static_cast<std::uint64_t>(frames_.frames_per_run);
}

void session::check_run(host::inference& chip, std::int64_t run) {
  comparer_.prepare(frames_.run_inputs(run));
  for (std::size_t i = 0; i < image_.descriptor_steps.size(); ++i) {
    comparer_.compare(chip, std::get<step>(program_.steps[image_.descriptor_steps[i]]).output, report_.layers[i].check);
  }
  report_.compared += static_cast<std::uint64_t>(frames_.frames_per_run);
}

report::run_report session::run() {
  report_.model = options_.model;
  report_.network = frames_.network.name;
  report_.parameters = frames_.network.parameters;
  report_.zero_parameters = frames_.network.zero_parameters;
  report_.architecture = chip_.name;
  report_.optics = config::to_string(chip_.run.optics);
  report_.timing = config::to_string(chip_.run.timing);
  report_.accounting = config::to_string(chip_.run.accounting);
  report_.seed = chip_.run.seed;
  report_.tolerance = how_.element == element_kind::float32 ? ideal_tolerance : 0.0;
  report_.latency_min_ns = std::numeric_limits<double>::infinity();
  report_.layers = describe_layers(program_, image_, frames_.frames_per_run);
  report_.classified = !frames_.labels.empty();

  host::testbench bench(chip_, image_.size);
  host::inference chip(bench, frames_.network, program_, image_);
  const std::int64_t compared = options_.compare < 0 ? frames_.runs : std::min(options_.compare, frames_.runs);
  progress bar("frames", frames_.runs * frames_.frames_per_run);
  for (std::int64_t run = 0; run < frames_.runs; ++run) {
    add_run(chip, run);
    if (run < compared) {
      check_run(chip, run);
    }
    for (std::size_t i = 0; i < program_.outputs.size(); ++i) {
      auto found = chip.values(program_.outputs[i]);
      if (report_.classified && i == 0) {
        const auto reference =
            run < compared ? comparer_.floats() : reference::run_float(frames_.network, frames_.run_inputs(run));
        classify(report_.classes, found, reference[frames_.network.outputs[i]], frames_.labels,
                 static_cast<std::size_t>(run * frames_.frames_per_run),
                 static_cast<std::size_t>(frames_.frames_per_run));
      }
      if (options_.output.empty()) {
        continue;
      }
      if (run == 0) {
        outputs_.emplace_back(frames_.network.values[frames_.network.outputs[i]].name, std::move(found));
      } else {
        auto& all = outputs_[i].second;
        all.values.insert(all.values.end(), found.values.begin(), found.values.end());
        all.extents[0] += found.extents[0];
      }
    }
    bar.advance(frames_.frames_per_run);
  }
  finish();
  if (!options_.output.empty()) {
    workload::save_npz(options_.output, outputs_);
  }
  return report_;
}

void session::finish() {
  auto& r = report_;
  const auto frames = static_cast<double>(r.images);
  const auto table = report::energy_table(chip_);
  for (auto& line : r.layers) {
    line.energy_pj = report::energy_of(table, line.done, line.time_ns).total_pj() / frames;
    line.time_ns /= frames;
    line.light_ns /= frames;
  }
  r.energy = report::energy_of(table, total_, elapsed_ns_);
  r.fully_active_w = energy::fully_active_mw(table) / 1e3;
  r.energy_pj = r.energy.total_pj() / frames;
  r.latency_ns = elapsed_ns_ / frames;
  r.steps = static_cast<std::uint64_t>(std::llround(static_cast<double>(total_.conv.steps + total_.fc.steps) / frames));
  r.operand_bits = report::operand_bits(chip_, total_) / frames;
  const double parameter_bits = static_cast<double>(r.parameters) * 16.0;
  r.epb_operand_pj = r.operand_bits > 0 ? r.energy_pj / r.operand_bits : 0.0;
  r.epb_parameter_pj = parameter_bits > 0 ? r.energy_pj / parameter_bits : 0.0;
  if (elapsed_ns_ > 0) {
    r.power_w = r.energy_pj / r.latency_ns / 1e3; // pJ / ns = mW
    r.frames_per_second = 1e9 / r.latency_ns;
    r.frames_per_second_per_watt = r.power_w > 0 ? r.frames_per_second / r.power_w : 0.0;
    r.conv_utilisation = total_.conv.busy_ns / (elapsed_ns_ * chip_.conv_array.vdus);
    r.fc_utilisation = total_.fc.busy_ns / (elapsed_ns_ * chip_.fc_array.vdus);
  }
  for (const auto& key : chip_.keys) {
    const bool given = key.where.rfind("--set", 0) == 0;
    if (key.kind != config::source_kind::published && (given || !key.source.empty())) {
      r.estimates.push_back({key.key, key.text, std::string(config::to_string(key.kind)), key.source});
    }
  }
  r.passed = true;
  for (const auto& line : r.layers) {
    if (line.check.mismatches > 0 && r.passed) {
      r.passed = false;
      r.failure = "layer " + line.name + ": " + std::to_string(line.check.mismatches) + " of " +
                  std::to_string(line.check.elements) + " elements differ from the reference";
    }
  }
}

} // namespace

report::run_report run_session(const run_options& options) {
  return session(options).run();
}

} // namespace sonic::command
