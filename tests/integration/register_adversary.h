// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sonic/protocol/payload_pool.h"
#include "tests/integration/register_model.h"
#include "tests/support/graph_builder.h"

#include <cstdint>
#include <deque>
#include <functional>
#include <list>
#include <map>
#include <memory>
#include <string>

#include <systemc>
#include <tlm>
#include <tlm_utils/simple_initiator_socket.h>

namespace sonic::tests {

/// An initiator that does at random what the base protocol allows at a register socket, blocking and non-blocking in
/// turns with several transactions under way, and compares every response and every byte with the model.
///
/// A blocking access is done when it is called; a non-blocking one when its annotated time has come. The adversary sees
/// to it that no two happen at the same time, so that their order is known. Registers that the chip changes by itself
/// are looked up by debug transport, before and after.
class register_adversary : public sc_core::sc_module {
public:
  register_adversary(const sc_core::sc_module_name& name, std::uint64_t seed);

  tlm_utils::simple_initiator_socket<register_adversary> out;

  /// From a thread: one random action.
  void act();
  /// From a thread: one blocking write of a whole register, checked like any other.
  void write(std::uint32_t offset, std::uint32_t value);
  /// From a thread: everything under way is ended.
  void drain();
  /// The chip is reset by its pin: the model follows. Call settle() before the edge.
  void reset_by_pin();
  /// From a thread: no non-blocking access will happen now.
  void settle();

  [[nodiscard]] const std::map<std::string, std::uint64_t>& counts() const { return counts_; }
  [[nodiscard]] std::uint64_t actions() const { return actions_; }
  /// What differed from the model, in words; empty if nothing did.
  [[nodiscard]] const std::vector<std::string>& differences() const { return differences_; }
  [[nodiscard]] std::size_t payloads_outstanding() const { return pool_.outstanding(); }
  [[nodiscard]] std::size_t most_under_way() const { return most_under_way_; }

private:
  struct transaction {
    register_access access;
    ::tlm::tlm_generic_payload* payload = nullptr;
    std::vector<std::uint8_t> buffer; ///< the payload's data
    sc_core::sc_time begun, due;
    bool done = false;     ///< at the model
    bool answered = false; ///< BEGIN_RESP has come
    bool ended = false;    ///< and END_RESP has gone
    std::set<::tlm::tlm_response_status> allowed;
    std::vector<std::optional<std::uint8_t>> expected; ///< of a read
  };
  struct snapshot {
    sc_core::sc_time when;
    register_model::bank words;
  };
  void blocking();
  void do_blocking(const register_access& access);
  void begin_nonblocking();
  void end_responses();
  void debug();
  void ask_for_dmi();
  ::tlm::tlm_sync_enum nb_transport_bw(::tlm::tlm_generic_payload& payload, ::tlm::tlm_phase& phase,
                                       sc_core::sc_time& delay);
  void answered(::tlm::tlm_generic_payload& payload);

  register_access some_access();
  void describe(::tlm::tlm_generic_payload& payload, register_access& access, std::vector<std::uint8_t>& buffer);
  void apply_due();
  void look_when_due();
  void check_nonblocking(const transaction& t);
  register_model::bank look();
  void keep(const register_model::bank& words);
  void compare(const std::string& what, const register_access& access, const register_model::bank& found);
  void differ(const std::string& what, const register_access& access);
  sc_core::sc_time some_time(double longest_ns);

  random_source random_;
  register_model model_;
  protocol::payload_pool pool_;
  std::list<transaction> under_way_;
  std::deque<snapshot> history_;
  sc_core::sc_time last_due_;
  sc_core::sc_event_queue due_{"due"};
  std::map<std::string, std::uint64_t> counts_;
  std::vector<std::string> differences_;
  std::uint64_t actions_ = 0;
  std::size_t most_under_way_ = 0;
  bool known_ = false; ///< the chip's constants have been read
};

} // namespace sonic::tests
