// SPDX-License-Identifier: Apache-2.0
#include "tb/sonic/session.h"

#include "tb/report/accounting.h"
#include "tb/report/damage.h"
#include "tb/report/html.h"
#include "tb/sonic/compare.h"
#include "tb/sonic/prepared.h"
#include "tb/sonic/progress.h"
#include "tb/sonic/workers.h"
#include "tb/workload/array_io.h"
#include "tb/workload/operation_name.h"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <utility>

namespace sonic::command {

namespace {

using workload::step;

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
  const auto& levels = s.weights.codebook;
  const auto is_zero = [&levels](std::int16_t code) {
    return code < 0 || levels[static_cast<std::size_t>(code)] == 0.0F;
  };
  const auto zeros = s.weights.values.empty() ? std::count_if(s.weights.codes.begin(), s.weights.codes.end(), is_zero)
                                              : std::count(s.weights.values.begin(), s.weights.values.end(), 0.0F);
  return 1.0 - static_cast<double>(zeros) / total;
}

std::vector<report::layer_line> describe_layers(const prepared& what) {
  std::vector<report::layer_line> lines;
  for (std::size_t i = 0; i < what.image.descriptor_steps.size(); ++i) {
    const auto& s = what.step_of(i);
    report::layer_line l;
    l.name = s.name;
    l.operation = workload::operation_name(s.kind);
    l.dense_macs = dense_macs(what.program, s) / static_cast<std::uint64_t>(what.frames.frames_per_run);
    l.nonzero_weights = nonzero_fraction(s);
    lines.push_back(std::move(l));
  }
  return lines;
}

/// Share of its array's unit time that each layer used.
std::vector<double> busy_units(const config::architecture& chip, const report::run_report& r) {
  std::vector<double> busy;
  for (const auto& l : r.layers) {
    const bool conv = l.done.conv.symbols > 0;
    const double used_ns = conv ? l.done.conv.busy_ns : l.done.fc.busy_ns;
    const double whole_ns =
        l.time_ns * static_cast<double>(r.images) * (conv ? chip.conv_array.vdus : chip.fc_array.vdus);
    busy.push_back(whole_ns > 0.0 ? used_ns / whole_ns : 0.0);
  }
  return busy;
}

/// Adds outcomes, in the order of the runs, to one report.
class collector {
public:
  explicit collector(const prepared& what);

  void add(run_outcome&& outcome);
  report::run_report finish();
  [[nodiscard]] const std::vector<workload::named_tensor>& outputs() const { return outputs_; }
  [[nodiscard]] const std::string& frame() const { return frame_; }

private:
  void add_outputs(run_outcome&& outcome);
  void finish_layers();
  void finish_energy();
  void judge();

