// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sonic/protocol/payload_pool.h"
#include "sonic/tlm/carrier.h"

#include <deque>
#include <functional>
#include <memory>
#include <vector>

#include <systemc>
#include <tlm>
#include <tlm_utils/simple_initiator_socket.h>

namespace sonic::transport {

/// Initiator socket for one kind of job: blocking, or non-blocking under the base protocol's rules.
template <class job>
class job_initiator {
public:
  explicit job_initiator(const char* name) : socket(name) {
    socket.register_nb_transport_bw(this, &job_initiator::nb_transport_bw);
    blocking_.set_command(::tlm::TLM_IGNORE_COMMAND);
    blocking_.set_streaming_width(4);
    blocking_.set_extension(&blocking_carrier_);
  }
  job_initiator(const job_initiator&) = delete;
  job_initiator& operator=(const job_initiator&) = delete;
  ~job_initiator() {
    blocking_.clear_extension(&blocking_carrier_);
    for (auto& r : requests_) {
      release(*r); // of a simulation that ended in between
    }
  }

  /// Loosely timed: runs the job in its target, by b_transport. @p delay is offset from the current time. Does not
  /// nest.
  void run(job& content, sc_core::sc_time& delay) {
    blocking_carrier_.content = &content;
    blocking_.set_response_status(::tlm::TLM_INCOMPLETE_RESPONSE);
    socket->b_transport(blocking_, delay);
    sc_assert(blocking_.is_response_ok());
  }

  /// Approximately timed: sends the job by nb_transport, now or once the target has accepted the jobs before. The job
  /// stays where it is until it is answered.
  void send(job& content) { enqueue(content, nullptr); }

  /// Sends the job and waits until it is answered; from a thread.
  void call(job& content) {
    bool answered = false;
    enqueue(content, &answered);
    while (!answered) {
      sc_core::wait(answered_);
    }
  }

  std::function<void(job&)> on_accepted; ///< END_REQ: the target can take another job
  std::function<void(job&)> on_answered; ///< BEGIN_RESP

  tlm_utils::simple_initiator_socket<job_initiator> socket;

private:
  struct request : carrier<job> {
    ::tlm::tlm_generic_payload* payload = nullptr;
    bool* answered = nullptr; ///< of a thread that waits
  };

  void enqueue(job& content, bool* answered) {
    if (idle_.empty()) {
      requests_.push_back(std::make_unique<request>());
      idle_.push_back(requests_.back().get());
    }
    auto& r = *idle_.back();
    idle_.pop_back();
    r.content = &content;
    r.answered = answered;
    r.payload = &pool_.acquire();
    r.payload->set_streaming_width(4);
    r.payload->set_extension(static_cast<carrier<job>*>(&r));
    waiting_.push_back(&r);
    request_next();
  }

  void request_next() {
    while (requesting_ == nullptr && !waiting_.empty()) {
      auto& r = *waiting_.front();
      waiting_.pop_front();
      requesting_ = &r;
      ::tlm::tlm_phase phase = ::tlm::BEGIN_REQ;
      sc_core::sc_time delay;
      const auto status = socket->nb_transport_fw(*r.payload, phase, delay);
      sc_assert(status != ::tlm::TLM_COMPLETED && delay == sc_core::SC_ZERO_TIME); // of our own blocks
      if (status == ::tlm::TLM_UPDATED) {
        sc_assert(phase == ::tlm::END_REQ);
        accepted(r);
      }
    }
  }

  ::tlm::tlm_sync_enum nb_transport_bw(::tlm::tlm_generic_payload& payload, ::tlm::tlm_phase& phase,
                                       sc_core::sc_time& /*delay*/) {
    auto& r = *static_cast<request*>(payload.get_extension<carrier<job>>());
    if (phase == ::tlm::END_REQ) {
      accepted(r);
      request_next();
      return ::tlm::TLM_ACCEPTED;
    }
    sc_assert(phase == ::tlm::BEGIN_RESP && payload.is_response_ok());
    phase = ::tlm::END_RESP;
    if (requesting_ == &r) {
      accepted(r); // an answer accepts
    }
    auto& content = *r.content;
    if (r.answered != nullptr) {
      *r.answered = true;
      answered_.notify();
    }
    release(r);
    idle_.push_back(&r);
    if (on_answered) {
      on_answered(content);
    }
    request_next();
    return ::tlm::TLM_COMPLETED;
  }

  void accepted(request& r) {
    requesting_ = nullptr;
    if (on_accepted) {
      on_accepted(*r.content);
    }
  }

  void release(request& r) {
    if (r.payload != nullptr) {
      r.payload->clear_extension(static_cast<carrier<job>*>(&r));
      r.payload->release();
      r.payload = nullptr;
    }
  }

  ::tlm::tlm_generic_payload blocking_;
  carrier<job> blocking_carrier_;
  protocol::payload_pool pool_;
  std::vector<std::unique_ptr<request>> requests_;
  std::vector<request*> idle_;
  std::deque<request*> waiting_;  ///< for the target to accept what was requested before
  request* requesting_ = nullptr; ///< between BEGIN_REQ and END_REQ
  sc_core::sc_event answered_;
};

} // namespace sonic::transport
