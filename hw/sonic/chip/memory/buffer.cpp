// SPDX-License-Identifier: Apache-2.0
#include "sonic/chip/memory/buffer.h"

#include "sonic/chip/memory/bank_conflicts.h"
#include "sonic/tlm/carrier.h"

#include <algorithm>
#include <cstring>
#include <span>

namespace sonic::chip {

buffer::buffer(const sc_core::sc_module_name& name, std::uint64_t bytes, const buffer_timing& timing)
    : sc_module(name), port("port"), storage_(bytes), timing_(timing) {
  port.register_b_transport(this, &buffer::b_transport);
  port.register_transport_dbg(this, &buffer::transport_dbg);
  port.register_get_direct_mem_ptr(this, &buffer::get_direct_mem_ptr);
}

bool buffer::contains(const ::tlm::tlm_generic_payload& payload) const {
  return payload.get_address() <= capacity() && payload.get_data_length() <= capacity() - payload.get_address();
}

void buffer::b_transport(int /*port_index*/, ::tlm::tlm_generic_payload& payload, sc_core::sc_time& delay) {
  if (payload.get_command() == ::tlm::TLM_IGNORE_COMMAND) {
    run_job(payload, delay);
    return;
  }
  if (!contains(payload)) {
    payload.set_response_status(::tlm::TLM_ADDRESS_ERROR_RESPONSE);
    return;
  }
  if (payload.get_byte_enable_ptr() != nullptr) {
    payload.set_response_status(::tlm::TLM_BYTE_ENABLE_ERROR_RESPONSE);
    return;
  }
  const unsigned int length = payload.get_data_length();
  std::uint8_t* here = storage_.data() + payload.get_address();
  if (payload.is_read()) {
    std::memcpy(payload.get_data_ptr(), here, length);
    count_read(length);
  } else {
    std::memcpy(here, payload.get_data_ptr(), length);
    count_write(length);
  }
  delay += timing_.latency + sc_core::sc_time(timing_.ns_per_byte * length, sc_core::SC_NS);
  payload.set_response_status(::tlm::TLM_OK_RESPONSE);
}

unsigned int buffer::transport_dbg(int /*port_index*/, ::tlm::tlm_generic_payload& payload) {
  if (payload.get_address() >= capacity()) {
    return 0;
  }
  const auto length =
      static_cast<unsigned int>(std::min<std::uint64_t>(payload.get_data_length(), capacity() - payload.get_address()));
  std::uint8_t* here = storage_.data() + payload.get_address();
  if (payload.is_read()) {
    std::memcpy(payload.get_data_ptr(), here, length);
  } else if (payload.is_write()) {
    std::memcpy(here, payload.get_data_ptr(), length);
  }
  return length;
}

void buffer::run_job(::tlm::tlm_generic_payload& payload, sc_core::sc_time& /*delay*/) {
  auto* job = transport::job_of<transport::stream_job>(payload);
  if (job == nullptr) {
    payload.set_response_status(::tlm::TLM_COMMAND_ERROR_RESPONSE);
    return;
  }
  pass(*job);
  payload.set_response_status(::tlm::TLM_OK_RESPONSE);
}

void buffer::pass(transport::stream_job& job) {
  const double all = static_cast<double>(timing_.banks * timing_.ports);
  const double busy = words_per_cycle(timing_.banks, timing_.ports, job.requesters) / all;
  const sc_core::sc_time taken(job.bytes * timing_.ns_per_byte / busy, sc_core::SC_NS);
  job.ended = streaming_.begin(job.asked, job.epoch) + taken;
  streaming_.take_until(job.ended);
}

bool buffer::get_direct_mem_ptr(int /*port_index*/, ::tlm::tlm_generic_payload& /*payload*/, ::tlm::tlm_dmi& dmi) {
  return lend(dmi);
}

bool buffer::lend(::tlm::tlm_dmi& /*dmi*/) {
  return false;
}

fed_buffer::fed_buffer(const sc_core::sc_module_name& name, std::uint64_t bytes, const buffer_timing& timing,
                       const sc_core::sc_time& upstream_latency)
    : buffer(name, bytes, timing), upstream("upstream"), upstream_latency_(upstream_latency) {}

void fed_buffer::run_job(::tlm::tlm_generic_payload& payload, sc_core::sc_time& delay) {
  auto* job = transport::job_of<transport::fill_job>(payload);
  if (job == nullptr) {
    buffer::run_job(payload, delay);
    return;
  }
  if (job->target_offset > capacity() || job->bytes > capacity() - job->target_offset) {
    payload.set_response_status(::tlm::TLM_ADDRESS_ERROR_RESPONSE);
    return;
  }
  const std::span<std::uint8_t> target(storage().data() + job->target_offset, job->bytes);
  sc_core::sc_time hidden; // the dma_engine's port is as fast as the global buffer
  payload.set_response_status(upstream.read(job->source_offset, target, hidden));
  count_write(job->bytes);
  const sc_core::sc_time writing(timing().ns_per_byte * static_cast<double>(job->bytes), sc_core::SC_NS);
  job->ended = std::max(job->until, job->from + writing) + upstream_latency_ + timing().latency;
}

} // namespace sonic::chip
