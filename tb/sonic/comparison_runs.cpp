// SPDX-License-Identifier: Apache-2.0
#include "tb/sonic/comparison_runs.h"

#include "sonic/config/load.h"
#include "sonic/core/error.h"
#include "tb/sonic/activity_json.h"
#include "tb/sonic/child_process.h"
#include "tb/sonic/progress.h"
#include "tb/sonic/session.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

namespace sonic::command {

NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(measured_run, done, elapsed_ns, frames, parameters, passed, failure)

namespace {

/// Keys that neither values, nor counted actions, nor times depend on, unless optics are physical.
bool is_accounting(std::string_view key) {
  static constexpr std::array<std::string_view, 8> whole{"name",
                                                         "gating",
                                                         "idle_power_fraction",
                                                         "run.accounting",
                                                         "devices.microring.slices",
                                                         "tuning.collective_factor",
                                                         "receiver.amplifier_power",
                                                         "receiver.arms"};
  static constexpr std::array<std::string_view, 6> endings{".power",  "_power",   ".energy",
                                                           "_energy", ".leakage", ".area"};
  return std::find(whole.begin(), whole.end(), key) != whole.end() ||
         std::any_of(endings.begin(), endings.end(), [&](std::string_view end) { return key.ends_with(end); });
}

std::string hardware_of(const config::architecture& chip) {
  const bool physical = chip.run.optics == config::optics_mode::physical;
  std::string all;
  for (const auto& key : chip.keys) {
    if (key.key != "name" && (physical || !is_accounting(key.key))) {
      all += key.key + "=" + key.text + "\n";
    }
  }
  return all;
}

measured_run measure(const network_entry& network, const frame_source& frames, const chip_variant& chip) {
  run_options options;
  options.model = network.model;
  choose_frames(options, network, frames);
  options.quiet = true;
  options.architecture = chip.file.string();
  options.overrides = chip.overrides;
  options.overrides.emplace_back("gating=vcsel_and_dac"); // zeros are counted; who does not gate ignores them
  const auto report = run_session(options);
  measured_run found;
  for (const auto& layer : report.layers) {
    found.done += layer.done;
  }
  found.frames = report.images;
  found.elapsed_ns = report.latency_ns.mean * static_cast<double>(report.images);
  found.parameters = report.parameters;
  found.passed = report.passed;
  found.failure = report.failure;
  return found;
}

} // namespace

void run_memory::want(const chip_variant& chip) {
  if (chips_.count(chip) > 0) {
    return;
  }
  auto architecture = config::load_architecture(chip.file, chip.overrides);
  if (architecture.run.timing == config::timing_mode::functional) {
    throw core::user_error(chip.file.string(), "run.timing is functional: no time passes",
                           "expected loosely_timed or approximately_timed");
  }
  auto hardware = hardware_of(architecture);
  hardware_.emplace(hardware, chip);
  chips_.emplace(chip, known_chip{std::move(architecture), std::move(hardware)});
}

void run_memory::simulate(int jobs) {
  std::vector<std::pair<std::size_t, std::string>> wanted;
  for (const auto& [hardware, chip] : hardware_) {
    for (std::size_t network = 0; network < networks_.size(); ++network) {
      if (runs_.count({network, hardware}) == 0) {
        wanted.emplace_back(network, hardware);
      }
    }
  }
  progress bar("simulations", static_cast<std::int64_t>(wanted.size()));
  run_in_children(
      jobs, wanted.size(),
      [&](std::size_t index, const child_process::sender& send) {
        const auto& [network, hardware] = wanted[index];
        try {
          send(nlohmann::json::to_cbor(nlohmann::json(measure(networks_[network], frames_, hardware_.at(hardware)))));
        } catch (const core::user_error& e) {
          throw core::user_error(networks_[network].name + " on " + hardware_.at(hardware).file.string() + ": " +
                                 e.what());
        }
      },
      [&](std::size_t index, const std::vector<std::uint8_t>& bytes) {
        runs_[wanted[index]] = nlohmann::json::from_cbor(bytes).get<measured_run>();
        bar.advance(1);
      });
}

std::string run_memory::images_of(std::size_t network) const {
  run_options ignored;
  return choose_frames(ignored, networks_[network], frames_);
}

} // namespace sonic::command
