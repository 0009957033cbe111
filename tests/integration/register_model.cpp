// SPDX-License-Identifier: Apache-2.0
#include "tests/integration/register_model.h"

#include <algorithm>

namespace sonic::tests {

namespace at = regs::at;
using regs::access;

register_model::register_model() {
  for (const auto& info : regs::table) {
    infos_[info.offset / 4] = &info;
    constants[info.offset / 4] = info.reset;
  }
  reset();
}

void register_model::reset() {
  words = constants;
}

bool register_model::changed_by_chip(std::size_t word) {
  constexpr std::array changing{at::status,         at::irq_status,       at::error_code,  at::error_index,
                                at::program_number, at::descriptors_done, at::time_ns_low, at::time_ns_high,
                                at::symbols_low,    at::symbols_high,     at::retunes};
  return std::find(changing.begin(), changing.end(), word * 4) != changing.end();
}

const regs::register_info* register_model::info_at(std::uint64_t address) const {
  return address < regs::bank_size ? infos_[address / 4] : nullptr;
}

std::set<::tlm::tlm_response_status> register_model::responses(const register_access& access) const {
  std::set<::tlm::tlm_response_status> wrong;
  if (access.command == ::tlm::TLM_IGNORE_COMMAND) {
    return {::tlm::TLM_OK_RESPONSE, ::tlm::TLM_COMMAND_ERROR_RESPONSE};
  }
  if (access.streaming_width < access.data.size()) {
    wrong.insert(::tlm::TLM_BURST_ERROR_RESPONSE);
  }
  for (std::size_t i = 0; i < access.data.size(); ++i) {
    const bool wraps = access.address + i < access.address;
    const auto* info = wraps ? nullptr : info_at(access.address + i);
    if (info == nullptr) {
      wrong.insert(::tlm::TLM_ADDRESS_ERROR_RESPONSE);
    } else if (access.command == ::tlm::TLM_WRITE_COMMAND && info->mode == access::ro && access.enabled(i)) {
      wrong.insert(::tlm::TLM_COMMAND_ERROR_RESPONSE);
    }
  }
  return wrong.empty() ? std::set<::tlm::tlm_response_status>{::tlm::TLM_OK_RESPONSE} : wrong;
}

std::optional<std::uint8_t> register_model::read(const register_access& access, std::size_t i) const {
  if (!access.enabled(i)) {
    return std::nullopt;
  }
  const auto address = access.address + i;
  const std::uint32_t word = info_at(address)->mode == access::w1s ? 0 : words[address / 4];
  return static_cast<std::uint8_t>(word >> (address % 4 * 8));
}

void register_model::write(const register_access& access) {
  // Word by word from the lowest address on, each with the bits that are enabled in it.
  for (std::uint64_t word = access.address / 4; word * 4 < access.address + access.data.size(); ++word) {
    std::uint32_t value = 0, mask = 0;
    for (std::uint64_t byte = word * 4; byte < word * 4 + 4; ++byte) {
      if (byte >= access.address && byte < access.address + access.data.size() &&
          access.enabled(byte - access.address)) {
        value |= std::uint32_t{access.data[byte - access.address]} << (byte % 4 * 8);
        mask |= std::uint32_t{0xFF} << (byte % 4 * 8);
      }
    }
    auto& stored = words[word];
    if (mask == 0) {
      continue;
    }
    switch (infos_[word]->mode) {
    case access::rw:
      stored = (stored & ~(mask & infos_[word]->mask)) | (value & mask & infos_[word]->mask);
      break;
    case access::w1c:
      stored &= ~value;
      break;
    case access::w1s:
      if ((value & at::control_reset) != 0) {
        reset();
      } else if ((value & at::control_start) != 0 && (words[at::status / 4] & at::status_busy) == 0) {
        words[at::status / 4] = at::status_busy;
      }
      break;
    case access::ro:
      break;
    }
  }
}

unsigned int register_model::debug_write(std::uint64_t address, const std::vector<std::uint8_t>& data) {
  unsigned int count = 0;
  for (; count < data.size() && address + count < regs::bank_size; ++count) {
    const auto byte = address + count;
    const auto shift = byte % 4 * 8;
    words[byte / 4] = (words[byte / 4] & ~(std::uint32_t{0xFF} << shift)) | (std::uint32_t{data[count]} << shift);
  }
  return count;
}

} // namespace sonic::tests
