// SPDX-License-Identifier: Apache-2.0
#include "tb/sonic/run_outcome.h"

#include <nlohmann/json.hpp>

namespace sonic::core {

// NOLINTBEGIN(readability-identifier-naming): the library's macros make its names.
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(time_by_cause, convert_ps, retune_ps, operand_supply_ps, partial_sums_ps,
                                   post_processing_ps, dma_ps, idle_ps)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(activity::array, blocks, retunes, imprinted_rings, ring_retunes, symbols, steps,
                                   stream_lane_symbols, gated_lane_symbols, held_lane_symbols, busy_ns)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(activity, conv, fc, deleted_products, decoder_cycles, accumulator_cycles,
                                   post_cycles, bytes_loaded, bytes_stored, weight_bytes, activation_bytes,
                                   post_elements, time)
// NOLINTEND(readability-identifier-naming)

} // namespace sonic::core

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
