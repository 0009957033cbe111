// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sonic/chip/post/counted_post.h"
#include "sonic/protocol/target_phases.h"
#include "sonic/tlm/busy_time.h"
#include "sonic/tlm/byte_initiator.h"
#include "sonic/tlm/job_initiator.h"
#include "sonic/tlm/jobs.h"

#include <cstdint>
#include <deque>
#include <vector>

#include <systemc>
#include <tlm_utils/simple_target_socket.h>

namespace sonic::chip {

/// The electronic end of a layer: bias, scale, activation function, pooling and requantisation of partial sums, and
/// the operations that need no light (pools, element-wise operations, fills).
class post_processor : public sc_core::sc_module {
public:
  struct parameters {
    double ns_per_element = 0; ///< one over the lanes' throughput; where cycles are not counted
    double ns_per_cycle = 0;   ///< where they are. A product with either is rounded once to the time resolution.
    counted_post::parameters counted;
  };

  post_processor(const sc_core::sc_module_name& name, const parameters& chip);

  tlm_utils::simple_target_socket<post_processor> control;   ///< transport::post_job
  transport::byte_initiator sums;                            ///< to the partial-sum buffer
  transport::byte_initiator global;                          ///< to the global buffer
  transport::job_initiator<transport::stream_job> sums_read; ///< approximately timed: the time that reading sums takes

  void subscribe(transport::post_observer& observer) { observers_.push_back(&observer); }

  [[nodiscard]] std::uint64_t elements() const { return elements_; }

private:
  void b_transport(::tlm::tlm_generic_payload& payload, sc_core::sc_time& delay);
  ::tlm::tlm_sync_enum nb_transport_fw(::tlm::tlm_generic_payload& payload, ::tlm::tlm_phase& phase,
                                       sc_core::sc_time& delay);
  counted_post::cycles run_counted(transport::post_job& job);
  template <class traits>
  void run(const transport::post_job& job);
  template <class traits>
  void finish_sums(const transport::post_job& job);
  template <class traits>
  void pool(const transport::post_job& job);
  template <class traits>
  void elementwise(const transport::post_job& job);
  template <class traits>
  void fill(const transport::post_job& job);
  template <class value>
  const value* operand(transport::byte_initiator& from, std::uint64_t offset, std::uint64_t count);
  template <class value>
  value* result(const transport::post_job& job);
  template <class record>
  class channel_records;

  parameters chip_;
  counted_post counted_;
  transport::busy_time busy_;
  std::vector<transport::post_observer*> observers_;
  std::uint64_t elements_ = 0;
  std::deque<transport::stream_job> reads_; ///< under way
  protocol::target_phases phases_;
};

} // namespace sonic::chip
