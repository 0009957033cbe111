// SPDX-License-Identifier: Apache-2.0
// A memory of your own, as the accelerator's mem socket or a bus sees it.
#pragma once

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <vector>

#include <systemc>
#include <tlm>
#include <tlm_utils/simple_target_socket.h>

/// Bytes from a base address on, with a latency for each access and a bus in each direction.
class memory : public sc_core::sc_module {
public:
  struct timing {
    double latency_ns, ns_per_byte;
  };

  memory(const sc_core::sc_module_name& name, std::uint64_t base, std::uint64_t bytes, const timing& takes)
      : sc_module(name), port("port"), base_(base), storage_(bytes), takes_(takes) {
    port.register_b_transport(this, &memory::b_transport);
    port.register_transport_dbg(this, &memory::transport_dbg);
  }

  tlm_utils::simple_target_socket<memory> port;

  // The loader's and the test's way in, which takes no time.
  void write(std::uint64_t address, const std::vector<std::uint8_t>& content) {
    std::copy(content.begin(), content.end(), storage_.begin() + offset_of(address));
  }
  std::vector<std::uint8_t> read(std::uint64_t address, std::uint64_t bytes) const {
    const auto first = storage_.begin() + offset_of(address);
    return {first, first + static_cast<std::ptrdiff_t>(bytes)};
  }

private:
  void b_transport(tlm::tlm_generic_payload& payload, sc_core::sc_time& delay) {
    const std::uint64_t length = payload.get_data_length();
    if (!holds(payload.get_address(), length)) {
      payload.set_response_status(tlm::TLM_ADDRESS_ERROR_RESPONSE);
      return;
    }
    move(payload, length);
    // The first byte comes after the latency, and not before the bus is free.
    auto& bus_free = payload.is_write() ? write_bus_free_ : read_bus_free_;
    const auto now = sc_core::sc_time_stamp();
    const auto first_byte = std::max(now + delay + sc_core::sc_time(takes_.latency_ns, sc_core::SC_NS), bus_free);
    bus_free = first_byte + sc_core::sc_time(takes_.ns_per_byte * static_cast<double>(length), sc_core::SC_NS);
    delay = bus_free - now;
    payload.set_response_status(tlm::TLM_OK_RESPONSE);
  }

  unsigned int transport_dbg(tlm::tlm_generic_payload& payload) {
    const std::uint64_t length = payload.get_data_length();
    if (!holds(payload.get_address(), length)) {
      return 0;
    }
    move(payload, length);
    return static_cast<unsigned int>(length);
  }

  bool holds(std::uint64_t address, std::uint64_t length) const {
    return address >= base_ && address - base_ <= storage_.size() && length <= storage_.size() - (address - base_);
  }
  std::ptrdiff_t offset_of(std::uint64_t address) const { return static_cast<std::ptrdiff_t>(address - base_); }

  void move(tlm::tlm_generic_payload& payload, std::uint64_t length) {
    std::uint8_t* here = storage_.data() + offset_of(payload.get_address());
    if (payload.is_read()) {
      std::memcpy(payload.get_data_ptr(), here, length);
    } else if (payload.is_write()) {
      std::memcpy(here, payload.get_data_ptr(), length);
    }
  }

  std::uint64_t base_;
  std::vector<std::uint8_t> storage_;
  timing takes_;
  sc_core::sc_time read_bus_free_, write_bus_free_;
};
