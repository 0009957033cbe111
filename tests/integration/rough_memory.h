// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sonic/protocol/payload_pool.h"
#include "tests/support/graph_builder.h"

#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include <systemc>
#include <tlm>
#include <tlm_utils/simple_target_socket.h>

namespace sonic::tests {

/// A memory as inconvenient as the base protocol allows, at random: late answers, out of order, by every return path;
/// errors; DMI for odd ranges, taken back at any moment, when the bytes move elsewhere in the host.
class rough_memory : public sc_core::sc_module {
public:
  struct habits {
    double errors = 0.0;     ///< share of accesses that are answered with one
    bool waits = false;      ///< b_transport lets time pass, too
    bool grants_dmi = false; ///< and takes it back
    double longest_ns = 300.0;
  };
  rough_memory(const sc_core::sc_module_name& name, std::uint64_t base, std::uint64_t bytes, std::uint64_t seed);

  tlm_utils::simple_target_socket<rough_memory> port;
  habits now;

  void fill(const std::vector<std::uint8_t>& content);
  [[nodiscard]] const std::vector<std::uint8_t>& content() const { return *storage_; }
  /// What it did, by kind.
  [[nodiscard]] const std::map<std::string, std::uint64_t>& counts() const { return counts_; }
  [[nodiscard]] std::uint64_t accesses() const { return accesses_; }
  [[nodiscard]] std::uint64_t errors() const { return errors_; }
  [[nodiscard]] std::size_t in_flight() const { return waiting_.size() + (responding_ != nullptr ? 1U : 0U); }
  /// Places that the bytes have left and that somebody wrote to all the same.
  [[nodiscard]] int written_after_leaving() const;

private:
  struct request {
    ::tlm::tlm_generic_payload* payload;
    bool ended; ///< its request phase, or will be with the response
    sc_core::sc_time due;
  };
  void b_transport(::tlm::tlm_generic_payload& payload, sc_core::sc_time& delay);
  ::tlm::tlm_sync_enum nb_transport_fw(::tlm::tlm_generic_payload& payload, ::tlm::tlm_phase& phase,
                                       sc_core::sc_time& delay);
  bool get_direct_mem_ptr(::tlm::tlm_generic_payload& payload, ::tlm::tlm_dmi& dmi);
  unsigned int transport_dbg(::tlm::tlm_generic_payload& payload);
  void serve();
  void take_back_sometimes();
  void take_back();
  void answer(::tlm::tlm_generic_payload& payload);
  void respond(::tlm::tlm_generic_payload& payload);
  sc_core::sc_time some_time();

  std::uint64_t base_;
  std::unique_ptr<std::vector<std::uint8_t>> storage_;
  std::vector<std::unique_ptr<std::vector<std::uint8_t>>> left_; ///< poisoned
  random_source random_;
  std::deque<request> waiting_;
  ::tlm::tlm_generic_payload* responding_ = nullptr; ///< between BEGIN_RESP and END_RESP
  sc_core::sc_event work_, granted_;
  struct lent_range {
    std::int64_t first, last; ///< offsets
  };
  std::vector<lent_range> lent_;
  std::unique_ptr<std::vector<std::uint8_t>> copy_; ///< lent to who may only read: a write there is lost
  std::uint64_t accesses_ = 0, errors_ = 0;
  std::map<std::string, std::uint64_t> counts_;
};

} // namespace sonic::tests
