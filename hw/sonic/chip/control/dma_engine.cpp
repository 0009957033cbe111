// SPDX-License-Identifier: Apache-2.0
#include "sonic/chip/control/dma_engine.h"

#include <algorithm>
#include <cstring>

namespace sonic::chip {

dma_engine::dma_engine(const sc_core::sc_module_name& name, const parameters& port)
    : sc_module(name), control("control"), mem("mem"), global("global"), port_(port),
      passing_whole_(passing(port.transaction_bytes)), window_(port.outstanding),
      channels_(
          port, global,
          [this](auto& payload, auto& phase, auto& delay) { return mem->nb_transport_fw(payload, phase, delay); }),
      phases_(
          [this](auto& payload, auto& phase, auto& delay) { return control->nb_transport_bw(payload, phase, delay); }) {
  control.register_b_transport(this, &dma_engine::b_transport);
  control.register_nb_transport_fw(this, &dma_engine::nb_transport_fw);
  mem.register_nb_transport_bw(this, &dma_engine::nb_transport_bw);
  channels_.on_begun = [this](const transport::transfer_job& job) {
    for (auto* observer : observers_) {
      observer->transfer_begun(job);
    }
  };
  SC_HAS_PROCESS(dma_engine);
  SC_THREAD(serve_loads);
  SC_THREAD(serve_stores);
  mem.register_invalidate_direct_mem_ptr(this, &dma_engine::invalidate_direct_mem_ptr);
}

void dma_engine::b_transport(::tlm::tlm_generic_payload& payload, sc_core::sc_time& delay) {
  auto* job = transport::job_of<transport::transfer_job>(payload);
  if (job == nullptr) {
    payload.set_response_status(::tlm::TLM_COMMAND_ERROR_RESPONSE);
    return;
  }
  auto& direction = job->store ? storing_ : loading_;
  job->started = direction.begin(sc_core::sc_time_stamp() + delay, job->epoch);
  window_.begin(job->started);
  job->bus_error = !move(*job);
  job->ended = window_.ended();
  direction.take_until(job->ended);
  done(*job);
  // A memory that waits lets time pass: what is left of the delay counts from now.
  const auto now = sc_core::sc_time_stamp();
  delay = std::max(job->ended, now) - now;
  payload.set_response_status(::tlm::TLM_OK_RESPONSE);
}

void dma_engine::done(const transport::transfer_job& job) {
  (job.store ? bytes_stored_ : bytes_loaded_) += job.pattern.total_bytes();
  for (auto* observer : observers_) {
    observer->transfer_done(job);
  }
}

::tlm::tlm_sync_enum dma_engine::nb_transport_fw(::tlm::tlm_generic_payload& payload, ::tlm::tlm_phase& phase,
                                                 sc_core::sc_time& delay) {
  if (phases_.ended_by(payload, phase, delay)) {
    return ::tlm::TLM_COMPLETED;
  }
  payload.set_response_status(::tlm::TLM_OK_RESPONSE);
  if (!channels_.take(payload)) {
    payload.set_response_status(::tlm::TLM_COMMAND_ERROR_RESPONSE);
    phases_.respond_at(payload, sc_core::sc_time_stamp());
  }
  phase = ::tlm::END_REQ;
  return ::tlm::TLM_UPDATED;
}

::tlm::tlm_sync_enum dma_engine::nb_transport_bw(::tlm::tlm_generic_payload& payload, ::tlm::tlm_phase& phase,
                                                 sc_core::sc_time& delay) {
  return channels_.answer(payload, phase, delay);
}

void dma_engine::serve_loads() {
  while (true) {
    auto& payload = channels_.serve(false);
    done(*transport::job_of<transport::transfer_job>(payload));
    phases_.respond_at(payload, sc_core::sc_time_stamp());
  }
}

void dma_engine::serve_stores() {
  while (true) {
    auto& payload = channels_.serve(true);
    done(*transport::job_of<transport::transfer_job>(payload));
    phases_.respond_at(payload, sc_core::sc_time_stamp());
  }
}

bool dma_engine::move(const transport::transfer_job& job) {
  const auto& pattern = job.pattern;
  // The port's rate is the global buffer's.
  std::uint8_t* data = global.direct(job.buffer_offset, pattern.total_bytes()).data();
  return pattern.each_run([&](std::uint64_t address) {
    const bool good = move_run(job, address, data, pattern.piece_bytes);
    data += pattern.piece_bytes;
    return good;
  });
}

sc_core::sc_time dma_engine::passing(std::uint64_t bytes) const {
  return {port_.ns_per_byte * static_cast<double>(bytes), sc_core::SC_NS};
}

bool dma_engine::move_run(const transport::transfer_job& job, std::uint64_t address, std::uint8_t* data,
                          std::uint64_t bytes) {
  while (bytes > 0) {
    if (job.abandoned) {
      return false;
    }
    const std::uint64_t length = std::min(bytes, port_.transaction_bytes);
    auto when = window_.asks();
    if (!access(job.store, address, data, length, when)) {
      return false;
    }
    window_.done(when, length == port_.transaction_bytes ? passing_whole_ : passing(length));
    address += length;
    data += length;
    bytes -= length;
  }
  return true;
}

bool dma_engine::granted(bool store, std::uint64_t address, std::uint64_t bytes) {
  return dmi_valid_ && address >= dmi_.get_start_address() && address + (bytes - 1) <= dmi_.get_end_address() &&
         (store ? dmi_.is_write_allowed() : dmi_.is_read_allowed());
}

/// @param when absolute time at which it is asked for; receives the time at which it is done
bool dma_engine::access(bool store, std::uint64_t address, std::uint8_t* data, std::uint64_t bytes,
                        sc_core::sc_time& when) {
  if (granted(store, address, bytes)) {
    std::uint8_t* there = dmi_.get_dmi_ptr() + (address - dmi_.get_start_address());
    store ? std::memcpy(there, data, bytes) : std::memcpy(data, there, bytes);
    when += store ? dmi_.get_write_latency() : dmi_.get_read_latency();
    return true;
  }
  payload_.set_command(store ? ::tlm::TLM_WRITE_COMMAND : ::tlm::TLM_READ_COMMAND);
  payload_.set_address(address);
  payload_.set_data_ptr(data);
  payload_.set_data_length(static_cast<unsigned int>(bytes));
  payload_.set_streaming_width(static_cast<unsigned int>(bytes));
  payload_.set_byte_enable_ptr(nullptr);
  payload_.set_dmi_allowed(false);
  payload_.set_response_status(::tlm::TLM_INCOMPLETE_RESPONSE);
  const auto now = sc_core::sc_time_stamp();
  auto delay = std::max(when, now) - now;
  mem->b_transport(payload_, delay);
  when = sc_core::sc_time_stamp() + delay;
  if (!payload_.is_response_ok()) {
    return false;
  }
  if (payload_.is_dmi_allowed()) {
    payload_.set_address(address); // what lies between may have left its own
    payload_.set_dmi_allowed(false);
    payload_.set_response_status(::tlm::TLM_INCOMPLETE_RESPONSE);
    dmi_.init();
    dmi_valid_ = mem->get_direct_mem_ptr(payload_, dmi_);
  }
  return true;
}

void dma_engine::invalidate_direct_mem_ptr(sc_dt::uint64 start, sc_dt::uint64 end) {
  if (dmi_valid_ && start <= dmi_.get_end_address() && end >= dmi_.get_start_address()) {
    dmi_valid_ = false;
  }
}

} // namespace sonic::chip
