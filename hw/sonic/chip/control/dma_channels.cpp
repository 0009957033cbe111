// SPDX-License-Identifier: Apache-2.0
#include "sonic/chip/control/dma_channels.h"

#include "sonic/tlm/carrier.h"
#include "sonic/tlm/wait_until.h"

#include <algorithm>

namespace sonic::chip {

dma_channels::~dma_channels() {
  for (auto& mine : channels_) {
    for (auto& t : mine.under_way) {
      t.payload->release(); // of a simulation that ended in between
    }
  }
}

bool dma_channels::take(::tlm::tlm_generic_payload& payload) {
  const auto* job = transport::job_of<transport::transfer_job>(payload);
  if (job == nullptr) {
    return false;
  }
  auto& mine = channels_[job->store ? 1 : 0];
  mine.jobs.push_back(&payload);
  mine.changed.notify(sc_core::SC_ZERO_TIME);
  return true;
}

::tlm::tlm_generic_payload& dma_channels::serve(bool store) {
  auto& mine = channels_[store ? 1 : 0];
  while (mine.jobs.empty()) {
    sc_core::wait(mine.changed);
  }
  auto& payload = *mine.jobs.front();
  mine.jobs.pop_front();
  auto& job = *transport::job_of<transport::transfer_job>(payload);
  job.started = sc_core::sc_time_stamp();
  on_begun(job);
  mine.wants = true; // what both are asked at the same time does not depend on which process is first
  sc_core::wait(sc_core::SC_ZERO_TIME);
  move(mine, job);
  job.bus_error = mine.failed;
  job.ended = sc_core::sc_time_stamp();
  return payload;
}

void dma_channels::move(channel& mine, const transport::transfer_job& job) {
  mine.failed = false;
  mine.passed = sc_core::sc_time_stamp();
  mine.staging.resize(job.pattern.total_bytes());
  sc_core::sc_time hidden; // The port's rate is the global buffer's.
  if (job.store && global_.read(job.buffer_offset, mine.staging, hidden) != ::tlm::TLM_OK_RESPONSE) {
    mine.failed = true;
    mine.wants = false;
    return;
  }
  std::uint8_t* data = mine.staging.data();
  job.pattern.each_run([&](std::uint64_t address) {
    for (std::uint64_t left = job.pattern.piece_bytes; left > 0;) {
      const std::uint64_t length = std::min(left, port_.transaction_bytes);
      if (!ask(mine, job, address, data, length)) {
        return false;
      }
      address += length;
      data += length;
      left -= length;
    }
    return true;
  });
  mine.wants = false;
  turn_.notify(sc_core::SC_ZERO_TIME);
  while (!mine.under_way.empty()) {
    complete_first(mine);
  }
  if (!job.store && !mine.failed && !job.abandoned) {
    mine.failed = global_.write(job.buffer_offset, mine.staging, hidden) != ::tlm::TLM_OK_RESPONSE;
  }
}

/// False if the transfer has failed, or was abandoned, so that nothing more is to be asked for.
bool dma_channels::ask(channel& mine, const transport::transfer_job& job, std::uint64_t address, std::uint8_t* data,
                       std::uint64_t bytes) {
  while (mine.under_way.size() >= port_.outstanding) {
    mine.wants = false;
    complete_first(mine);
  }
  if (mine.failed || job.abandoned) {
    return false;
  }
  wait_for_turn(mine);
  if (job.abandoned) {
    return false;
  }
  auto& payload = pool_.acquire();
  payload.set_command(job.store ? ::tlm::TLM_WRITE_COMMAND : ::tlm::TLM_READ_COMMAND);
  payload.set_address(address);
  payload.set_data_ptr(data);
  payload.set_data_length(static_cast<unsigned int>(bytes));
  payload.set_streaming_width(static_cast<unsigned int>(bytes));
  mine.under_way.push_back({&payload, false, {}});
  requesting_ = &payload;
  ::tlm::tlm_phase phase = ::tlm::BEGIN_REQ;
  sc_core::sc_time delay;
  const auto status = to_memory_(payload, phase, delay);
  if (status == ::tlm::TLM_COMPLETED) {
    answered(payload, delay);
  } else if (status == ::tlm::TLM_UPDATED) {
    answer(payload, phase, delay);
    if (phase == ::tlm::END_RESP) {
      to_memory_(payload, phase, delay);
    }
  }
  return true;
}

::tlm::tlm_sync_enum dma_channels::answer(::tlm::tlm_generic_payload& payload, ::tlm::tlm_phase& phase,
                                          sc_core::sc_time& delay) {
  if (phase == ::tlm::BEGIN_RESP) {
    answered(payload, delay);
    phase = ::tlm::END_RESP;
    return ::tlm::TLM_COMPLETED;
  }
  if (phase == ::tlm::END_REQ && requesting_ == &payload) {
    accepted(delay);
  }
  return ::tlm::TLM_ACCEPTED; // phases that this engine does not know are none of its business
}

void dma_channels::accepted(const sc_core::sc_time& delay) {
  requesting_ = nullptr;
  accepts_ = sc_core::sc_time_stamp() + delay;
  turn_.notify(sc_core::SC_ZERO_TIME);
}

void dma_channels::answered(::tlm::tlm_generic_payload& payload, const sc_core::sc_time& delay) {
  if (requesting_ == &payload) { // an answer accepts
    accepted(delay);
  }
  for (auto& mine : channels_) {
    const auto found = std::find_if(mine.under_way.begin(), mine.under_way.end(),
                                    [&payload](const transaction& t) { return t.payload == &payload; });
    if (found != mine.under_way.end()) {
      found->answered = true;
      found->when = sc_core::sc_time_stamp() + delay;
      mine.changed.notify(sc_core::SC_ZERO_TIME);
    }
  }
}

/// The two directions ask in turn if both want to.
void dma_channels::wait_for_turn(channel& mine) {
  const auto& other = channels_[&mine == channels_.data() ? 1 : 0];
  mine.wants = true;
  for (auto now = sc_core::sc_time_stamp(); requesting_ != nullptr || now < accepts_ || (other.wants && last_ == &mine);
       now = sc_core::sc_time_stamp()) {
    if (now < accepts_) {
      sc_core::wait(accepts_ - now, turn_);
    } else {
      sc_core::wait(turn_);
    }
  }
  mine.wants = false;
  last_ = &mine;
  turn_.notify(sc_core::SC_ZERO_TIME);
}

/// Waits until the first transaction under way is done and has passed the port.
void dma_channels::complete_first(channel& mine) const {
  auto& first = mine.under_way.front();
  while (!first.answered) {
    sc_core::wait(mine.changed);
  }
  const double bytes = first.payload->get_data_length();
  mine.failed = mine.failed || !first.payload->is_response_ok();
  mine.passed = std::max(first.when, mine.passed + sc_core::sc_time(port_.ns_per_byte * bytes, sc_core::SC_NS));
  first.payload->release();
  mine.under_way.pop_front();
  transport::wait_until(mine.passed);
}

} // namespace sonic::chip
