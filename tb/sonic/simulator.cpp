// SPDX-License-Identifier: Apache-2.0
#include "tb/sonic/simulator.h"

#include "tb/sonic/wave_files.h"

#include "sonic/core/error.h"
#include "sonic_regs/regs.h"
#include "tb/reference/float_executor.h"
#include "tb/report/accounting.h"
#include "tb/report/frame_view.h"
#include "tb/report/run_report.h"
#include "tb/report/trace.h"

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <string>

namespace sonic::command {

namespace {

std::size_t largest_of(const float* values, std::size_t count) {
  return static_cast<std::size_t>(std::max_element(values, values + count) - values);
}

/// Classes that chip and float network name, where an output holds one score per class and frame.
std::vector<answer> answers_of(const workload::tensor& chip, const workload::tensor& reference, std::size_t frames) {
  const std::size_t classes = chip.values.size() / frames;
  std::vector<answer> answers;
  for (std::size_t f = 0; f < frames; ++f) {
    answers.push_back({largest_of(chip.values.data() + f * classes, classes),
                       largest_of(reference.values.data() + f * classes, classes)});
  }
  return answers;
}

} // namespace

simulator::simulator(const prepared& what)
    : what_(what), twins_(what.chip, !what.options.waves.empty()),
      bench_(what.chip, what.image.size, true, {twins_.index_decoder, twins_.accumulator, twins_.post_processor}),
      chip_(bench_, what.frames.network, what.program, what.image),
      comparer_(what.frames.network, what.program, what.how, what.compared_runs > 1,
                what.chip.run.optics == config::optics_mode::physical) {}

run_outcome simulator::run(std::int64_t index) {
  const auto began = std::chrono::steady_clock::now();
  const bool observed = index == 0 && !(what_.options.trace.empty() && what_.options.html.empty());
  run_outcome outcome;
  const auto waves = index == 0 ? std::make_unique<wave_files>(what_.options, what_.chip, bench_, twins_) : nullptr;
  const auto result = observed ? run_observed(index, outcome.frame) : chip_.run(what_.frames.run_inputs(index), index);
  outcome.host_seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
  if (waves) {
    waves->finish();
  }
  twins_.rethrow();
  if (result.error_code != 0) {
    throw core::user_error("node " + what_.step_of(result.error_index).name,
                           std::string("the accelerator refused it: ") + regs::error_descriptions.at(result.error_code),
                           "expected a network and buffers that fit each other, see docs/registers.md");
  }
  outcome.latency_ns = result.latency_ns;
  outcome.recalibrations = result.recalibrations;
  outcome.layers.resize(what_.image.descriptor_steps.size());
  for (const auto& record : result.layers) {
    auto& layer = outcome.layers[record.index];
    layer.time_ns = record.end_ns - record.start_ns;
    layer.light_ns = record.light_end_ns - record.light_start_ns;
    layer.done = record.done;
  }
  if (index < what_.compared_runs) {
    check(outcome, index);
  }
  count_zeros(outcome);
  read_outputs(outcome, index);
  return outcome;
}

host::inference_result simulator::run_observed(std::int64_t index, std::string& frame) {
  report::trace_recorder trace;
  bench_.chip().watch(&trace);
  auto result = chip_.run(what_.frames.run_inputs(index), index);
  bench_.chip().watch(nullptr);
  // After an error the last layer has not ended, but what it did is there.
  const std::size_t last = what_.image.descriptor_steps.size() - 1;
  const auto name_of = [&](std::size_t layer) { return what_.step_of(std::min(layer, last)).name; };
  if (!what_.options.trace.empty()) {
    report::write_file(what_.options.trace, trace.to_json(name_of));
  }
  if (!what_.options.html.empty()) {
    constexpr std::size_t steps = 400;
    frame = report::frame_view_json(trace.events(), result.layers, report::energy_table(what_.chip), steps);
  }
  return result;
}

void simulator::check(run_outcome& outcome, std::int64_t index) {
  comparer_.prepare(what_.frames.run_inputs(index));
  for (std::size_t i = 0; i < outcome.layers.size(); ++i) {
    comparer_.compare(chip_, what_.step_of(i).output, outcome.layers[i].check);
  }
}

void simulator::count_zeros(run_outcome& outcome) {
  const bool coded = what_.program.element == workload::element_kind::code16;
  for (std::size_t i = 0; i < outcome.layers.size(); ++i) {
    auto& layer = outcome.layers[i];
    const auto slot = what_.step_of(i).input;
    const auto count = [&](const auto& elements, auto zero) {
      layer.inputs = elements.size();
      layer.zero_inputs = static_cast<std::uint64_t>(std::count(elements.begin(), elements.end(), zero));
    };
    if (coded) {
      count(chip_.codes(slot), static_cast<std::uint16_t>(what_.program.slots[slot].zero_point));
    } else {
      count(chip_.values(slot).values, 0.0F);
    }
  }
}

void simulator::read_outputs(run_outcome& outcome, std::int64_t index) {
  const auto& frames = what_.frames;
  const bool wanted = !what_.options.output.empty();
  for (std::size_t i = 0; i < what_.program.outputs.size(); ++i) {
    const bool classify = i == 0 && !frames.labels.empty();
    if (!classify && !wanted) {
      continue;
    }
    auto found = chip_.values(what_.program.outputs[i]);
    if (classify) {
      const auto reference = index < what_.compared_runs
                                 ? comparer_.floats()[frames.network.outputs[i]]
                                 : reference::run_float_outputs(frames.network, frames.run_inputs(index))[i];
      outcome.answers = answers_of(found, reference, static_cast<std::size_t>(frames.frames_per_run));
    }
    if (wanted) {
      outcome.outputs.push_back(std::move(found.values));
    }
  }
}

} // namespace sonic::command
