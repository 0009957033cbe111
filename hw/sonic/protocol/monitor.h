// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sonic/protocol/rules.h"

#include <cstdint>
#include <string>
#include <vector>

#include <systemc>
#include <tlm>

namespace sonic::protocol {

/// Watches the calls of one hop between an initiator and a target, and reports what breaks the base protocol as a
/// SystemC error with the id of the rule (by default such a report throws; sc_report_handler::set_actions changes
/// that). Extended phases pass unwatched.
class monitor {
public:
  explicit monitor(std::string name) : name_(std::move(name)) {}

  void before_blocking(::tlm::tlm_generic_payload& payload);
  void after_blocking(::tlm::tlm_generic_payload& payload);

  /// What a non-blocking call came with, to compare with what it returned.
  struct call {
    ::tlm::tlm_phase phase;
    sc_core::sc_time delay, now;
    sc_dt::uint64 delta = 0;
  };
  call forward(::tlm::tlm_generic_payload& payload, const ::tlm::tlm_phase& phase, const sc_core::sc_time& delay);
  call backward(::tlm::tlm_generic_payload& payload, const ::tlm::tlm_phase& phase, const sc_core::sc_time& delay);
  void forward_returned(const call& made, ::tlm::tlm_generic_payload& payload, const ::tlm::tlm_phase& phase,
                        const sc_core::sc_time& delay, ::tlm::tlm_sync_enum status);
  void backward_returned(const call& made, ::tlm::tlm_generic_payload& payload, const ::tlm::tlm_phase& phase,
                         const sc_core::sc_time& delay, ::tlm::tlm_sync_enum status);

  void before_dmi(const ::tlm::tlm_generic_payload& payload, const ::tlm::tlm_dmi& dmi);
  void after_dmi(const ::tlm::tlm_generic_payload& payload, const ::tlm::tlm_dmi& dmi, bool granted);
  void before_debug(const ::tlm::tlm_generic_payload& payload);
  void after_debug(const ::tlm::tlm_generic_payload& payload, unsigned int bytes);

  [[nodiscard]] std::uint64_t transactions() const { return transactions_; } ///< begun so far
  [[nodiscard]] std::uint64_t violations() const { return violations_; }     ///< reported so far
  [[nodiscard]] std::size_t in_flight() const { return flights_.size(); }    ///< begun and not yet ended

private:
  /// A payload as it was sent. Data are kept as a sum of their bytes, so that long transfers cost little memory.
  struct snapshot {
    ::tlm::tlm_command command = ::tlm::TLM_IGNORE_COMMAND;
    const unsigned char* data = nullptr;
    unsigned int length = 0;
    const unsigned char* enables = nullptr;
    unsigned int enable_length = 0;
    unsigned int streaming_width = 0;
    ::tlm::tlm_gp_option option = ::tlm::TLM_MIN_PAYLOAD;
    std::uint64_t data_sum = 0, enable_sum = 0;
    bool managed = false;
    unsigned int extensions = 0;
  };
  struct flight {
    const ::tlm::tlm_generic_payload* payload = nullptr;
    snapshot sent;
    unsigned int phase = 0; ///< the last one, as tlm_phase_enum
    sc_core::sc_time time;  ///< of the last phase
    bool blocking = false;
  };
  enum class path : std::uint8_t { forward, backward };

  static snapshot snapshot_of(const ::tlm::tlm_generic_payload& payload);
  void begin(::tlm::tlm_generic_payload& payload, bool blocking);
  void check_sent(const ::tlm::tlm_generic_payload& payload);
  void check_unmodified(const flight& kept, const ::tlm::tlm_generic_payload& payload);
  void check_answer(const ::tlm::tlm_generic_payload& payload);
  void check_managed(const ::tlm::tlm_generic_payload& payload);
  void check_returned(const call& made, const ::tlm::tlm_phase& phase, const sc_core::sc_time& delay,
                      ::tlm::tlm_sync_enum status);
  void returned(path way, const call& made, ::tlm::tlm_generic_payload& payload, const ::tlm::tlm_phase& phase,
                const sc_core::sc_time& delay, ::tlm::tlm_sync_enum status);
  void to_target(::tlm::tlm_generic_payload& payload, const ::tlm::tlm_phase& phase);
  void to_initiator(::tlm::tlm_generic_payload& payload, const ::tlm::tlm_phase& phase);
  void advance(const ::tlm::tlm_generic_payload& payload, const ::tlm::tlm_phase& phase, const sc_core::sc_time& delay);
  void complete(const call& made, ::tlm::tlm_generic_payload& payload);
  void end(const ::tlm::tlm_generic_payload& payload);
  [[nodiscard]] unsigned int last_phase(const ::tlm::tlm_generic_payload& payload);
  /// Of a payload that travels, or nullptr; valid until another one begins or ends.
  [[nodiscard]] flight* find(const ::tlm::tlm_generic_payload& payload);
  void require(bool holds, rule which, const char* detail = "");

  std::string name_;
  std::vector<flight> flights_;                          ///< few: looked through from the latest on
  const ::tlm::tlm_generic_payload* request_ = nullptr;  ///< begun and not yet ended
  const ::tlm::tlm_generic_payload* response_ = nullptr; ///< begun and not yet ended
  std::uint64_t transactions_ = 0, violations_ = 0;
};

} // namespace sonic::protocol
