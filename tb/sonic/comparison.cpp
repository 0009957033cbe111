// SPDX-License-Identifier: Apache-2.0
#include "tb/sonic/comparison.h"

#include "tb/sonic/comparison_ratios.h"

#include <algorithm>
#include <utility>

namespace sonic::command {

namespace {

void fill_networks(const accelerator_costs& costs, report::comparison_report& r) {
  const auto& plan = costs.plan();
  for (std::size_t n = 0; n < plan.networks.size(); ++n) {
    const auto work = costs.work_of(n, {});
    const auto& run = costs.counted_run(n);
    report::compared_network line;
    line.name = plan.networks[n].name;
    line.model = plan.networks[n].model;
    line.images = costs.runs().images_of(n);
    line.synthetic = line.images == synthetic_frames;
    line.frames = run.frames;
    line.parameters = run.parameters;
    line.products = work.convolutions.all + work.fully_connected.all;
    line.weight_zeros = 1.0 - (work.convolutions.weights + work.fully_connected.weights) / line.products;
    line.activation_zeros = 1.0 - (work.convolutions.activations + work.fully_connected.activations) / line.products;
    r.networks.push_back(std::move(line));
  }
}

void fill_ratios(const comparison_plan& plan, report::comparison_report& r) {
  const auto& reference = r.accelerators[plan.reference].figures;
  const choices first(plan.assumptions.size(), 0);
  const auto bits = bits_of(plan, first);
  std::vector<double> ratios;
  for (std::size_t a = 0; a < plan.accelerators.size(); ++a) {
    if (a == plan.reference) {
      continue;
    }
    const auto& other = r.accelerators[a].figures;
    for (const auto kind : {report::ratio_kind::fps_per_watt, report::ratio_kind::energy_per_bit}) {
      report::ratio_line line;
      line.accelerator = plan.accelerators[a].name;
      line.kind = kind;
      line.calibrated = r.accelerators[a].calibrated;
      for (std::size_t n = 0; n < reference.size(); ++n) {
        line.by_network.push_back(ratio_of(reference[n], other[n], kind, bits));
      }
      line.mean_of_ratios = average_ratio(reference, other, kind, bits, report::average_kind::ratios);
      line.ratio_of_means = average_ratio(reference, other, kind, bits, report::average_kind::means);
      const auto published = std::find_if(plan.published.begin(), plan.published.end(),
                                          [&](const auto& p) { return p.accelerator == a && p.kind == kind; });
      if (published != plan.published.end()) {
        line.published = published->value.value;
        line.source = published->value.from.source;
        line.hangs_on = published->hangs_on;
      }
      r.ratios.push_back(std::move(line));
    }
  }
}

void fill_absolutes(const comparison_plan& plan, report::comparison_report& r) {
  constexpr double operations_per_product = 2.0, per_giga = 1e-9;
  const auto bits = bits_of(plan, choices(plan.assumptions.size(), 0));
  const auto mean_in = [&](std::size_t accelerator, report::absolute_measure measure) {
    std::vector<double> values;
    for (std::size_t n = 0; n < plan.networks.size(); ++n) {
      const auto& f = r.accelerators[accelerator].figures[n];
      switch (measure) {
      case report::absolute_measure::fps_per_watt:
        values.push_back(f.frames_per_second_per_watt);
        break;
      case report::absolute_measure::gop_per_s_per_watt:
        values.push_back(f.frames_per_second_per_watt * operations_per_product * r.networks[n].products * per_giga);
        break;
      case report::absolute_measure::pj_per_bit:
        values.push_back(bits == report::bit_kind::operand ? f.epb_operand_pj : f.epb_parameter_pj);
        break;
      }
    }
    return mean(values);
  };
  for (const auto& figure : plan.absolute) {
    report::absolute_line line;
    line.name = figure.name;
    line.accelerator = plan.accelerators[figure.accelerator].name;
    line.source = figure.value.from.source;
    line.source_kind = std::string(config::to_string(figure.value.from.kind));
    line.about = figure.about;
    line.measure = figure.measure;
    line.value = figure.value.value;
    line.ours = mean_in(figure.accelerator, figure.measure);
    line.reference = mean_in(plan.reference, figure.measure);
    r.absolutes.push_back(std::move(line));
  }
}

} // namespace

report::comparison_report compare_by_default(accelerator_costs& costs) {
  const auto& plan = costs.plan();
  const choices first(plan.assumptions.size(), 0);
  report::comparison_report r;
  r.name = plan.name;
  r.reference = plan.accelerators[plan.reference].name;
  fill_networks(costs, r);
  for (std::size_t a = 0; a < plan.accelerators.size(); ++a) {
    const auto& entry = plan.accelerators[a];
    const auto which = costs.variant_of(a, first);
    report::compared_accelerator line;
    line.name = entry.name;
    line.file = which.chip.file.string();
    line.electronic = entry.electronic;
    line.calibrated = entry.electronic && baselines::read_electronic(which.chip.file).calibrated;
    line.figures = costs.figures_of(a, which);
    r.accelerators.push_back(std::move(line));
  }
  fill_ratios(plan, r);
  fill_absolutes(plan, r);
  r.distance = report::log_distance(ratios_of(costs, first), published_values(plan));
  r.simulations = costs.runs().runs().size();
  r.passed = true;
  for (const auto& [where, run] : costs.runs().runs()) {
    if (!run.passed && r.passed) {
      r.passed = false;
      r.failure = plan.networks[where.first].name + ": " + run.failure;
    }
  }
  return r;
}

} // namespace sonic::command
