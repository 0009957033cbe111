// SPDX-License-Identifier: Apache-2.0
#include "tb/sonic/run_outcome.h"

#include "tb/sonic/activity_json.h"

namespace sonic::report {

NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(layer_check, compared, elements, mismatches, deviation, signal, noise)

} // namespace sonic::report

namespace sonic::command {

NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(layer_outcome, time_ns, light_ns, done, check, inputs, zero_inputs)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(answer, chip, reference)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(run_outcome, latency_ns, recalibrations, host_seconds, layers, answers, outputs,
                                   frame)

std::vector<std::uint8_t> encode(const run_outcome& outcome) {
  return nlohmann::json::to_cbor(outcome);
}

run_outcome decode_outcome(const std::vector<std::uint8_t>& bytes) {
  return nlohmann::json::from_cbor(bytes).get<run_outcome>();
}

} // namespace sonic::command
