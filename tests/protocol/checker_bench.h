// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sonic/protocol/checker.h"
#include "sonic/protocol/payload_pool.h"

#include <array>
#include <functional>
#include <string>
#include <vector>

#include <systemc>
#include <tlm>
#include <tlm_utils/simple_initiator_socket.h>
#include <tlm_utils/simple_target_socket.h>

namespace sonic::tests {

using tlm::tlm_generic_payload;
using tlm::tlm_phase;
using tlm::tlm_sync_enum;

class checker_bench;
using script = std::function<void(checker_bench&)>;

/// Collects the ids of all reports from now on, instead of what SystemC does with them.
void collect_reports();

/// Ids of the reports that were collected, in order.
std::vector<std::string>& reported();

/// An initiator and a target with a checker between; what each does is the test's.
class checker_bench : public sc_core::sc_module {
public:
  checker_bench(const sc_core::sc_module_name& name, script what);

  /// A legal request: 4 bytes written to address 16.
  tlm_generic_payload& request();
  void send_blocking(tlm_generic_payload& p) {
    auto delay = sc_core::SC_ZERO_TIME;
    out->b_transport(p, delay);
  }
  tlm_sync_enum send(tlm_generic_payload& p, tlm_phase phase, sc_core::sc_time delay = sc_core::SC_ZERO_TIME) {
    return out->nb_transport_fw(p, phase, delay);
  }
  tlm_sync_enum answer(tlm_generic_payload& p, tlm_phase phase, sc_core::sc_time delay = sc_core::SC_ZERO_TIME) {
    return in->nb_transport_bw(p, phase, delay);
  }
  tlm_sync_enum respond(tlm_generic_payload& p) {
    p.set_response_status(tlm::TLM_OK_RESPONSE);
    return answer(p, tlm::BEGIN_RESP);
  }

  tlm_utils::simple_initiator_socket<checker_bench> out{"out"};
  protocol::checker<> checker;
  tlm_utils::simple_target_socket<checker_bench> in{"in"};
  protocol::payload_pool pool;
  std::vector<tlm_generic_payload*> held;
  std::array<unsigned char, 16> data{}, enables{};
  sc_core::sc_event method_event;
  // What the other side does; a legal answer unless the script says otherwise.
  std::function<void(tlm_generic_payload&)> on_blocking = [](auto& p) { p.set_response_status(tlm::TLM_OK_RESPONSE); };
  std::function<tlm_sync_enum(tlm_generic_payload&, tlm_phase&, sc_core::sc_time&)> on_forward =
      [](auto&, auto&, auto&) { return tlm::TLM_ACCEPTED; };
  std::function<tlm_sync_enum(tlm_generic_payload&, tlm_phase&, sc_core::sc_time&)> on_backward =
      [](auto&, auto&, auto&) { return tlm::TLM_ACCEPTED; };
  std::function<bool(tlm_generic_payload&, tlm::tlm_dmi&)> on_direct = [](auto&, auto&) { return false; };
  unsigned int debug_answer = 0;
  std::vector<std::string> ids; ///< what was reported while the script ran

private:
  // NOLINTBEGIN(readability-make-member-function-const): sockets take members that are not
  void blocking(tlm_generic_payload& p, sc_core::sc_time& /*delay*/) { on_blocking(p); }
  tlm_sync_enum forward(tlm_generic_payload& p, tlm_phase& phase, sc_core::sc_time& delay) {
    return on_forward(p, phase, delay);
  }
  tlm_sync_enum backward(tlm_generic_payload& p, tlm_phase& phase, sc_core::sc_time& delay) {
    return on_backward(p, phase, delay);
  }
  bool direct(tlm_generic_payload& p, tlm::tlm_dmi& dmi) { return on_direct(p, dmi); }
  unsigned int debug(tlm_generic_payload& /*p*/) { return debug_answer; }
  // NOLINTEND(readability-make-member-function-const)
  void call_from_method() { send_blocking(request()); }
  void run();

  script script_;
};

} // namespace sonic::tests
