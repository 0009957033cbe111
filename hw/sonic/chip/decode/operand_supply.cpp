// SPDX-License-Identifier: Apache-2.0
#include "sonic/chip/decode/operand_supply.h"

#include <algorithm>

namespace sonic::chip {

operand_supply::times operand_supply::pass(const parameters& array, transport::array_kind kind,
                                           const std::vector<transport::block>& blocks, const sc_core::sc_time& started,
                                           unsigned int epoch) {
  std::uint64_t streamed = 0;
  std::uint64_t imprinted = 0;
  std::uint64_t updated = 0;
  for (const auto& b : blocks) {
    streamed += std::uint64_t{b.lanes} * b.symbols;
    imprinted += b.lanes;
    updated += b.symbols;
  }
  const auto through = [&](transport::job_initiator<transport::stream_job>& buffer, double bytes,
                           std::uint64_t requesters) {
    transport::stream_job job;
    job.bytes = bytes;
    job.requesters = requesters;
    job.epoch = epoch;
    job.asked = started;
    sc_core::sc_time unused;
    buffer.run(job, unused);
    return job.ended;
  };
  const bool conv = kind == transport::array_kind::conv;
  const std::uint64_t all_lanes = array.units * array.lanes;
  const auto stream_ended =
      through(conv ? activations : weights, array.streaming_bytes * static_cast<double>(streamed), all_lanes);
  const auto imprints_ended =
      through(conv ? weights : activations, array.stationary_bytes * static_cast<double>(imprinted), all_lanes);
  // Each partial sum, of 32 bits, is read, added to and written.
  constexpr double bytes_of_update = 2.0 * sizeof(std::int32_t);
  return {std::max(stream_ended, imprints_ended),
          through(sums, bytes_of_update * static_cast<double>(updated), 2 * array.units)};
}

} // namespace sonic::chip
