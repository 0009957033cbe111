// SPDX-License-Identifier: Apache-2.0
#include "sonic/tlm/byte_initiator.h"

#include <algorithm>
#include <limits>

namespace sonic::transport {

namespace {
/// The generic payload counts bytes in unsigned int: longer spans go as several transactions.
constexpr std::size_t longest_transaction = std::size_t{1} << 30;
} // namespace

byte_initiator::byte_initiator(const char* name) : socket(name) {}

::tlm::tlm_response_status byte_initiator::read(std::uint64_t address, std::span<std::uint8_t> bytes,
                                                sc_core::sc_time& delay) {
  return transport(::tlm::TLM_READ_COMMAND, address, bytes.data(), bytes.size(), delay);
}

::tlm::tlm_response_status byte_initiator::write(std::uint64_t address, std::span<const std::uint8_t> bytes,
                                                 sc_core::sc_time& delay) {
  // The payload's data pointer is mutable for both directions; a target may not change the data of a write.
  return transport(::tlm::TLM_WRITE_COMMAND, address, const_cast<std::uint8_t*>(bytes.data()), bytes.size(), delay);
}

std::span<std::uint8_t> byte_initiator::direct(std::uint64_t address, std::uint64_t bytes) {
  if (dmi_.get_dmi_ptr() == nullptr) {
    [[maybe_unused]] const bool granted = socket->get_direct_mem_ptr(payload_, dmi_);
    sc_assert(granted && dmi_.get_start_address() == 0);
    size_ = dmi_.get_end_address() + 1;
  }
  if (address > size_ || bytes > size_ - address) {
    // A mistake of the model, never of a program: better to stop than to write into the host's memory.
    SC_REPORT_FATAL(socket.name(), "asked for memory that the buffer does not have");
    return {};
  }
  return {dmi_.get_dmi_ptr() + address, bytes};
}

::tlm::tlm_response_status byte_initiator::transport(::tlm::tlm_command command, std::uint64_t address,
                                                     std::uint8_t* data, std::size_t size, sc_core::sc_time& delay) {
  while (size > 0) {
    const auto length = static_cast<unsigned int>(std::min(size, longest_transaction));
    payload_.set_command(command);
    payload_.set_address(address);
    payload_.set_data_ptr(data);
    payload_.set_data_length(length);
    payload_.set_streaming_width(length);
    payload_.set_byte_enable_ptr(nullptr);
    payload_.set_dmi_allowed(false);
    payload_.set_response_status(::tlm::TLM_INCOMPLETE_RESPONSE);
    socket->b_transport(payload_, delay);
    if (!payload_.is_response_ok()) {
      return payload_.get_response_status();
    }
    address += length;
    data += length;
    size -= length;
  }
  return ::tlm::TLM_OK_RESPONSE;
}

} // namespace sonic::transport
