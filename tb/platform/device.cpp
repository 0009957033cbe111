// SPDX-License-Identifier: Apache-2.0
#include "tb/platform/device.h"

#include <bit>
#include <cstring>

namespace sonic::platform {

namespace {

constexpr unsigned int widest = 8;

bool has_register_size(const ::tlm::tlm_generic_payload& payload) {
  const unsigned int bytes = payload.get_data_length();
  return bytes > 0 && bytes <= widest && std::has_single_bit(bytes) && payload.get_address() % bytes == 0;
}

} // namespace

device::device(const sc_core::sc_module_name& name) : sc_module(name), port("port") {
  port.register_b_transport(this, &device::b_transport);
  port.register_transport_dbg(this, &device::transport_dbg);
}

void device::b_transport(::tlm::tlm_generic_payload& payload, sc_core::sc_time& delay) {
  const unsigned int bytes = payload.get_data_length();
  if (payload.get_byte_enable_ptr() != nullptr) {
    payload.set_response_status(::tlm::TLM_BYTE_ENABLE_ERROR_RESPONSE);
    return;
  }
  if (!has_register_size(payload) || payload.get_streaming_width() < bytes) {
    payload.set_response_status(::tlm::TLM_BURST_ERROR_RESPONSE);
    return;
  }
  const auto now = sc_core::sc_time_stamp() + delay;
  std::uint64_t value = 0;
  bool answered = true;
  if (payload.is_read()) {
    answered = read(payload.get_address(), bytes, value, now, false);
    std::memcpy(payload.get_data_ptr(), &value, bytes);
  } else if (payload.is_write()) {
    std::memcpy(&value, payload.get_data_ptr(), bytes);
    answered = write(payload.get_address(), bytes, value, now);
  }
  payload.set_response_status(answered ? ::tlm::TLM_OK_RESPONSE : ::tlm::TLM_ADDRESS_ERROR_RESPONSE);
}

unsigned int device::transport_dbg(::tlm::tlm_generic_payload& payload) {
  std::uint64_t value = 0;
  const unsigned int bytes = payload.get_data_length();
  if (!payload.is_read() || !has_register_size(payload) ||
      !read(payload.get_address(), bytes, value, sc_core::sc_time_stamp(), true)) {
    return 0;
  }
  std::memcpy(payload.get_data_ptr(), &value, bytes);
  return bytes;
}

} // namespace sonic::platform
