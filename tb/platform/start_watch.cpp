// SPDX-License-Identifier: Apache-2.0
#include "tb/platform/start_watch.h"

#include "sonic_regs/regs.h"

#include <cstdint>
#include <utility>

namespace sonic::platform {

namespace at = regs::at;

start_watch::start_watch(const sc_core::sc_module_name& name, std::function<void()> on_start)
    : sc_module(name), port("port"), cfg("cfg"), on_start_(std::move(on_start)) {
  port.register_b_transport(this, &start_watch::b_transport);
  port.register_transport_dbg(this, &start_watch::transport_dbg);
}

bool start_watch::is_busy() {
  std::uint32_t status = 0;
  ::tlm::tlm_generic_payload payload;
  payload.set_read();
  payload.set_address(at::status);
  payload.set_data_ptr(reinterpret_cast<unsigned char*>(&status));
  payload.set_data_length(sizeof(status));
  payload.set_streaming_width(sizeof(status));
  cfg->transport_dbg(payload);
  return (status & at::status_busy) != 0;
}

void start_watch::b_transport(::tlm::tlm_generic_payload& payload, sc_core::sc_time& delay) {
  // The bit lies in the register's first byte.
  const bool starts = payload.is_write() && payload.get_address() == at::control && payload.get_data_length() > 0 &&
                      (*payload.get_data_ptr() & at::control_start) != 0;
  if (starts && !is_busy()) {
    on_start_();
  }
  cfg->b_transport(payload, delay);
}

unsigned int start_watch::transport_dbg(::tlm::tlm_generic_payload& payload) {
  return cfg->transport_dbg(payload);
}

} // namespace sonic::platform
