// SPDX-License-Identifier: Apache-2.0
#include "tb/host/driver.h"

#include "sonic/core/error.h"
#include "sonic_regs/regs.h"

#include <utility>

namespace sonic::host {

namespace at = regs::at;

driver::driver(const sc_core::sc_module_name& name) : sc_module(name), cfg("cfg"), irq("irq") {
  SC_HAS_PROCESS(driver);
  SC_THREAD(run_script);
}

void driver::run_script() {
  const auto work = std::move(script); // it runs once
  if (work) {
    work();
  }
}

void driver::access(::tlm::tlm_command command, std::uint32_t offset, std::uint32_t& value) {
  payload_.set_command(command);
  payload_.set_address(offset);
  payload_.set_data_ptr(reinterpret_cast<unsigned char*>(&value));
  payload_.set_data_length(sizeof(value));
  payload_.set_streaming_width(sizeof(value));
  payload_.set_byte_enable_ptr(nullptr);
  payload_.set_dmi_allowed(false);
  payload_.set_response_status(::tlm::TLM_INCOMPLETE_RESPONSE);
  sc_core::sc_time delay;
  cfg->b_transport(payload_, delay);
  sc_assert(payload_.is_response_ok());
  if (delay > sc_core::SC_ZERO_TIME) {
    wait(delay);
  }
}

std::uint32_t driver::read(std::uint32_t offset) {
  std::uint32_t value = 0;
  access(::tlm::TLM_READ_COMMAND, offset, value);
  return value;
}

void driver::write(std::uint32_t offset, std::uint32_t value) {
  access(::tlm::TLM_WRITE_COMMAND, offset, value);
}

outcome driver::run_program(std::uint64_t memory_size, std::uint64_t descriptor_address, std::uint32_t count,
                            std::optional<std::uint32_t> number) {
  const auto write_wide = [this](std::uint32_t low, std::uint32_t high, std::uint64_t value) {
    write(low, static_cast<std::uint32_t>(value));
    write(high, static_cast<std::uint32_t>(value >> 32U));
  };
  const auto read_wide = [this](std::uint32_t low, std::uint32_t high) {
    return (std::uint64_t{read(high)} << 32U) | read(low);
  };
  write_wide(at::memory_base_low, at::memory_base_high, 0);
  write_wide(at::memory_size_low, at::memory_size_high, memory_size);
  write_wide(at::descriptor_address_low, at::descriptor_address_high, descriptor_address);
  write(at::descriptor_count, count);
  if (number) {
    write(at::program_number, *number);
  }
  write(at::irq_enable, at::irq_status_done | at::irq_status_error);
  write(at::control, at::control_start);
  while (!irq.read()) {
    wait(irq.posedge_event());
  }
  outcome result;
  result.done = (read(at::status) & at::status_done) != 0;
  result.error_code = read(at::error_code);
  result.error_index = read(at::error_index);
  result.time_ns = read_wide(at::time_ns_low, at::time_ns_high);
  result.descriptors_done = read(at::descriptors_done);
  result.symbols = read_wide(at::symbols_low, at::symbols_high);
  write(at::irq_status, at::irq_status_done | at::irq_status_error);
  while (irq.read()) {
    wait(irq.negedge_event());
  }
  return result;
}

} // namespace sonic::host
