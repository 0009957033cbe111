// SPDX-License-Identifier: Apache-2.0
#include "tb/reference/calibrate.h"

#include "sonic/core/error.h"
#include "tb/reference/float_executor.h"
#include "tb/reference/program_executor.h"

#include <algorithm>
#include <cmath>
#include <map>

#include <nlohmann/json.hpp>

namespace sonic::reference {

namespace {

using workload::value_range;

[[noreturn]] void refuse_metadata(const std::string& problem) {
  throw core::user_error("metadata sonic:ranges", problem,
                         "expected a JSON object of tensor name to [minimum, maximum], finite and in order");
}

/// Ranges from the model's metadata, by tensor name.
std::map<std::string, value_range> stored_ranges(const workload::graph& network) {
  const auto entry = std::find_if(network.metadata.begin(), network.metadata.end(),
                                  [](const auto& property) { return property.first == "sonic:ranges"; });
  if (entry == network.metadata.end()) {
    return {};
  }
  const auto document = nlohmann::json::parse(entry->second, nullptr, false);
  if (!document.is_object()) {
    refuse_metadata(document.is_discarded() ? "is no JSON" : "is no JSON object");
  }
  std::map<std::string, value_range> ranges;
  for (const auto& [name, range] : document.items()) {
    if (!range.is_array() || range.size() != 2 || !range[0].is_number() || !range[1].is_number()) {
      refuse_metadata("the entry of " + name + " is no pair of numbers");
    }
    const value_range r{range[0].get<double>(), range[1].get<double>()};
    if (!std::isfinite(r.minimum) || !std::isfinite(r.maximum) || r.minimum > r.maximum) {
      refuse_metadata("the entry of " + name + " is no range");
    }
    ranges[name] = r;
  }
  return ranges;
}

} // namespace

std::vector<value_range> find_ranges(const workload::graph& network, const std::vector<input_set>& calibration_inputs) {
  const auto stored = stored_ranges(network);
  std::vector<value_range> ranges(network.values.size());
  std::vector<workload::value_id> missing;
  for (const workload::value_id v : workload::values_with_slots(network)) {
    if (const auto known = stored.find(network.values[v].name); known != stored.end()) {
      ranges[v] = known->second;
    } else {
      missing.push_back(v);
    }
  }
  if (missing.empty()) {
    return ranges;
  }
  if (calibration_inputs.empty()) {
    throw core::user_error("tensor " + network.values[missing.front()].name, "its range is unknown",
                           "expected at least one calibration input, or ranges in the metadata sonic:ranges");
  }
  for (const auto& inputs : calibration_inputs) {
    const auto values = run_float(network, inputs);
    for (const workload::value_id v : missing) {
      const auto [low, high] = workload::range_of(values[v]);
      ranges[v].minimum = std::min(ranges[v].minimum, static_cast<double>(low));
      ranges[v].maximum = std::max(ranges[v].maximum, static_cast<double>(high));
    }
  }
  return ranges;
}

workload::program quantise(const workload::graph& network, const workload::numerics& how,
                           const std::vector<input_set>& calibration_inputs) {
  if (!(how.adc_headroom > 0.0) || !std::isfinite(how.adc_headroom)) {
    throw core::user_error("adc.headroom", "is " + std::to_string(how.adc_headroom), "expected a number above 0");
  }
  if (calibration_inputs.empty()) {
    throw core::user_error("network " + network.name, "has no calibration input",
                           "expected at least one, from which the ADC's full scale is found");
  }
  workload::program target = compile(network, how, find_ranges(network, calibration_inputs));
  program_executor executor(network, target, how);
  std::vector<code_memory> memories;
  memories.reserve(calibration_inputs.size());
  for (const auto& inputs : calibration_inputs) {
    memories.push_back(executor.load(inputs));
  }
  for (std::size_t i = 0; i < target.steps.size(); ++i) {
    auto* s = std::get_if<workload::step>(&target.steps[i]);
    if (s != nullptr && !s->weights.codes.empty()) {
      float peak = 0.0F;
      for (const auto& memory : memories) {
        peak = std::max(peak, executor.analog_peak(i, memory));
      }
      const auto full_scale = static_cast<float>(static_cast<double>(peak) * how.adc_headroom);
      constexpr float smallest = 1e-30F; // below, its inverse has no place in a float
      set_adc_full_scale(*s, full_scale > smallest ? full_scale : 1.0F, how.adc_bits);
    }
    for (auto& memory : memories) {
      executor.run_step(i, memory);
    }
    executor.release(i);
  }
  return target;
}

} // namespace sonic::reference
