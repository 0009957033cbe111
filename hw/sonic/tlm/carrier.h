// SPDX-License-Identifier: Apache-2.0
// How the blocks of the chip speak to each other: a generic payload whose extension points to a job. Bytes travel as
// ordinary reads and writes; jobs ("decode this tile", "convert these blocks") travel as TLM_IGNORE with an extension.
// The namespace is `transport`, since sonic::tlm would hide ::tlm.
#pragma once

#include <systemc>
#include <tlm>
#include <tlm_utils/simple_initiator_socket.h>

namespace sonic::transport {

/// Extension that points to a job owned by the caller, who blocks until the call returns.
template <class job>
class carrier : public ::tlm::tlm_extension<carrier<job>> {
public:
  ::tlm::tlm_extension_base* clone() const override { return new carrier(*this); }
  void copy_from(const ::tlm::tlm_extension_base& other) override {
    content = static_cast<const carrier&>(other).content;
  }
  /// A member of its initiator, never deleted by a payload.
  void free() override {}

  job* content = nullptr;
};

/// The job that a payload carries, or nullptr where it carries none of this kind.
template <class job>
job* job_of(const ::tlm::tlm_generic_payload& payload) {
  const auto* extension = payload.get_extension<carrier<job>>();
  return extension == nullptr ? nullptr : extension->content;
}

/// Initiator socket for one kind of job. Owns one payload: calls do not nest.
template <class job>
class job_initiator {
public:
  explicit job_initiator(const char* name) : socket(name) {
    payload_.set_command(::tlm::TLM_IGNORE_COMMAND);
    payload_.set_streaming_width(4);
    payload_.set_extension(&carrier_);
  }
  job_initiator(const job_initiator&) = delete;
  job_initiator& operator=(const job_initiator&) = delete;
  ~job_initiator() { payload_.clear_extension(&carrier_); }

  /// Runs the job in its target. @p delay is offset from the current time, as in b_transport.
  void run(job& content, sc_core::sc_time& delay) {
    carrier_.content = &content;
    payload_.set_response_status(::tlm::TLM_INCOMPLETE_RESPONSE);
    socket->b_transport(payload_, delay);
    sc_assert(payload_.is_response_ok());
  }

  tlm_utils::simple_initiator_socket<job_initiator> socket;

private:
  ::tlm::tlm_generic_payload payload_;
  carrier<job> carrier_;
};

} // namespace sonic::transport
