// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include <systemc>
#include <tlm>
#include <tlm_utils/simple_initiator_socket.h>

namespace sonic::transport {

/// Initiator socket for reads and writes of bytes. Calls do not nest.
class byte_initiator {
public:
  explicit byte_initiator(const char* name);

  /// Reads or writes @p bytes at @p address, adding the target's time to @p delay. An empty span is no transaction.
  ::tlm::tlm_response_status read(std::uint64_t address, std::span<std::uint8_t> bytes, sc_core::sc_time& delay);
  ::tlm::tlm_response_status write(std::uint64_t address, std::span<const std::uint8_t> bytes, sc_core::sc_time& delay);

  /// Between blocks of the chip, where the address is known to be right and the time is hidden behind a stream that is
  /// charged elsewhere: the target's memory itself, asked for by get_direct_mem_ptr.
  std::span<std::uint8_t> direct(std::uint64_t address, std::uint64_t bytes);

  tlm_utils::simple_initiator_socket<byte_initiator> socket;

private:
  ::tlm::tlm_response_status transport(::tlm::tlm_command command, std::uint64_t address, std::uint8_t* data,
                                       std::size_t size, sc_core::sc_time& delay);

  ::tlm::tlm_generic_payload payload_;
  ::tlm::tlm_dmi dmi_;
  std::uint64_t size_ = 0; ///< of the memory lent
};

} // namespace sonic::transport
