// SPDX-License-Identifier: Apache-2.0
#include "tb/host/memory.h"

#include "sonic/config/architecture.h"
#include "tb/host/chip_view.h"

#include <algorithm>
#include <cmath>
#include <cstring>

namespace sonic::host {

memory::behaviour memory_behaviour(const config::architecture& a, bool grant_dmi) {
  if (a.run.timing == config::timing_mode::functional) {
    return {std::nullopt, grant_dmi};
  }
  return {dram_of(a), false};
}

memory::memory(const sc_core::sc_module_name& name, std::uint64_t bytes, const behaviour& how)
    : sc_module(name), port("port"), storage_(bytes), grant_dmi_(how.grant_dmi && !how.time),
      channel_of_(how.channel_of), phases_([this](auto& payload, auto& phase, auto& delay) {
        return port->nb_transport_bw(payload, phase, delay);
      }) {
  if (how.time) {
    timing_.assign(how.channels, dram_timing(*how.time));
  }
  port.register_b_transport(this, &memory::b_transport);
  port.register_nb_transport_fw(this, &memory::nb_transport_fw);
  port.register_transport_dbg(this, &memory::transport_dbg);
  port.register_get_direct_mem_ptr(this, &memory::get_direct_mem_ptr);
}

void memory::close_rows(std::size_t channel) {
  if (channel < timing_.size()) {
    timing_[channel].close_rows();
  }
}

std::uint64_t memory::move(::tlm::tlm_generic_payload& payload, std::uint64_t length) {
  std::uint8_t* here = storage_.data() + payload.get_address();
  if (payload.is_read()) {
    std::memcpy(payload.get_data_ptr(), here, length);
  } else if (payload.is_write()) {
    std::memcpy(here, payload.get_data_ptr(), length);
  } else {
    return 0;
  }
  return length;
}

void memory::b_transport(::tlm::tlm_generic_payload& payload, sc_core::sc_time& delay) {
  const std::uint64_t address = payload.get_address();
  const std::uint64_t length = payload.get_data_length();
  if (address > storage_.size() || length > storage_.size() - address) {
    payload.set_response_status(::tlm::TLM_ADDRESS_ERROR_RESPONSE);
  } else if (payload.get_byte_enable_ptr() != nullptr) {
    payload.set_response_status(::tlm::TLM_BYTE_ENABLE_ERROR_RESPONSE);
  } else if (payload.get_streaming_width() < length) {
    payload.set_response_status(::tlm::TLM_BURST_ERROR_RESPONSE);
  } else {
    move(payload, length);
    if (!timing_.empty()) {
      auto& dram = timing_[channel_of_ ? channel_of_(payload) : 0];
      const sc_core::sc_time ps(1.0, sc_core::SC_PS);
      const auto now = sc_core::sc_time_stamp();
      const auto asked = static_cast<std::uint64_t>(std::llround((now + delay) / ps));
      delay = static_cast<double>(dram.access(payload.is_write(), address, length, asked)) * ps - now;
    }
    payload.set_dmi_allowed(grant_dmi_);
    payload.set_response_status(::tlm::TLM_OK_RESPONSE);
  }
}

::tlm::tlm_sync_enum memory::nb_transport_fw(::tlm::tlm_generic_payload& payload, ::tlm::tlm_phase& phase,
                                             sc_core::sc_time& delay) {
  if (phase == ::tlm::BEGIN_REQ) {
    auto taken = delay;
    b_transport(payload, taken);
    phases_.respond_at(payload, sc_core::sc_time_stamp() + taken);
    phase = ::tlm::END_REQ;
    return ::tlm::TLM_UPDATED;
  }
  return phases_.ended_by(payload, phase, delay) ? ::tlm::TLM_COMPLETED : ::tlm::TLM_ACCEPTED;
}

unsigned int memory::transport_dbg(::tlm::tlm_generic_payload& payload) {
  const std::uint64_t address = payload.get_address();
  if (address >= storage_.size()) {
    return 0;
  }
  return static_cast<unsigned int>(
      move(payload, std::min<std::uint64_t>(payload.get_data_length(), storage_.size() - address)));
}

bool memory::get_direct_mem_ptr(::tlm::tlm_generic_payload& /*payload*/, ::tlm::tlm_dmi& dmi) {
  if (!grant_dmi_ || storage_.empty()) {
    return false;
  }
  dmi.set_start_address(0);
  dmi.set_end_address(storage_.size() - 1);
  dmi.set_dmi_ptr(storage_.data());
  dmi.allow_read_write();
  return true;
}

} // namespace sonic::host
