// SPDX-License-Identifier: Apache-2.0
#include "tb/report/comparison.h"

#include <nlohmann/json.hpp>

namespace sonic::report {

namespace {

using json = nlohmann::ordered_json; // numbers that are none become null

json networks_json(const comparison_report& r) {
  json all = json::array();
  for (const auto& n : r.networks) {
    all.push_back({{"name", n.name},
                   {"model", n.model},
                   {"images", n.images},
                   {"synthetic", n.synthetic},
                   {"frames", n.frames},
                   {"parameters", n.parameters},
                   {"products", n.products},
                   {"weight_zeros", n.weight_zeros},
                   {"activation_zeros", n.activation_zeros}});
  }
  return all;
}

json accelerators_json(const comparison_report& r) {
  json all = json::array();
  for (const auto& a : r.accelerators) {
    json j{{"name", a.name}, {"file", a.file}, {"electronic", a.electronic}, {"calibrated", a.calibrated}};
    j["networks"] = json::array();
    for (std::size_t n = 0; n < a.figures.size(); ++n) {
      const auto& f = a.figures[n];
      json devices = json::array();
      for (const auto& line : f.lines) {
        devices.push_back({{"device", line.device}, {"dynamic_pj", line.dynamic_pj}, {"static_pj", line.static_pj}});
      }
      j["networks"].push_back({{"network", r.networks[n].name},
                               {"frames_per_second", f.frames_per_second},
                               {"power_w", f.power_w},
                               {"frames_per_second_per_watt", f.frames_per_second_per_watt},
                               {"energy_pj", f.energy_pj},
                               {"operand_bits", f.operand_bits},
                               {"pj_per_operand_bit", f.epb_operand_pj},
                               {"pj_per_parameter_bit", f.epb_parameter_pj},
                               {"devices", devices}});
    }
    all.push_back(std::move(j));
  }
  return all;
}

json ratios_json(const comparison_report& r) {
  json all = json::array();
  for (const auto& line : r.ratios) {
    json j{{"accelerator", line.accelerator},       {"kind", to_string(line.kind)},
           {"by_network", line.by_network},         {"mean_of_ratios", line.mean_of_ratios},
           {"ratio_of_means", line.ratio_of_means}, {"calibrated", line.calibrated}};
    if (line.published) {
      j["published"] = *line.published;
      j["deviation"] = line.mean_of_ratios / *line.published - 1.0;
      j["source"] = line.source;
      j["hangs_on"] = line.hangs_on;
    }
    all.push_back(std::move(j));
  }
  return all;
}

json absolutes_json(const comparison_report& r) {
  json all = json::array();
  for (const auto& line : r.absolutes) {
    all.push_back({{"name", line.name},
                   {"accelerator", line.accelerator},
                   {"measure", to_string(line.measure)},
                   {"published", line.value},
                   {"here", line.ours},
                   {"reference", line.reference},
                   {"source", line.source},
                   {"kind", line.source_kind},
                   {"about", line.about}});
  }
  return all;
}

json sensitivity_json(const comparison_report& r) {
  const auto& s = *r.sensitivity;
  json j;
  j["ratios"] = json::array();
  for (const auto* line : published_ratios(r)) {
    j["ratios"].push_back(
        {{"accelerator", line->accelerator}, {"kind", to_string(line->kind)}, {"published", *line->published}});
  }
  j["assumptions"] = json::array();
  for (const auto& a : s.assumptions) {
    json choices = json::array();
    for (const auto& c : a.choices) {
      choices.push_back({{"name", c.name}, {"about", c.about}, {"ratios", c.ratios}, {"distance", c.distance}});
    }
    j["assumptions"].push_back({{"name", a.name}, {"about", a.about}, {"choices", choices}});
  }
  j["combinations"] = s.combinations;
  j["closest"] = json::array();
  for (const auto& c : s.closest) {
    json chosen = json::object();
    for (std::size_t i = 0; i < c.choices.size(); ++i) {
      chosen[s.assumptions[i].name] = c.choices[i];
    }
    j["closest"].push_back({{"choices", chosen}, {"ratios", c.ratios}, {"distance", c.distance}});
  }
  return j;
}

} // namespace

std::string to_json(const comparison_report& r) {
  json j{{"name", r.name}, {"file", r.file}, {"reference", r.reference}};
  j["networks"] = networks_json(r);
  j["accelerators"] = accelerators_json(r);
  j["ratios"] = ratios_json(r);
  j["distance"] = r.distance;
  j["absolute"] = absolutes_json(r);
  if (r.sensitivity) {
    j["sensitivity"] = sensitivity_json(r);
  }
  j["simulations"] = r.simulations;
  j["passed"] = r.passed;
  j["failure"] = r.failure;
  return j.dump(2) + "\n";
}

} // namespace sonic::report
