// SPDX-License-Identifier: Apache-2.0
// How the blocks of the chip speak to each other: a generic payload whose extension points to a job. Bytes travel as
// ordinary reads and writes; jobs ("decode this tile", "convert these blocks") travel as TLM_IGNORE with an extension.
// The namespace is `transport`, since sonic::tlm would hide ::tlm.
#pragma once

#include <systemc>
#include <tlm>

namespace sonic::transport {

/// Extension that points to a job owned by the caller, who keeps it until the answer.
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

} // namespace sonic::transport
