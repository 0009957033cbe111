// SPDX-License-Identifier: Apache-2.0
// The rules of the TLM-2.0 base protocol that a single hop can be held to, with the report id of each.
#pragma once

#include <cstddef>
#include <cstdint>

namespace sonic::protocol {

enum class rule : std::uint8_t {
  // The generic payload as the initiator sends it.
  null_data_pointer,
  zero_data_length,
  zero_byte_enable_length,
  zero_streaming_width,
  dmi_allowed_set,
  response_not_incomplete,
  option_not_minimal,
  no_memory_manager,
  no_reference,
  // The generic payload on its way.
  command_modified,
  data_pointer_modified,
  data_length_modified,
  data_modified,
  byte_enable_modified,
  streaming_width_modified,
  option_modified,
  extension_left,
  no_response,
  // Phases.
  phase_on_wrong_path,
  phase_out_of_sequence,
  request_exclusion,
  response_exclusion,
  accepted_but_modified,
  completed_out_of_sequence,
  time_decreases,
  waits_in_nonblocking_call,
  mixed_transports,
  blocking_in_method,
  // Direct memory interface and debug transport.
  dmi_not_initialised,
  dmi_without_pointer,
  dmi_outside_range,
  dmi_less_than_asked,
  debug_null_data_pointer,
  debug_too_many_bytes,
};

constexpr std::size_t rule_count = static_cast<std::size_t>(rule::debug_too_many_bytes) + 1;

struct rule_info {
  const char* id;     ///< of the SystemC report, for sc_report_handler::set_actions
  const char* says;   ///< the rule in one sentence
  const char* clause; ///< of IEEE Std 1666-2011
};

const rule_info& info_of(rule which);

} // namespace sonic::protocol