  const prepared& what_;
  energy::table table_;
  report::run_report report_;
  core::activity total_;
  double elapsed_ns_ = 0.0;
  std::vector<double> latencies_ns_, energies_pj_; ///< per frame
  std::vector<workload::named_tensor> outputs_;
  std::string frame_; ///< of the first run
};

collector::collector(const prepared& what) : what_(what), table_(report::energy_table(what.chip)) {
  const auto& frames = what.frames;
  report_.model = what.options.model;
  report_.dataset = what.options.dataset;
  report_.network = frames.network.name;
  report_.parameters = frames.network.parameters;
  report_.zero_parameters = frames.network.zero_parameters;
  report_.architecture = what.chip.name;
  report_.optics = config::to_string(what.chip.run.optics);
  report_.timing = config::to_string(what.chip.run.timing);
  report_.accounting = config::to_string(what.chip.run.accounting);
  report_.seed = what.chip.run.seed;
  report_.tolerance = what.how.element == workload::element_kind::float32 ? ideal_tolerance : 0.0;
  report_.measured = what.chip.run.optics == config::optics_mode::physical;
  report_.layers = describe_layers(what);
  report_.damage = report::damage_report_of(what.chip);
  report_.classified = !frames.labels.empty();
  report_.compared = static_cast<std::uint64_t>(what.compared_runs * frames.frames_per_run);
}

void collector::add(run_outcome&& outcome) {
  core::activity done;
  for (std::size_t i = 0; i < outcome.layers.size(); ++i) {
    const auto& from = outcome.layers[i];
    auto& line = report_.layers[i];
    line.time_ns += from.time_ns;
    line.light_ns += from.light_ns;
    line.done += from.done;
    line.inputs += from.inputs;
    line.zero_inputs += from.zero_inputs;
    line.check.compared = line.check.compared || from.check.compared;
    line.check.elements += from.check.elements;
    line.check.mismatches += from.check.mismatches;
    line.check.signal += from.check.signal;
    line.check.noise += from.check.noise;
    // A deviation that is no number stays.
    line.check.deviation = from.check.deviation > line.check.deviation || std::isnan(from.check.deviation)
                               ? from.check.deviation
                               : line.check.deviation;
    done += from.done;
  }
  if (frame_.empty()) {
    frame_ = std::move(outcome.frame);
  }
  total_ += done;
  elapsed_ns_ += outcome.latency_ns;
  report_.recalibrations += outcome.recalibrations;
  report_.host_seconds += outcome.host_seconds;
  const auto per_run = what_.frames.frames_per_run;
  const auto frames = static_cast<double>(per_run);
  const double energy_pj = report::energy_of(table_, done, outcome.latency_ns).total_pj();
  for (std::int64_t f = 0; f < per_run; ++f) {
    latencies_ns_.push_back(outcome.latency_ns / frames);
    energies_pj_.push_back(energy_pj / frames);
  }
  for (const auto& a : outcome.answers) {
    const auto label = what_.frames.labels[report_.classes.images];
    report_.classes.add(static_cast<std::uint64_t>(label), a.chip, a.reference);
  }
  report_.images += static_cast<std::uint64_t>(per_run);
  add_outputs(std::move(outcome));
}

void collector::add_outputs(run_outcome&& outcome) {
  const auto& network = what_.frames.network;
  for (std::size_t i = 0; i < outcome.outputs.size(); ++i) {
    auto& found = outcome.outputs[i];
    const auto& value = network.values[network.outputs[i]];
    if (outputs_.size() <= i) {
      outputs_.emplace_back(value.name, workload::tensor{value.extents, std::move(found)});
    } else {
      auto& all = outputs_[i].second;
      all.values.insert(all.values.end(), found.begin(), found.end());
      all.extents[0] += value.extents[0];
    }
  }
}

void collector::finish_layers() {
  const auto frames = static_cast<double>(report_.images);
  for (auto& line : report_.layers) {
    line.energy_pj = report::energy_of(table_, line.done, line.time_ns).total_pj() / frames;
    line.time_ns /= frames;
    line.light_ns /= frames;
  }
}

void collector::finish_energy() {
  auto& r = report_;
  r.calibration_ns = what_.chip.run.timing == config::timing_mode::functional
                         ? 0.0
                         : what_.chip.devices.thermo_optic_tuning.latency_ns;
  r.calibration_pj = report::heaters_mw(what_.chip) * r.calibration_ns;
  const auto frames = static_cast<double>(r.images);
  r.energy = report::energy_of(table_, total_, elapsed_ns_);
  r.area = energy::area_of(what_.chip.areas, report::devices_of(what_.chip));
  r.fully_active_w = energy::fully_active_mw(table_) / 1e3;
  r.latency_ns = report::distribution_of(std::move(latencies_ns_));
  r.energy_pj = report::distribution_of(std::move(energies_pj_));
  r.steps = static_cast<std::uint64_t>(std::llround(static_cast<double>(total_.conv.steps + total_.fc.steps) / frames));
  r.operand_bits = report::operand_bits(what_.chip, total_) / frames;
  const double parameter_bits = report::parameter_bits(r.parameters);
  r.epb_operand_pj = r.operand_bits > 0 ? r.energy_pj.mean / r.operand_bits : 0.0;
  r.epb_parameter_pj = parameter_bits > 0 ? r.energy_pj.mean / parameter_bits : 0.0;
  if (elapsed_ns_ > 0) {
    r.power_w = r.energy_pj.mean / r.latency_ns.mean / 1e3; // pJ / ns = mW
    r.frames_per_second = 1e9 / r.latency_ns.mean;
    r.frames_per_second_per_watt = r.power_w > 0 ? r.frames_per_second / r.power_w : 0.0;
    r.conv_utilisation = total_.conv.busy_ns / (elapsed_ns_ * what_.chip.conv_array.vdus);
    r.fc_utilisation = total_.fc.busy_ns / (elapsed_ns_ * what_.chip.fc_array.vdus);
  }
}

void collector::judge() {
  auto& r = report_;
  r.passed = true;
  for (const auto& line : r.layers) {
    if (line.check.mismatches > 0 && r.passed && !r.measured) {
      r.passed = false;
      r.failure = "layer " + line.name + ": " + std::to_string(line.check.mismatches) + " of " +
                  std::to_string(line.check.elements) + " elements differ from the reference";
    }
  }
}

report::run_report collector::finish() {
  finish_layers();
  finish_energy();
  for (const auto& key : what_.chip.keys) {
    const bool given = key.where.rfind("--set", 0) == 0;
    if (key.kind != config::source_kind::published && (given || !key.source.empty())) {
      report_.estimates.push_back({key.key, key.text, std::string(config::to_string(key.kind)), key.source});
    }
  }
  judge();
  return std::move(report_);
}

} // namespace

report::run_report run_session(const run_options& options) {
  const prepared what(options);
  collector all(what);
  progress bar("frames", what.frames.runs * what.frames.frames_per_run, options.quiet);
  run_all(what, options.jobs, [&](run_outcome&& outcome) {
    all.add(std::move(outcome));
    bar.advance(what.frames.frames_per_run);
  });
  if (!options.output.empty()) {
    workload::save_npz(options.output, all.outputs());
  }
  auto found = all.finish();
  if (!options.html.empty()) {
    report::write_file(options.html, report::to_html(found, report::roofline_of(what.chip, found),
                                                     busy_units(what.chip, found), all.frame()));
  }
  return found;
}

} // namespace sonic::command
