// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <memory>
#include <vector>

#include <systemc>
#include <tlm>

namespace sonic::protocol {

/// Payloads for non-blocking transport, used again once nobody refers to them. All must have come back when the pool
/// ends: one that has not is a transaction that somebody never finished, and an assertion says so.
class payload_pool : public ::tlm::tlm_mm_interface {
public:
  payload_pool() = default;
  payload_pool(const payload_pool&) = delete;
  payload_pool& operator=(const payload_pool&) = delete;
  ~payload_pool() override { sc_assert(outstanding() == 0); }

  /// A payload with one reference, which the caller releases; attributes are in their initial state.
  ::tlm::tlm_generic_payload& acquire() {
    if (free_.empty()) {
      owned_.push_back(std::make_unique<::tlm::tlm_generic_payload>(this));
      free_.push_back(owned_.back().get());
    }
    auto& payload = *free_.back();
    free_.pop_back();
    payload.acquire();
    return payload;
  }

  [[nodiscard]] std::size_t outstanding() const { return owned_.size() - free_.size(); }
  [[nodiscard]] std::size_t capacity() const { return owned_.size(); } ///< the most that were outstanding at once

private:
  void free(::tlm::tlm_generic_payload* payload) override {
    payload->reset(); // drops the extensions that live as long as the transaction
    payload->set_command(::tlm::TLM_IGNORE_COMMAND);
    payload->set_data_ptr(nullptr);
    payload->set_data_length(0);
    payload->set_streaming_width(0);
    payload->set_byte_enable_ptr(nullptr);
    payload->set_byte_enable_length(0);
    payload->set_dmi_allowed(false);
    payload->set_response_status(::tlm::TLM_INCOMPLETE_RESPONSE);
    payload->set_gp_option(::tlm::TLM_MIN_PAYLOAD);
    free_.push_back(payload);
  }

  std::vector<std::unique_ptr<::tlm::tlm_generic_payload>> owned_;
  std::vector<::tlm::tlm_generic_payload*> free_;
};

} // namespace sonic::protocol
