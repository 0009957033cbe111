// SPDX-License-Identifier: Apache-2.0
// A processor of your own: what its software does to run a program on the accelerator.
#pragma once

#include "sonic_regs/sonic_regs.h"

#include <cstdint>
#include <functional>
#include <utility>

#include <systemc>
#include <tlm>
#include <tlm_utils/simple_initiator_socket.h>

class host : public sc_core::sc_module {
public:
  host(const sc_core::sc_module_name& name, std::function<void(host&)> software)
      : sc_module(name), bus("bus"), irq("irq"), software_(std::move(software)) {
    SC_HAS_PROCESS(host);
    SC_THREAD(run);
  }

  tlm_utils::simple_initiator_socket<host> bus; ///< to cfg
  sc_core::sc_in<bool> irq;

  /// Runs descriptors and waits for the interrupt.
  /// @returns the accelerator's error code, 0 if all went well
  std::uint32_t run_program(std::uint64_t base, std::uint64_t size, std::uint64_t descriptors, std::uint32_t count) {
    write_wide(SONIC_MEMORY_BASE_LOW, base);
    write_wide(SONIC_MEMORY_SIZE_LOW, size);
    write_wide(SONIC_DESCRIPTOR_ADDRESS_LOW, descriptors);
    write(SONIC_DESCRIPTOR_COUNT, count);
    write(SONIC_IRQ_ENABLE, SONIC_IRQ_STATUS_DONE | SONIC_IRQ_STATUS_ERROR);
    write(SONIC_CONTROL, SONIC_CONTROL_START);
    while (!irq.read()) {
      wait(irq.posedge_event());
    }
    const auto error = read(SONIC_ERROR_CODE);
    write(SONIC_IRQ_STATUS, SONIC_IRQ_STATUS_DONE | SONIC_IRQ_STATUS_ERROR);
    while (irq.read()) {
      wait(irq.negedge_event());
    }
    return error;
  }

  std::uint32_t read(std::uint32_t offset) {
    std::uint32_t value = 0;
    access(tlm::TLM_READ_COMMAND, offset, value);
    return value;
  }
  void write(std::uint32_t offset, std::uint32_t value) { access(tlm::TLM_WRITE_COMMAND, offset, value); }

private:
  void run() { software_(*this); }

  void write_wide(std::uint32_t low, std::uint64_t value) {
    write(low, static_cast<std::uint32_t>(value));
    write(low + 4, static_cast<std::uint32_t>(value >> 32U));
  }

  void access(tlm::tlm_command command, std::uint32_t offset, std::uint32_t& value) {
    tlm::tlm_generic_payload payload;
    payload.set_command(command);
    payload.set_address(offset);
    payload.set_data_ptr(reinterpret_cast<unsigned char*>(&value));
    payload.set_data_length(sizeof(value));
    payload.set_streaming_width(sizeof(value));
    payload.set_response_status(tlm::TLM_INCOMPLETE_RESPONSE);
    sc_core::sc_time delay;
    bus->b_transport(payload, delay);
    if (!payload.is_response_ok()) {
      SC_REPORT_ERROR("host", payload.get_response_string().c_str());
    }
    wait(delay);
  }

  std::function<void(host&)> software_;
};
