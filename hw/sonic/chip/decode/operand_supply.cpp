// SPDX-License-Identifier: Apache-2.0
#include "sonic/chip/decode/operand_supply.h"

namespace sonic::chip {

std::array<transport::stream_job, operand_supply::count> operand_supply::streams_of(const parameters& array,
                                                                                    const pass_size& pass,
                                                                                    const sc_core::sc_time& started,
                                                                                    unsigned int epoch) {
  const auto needs = plan::needs_of(array, pass);
  std::array<transport::stream_job, count> jobs;
  for (std::size_t i = 0; i < jobs.size(); ++i) {
    jobs[i].requesters = i < needs.size() ? needs[i].requesters : 0;
    jobs[i].bytes = i < needs.size() ? needs[i].bytes : 0.0;
    jobs[i].epoch = epoch;
    jobs[i].asked = started;
  }
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
