// SPDX-License-Identifier: Apache-2.0
#include "sonic/chip/decode/operand_supply.h"

namespace sonic::chip {

std::array<transport::stream_job, operand_supply::count> operand_supply::streams_of(const parameters& array,
                                                                                    const pass_size& pass,
                                                                                    const sc_core::sc_time& started,
                                                                                    unsigned int epoch) {
  const std::uint64_t streamed = pass.lanes * pass.symbols;
  const std::uint64_t updated = pass.blocks * pass.symbols;
  std::array<transport::stream_job, count> jobs;
  for (auto& job : jobs) {
    job.requesters = array.units * array.lanes;
    job.epoch = epoch;
    job.asked = started;
  }
  jobs[streaming].bytes = array.streaming_bytes * static_cast<double>(streamed);
  jobs[stationary].bytes = array.stationary_bytes * static_cast<double>(pass.lanes);
  // Each partial sum, of 32 bits, is read, added to and written.
  constexpr double bytes_of_update = 2.0 * sizeof(std::int32_t);
  jobs[partial_sums].bytes = bytes_of_update * static_cast<double>(updated);
  jobs[partial_sums].requesters = 2 * array.units;
  jobs[decoding].cycles = pass.decoding;
  return jobs;
}

transport::job_initiator<transport::stream_job>& operand_supply::port_of(transport::array_kind array,
                                                                         std::size_t which) {
  if (which == decoding || which == accumulating) {
    return which == decoding ? rows : additions;
  }
  if (which == partial_sums) {
    return sums;
  }
  return (array == transport::array_kind::conv) == (which == streaming) ? activations : weights;
}

} // namespace sonic::chip
