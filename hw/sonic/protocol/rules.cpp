// SPDX-License-Identifier: Apache-2.0
#include "sonic/protocol/rules.h"

#include <array>

namespace sonic::protocol {

namespace {

#define SONIC_RULE(name) "/sonic/protocol/" #name

// In the order of the enumeration.
constexpr std::array<rule_info, rule_count> rules{{
    {SONIC_RULE(null_data_pointer), "a read or write has a data pointer", "14.11 e"},
    {SONIC_RULE(zero_data_length), "a read or write has at least one byte", "14.12 d"},
    {SONIC_RULE(zero_byte_enable_length), "byte enables have a length", "14.14 f"},
    {SONIC_RULE(zero_streaming_width), "the streaming width is at least 1", "14.15 f"},
    {SONIC_RULE(dmi_allowed_set), "the initiator clears the DMI hint", "14.16"},
    {SONIC_RULE(response_not_incomplete), "the initiator sets the response to incomplete", "14.17 e"},
    {SONIC_RULE(option_not_minimal), "a transport payload has the option TLM_MIN_PAYLOAD", "14.8 g"},
    {SONIC_RULE(no_memory_manager), "a payload of nb_transport has a memory manager", "14.5 i"},
    {SONIC_RULE(no_reference), "a payload with a memory manager is referenced while it travels", "14.5 t"},
    {SONIC_RULE(command_modified), "nobody changes the command of a travelling payload", "14.7"},
    {SONIC_RULE(data_pointer_modified), "nobody changes the data pointer of a travelling payload", "14.7"},
    {SONIC_RULE(data_length_modified), "nobody changes the data length of a travelling payload", "14.7"},
    {SONIC_RULE(data_modified), "nobody changes the data of a write", "14.7"},
    {SONIC_RULE(byte_enable_modified), "nobody changes the byte enables of a travelling payload", "14.7"},
    {SONIC_RULE(streaming_width_modified), "nobody changes the streaming width of a travelling payload", "14.7"},
    {SONIC_RULE(option_modified), "nobody changes the option TLM_MIN_PAYLOAD of a travelling payload", "14.8 g, h"},
    {SONIC_RULE(extension_left), "who adds an extension without a memory manager removes it again", "14.5 aa"},
    {SONIC_RULE(no_response), "the target sets a response before it answers", "14.17"},
    {SONIC_RULE(phase_on_wrong_path),
     "BEGIN_REQ and END_RESP go to the target, END_REQ and BEGIN_RESP to the initiator", "15.2.3 c"},
    {SONIC_RULE(phase_out_of_sequence), "the phases of a transaction follow one another in their order", "15.2.4"},
    {SONIC_RULE(request_exclusion), "a request begins after the one before it has ended", "15.2.6 e"},
    {SONIC_RULE(response_exclusion), "a response begins after the one before it has ended", "15.2.6 f"},
    {SONIC_RULE(accepted_but_modified), "who returns TLM_ACCEPTED leaves phase and time as they are", "11.1.2.7"},
    {SONIC_RULE(completed_out_of_sequence), "TLM_COMPLETED answers BEGIN_REQ, BEGIN_RESP or END_RESP and nothing else",
     "15.2.5"},
    {SONIC_RULE(time_decreases), "the times of a transaction's phases do not decrease", "15.2.7 c"},
    {SONIC_RULE(waits_in_nonblocking_call), "a non-blocking call returns without waiting", "11.1.2.4"},
    {SONIC_RULE(mixed_transports), "a transaction travels by b_transport or by nb_transport", "15.2.10 c"},
    {SONIC_RULE(blocking_in_method), "b_transport is called from a thread", "11.1.1.4 b"},
    {SONIC_RULE(dmi_not_initialised), "the initiator passes a DMI descriptor in its initial state", "11.2.5"},
    {SONIC_RULE(dmi_without_pointer), "granted DMI comes with a pointer", "11.2.5"},
    {SONIC_RULE(dmi_outside_range), "the DMI range contains the address that was asked for", "11.2.5"},
    {SONIC_RULE(dmi_less_than_asked), "granted DMI allows the command that was asked for", "11.2.5"},
    {SONIC_RULE(debug_null_data_pointer), "debug transport of bytes has a data pointer", "11.3.4 l"},
    {SONIC_RULE(debug_too_many_bytes), "debug transport moves at most the bytes that were asked for", "11.3.4 s"},
}};

#undef SONIC_RULE

} // namespace

const rule_info& info_of(rule which) {
  return rules.at(static_cast<std::size_t>(which));
}

} // namespace sonic::protocol
