// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include <systemc>
#include <tlm>
#include <tlm_utils/simple_target_socket.h>

namespace sonic::platform {

/// A peripheral with registers, as a TLM target of the base protocol, blocking. An access of 1, 2, 4 or 8 bytes at a
/// multiple of its size is handed to read() or write(); others get the error response that TLM-2.0 has for them. An
/// access takes no time of its own.
class device : public sc_core::sc_module {
public:
  explicit device(const sc_core::sc_module_name& name);

  tlm_utils::simple_target_socket<device> port;

protected:
  /// @param now   local time of the initiator
  /// @param debug without effect on the device
  /// @returns false if there is nothing to read
  virtual bool read(std::uint64_t offset, unsigned int bytes, std::uint64_t& value, const sc_core::sc_time& now,
                    bool debug) = 0;
  virtual bool write(std::uint64_t offset, unsigned int bytes, std::uint64_t value, const sc_core::sc_time& now) = 0;

private:
  void b_transport(::tlm::tlm_generic_payload& payload, sc_core::sc_time& delay);
  unsigned int transport_dbg(::tlm::tlm_generic_payload& payload);
};

} // namespace sonic::platform
