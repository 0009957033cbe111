// SPDX-License-Identifier: Apache-2.0
#include "tb/sonic/comparison_session.h"

#include "tb/sonic/comparison.h"
#include "tb/sonic/comparison_plan.h"
#include "tb/sonic/comparison_runs.h"

namespace sonic::command {

report::comparison_report run_comparison(const comparison_options& options) {
  constexpr std::size_t shown_combinations = 5;
  const auto plan = read_plan(options.file);
  check_inputs(options.frames, plan.networks);
  run_memory runs(plan.networks, options.frames);
  accelerator_costs costs(plan, runs);
  costs.simulate(options.jobs, options.sensitivity);
  auto report = compare_by_default(costs);
  report.file = options.file;
  if (options.sensitivity) {
    report.sensitivity = sensitivity_of(costs, shown_combinations);
  }
  return report;
}

} // namespace sonic::command
