// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <deque>
#include <functional>
#include <utility>

#include <systemc>
#include <tlm>
#include <tlm_utils/peq_with_cb_and_phase.h>

namespace sonic::protocol {

/// The backward path of a target with non-blocking transport: sends END_REQ and BEGIN_RESP when their time has come.
/// Keeps the base protocol's response rule: one BEGIN_RESP at a time, until its END_RESP.
class target_phases {
public:
  using backward =
      std::function<::tlm::tlm_sync_enum(::tlm::tlm_generic_payload&, ::tlm::tlm_phase&, sc_core::sc_time&)>;

  /// @param send nb_transport_bw of the target's socket
  explicit target_phases(backward send) : send_(std::move(send)), due_(this, &target_phases::arrived) {}

  /// At absolute times, not before now. The answer to a request follows its acceptance.
  void accept_at(::tlm::tlm_generic_payload& payload, const sc_core::sc_time& when) {
    due_.notify(payload, ::tlm::END_REQ, when - sc_core::sc_time_stamp());
  }
  void respond_at(::tlm::tlm_generic_payload& payload, const sc_core::sc_time& when) {
    due_.notify(payload, ::tlm::BEGIN_RESP, when - sc_core::sc_time_stamp());
  }

  /// To be told of every phase on the forward path. True if it is END_RESP, with which the transaction is complete;
  /// the next answer waits for its time.
  [[nodiscard]] bool ended_by(const ::tlm::tlm_generic_payload& payload, const ::tlm::tlm_phase& phase,
                              const sc_core::sc_time& delay) {
    if (phase != ::tlm::END_RESP) {
      return false; // a phase that the base protocol does not know may be ignored
    }
    end_after(payload, delay);
    respond_next();
    return true;
  }

private:
  void arrived(::tlm::tlm_generic_payload& payload, const ::tlm::tlm_phase& phase) {
    if (phase == ::tlm::END_REQ) {
      ::tlm::tlm_phase sent = phase;
      sc_core::sc_time delay;
      send_(payload, sent, delay);
    } else if (phase == ::tlm::END_RESP) { // the payload may be another transaction's by now
      responding_ = false;
      respond_next();
    } else {
      waiting_.push_back(&payload);
      respond_next();
    }
  }

  void respond_next() {
    while (!responding_ && !waiting_.empty()) {
      auto& payload = *waiting_.front();
      waiting_.pop_front();
      ::tlm::tlm_phase phase = ::tlm::BEGIN_RESP;
      sc_core::sc_time delay;
      responding_ = true;
      const auto status = send_(payload, phase, delay);
      if (status != ::tlm::TLM_ACCEPTED) { // TLM_COMPLETED, or TLM_UPDATED with END_RESP
        end_after(payload, delay);
      }
    }
  }

  void end_after(const ::tlm::tlm_generic_payload& payload, const sc_core::sc_time& delay) {
    if (delay == sc_core::SC_ZERO_TIME) {
      responding_ = false;
    } else {
      due_.notify(const_cast<::tlm::tlm_generic_payload&>(payload), ::tlm::END_RESP, delay);
    }
  }

  backward send_;
  tlm_utils::peq_with_cb_and_phase<target_phases> due_;
  std::deque<::tlm::tlm_generic_payload*> waiting_; ///< for an earlier answer's END_RESP
  bool responding_ = false;
};

} // namespace sonic::protocol
