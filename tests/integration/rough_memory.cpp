// SPDX-License-Identifier: Apache-2.0
#include "tests/integration/rough_memory.h"

#include <algorithm>
#include <array>
#include <cstring>

namespace sonic::tests {

namespace {

constexpr std::uint8_t poison = 0xA5;

/// A phase that the base protocol does not have: whoever does not know it ignores it.
DECLARE_EXTENDED_PHASE(gossip);

} // namespace

rough_memory::rough_memory(const sc_core::sc_module_name& name, std::uint64_t base, std::uint64_t bytes,
                           std::uint64_t seed)
    : sc_module(name), port("port"), base_(base), storage_(std::make_unique<std::vector<std::uint8_t>>(bytes)),
      random_(seed) {
  port.register_b_transport(this, &rough_memory::b_transport);
  port.register_nb_transport_fw(this, &rough_memory::nb_transport_fw);
  port.register_get_direct_mem_ptr(this, &rough_memory::get_direct_mem_ptr);
  port.register_transport_dbg(this, &rough_memory::transport_dbg);
  SC_HAS_PROCESS(rough_memory);
  SC_THREAD(serve);
  SC_THREAD(take_back_sometimes);
}

void rough_memory::fill(const std::vector<std::uint8_t>& content) {
  take_back();
  std::copy(content.begin(), content.end(), storage_->begin());
}

int rough_memory::written_after_leaving() const {
  return static_cast<int>(std::count_if(left_.begin(), left_.end(), [](const auto& place) {
    return std::any_of(place->begin(), place->end(), [](std::uint8_t byte) { return byte != poison; });
  }));
}

sc_core::sc_time rough_memory::some_time() {
  const double ns = random_.chance(0.2) ? 0.0 : random_.real(0.0, now.longest_ns);
  return {static_cast<double>(static_cast<std::int64_t>(ns * 1e3)), sc_core::SC_PS};
}

/// Moves the bytes, or says why not.
void rough_memory::answer(::tlm::tlm_generic_payload& payload) {
  ++accesses_;
  const auto length = payload.get_data_length();
  const auto address = payload.get_address();
  if (address < base_ || address - base_ > storage_->size() || length > storage_->size() - (address - base_)) {
    ++counts_["outside the memory"];
    payload.set_response_status(::tlm::TLM_ADDRESS_ERROR_RESPONSE);
  } else if (random_.chance(now.errors)) {
    constexpr std::array kinds{::tlm::TLM_GENERIC_ERROR_RESPONSE, ::tlm::TLM_ADDRESS_ERROR_RESPONSE,
                               ::tlm::TLM_COMMAND_ERROR_RESPONSE, ::tlm::TLM_BURST_ERROR_RESPONSE,
                               ::tlm::TLM_BYTE_ENABLE_ERROR_RESPONSE};
    payload.set_response_status(kinds.at(static_cast<std::size_t>(random_.integer(0, 4))));
    if (payload.is_read()) { // what a failed read leaves means nothing
      for (unsigned int i = 0; i < length; ++i) {
        payload.get_data_ptr()[i] = static_cast<std::uint8_t>(random_.integer(0, 255));
      }
    }
    ++errors_;
    ++counts_[payload.get_response_string()];
  } else {
    if (payload.is_write() && copy_ != nullptr) {
      take_back();
    }
    auto* here = storage_->data() + (address - base_);
    payload.is_read() ? std::memcpy(payload.get_data_ptr(), here, length)
                      : std::memcpy(here, payload.get_data_ptr(), length);
    payload.set_response_status(::tlm::TLM_OK_RESPONSE);
    ++counts_[payload.is_read() ? "read" : "written"];
  }
}

void rough_memory::b_transport(::tlm::tlm_generic_payload& payload, sc_core::sc_time& delay) {
  if (now.waits && random_.chance(0.5)) {
    wait(delay + some_time());
    delay = sc_core::SC_ZERO_TIME;
  }
  answer(payload);
  if (now.grants_dmi && random_.chance(0.1)) {
    take_back();
  }
  if (now.waits && random_.chance(0.2)) {
    wait(some_time());
  }
  delay += some_time();
  payload.set_dmi_allowed(now.grants_dmi && payload.is_response_ok() && random_.chance(0.3));
  if (random_.chance(0.5)) { // as an interconnect leaves it that has translated it
    payload.set_address(payload.get_address() - base_);
  }
}

bool rough_memory::get_direct_mem_ptr(::tlm::tlm_generic_payload& payload, ::tlm::tlm_dmi& dmi) {
  const auto offset = static_cast<std::int64_t>(payload.get_address() - base_);
  const auto last = static_cast<std::int64_t>(storage_->size()) - 1;
  const bool grant = now.grants_dmi && random_.chance(0.7);
  // Sometimes a few bytes around the address, sometimes much more than anybody may touch.
  const auto around = random_.chance(0.5) ? random_.integer(0, 64) : last;
  const lent_range range{std::max<std::int64_t>(0, offset - around), std::min(last, offset + around)};
  dmi.set_start_address(base_ + static_cast<std::uint64_t>(range.first));
  dmi.set_end_address(base_ + static_cast<std::uint64_t>(range.last));
  dmi.set_dmi_ptr(storage_->data() + range.first);
  dmi.set_read_latency({random_.real(0.0, 20.0), sc_core::SC_NS});
  dmi.set_write_latency({random_.real(0.0, 20.0), sc_core::SC_NS});
  if (random_.chance(0.4)) {
    dmi.allow_read_write();
  } else if (payload.is_write()) {
    dmi.allow_write();
  } else {
    dmi.allow_read();
    if (grant) {
      take_back(); // so that there is one copy at most
      copy_ = std::make_unique<std::vector<std::uint8_t>>(*storage_);
      dmi.set_dmi_ptr(copy_->data() + range.first);
    }
  }
  ++counts_[grant ? "DMI granted" : "DMI denied"];
  if (grant) {
    lent_.push_back(range);
  }
  granted_.notify(sc_core::SC_ZERO_TIME);
  return grant;
}

void rough_memory::take_back() {
  if (lent_.empty()) {
    return;
  }
  ++counts_["DMI taken back"];
  for (const auto& range : lent_) { // what is touched by a range is taken back whole
    const auto first = random_.integer(range.first, range.last);
    const auto last = random_.chance(0.5) ? first : random_.integer(first, range.last + 100);
    port->invalidate_direct_mem_ptr(base_ + static_cast<std::uint64_t>(first),
                                    base_ + static_cast<std::uint64_t>(last));
  }
  lent_.clear();
  if (copy_ != nullptr) {
    std::fill(copy_->begin(), copy_->end(), poison);
    left_.push_back(std::move(copy_));
  }
  auto elsewhere = std::make_unique<std::vector<std::uint8_t>>(*storage_);
  std::fill(storage_->begin(), storage_->end(), poison);
  left_.push_back(std::move(storage_));
  storage_ = std::move(elsewhere);
}

void rough_memory::take_back_sometimes() {
  while (true) {
    wait(granted_);
    wait(some_time());
    take_back();
  }
}

unsigned int rough_memory::transport_dbg(::tlm::tlm_generic_payload& /*payload*/) {
  return 0;
}

::tlm::tlm_sync_enum rough_memory::nb_transport_fw(::tlm::tlm_generic_payload& payload, ::tlm::tlm_phase& phase,
                                                   sc_core::sc_time& delay) {
  if (phase == ::tlm::END_RESP) {
    responding_ = nullptr;
    work_.notify(delay);
    return random_.chance(0.5) ? ::tlm::TLM_COMPLETED : ::tlm::TLM_ACCEPTED;
  }
  if (phase != ::tlm::BEGIN_REQ) {
    return ::tlm::TLM_ACCEPTED;
  }
  const auto way = random_.integer(0, 4);
  if (way == 0) {
    ++counts_["TLM_COMPLETED"];
    answer(payload);
    delay += some_time();
    return ::tlm::TLM_COMPLETED;
  }
  if (way == 1 && responding_ == nullptr) {
    ++counts_["TLM_UPDATED, BEGIN_RESP"];
    answer(payload);
    phase = ::tlm::BEGIN_RESP;
    delay += some_time();
    responding_ = &payload;
    return ::tlm::TLM_UPDATED;
  }
  payload.acquire();
  if (way == 2) {
    ++counts_["TLM_UPDATED, END_REQ"];
    phase = ::tlm::END_REQ;
    delay += some_time();
    waiting_.push_back({&payload, true, sc_core::sc_time_stamp() + delay + some_time()});
  } else {
    ++counts_[way == 3 ? "TLM_ACCEPTED, then END_REQ" : "TLM_ACCEPTED, then BEGIN_RESP"];
    waiting_.push_back({&payload, way != 3, sc_core::sc_time_stamp() + delay + some_time()});
  }
  work_.notify(sc_core::SC_ZERO_TIME);
  return way == 2 ? ::tlm::TLM_UPDATED : ::tlm::TLM_ACCEPTED;
}

/// Answers what is due, in any order.
void rough_memory::serve() {
  while (true) {
    std::vector<std::size_t> due;
    auto next = sc_core::sc_max_time();
    for (std::size_t i = 0; i < waiting_.size(); ++i) {
      if (waiting_[i].due <= sc_core::sc_time_stamp() && (!waiting_[i].ended || responding_ == nullptr)) {
        due.push_back(i);
      } else if (waiting_[i].due > sc_core::sc_time_stamp()) {
        next = std::min(next, waiting_[i].due);
      }
    }
    if (due.empty()) {
      next == sc_core::sc_max_time() ? wait(work_) : wait(next - sc_core::sc_time_stamp(), work_);
      continue;
    }
    auto& chosen =
        waiting_[due[static_cast<std::size_t>(random_.integer(0, static_cast<std::int64_t>(due.size()) - 1))]];
    auto& payload = *chosen.payload;
    if (random_.chance(0.1)) {
      ++counts_["an ignorable phase"];
      ::tlm::tlm_phase phase = gossip;
      sc_core::sc_time delay;
      port->nb_transport_bw(payload, phase, delay);
    }
    if (!chosen.ended) {
      chosen.ended = true;
      chosen.due = sc_core::sc_time_stamp() + some_time();
      ::tlm::tlm_phase phase = ::tlm::END_REQ;
      sc_core::sc_time delay;
      port->nb_transport_bw(payload, phase, delay);
      continue;
    }
    waiting_.erase(
        std::find_if(waiting_.begin(), waiting_.end(), [&](const request& r) { return r.payload == &payload; }));
    respond(payload);
    payload.release();
  }
}

void rough_memory::respond(::tlm::tlm_generic_payload& payload) {
  answer(payload);
  ::tlm::tlm_phase phase = ::tlm::BEGIN_RESP;
  auto delay = some_time();
  responding_ = &payload;
  const auto status = port->nb_transport_bw(payload, phase, delay);
  if (status == ::tlm::TLM_COMPLETED || (status == ::tlm::TLM_UPDATED && phase == ::tlm::END_RESP)) {
    wait(delay);
    responding_ = nullptr;
  }
}

} // namespace sonic::tests
