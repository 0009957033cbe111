// SPDX-License-Identifier: Apache-2.0
#include "tb/host/testbench.h"

#include "sonic/config/architecture.h"

namespace sonic::host {

testbench::testbench(const config::architecture& architecture, std::uint64_t memory_bytes, bool grant_dmi, twins with)
    : memory_("memory", memory_bytes, memory_behaviour(architecture, grant_dmi)), driver_("driver"),
      chip_("sonic", architecture, std::move(with)), cfg_checker_("cfg_checker"), mem_checker_("mem_checker"),
      irq_("irq"), reset_("reset") {
  driver_.cfg.bind(cfg_checker_.target_socket);
  cfg_checker_.initiator_socket.bind(chip_.cfg);
  chip_.mem.bind(mem_checker_.target_socket);
  mem_checker_.initiator_socket.bind(memory_.port);
  chip_.irq.bind(irq_);
  driver_.irq.bind(irq_);
  chip_.reset.bind(reset_);
  driver_.script = [this] {
    while (true) {
      if (!work_) {
        sc_core::wait(request_);
      }
      work_(driver_);
      work_ = nullptr;
      sc_core::sc_pause();
      sc_core::wait(request_);
    }
  };
}

void testbench::trace(const std::string& path) {
  trace_.reset(sc_core::sc_create_vcd_trace_file(path.c_str()));
  trace_->set_time_unit(1.0, sc_core::SC_PS);
  chip_.trace(trace_.get());
}

void testbench::end_trace() {
  sc_core::sc_start({1.0, sc_core::SC_PS});
  trace_.reset();
}

void testbench::with_host(const std::function<void(driver&)>& work) {
  work_ = work;
  memory_.close_rows();
  request_.notify(sc_core::SC_ZERO_TIME);
  sc_core::sc_start();
}

outcome testbench::start(std::uint64_t descriptor_address, std::uint32_t count, std::optional<std::uint32_t> number) {
  outcome result;
  with_host([&](driver& host) { result = host.run_program(bytes().size(), descriptor_address, count, number); });
  return result;
}

} // namespace sonic::host
