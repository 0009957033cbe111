// SPDX-License-Identifier: Apache-2.0
#include "sonic/chip/post/accumulator.h"

#include "sonic/tlm/carrier.h"

#include <span>

namespace sonic::chip {

accumulator::accumulator(const sc_core::sc_module_name& name, digital::accumulators& adders)
    : sc_module(name), in("in"), sums("sums"), adders_(adders) {
  in.register_b_transport(this, &accumulator::b_transport);
}

void accumulator::b_transport(int /*unit*/, ::tlm::tlm_generic_payload& payload, sc_core::sc_time& /*delay*/) {
  const auto* done = transport::job_of<transport::burst>(payload);
  if (done == nullptr) {
    payload.set_response_status(::tlm::TLM_COMMAND_ERROR_RESPONSE);
    return;
  }
  if (adders_.active()) {
    accumulate(*done);
  }
  for (auto* observer : observers_) {
    observer->burst_done(*done);
  }
  payload.set_response_status(::tlm::TLM_OK_RESPONSE);
}

void accumulator::accumulate(const transport::burst& done) {
  const auto* const buffer = sums.direct(0, 1).data();
  const std::size_t sum_bytes = done.exact ? sizeof(double) : sizeof(std::int32_t);
  std::span<const std::int32_t> codes(done.codes);
  for (const auto& s : done.sequences) {
    const auto first = static_cast<std::size_t>(static_cast<const std::uint8_t*>(s.partial_sums) - buffer) / sum_bytes;
    if (!done.keeps_codes) {
      adders_.count_added(first, s.symbols, s.blocks);
      continue;
    }
    for (std::uint32_t block = 0; block < s.blocks; ++block) {
      adders_.add(first, codes.first(s.symbols));
      codes = codes.subspan(s.symbols);
    }
  }
}

} // namespace sonic::chip
