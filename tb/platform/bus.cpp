// SPDX-License-Identifier: Apache-2.0
#include "tb/platform/bus.h"

#include "tb/platform/initiator_number.h"

#include <algorithm>

namespace sonic::platform {

namespace {

constexpr int nobody = -1;

} // namespace

bus::bus(const sc_core::sc_module_name& name) : sc_module(name), initiators("initiators"), targets("targets") {
  initiators.register_b_transport(this, &bus::b_transport);
  initiators.register_nb_transport_fw(this, &bus::nb_transport_fw);
  initiators.register_transport_dbg(this, &bus::transport_dbg);
  initiators.register_get_direct_mem_ptr(this, &bus::get_direct_mem_ptr);
  targets.register_nb_transport_bw(this, &bus::nb_transport_bw);
  targets.register_invalidate_direct_mem_ptr(this, &bus::invalidate_direct_mem_ptr);
}

void bus::map(::tlm::tlm_target_socket<32>& target, std::uint64_t base, std::uint64_t size) {
  targets.bind(target);
  ranges_.push_back({base, size});
}

int bus::target_of(const ::tlm::tlm_generic_payload& payload) const {
  const std::uint64_t address = payload.get_address();
  const std::uint64_t streamed = std::min(payload.get_streaming_width(), payload.get_data_length());
  const auto found = std::find_if(ranges_.begin(), ranges_.end(), [&](const range& r) {
    return address >= r.base && address - r.base < r.size && streamed <= r.size - (address - r.base);
  });
  return found == ranges_.end() ? nobody : static_cast<int>(found - ranges_.begin());
}

void bus::b_transport(int initiator, ::tlm::tlm_generic_payload& payload, sc_core::sc_time& delay) {
  const int target = target_of(payload);
  if (target == nobody) {
    payload.set_response_status(::tlm::TLM_ADDRESS_ERROR_RESPONSE);
    return;
  }
  const std::uint64_t address = payload.get_address();
  payload.set_address(address - ranges_[static_cast<std::size_t>(target)].base);
  initiator_number who;
  who.number = initiator;
  payload.set_extension(&who);
  targets[target]->b_transport(payload, delay);
  payload.clear_extension(&who);
  payload.set_address(address);
}

::tlm::tlm_sync_enum bus::nb_transport_fw(int initiator, ::tlm::tlm_generic_payload& payload, ::tlm::tlm_phase& phase,
                                          sc_core::sc_time& delay) {
  if (phase == ::tlm::BEGIN_REQ) {
    const int target = target_of(payload);
    if (target == nobody) {
      payload.set_response_status(::tlm::TLM_ADDRESS_ERROR_RESPONSE);
      return ::tlm::TLM_COMPLETED;
    }
    pending_[&payload] = {initiator, payload.get_address()};
    payload.set_address(payload.get_address() - ranges_[static_cast<std::size_t>(target)].base);
    const auto answer = targets[target]->nb_transport_fw(payload, phase, delay);
    if (answer == ::tlm::TLM_COMPLETED) {
      payload.set_address(pending_[&payload].address);
      pending_.erase(&payload);
    }
    return answer;
  }
  const auto way = pending_.find(&payload);
  if (way == pending_.end()) {
    return ::tlm::TLM_ACCEPTED; // a phase of no transaction that is known here
  }
  // The payload has the target's address on the way forth and the initiator's on the way back.
  const std::uint64_t address = way->second.address;
  payload.set_address(address);
  const int target = target_of(payload);
  payload.set_address(address - ranges_[static_cast<std::size_t>(target)].base);
  const bool ends = phase == ::tlm::END_RESP;
  if (ends) {
    pending_.erase(way);
  }
  const auto answer = targets[target]->nb_transport_fw(payload, phase, delay);
  payload.set_address(address);
  return answer;
}

::tlm::tlm_sync_enum bus::nb_transport_bw(int /*target*/, ::tlm::tlm_generic_payload& payload, ::tlm::tlm_phase& phase,
                                          sc_core::sc_time& delay) {
  const auto way = pending_.find(&payload);
  if (way == pending_.end()) {
    return ::tlm::TLM_ACCEPTED;
  }
  const route back = way->second;
  const auto answer = initiators[back.initiator]->nb_transport_bw(payload, phase, delay);
  if (answer == ::tlm::TLM_COMPLETED || phase == ::tlm::END_RESP) {
    pending_.erase(&payload);
  }
  return answer;
}

unsigned int bus::transport_dbg(int /*initiator*/, ::tlm::tlm_generic_payload& payload) {
  const std::uint64_t address = payload.get_address();
  const auto found = std::find_if(ranges_.begin(), ranges_.end(),
                                  [&](const range& r) { return address >= r.base && address - r.base < r.size; });
  if (found == ranges_.end()) {
    return 0;
  }
  payload.set_address(address - found->base);
  const auto moved = targets[static_cast<int>(found - ranges_.begin())]->transport_dbg(payload);
  payload.set_address(address);
  return moved;
}

bool bus::get_direct_mem_ptr(int /*initiator*/, ::tlm::tlm_generic_payload& payload, ::tlm::tlm_dmi& dmi) {
  const int target = target_of(payload);
  if (target == nobody) {
    return false;
  }
  const std::uint64_t address = payload.get_address();
  const auto& r = ranges_[static_cast<std::size_t>(target)];
  payload.set_address(address - r.base);
  const bool granted = targets[target]->get_direct_mem_ptr(payload, dmi);
  payload.set_address(address);
  // A target may speak of more than is reached here.
  const std::uint64_t last = r.base + std::min<std::uint64_t>(dmi.get_end_address(), r.size - 1);
  dmi.set_start_address(r.base + dmi.get_start_address());
  dmi.set_end_address(last);
  return granted;
}

void bus::invalidate_direct_mem_ptr(int target, sc_dt::uint64 start, sc_dt::uint64 end) {
  const auto& r = ranges_[static_cast<std::size_t>(target)];
  const std::uint64_t first = r.base + std::min<std::uint64_t>(start, r.size - 1);
  const std::uint64_t last = r.base + std::min<std::uint64_t>(end, r.size - 1);
  for (unsigned int i = 0; i < initiators.size(); ++i) {
    initiators[static_cast<int>(i)]->invalidate_direct_mem_ptr(first, last);
  }
}

} // namespace sonic::platform
