// SPDX-License-Identifier: Apache-2.0
#include "tb/sonic/prepared.h"

#include "sonic/config/load.h"
#include "sonic/config/locate.h"
#include "sonic/core/error.h"
#include "tb/cosim/chip_twins.h"
#include "tb/host/chip_view.h"
#include "tb/reference/calibrate.h"

#include <algorithm>
#include <string>
#include <variant>

namespace sonic::command {

namespace {

config::architecture load_configuration(const run_options& options) {
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
  return config::load_architecture(config::find_architecture(options.architecture), overrides);
}

workload::program make_program(const run_options& options, const frame_set& frames, const workload::numerics& how) {
  if (how.element == workload::element_kind::float32) {
    return workload::compile(frames.network, how, {});
  }
  return reference::quantise(frames.network, how, load_calibration(options, frames));
}

} // namespace

prepared::prepared(const run_options& given)
    : options(given), chip(load_configuration(options)), frames(load_frames(options)), how(host::numerics_of(chip)),
      program(make_program(options, frames, how)), image(workload::lower(program, host::layout_of(chip))),
      compared_runs(options.compare < 0 ? frames.runs : std::min(options.compare, frames.runs)) {
  const bool waves = !options.waves.empty();
  if (waves && chip.run.timing != config::timing_mode::approximately_timed) {
    throw core::user_error("--waves " + options.waves, "time passes in larger steps than those of RTL",
                           "expected --timing approximately_timed");
  }
  cosim::prepare_twins(chip, waves); // before there are several processes
}

const workload::step& prepared::step_of(std::size_t descriptor) const {
  return std::get<workload::step>(program.steps[image.descriptor_steps[descriptor]]);
}

} // namespace sonic::command
