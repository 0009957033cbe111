// SPDX-License-Identifier: Apache-2.0
#include "sonic/protocol/monitor.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <sstream>

namespace sonic::protocol {

namespace {

using sc_core::sc_time;
using ::tlm::tlm_generic_payload;
using ::tlm::tlm_phase;

/// FNV-1a over words of eight bytes, which tells one changed word for sure and several almost surely. Words take turns
/// at four sums, which a processor works on at the same time.
std::uint64_t sum_of(const unsigned char* bytes, unsigned int count) {
  constexpr std::uint64_t basis = 14695981039346656037ULL;
  constexpr std::uint64_t prime = 1099511628211ULL;
  if (bytes == nullptr) {
    return basis;
  }
  std::array<std::uint64_t, 4> sums{basis, basis + 1, basis + 2, basis + 3};
  std::array<std::uint64_t, 4> words{};
  unsigned int i = 0;
  for (; i + sizeof(words) <= count; i += sizeof(words)) {
    std::memcpy(words.data(), bytes + i, sizeof(words));
    for (std::size_t w = 0; w < words.size(); ++w) {
      sums[w] = (sums[w] ^ words[w]) * prime;
    }
  }
  std::uint64_t sum = sums[0];
  for (; i < count; ++i) {
    sum = (sum ^ bytes[i]) * prime;
  }
  for (std::size_t w = 1; w < sums.size(); ++w) {
    sum = (sum ^ sums[w]) * prime;
  }
  return sum;
}

std::uint64_t data_sum_of(const tlm_generic_payload& payload) {
  return payload.is_write() ? sum_of(payload.get_data_ptr(), payload.get_data_length()) : 0;
}

unsigned int extensions_of(const tlm_generic_payload& payload) {
  unsigned int count = 0;
  const unsigned int kinds = ::tlm::max_num_extensions();
  for (unsigned int i = 0; i < kinds; ++i) {
    count += payload.get_extension(i) != nullptr ? 1U : 0U;
  }
  return count;
}

bool is_base(const tlm_phase& phase) {
  return phase <= ::tlm::END_RESP;
}

} // namespace

void monitor::require(bool holds, rule which, const char* detail) {
  if (holds) {
    return;
  }
  ++violations_;
  const auto& info = info_of(which);
  std::ostringstream text;
  text << name_ << " at " << sc_core::sc_time_stamp() << ": " << detail << (*detail != 0 ? "; expected that " : "")
       << info.says << " (IEEE Std 1666-2011, " << info.clause << ")";
  SC_REPORT_ERROR(info.id, text.str().c_str());
}

monitor::snapshot monitor::snapshot_of(const tlm_generic_payload& payload) {
  snapshot s;
  s.command = payload.get_command();
  s.data = payload.get_data_ptr();
  s.length = payload.get_data_length();
  s.enables = payload.get_byte_enable_ptr();
  s.enable_length = payload.get_byte_enable_length();
  s.streaming_width = payload.get_streaming_width();
  s.option = payload.get_gp_option();
  s.data_sum = data_sum_of(payload);
  s.enable_sum = sum_of(s.enables, s.enable_length);
  s.managed = payload.has_mm();
  s.extensions = s.managed ? 0 : extensions_of(payload);
  return s;
}

void monitor::check_sent(const tlm_generic_payload& payload) {
  const bool moves = payload.get_command() != ::tlm::TLM_IGNORE_COMMAND;
  require(!moves || payload.get_data_ptr() != nullptr, rule::null_data_pointer, "the data pointer is null");
  require(!moves || payload.get_data_length() > 0, rule::zero_data_length, "the data length is 0");
  require(payload.get_byte_enable_ptr() == nullptr || payload.get_byte_enable_length() > 0,
          rule::zero_byte_enable_length, "the byte enable length is 0");
  require(payload.get_streaming_width() > 0, rule::zero_streaming_width, "the streaming width is 0");
  require(!payload.is_dmi_allowed(), rule::dmi_allowed_set, "the DMI hint is set in a request");
  require(payload.get_response_status() == ::tlm::TLM_INCOMPLETE_RESPONSE, rule::response_not_incomplete,
          "a request has a response already");
  require(payload.get_gp_option() == ::tlm::TLM_MIN_PAYLOAD, rule::option_not_minimal, "the option is another");
}

void monitor::check_managed(const tlm_generic_payload& payload) {
  require(payload.has_mm(), rule::no_memory_manager, "there is none");
  require(!payload.has_mm() || payload.get_ref_count() > 0, rule::no_reference, "the reference count is 0");
}

void monitor::check_unmodified(const flight& kept, const tlm_generic_payload& payload) {
  const snapshot& sent = kept.sent;
  require(payload.get_command() == sent.command, rule::command_modified, "the command changed");
  const bool data_there = payload.get_data_ptr() == sent.data;
  require(data_there, rule::data_pointer_modified, "the data pointer changed");
  const bool as_long = payload.get_data_length() == sent.length;
  require(as_long, rule::data_length_modified, "the data length changed");
  // Other bytes are no change of these bytes, which the two rules before have told already.
  require(!data_there || !as_long || payload.get_command() != sent.command || data_sum_of(payload) == sent.data_sum,
          rule::data_modified, "the data of a write changed");
  require(payload.get_byte_enable_ptr() == sent.enables && payload.get_byte_enable_length() == sent.enable_length &&
              sum_of(sent.enables, sent.enable_length) == sent.enable_sum,
          rule::byte_enable_modified, "the byte enables changed");
  require(payload.get_streaming_width() == sent.streaming_width, rule::streaming_width_modified,
          "the streaming width changed");
  require(payload.get_gp_option() == sent.option, rule::option_modified, "the option changed");
}

void monitor::check_answer(const tlm_generic_payload& payload) {
  require(payload.get_response_status() != ::tlm::TLM_INCOMPLETE_RESPONSE, rule::no_response,
          "the response is still incomplete");
}

void monitor::begin(tlm_generic_payload& payload, bool blocking) {
  ++transactions_;
  auto* f = find(payload);
  if (f == nullptr) {
    f = &flights_.emplace_back();
  }
  *f = {};
  f->payload = &payload;
  f->sent = snapshot_of(payload);
  f->blocking = blocking;
}

monitor::flight* monitor::find(const tlm_generic_payload& payload) {
  const auto found =
      std::find_if(flights_.rbegin(), flights_.rend(), [&](const flight& f) { return f.payload == &payload; });
  return found == flights_.rend() ? nullptr : &*found;
}

void monitor::end(const tlm_generic_payload& payload) {
  request_ = request_ == &payload ? nullptr : request_;
  response_ = response_ == &payload ? nullptr : response_;
  if (auto* f = find(payload)) {
    *f = flights_.back();
    flights_.pop_back();
  }
}

unsigned int monitor::last_phase(const tlm_generic_payload& payload) {
  const auto* f = find(payload);
  return f == nullptr ? static_cast<unsigned int>(::tlm::UNINITIALIZED_PHASE) : f->phase;
}

void monitor::before_blocking(tlm_generic_payload& payload) {
  require(sc_core::sc_get_current_process_handle().proc_kind() != sc_core::SC_METHOD_PROC_, rule::blocking_in_method,
          "it is called from a method");
  require(find(payload) == nullptr, rule::mixed_transports, "b_transport is called with a payload that travels");
  require(!payload.has_mm() || payload.get_ref_count() > 0, rule::no_reference, "the reference count is 0");
  check_sent(payload);
  begin(payload, true);
}

void monitor::after_blocking(tlm_generic_payload& payload) {
  const auto* found = find(payload);
  if (found == nullptr) {
    return; // told already: the payload travels by nb_transport as well
  }
  const flight kept = *found;
  end(payload);
  check_answer(payload);
  check_unmodified(kept, payload);
  require(kept.sent.managed || extensions_of(payload) <= kept.sent.extensions, rule::extension_left,
          "an extension was added and left");
}

void monitor::advance(const tlm_generic_payload& payload, const tlm_phase& phase, const sc_time& delay) {
  auto* f = find(payload);
  if (f == nullptr) {
    return; // told already: a phase of a transaction that never began
  }
  const auto time = sc_core::sc_time_stamp() + delay;
  require(time >= f->time, rule::time_decreases, "the time of this phase lies before that of the last one");
  f->time = time;
  if (phase != ::tlm::UNINITIALIZED_PHASE) {
    f->phase = phase;
  }
}

void monitor::to_target(tlm_generic_payload& payload, const tlm_phase& phase) {
  if (phase == ::tlm::BEGIN_REQ) {
    const auto* found = find(payload);
    const bool travels = found != nullptr;
    require(!travels || !found->blocking, rule::mixed_transports, "b_transport has not returned");
    require(!travels || found->blocking, rule::phase_out_of_sequence, "BEGIN_REQ of a payload that travels");
    require(request_ == nullptr, rule::request_exclusion, "the request before has not ended");
    check_sent(payload);
    begin(payload, false);
    request_ = &payload;
  } else if (phase == ::tlm::END_RESP) {
    require(last_phase(payload) == ::tlm::BEGIN_RESP, rule::phase_out_of_sequence, "END_RESP without BEGIN_RESP");
    response_ = response_ == &payload ? nullptr : response_;
  } else {
    require(false, rule::phase_on_wrong_path, "a phase of the initiator's side goes to the target");
  }
}

void monitor::to_initiator(tlm_generic_payload& payload, const tlm_phase& phase) {
  const unsigned int last = last_phase(payload);
  if (phase == ::tlm::END_REQ) {
    require(last == ::tlm::BEGIN_REQ, rule::phase_out_of_sequence, "END_REQ without BEGIN_REQ");
    request_ = request_ == &payload ? nullptr : request_;
  } else if (phase == ::tlm::BEGIN_RESP) {
    require(last == ::tlm::BEGIN_REQ || last == ::tlm::END_REQ, rule::phase_out_of_sequence,
            "BEGIN_RESP without a request, or twice");
    request_ = request_ == &payload ? nullptr : request_; // BEGIN_RESP ends the request as well
    require(response_ == nullptr || response_ == &payload, rule::response_exclusion,
            "the response before has not ended");
    response_ = &payload;
    check_answer(payload);
  } else {
    require(false, rule::phase_on_wrong_path, "a phase of the target's side goes to the initiator");
  }
}

monitor::call monitor::forward(tlm_generic_payload& payload, const tlm_phase& phase, const sc_time& delay) {
  check_managed(payload);
  if (is_base(phase)) {
    to_target(payload, phase);
    advance(payload, phase, delay);
  }
  return {phase, delay, sc_core::sc_time_stamp(), sc_core::sc_delta_count()};
}

monitor::call monitor::backward(tlm_generic_payload& payload, const tlm_phase& phase, const sc_time& delay) {
  check_managed(payload);
  if (is_base(phase)) {
    to_initiator(payload, phase);
    advance(payload, phase, delay);
  }
  return {phase, delay, sc_core::sc_time_stamp(), sc_core::sc_delta_count()};
}

void monitor::check_returned(const call& made, const tlm_phase& phase, const sc_time& delay,
                             ::tlm::tlm_sync_enum status) {
  require(sc_core::sc_time_stamp() == made.now && sc_core::sc_delta_count() == made.delta,
          rule::waits_in_nonblocking_call, "time has passed in it");
  require(status != ::tlm::TLM_ACCEPTED || (phase == made.phase && delay == made.delay), rule::accepted_but_modified,
          "one of them changed");
}

void monitor::complete(const call& made, tlm_generic_payload& payload) {
  const bool legal = made.phase == ::tlm::BEGIN_REQ || made.phase == ::tlm::BEGIN_RESP || made.phase == ::tlm::END_RESP;
  require(legal, rule::completed_out_of_sequence, "it answers another phase");
  end(payload);
  check_answer(payload);
}

void monitor::returned(path way, const call& made, tlm_generic_payload& payload, const tlm_phase& phase,
                       const sc_time& delay, ::tlm::tlm_sync_enum status) {
  check_returned(made, phase, delay, status);
  const auto* found = find(payload);
  if (!is_base(made.phase) || found == nullptr) {
    return;
  }
  check_unmodified(*found, payload);
  const bool updated = status == ::tlm::TLM_UPDATED && is_base(phase);
  if (status == ::tlm::TLM_COMPLETED) {
    advance(payload, ::tlm::UNINITIALIZED_PHASE, delay);
    complete(made, payload);
  } else if (updated) {
    // The answer travels against the call.
    way == path::forward ? to_initiator(payload, phase) : to_target(payload, phase);
    advance(payload, phase, delay);
  }
  if (way == path::forward ? made.phase == ::tlm::END_RESP : updated) {
    end(payload);
  }
}

void monitor::forward_returned(const call& made, tlm_generic_payload& payload, const tlm_phase& phase,
                               const sc_time& delay, ::tlm::tlm_sync_enum status) {
  returned(path::forward, made, payload, phase, delay, status);
}

void monitor::backward_returned(const call& made, tlm_generic_payload& payload, const tlm_phase& phase,
                                const sc_time& delay, ::tlm::tlm_sync_enum status) {
  returned(path::backward, made, payload, phase, delay, status);
}

void monitor::before_dmi(const tlm_generic_payload& /*payload*/, const ::tlm::tlm_dmi& dmi) {
  require(dmi.get_dmi_ptr() == nullptr && dmi.is_none_allowed() && dmi.get_start_address() == 0 &&
              dmi.get_end_address() == static_cast<sc_dt::uint64>(-1) &&
              dmi.get_read_latency() == sc_core::SC_ZERO_TIME && dmi.get_write_latency() == sc_core::SC_ZERO_TIME,
          rule::dmi_not_initialised, "it is not");
}

void monitor::after_dmi(const tlm_generic_payload& payload, const ::tlm::tlm_dmi& dmi, bool granted) {
  require(dmi.get_start_address() <= payload.get_address() && payload.get_address() <= dmi.get_end_address(),
          rule::dmi_outside_range, "it does not");
  if (!granted) {
    return;
  }
  require(dmi.get_dmi_ptr() != nullptr, rule::dmi_without_pointer, "it is null");
  require((!payload.is_read() || dmi.is_read_allowed()) && (!payload.is_write() || dmi.is_write_allowed()),
          rule::dmi_less_than_asked, "it does not");
}

void monitor::before_debug(const tlm_generic_payload& payload) {
  require(payload.get_data_length() == 0 || payload.get_data_ptr() != nullptr, rule::debug_null_data_pointer,
          "it is null");
}

void monitor::after_debug(const tlm_generic_payload& payload, unsigned int bytes) {
  require(bytes <= payload.get_data_length(), rule::debug_too_many_bytes, "it says that it moved more");
}

} // namespace sonic::protocol
