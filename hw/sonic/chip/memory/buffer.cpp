// SPDX-License-Identifier: Apache-2.0
#include "sonic/chip/memory/buffer.h"

#include "sonic/plan/bank_conflicts.h"
#include "sonic/plan/times.h"
#include "sonic/tlm/carrier.h"

#include <algorithm>
#include <cstring>
#include <span>

namespace sonic::chip {

buffer::buffer(const sc_core::sc_module_name& name, std::uint64_t bytes, const buffer_timing& timing)
    : sc_module(name), port("port"), storage_(bytes), timing_(timing),
      phases_([this](auto& payload, auto& phase, auto& delay) { return nb_transport_bw(payload, phase, delay); }) {
  port.register_b_transport(this, &buffer::b_transport);
  port.register_nb_transport_fw(this, &buffer::nb_transport_fw);
  port.register_transport_dbg(this, &buffer::transport_dbg);
  port.register_get_direct_mem_ptr(this, &buffer::get_direct_mem_ptr);
  SC_HAS_PROCESS(buffer);
  SC_METHOD(answer_streams);
  sensitive << stream_ends_;
  dont_initialize();
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
  } else {
    std::memcpy(here, payload.get_data_ptr(), length);
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

sc_core::sc_time buffer::taken_by(const transport::stream_job& job) const {
  return {plan::stream_ns(timing_.banks, timing_.ports, timing_.ns_per_byte, job.bytes, job.requesters),
          sc_core::SC_NS};
}

void buffer::pass(transport::stream_job& job) {
  job.ended = streaming_.begin(job.asked, job.epoch) + taken_by(job);
  streaming_.take_until(job.ended);
}

::tlm::tlm_sync_enum buffer::nb_transport_fw(int port_index, ::tlm::tlm_generic_payload& payload,
                                             ::tlm::tlm_phase& phase, sc_core::sc_time& delay) {
  if (phases_.ended_by(payload, phase, delay)) {
    return ::tlm::TLM_COMPLETED;
  }
  came_by_[&payload] = port_index;
  payload.set_response_status(::tlm::TLM_OK_RESPONSE);
  schedule_job(payload);
  phase = ::tlm::END_REQ;
  return ::tlm::TLM_UPDATED;
}

::tlm::tlm_sync_enum buffer::nb_transport_bw(::tlm::tlm_generic_payload& payload, ::tlm::tlm_phase& phase,
                                             sc_core::sc_time& delay) {
  const auto found = came_by_.find(&payload);
  const int port_index = found->second;
  came_by_.erase(found); // the initiator may use it again as soon as it has its answer
  return port[port_index]->nb_transport_bw(payload, phase, delay);
}

void buffer::schedule_job(::tlm::tlm_generic_payload& payload) {
  auto* job = transport::job_of<transport::stream_job>(payload);
  const auto now = sc_core::sc_time_stamp();
  if (job == nullptr) {
    payload.set_response_status(::tlm::TLM_COMMAND_ERROR_RESPONSE);
    answer_at(payload, now);
    return;
  }
  const auto taken = taken_by(*job);
  if (job->first) {
    go_first(taken);
    job->ended = now + taken;
    answer_at(payload, job->ended);
    return;
  }
  const auto begin = streams_.empty() ? now : streams_.back().ends;
  job->held_up = streams_.empty() ? sc_core::SC_ZERO_TIME : streams_.back().job->held_up;
  streams_.push_back({&payload, job, begin + taken});
  wait_for_stream();
}

void buffer::go_first(const sc_core::sc_time& taken) {
  for (auto& s : streams_) {
    s.ends += taken;
    s.job->held_up += taken;
  }
  if (!streams_.empty()) {
    wait_for_stream();
  }
}

void buffer::wait_for_stream() {
  stream_ends_.cancel();
  stream_ends_.notify(streams_.front().ends - sc_core::sc_time_stamp());
}

void buffer::answer_streams() {
  const auto now = sc_core::sc_time_stamp();
  while (!streams_.empty() && streams_.front().ends <= now) {
    auto done = streams_.front();
    streams_.pop_front();
    done.job->ended = done.ends;
    answer_at(*done.payload, now);
  }
  if (!streams_.empty()) {
    wait_for_stream();
  }
}

bool buffer::get_direct_mem_ptr(int /*port_index*/, ::tlm::tlm_generic_payload& /*payload*/, ::tlm::tlm_dmi& dmi) {
  if (storage_.empty()) {
    return false;
  }
  dmi.set_start_address(0);
  dmi.set_end_address(capacity() - 1);
  dmi.set_dmi_ptr(storage_.data());
  dmi.allow_read_write();
  return true;
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
  const sc_core::sc_time writing(timing().ns_per_byte * static_cast<double>(job->bytes), sc_core::SC_NS);
  job->ended = plan::filled(job->from, job->until, writing, upstream_latency_ + timing().latency);
}

void fed_buffer::schedule_job(::tlm::tlm_generic_payload& payload) {
  const auto* job = transport::job_of<transport::fill_job>(payload);
  if (job == nullptr) {
    buffer::schedule_job(payload);
    return;
  }
  sc_core::sc_time unused;
  run_job(payload, unused);
  go_first({timing().ns_per_byte * static_cast<double>(job->bytes), sc_core::SC_NS});
  answer_at(payload, std::max(job->ended, sc_core::sc_time_stamp()));
}

} // namespace sonic::chip
