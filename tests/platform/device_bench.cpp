// SPDX-License-Identifier: Apache-2.0
#include "tests/platform/device_bench.h"

#include <utility>

namespace sonic::tests {

device_bench::device_bench(const sc_core::sc_module_name& name) : sc_module(name), port("port") {
  SC_HAS_PROCESS(device_bench);
  SC_THREAD(run);
}

void device_bench::run() {
  const auto work = std::exchange(script, nullptr);
  work();
}

::tlm::tlm_response_status device_bench::access(::tlm::tlm_command command, std::uint64_t address, unsigned int bytes,
                                                std::uint64_t& value, const sc_core::sc_time& ahead) {
  ::tlm::tlm_generic_payload payload;
  payload.set_command(command);
  payload.set_address(address);
  payload.set_data_ptr(reinterpret_cast<unsigned char*>(&value));
  payload.set_data_length(bytes);
  payload.set_streaming_width(bytes);
  auto delay = ahead;
  port->b_transport(payload, delay);
  return payload.get_response_status();
}

std::uint64_t device_bench::read(std::uint64_t address, unsigned int bytes) {
  std::uint64_t value = 0;
  return access(::tlm::TLM_READ_COMMAND, address, bytes, value) == ::tlm::TLM_OK_RESPONSE ? value : ~std::uint64_t{0};
}

bool device_bench::write(std::uint64_t address, std::uint64_t value, unsigned int bytes) {
  return access(::tlm::TLM_WRITE_COMMAND, address, bytes, value) == ::tlm::TLM_OK_RESPONSE;
}

} // namespace sonic::tests
