// SPDX-License-Identifier: Apache-2.0
#include "sonic/summary.h"

#include "sonic/config/architecture.h"
#include "sonic/core/error.h"
#include "tb/report/accounting.h"

#include <nlohmann/json.hpp>

namespace sonic {

namespace {

using json = nlohmann::ordered_json;

constexpr double pj_per_ns_per_w = 1e3;
constexpr double ns_per_s = 1e9;

/// First fetch to last store of each program, added up.
double latency_of(const program_image& image, const std::vector<core::layer_record>& records) {
  double sum = 0.0;
  std::size_t first = 0;
  for (const auto& step : image.steps()) {
    if (step.what == image_step::kind::program && step.count > 0) {
      sum += records[first + step.count - 1].end_ns - records[first].start_ns;
      first += step.count;
    }
  }
  return sum;
}

} // namespace

summary summarise(const configuration& chip, const program_image& image,
                  const std::vector<core::layer_record>& records) {
  if (records.size() != image.layers().size()) {
    throw core::user_error("records", std::to_string(records.size()) + " layers have been recorded",
                           "expected the " + std::to_string(image.layers().size()) +
                               " of one run of the network: clear_records() before it");
  }
  const auto& architecture = chip.inside();
  const auto energies = report::energy_table(architecture);
  summary s;
  s.architecture = architecture.name;
  s.optics = config::to_string(architecture.run.optics);
  s.timing = config::to_string(architecture.run.timing);
  s.accounting = config::to_string(architecture.run.accounting);
  core::activity total;
  for (std::size_t i = 0; i < records.size(); ++i) {
    const auto& r = records[i];
    const double time_ns = r.end_ns - r.start_ns;
    const double energy_pj = report::energy_of(energies, r.done, time_ns).total_pj();
    s.layers.push_back({image.layers()[i].name, image.layers()[i].operation, time_ns, energy_pj, r.done});
    total += r.done;
  }
  s.latency_ns = latency_of(image, records);
  const auto whole = report::energy_of(energies, total, s.latency_ns);
  for (const auto& l : whole.lines) {
    s.devices.push_back({l.device, l.dynamic_pj, l.static_pj});
  }
  s.energy_pj = whole.total_pj();
  if (s.latency_ns > 0.0) {
    s.power_w = s.energy_pj / s.latency_ns / pj_per_ns_per_w;
    s.frames_per_second = ns_per_s / s.latency_ns;
  }
  return s;
}

std::string summary::to_json() const {
  json j{{"architecture", architecture},
         {"optics", optics},
         {"timing", timing},
         {"accounting", accounting},
         {"latency_ns", latency_ns},
         {"energy_pj", energy_pj},
         {"power_w", power_w},
         {"frames_per_second", frames_per_second}};
  j["devices"] = json::array();
  for (const auto& d : devices) {
    j["devices"].push_back({{"name", d.name}, {"dynamic_pj", d.dynamic_pj}, {"static_pj", d.static_pj}});
  }
  j["layers"] = json::array();
  for (const auto& l : layers) {
    j["layers"].push_back({{"name", l.name},
                           {"operation", l.operation},
                           {"time_ns", l.time_ns},
                           {"energy_pj", l.energy_pj},
                           {"symbols", l.done.conv.symbols + l.done.fc.symbols},
                           {"deleted_products", l.done.deleted_products},
                           {"bytes_loaded", l.done.bytes_loaded},
                           {"bytes_stored", l.done.bytes_stored}});
  }
  return j.dump(2) + "\n";
}

} // namespace sonic
