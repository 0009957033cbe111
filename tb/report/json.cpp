// SPDX-License-Identifier: Apache-2.0
#include "tb/report/run_report.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <string>

namespace sonic::report {

namespace {

using json = nlohmann::ordered_json;

json array_json(const core::activity::array& a) {
  return {{"blocks", a.blocks},
          {"retunes", a.retunes},
          {"imprinted_rings", a.imprinted_rings},
          {"broadband_retunes", a.ring_retunes},
          {"symbols", a.symbols},
          {"steps", a.steps},
          {"stream_lane_symbols", a.stream_lane_symbols},
          {"gated_lane_symbols", a.gated_lane_symbols},
          {"held_lane_symbols", a.held_lane_symbols},
          {"busy_ns", a.busy_ns}};
}

json causes_json(const core::time_by_cause& t, double images) {
  const auto mean_ns = [images](std::uint64_t ps) { return static_cast<double>(ps) / 1e3 / images; };
  return {{"convert", mean_ns(t.convert_ps)},
          {"retune", mean_ns(t.retune_ps)},
          {"operand_supply", mean_ns(t.operand_supply_ps)},
          {"partial_sums", mean_ns(t.partial_sums_ps)},
          {"post_processing", mean_ns(t.post_processing_ps)},
          {"dma", mean_ns(t.dma_ps)},
          {"idle", mean_ns(t.idle_ps)}};
}

json spread_json(const distribution& d) {
  json j = {{"mean", d.mean}, {"deviation", d.deviation}, {"least", d.least}, {"most", d.most}};
  for (std::size_t i = 0; i < percentile_points.size(); ++i) {
    j["percentiles"][std::to_string(percentile_points[i])] = d.percentiles[i];
  }
  return j;
}

json classification_json(const classification& c) {
  const auto range = confidence_interval(c.correct, c.images);
  return {{"images", c.images},
          {"correct", c.correct},
          {"reference_correct", c.reference_correct},
          {"agreeing", c.agreeing},
          {"confidence_95", {range.low, range.high}},
          {"confusion", c.confusion}};
}

json damage_json(const damage_report& d) {
  json j = {{"policy", d.policy},
            {"bit_flips",
             {{"weight_buffer", d.weight_buffer_flips},
              {"activation_buffer", d.activation_buffer_flips},
              {"partial_sum_buffer", d.partial_sum_buffer_flips}}},
            {"faults", json::array()}};
  for (const auto& f : d.faults) {
    j["faults"].push_back(
        {{"unit", f.unit}, {"device", f.device}, {"kind", f.kind}, {"value", f.value}, {"outcome", f.outcome}});
  }
  return j;
}

json layer_json(const layer_line& l, double images) {
  return {{"name", l.name},
          {"operation", l.operation},
          {"time_ns", l.time_ns},
          {"time_by_cause_ns", causes_json(l.done.time, images)},
          {"light_ns", l.light_ns},
          {"dense_macs", l.dense_macs},
          {"nonzero_weights", l.nonzero_weights},
          {"zero_inputs", l.inputs > 0 ? static_cast<double>(l.zero_inputs) / static_cast<double>(l.inputs) : 0.0},
          {"energy_pj", l.energy_pj},
          {"conv", array_json(l.done.conv)},
          {"fc", array_json(l.done.fc)},
          {"deleted_products", l.done.deleted_products},
          {"decoder_cycles", l.done.decoder_cycles},
          {"accumulator_cycles", l.done.accumulator_cycles},
          {"post_cycles", l.done.post_cycles},
          {"bytes_loaded", l.done.bytes_loaded},
          {"bytes_stored", l.done.bytes_stored},
          {"post_elements", l.done.post_elements},
          {"check",
           {{"compared", l.check.compared},
            {"elements", l.check.elements},
            {"mismatches", l.check.mismatches},
            {"deviation", l.check.deviation},
            {"signal_to_noise_db",
             l.check.signal > 0.0 && l.check.noise > 0.0 ? json(l.check.signal_to_noise_db()) : json()}}}};
}

} // namespace

std::string to_json(const run_report& r) {
  json j;
  j["format"] = "sonic-run-1";
  j["model"] = r.model;
  j["architecture"] = r.architecture;
  j["optics"] = r.optics;
  j["timing"] = r.timing;
  j["accounting"] = r.accounting;
  j["seed"] = r.seed;
  if (!r.dataset.empty()) {
    j["dataset"] = r.dataset;
  }
  j["network"] = {{"name", r.network}, {"parameters", r.parameters}, {"zero_parameters", r.zero_parameters}};
  j["verdict"] = {
      {"passed", r.passed}, {"compared_frames", r.compared}, {"tolerance", r.tolerance}, {"failure", r.failure}};
  j["frames"] = r.images;
  j["latency_ns"] = spread_json(r.latency_ns);
  j["steps"] = r.steps;
  j["frames_per_second"] = r.frames_per_second;
  j["power_w"] = r.power_w;
  j["fully_active_power_w"] = r.fully_active_w;
  j["frames_per_second_per_watt"] = r.frames_per_second_per_watt;
  j["energy_pj"] = spread_json(r.energy_pj);
  j["energy_per_bit_pj"] = {
      {"operand_bits", r.operand_bits}, {"operand", r.epb_operand_pj}, {"parameter", r.epb_parameter_pj}};
  j["utilisation"] = {{"conv", r.conv_utilisation}, {"fc", r.fc_utilisation}};
  j["energy"] = json::array();
  for (const auto& l : r.energy.lines) {
    j["energy"].push_back({{"device", l.device}, {"dynamic_pj", l.dynamic_pj}, {"static_pj", l.static_pj}});
  }
  j["area_mm2"] = json::array();
  for (const auto& l : r.area) {
    j["area_mm2"].push_back({{"device", l.device}, {"mm2", l.mm2}});
  }
  j["layers"] = json::array();
  for (const auto& l : r.layers) {
    j["layers"].push_back(layer_json(l, static_cast<double>(std::max<std::uint64_t>(r.images, 1))));
  }
  if (r.classified) {
    j["classification"] = classification_json(r.classes);
  }
  j["damage"] = damage_json(r.damage);
  j["estimates"] = json::array();
  for (const auto& e : r.estimates) {
    j["estimates"].push_back({{"key", e.key}, {"value", e.value}, {"kind", e.kind}, {"source", e.source}});
  }
  j["calibration"] = {
      {"first_ns", r.calibration_ns}, {"first_pj", r.calibration_pj}, {"recalibrations", r.recalibrations}};
  j["host_seconds"] = r.host_seconds;
  return j.dump(2) + "\n";
}

} // namespace sonic::report
