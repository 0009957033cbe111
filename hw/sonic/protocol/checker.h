// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sonic/protocol/monitor.h"

#include <systemc>
#include <tlm>

namespace sonic::protocol {

/// Holds one hop to the TLM-2.0 base protocol: bind it between an initiator and a target, and it passes every call on
/// unchanged. It takes no time. The rules and their report ids are in rules.h.
template <unsigned int bus_width = 32>
class checker : public sc_core::sc_module, public ::tlm::tlm_fw_transport_if<>, public ::tlm::tlm_bw_transport_if<> {
public:
  explicit checker(const sc_core::sc_module_name& name)
      : sc_module(name), target_socket("target_socket"), initiator_socket("initiator_socket"),
        monitor_(this->sc_module::name()) {
    target_socket.bind(static_cast<::tlm::tlm_fw_transport_if<>&>(*this));
    initiator_socket.bind(static_cast<::tlm::tlm_bw_transport_if<>&>(*this));
  }

  ::tlm::tlm_target_socket<bus_width> target_socket;       ///< the initiator binds here
  ::tlm::tlm_initiator_socket<bus_width> initiator_socket; ///< to the target

  [[nodiscard]] const monitor& observed() const { return monitor_; }

private:
  /// The rules are judged after a call, in which the transaction's owner may have let go of it.
  class held {
  public:
    explicit held(::tlm::tlm_generic_payload& payload) : payload_(payload.has_mm() ? &payload : nullptr) {
      if (payload_ != nullptr) {
        payload_->acquire();
      }
    }
    held(const held&) = delete;
    held& operator=(const held&) = delete;
    ~held() {
      if (payload_ != nullptr) {
        payload_->release();
      }
    }

  private:
    ::tlm::tlm_generic_payload* payload_;
  };

  void b_transport(::tlm::tlm_generic_payload& payload, sc_core::sc_time& delay) override {
    monitor_.before_blocking(payload);
    initiator_socket->b_transport(payload, delay);
    monitor_.after_blocking(payload);
  }

  ::tlm::tlm_sync_enum nb_transport_fw(::tlm::tlm_generic_payload& payload, ::tlm::tlm_phase& phase,
                                       sc_core::sc_time& delay) override {
    const auto made = monitor_.forward(payload, phase, delay);
    const held payload_until_judged(payload);
    const auto status = initiator_socket->nb_transport_fw(payload, phase, delay);
    monitor_.forward_returned(made, payload, phase, delay, status);
    return status;
  }

  ::tlm::tlm_sync_enum nb_transport_bw(::tlm::tlm_generic_payload& payload, ::tlm::tlm_phase& phase,
                                       sc_core::sc_time& delay) override {
    const auto made = monitor_.backward(payload, phase, delay);
    const held payload_until_judged(payload);
    const auto status = target_socket->nb_transport_bw(payload, phase, delay);
    monitor_.backward_returned(made, payload, phase, delay, status);
    return status;
  }

  bool get_direct_mem_ptr(::tlm::tlm_generic_payload& payload, ::tlm::tlm_dmi& dmi) override {
    monitor_.before_dmi(payload, dmi);
    const bool granted = initiator_socket->get_direct_mem_ptr(payload, dmi);
    monitor_.after_dmi(payload, dmi, granted);
    return granted;
  }

  void invalidate_direct_mem_ptr(sc_dt::uint64 start, sc_dt::uint64 end) override {
    target_socket->invalidate_direct_mem_ptr(start, end);
  }

  unsigned int transport_dbg(::tlm::tlm_generic_payload& payload) override {
    monitor_.before_debug(payload);
    const unsigned int bytes = initiator_socket->transport_dbg(payload);
    monitor_.after_debug(payload, bytes);
    return bytes;
  }

  monitor monitor_;
};

} // namespace sonic::protocol
