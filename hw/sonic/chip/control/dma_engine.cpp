// SPDX-License-Identifier: Apache-2.0
#include "sonic/chip/control/dma_engine.h"

#include <algorithm>
#include <cstring>

namespace sonic::chip {

namespace {
/// The generic payload counts bytes in unsigned int.
constexpr std::uint64_t longest_transaction = std::uint64_t{1} << 30;
} // namespace

dma_engine::dma_engine(const sc_core::sc_module_name& name, const sc_core::sc_time& latency, double ns_per_byte)
    : sc_module(name), control("control"), mem("mem"), global("global"), latency_(latency), ns_per_byte_(ns_per_byte) {
  control.register_b_transport(this, &dma_engine::b_transport);
  mem.register_invalidate_direct_mem_ptr(this, &dma_engine::invalidate_direct_mem_ptr);
}

void dma_engine::b_transport(::tlm::tlm_generic_payload& payload, sc_core::sc_time& delay) {
  auto* job = transport::job_of<transport::transfer_job>(payload);
  if (job == nullptr) {
    payload.set_response_status(::tlm::TLM_COMMAND_ERROR_RESPONSE);
    return;
  }
  const auto asked = sc_core::sc_time_stamp() + delay;
  sc_core::sc_time memory_time;
  job->bus_error = !move(*job, memory_time);
  const std::uint64_t bytes = job->pattern.total_bytes();
  (job->store ? bytes_stored_ : bytes_loaded_) += bytes;

  const auto own_time = latency_ + sc_core::sc_time(ns_per_byte_ * static_cast<double>(bytes), sc_core::SC_NS);
  const auto taken = std::max(own_time, memory_time);
  auto& channel = job->store ? storing_ : loading_;
  const auto ended = channel.begin(asked, job->epoch) + taken;
  channel.take_until(ended);
  // A memory that waits lets time pass: what is left of the delay counts from now.
  const auto now = sc_core::sc_time_stamp();
  delay = std::max(ended, now) - now;
  payload.set_response_status(::tlm::TLM_OK_RESPONSE);
}

bool dma_engine::move(transport::transfer_job& job, sc_core::sc_time& memory_time) {
  const auto& pattern = job.pattern;
  staging_.resize(pattern.total_bytes());
  sc_core::sc_time hidden; // The global buffer keeps up with the memory's bandwidth.
  if (job.store && global.read(job.buffer_offset, staging_, hidden) != ::tlm::TLM_OK_RESPONSE) {
    return false;
  }
  std::uint8_t* data = staging_.data();
  const auto& counts = pattern.counts;
  const auto& strides = pattern.strides;
  for (std::uint64_t i = 0; i < counts[0]; ++i) {
    for (std::uint64_t j = 0; j < counts[1]; ++j) {
      for (std::uint64_t k = 0; k < counts[2]; ++k) {
        std::uint64_t address = pattern.address + i * strides[0] + j * strides[1] + k * strides[2];
        for (std::uint64_t l = 0; l < counts[3]; ++l, address += strides[3], data += pattern.piece_bytes) {
          if (!access(job.store, address, data, pattern.piece_bytes, memory_time)) {
            return false;
          }
        }
      }
    }
  }
  return job.store || global.write(job.buffer_offset, staging_, hidden) == ::tlm::TLM_OK_RESPONSE;
}

bool dma_engine::granted(bool store, std::uint64_t address, std::uint64_t bytes) {
  return dmi_valid_ && address >= dmi_.get_start_address() && address + (bytes - 1) <= dmi_.get_end_address() &&
         (store ? dmi_.is_write_allowed() : dmi_.is_read_allowed());
}

bool dma_engine::access(bool store, std::uint64_t address, std::uint8_t* data, std::uint64_t bytes,
                        sc_core::sc_time& memory_time) {
  while (bytes > 0) {
    const std::uint64_t length = std::min(bytes, longest_transaction);
    if (granted(store, address, length)) {
      std::uint8_t* there = dmi_.get_dmi_ptr() + (address - dmi_.get_start_address());
      store ? std::memcpy(there, data, length) : std::memcpy(data, there, length);
    } else {
      payload_.set_command(store ? ::tlm::TLM_WRITE_COMMAND : ::tlm::TLM_READ_COMMAND);
      payload_.set_address(address);
      payload_.set_data_ptr(data);
      payload_.set_data_length(static_cast<unsigned int>(length));
      payload_.set_streaming_width(static_cast<unsigned int>(length));
      payload_.set_byte_enable_ptr(nullptr);
      payload_.set_dmi_allowed(false);
      payload_.set_response_status(::tlm::TLM_INCOMPLETE_RESPONSE);
      const auto before = sc_core::sc_time_stamp();
      sc_core::sc_time annotated;
      mem->b_transport(payload_, annotated);
      memory_time += annotated + (sc_core::sc_time_stamp() - before);
      if (!payload_.is_response_ok()) {
        return false;
      }
      if (payload_.is_dmi_allowed()) {
        dmi_.init();
        dmi_valid_ = mem->get_direct_mem_ptr(payload_, dmi_);
      }
    }
    address += length;
    data += length;
    bytes -= length;
  }
  return true;
}

void dma_engine::invalidate_direct_mem_ptr(sc_dt::uint64 start, sc_dt::uint64 end) {
  if (dmi_valid_ && start <= dmi_.get_end_address() && end >= dmi_.get_start_address()) {
    dmi_valid_ = false;
  }
}

} // namespace sonic::chip
