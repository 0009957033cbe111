// SPDX-License-Identifier: Apache-2.0
#include "tb/sonic/prepared.h"

#include "sonic/config/load.h"
#include "sonic/config/locate.h"
#include "tb/cosim/decoder_twin.h"
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
  cosim::prepare_decoder_twin(chip); // before there are several processes
}

const workload::step& prepared::step_of(std::size_t descriptor) const {
  return std::get<workload::step>(program.steps[image.descriptor_steps[descriptor]]);
}

} // namespace sonic::command
