// SPDX-License-Identifier: Apache-2.0
#include "tb/platform/platform_report.h"

#include "tb/report/run_report.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <zlib.h>

namespace sonic::platform {

void write_report(const std::filesystem::path& file, const platform_config& config, platform& machine,
                  const run_result& result, double host_seconds) {
  constexpr double ns_per_s = 1e9;
  nlohmann::ordered_json out;
  out["platform"] = config.name;
  if (result.exit_code) {
    out["exit_code"] = *result.exit_code;
  } else {
    out["why"] = result.why;
  }
  out["simulated_ns"] = sc_core::sc_time_stamp().to_seconds() * ns_per_s;
  out["instructions"] = machine.processor().instructions();
  const auto memory = machine.ram();
  out["ram_crc32"] = fmt::format("{:08x}", ::crc32_z(0, memory.data(), memory.size()));
  auto& chips = out["accelerators"] = nlohmann::ordered_json::array();
  for (std::size_t i = 0; i < config.accelerators.size(); ++i) {
    auto layers = nlohmann::ordered_json::array();
    for (const auto& record : machine.accelerators()[i]->records()) {
      layers.push_back({{"index", record.index}, {"start_ns", record.start_ns}, {"end_ns", record.end_ns}});
    }
    chips.push_back({{"name", config.accelerators[i].name}, {"layers", std::move(layers)}});
  }
  out["host"] = {{"seconds", host_seconds},
                 {"instructions_per_second",
                  host_seconds > 0 ? static_cast<double>(machine.processor().instructions()) / host_seconds : 0.0}};
  report::write_file(file, out.dump(2) + "\n");
}

} // namespace sonic::platform
