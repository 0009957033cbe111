// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>

#include <systemc>
#include <tlm>
#include <tlm_utils/simple_initiator_socket.h>

namespace sonic::tests {

/// An initiator that runs a script in a thread.
class device_bench : public sc_core::sc_module {
public:
  explicit device_bench(const sc_core::sc_module_name& name);

  tlm_utils::simple_initiator_socket<device_bench> port;
  std::function<void()> script; ///< runs once

  ::tlm::tlm_response_status access(::tlm::tlm_command command, std::uint64_t address, unsigned int bytes,
                                    std::uint64_t& value, const sc_core::sc_time& ahead = sc_core::SC_ZERO_TIME);
  /// @returns all ones if the access failed
  std::uint64_t read(std::uint64_t address, unsigned int bytes = 4);
  bool write(std::uint64_t address, std::uint64_t value, unsigned int bytes = 4);

private:
  void run();
};

} // namespace sonic::tests
