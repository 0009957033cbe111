// SPDX-License-Identifier: Apache-2.0
#include "sonic/tlm/register_bank.h"

#include <map>
#include <utility>

namespace sonic::transport {

namespace {

constexpr std::uint32_t words = regs::bank_size / 4;

/// True if byte @p i of the payload is enabled; an absent enable array enables all, a short one repeats.
bool enabled(const ::tlm::tlm_generic_payload& payload, unsigned int i) {
  const unsigned char* enables = payload.get_byte_enable_ptr();
  return enables == nullptr || enables[i % payload.get_byte_enable_length()] == TLM_BYTE_ENABLED;
}

} // namespace

register_bank::register_bank(write_callback on_write)
    : on_write_(std::move(on_write)), values_(words), reset_values_(words), infos_(words) {
  for (const auto& info : regs::table) {
    infos_[info.offset / 4] = &info;
    reset_values_[info.offset / 4] = info.reset;
  }
  reset();
}

void register_bank::reset() {
  values_ = reset_values_;
}

void register_bank::set_constant(std::uint32_t offset, std::uint32_t value) {
  values_[offset / 4] = value;
  reset_values_[offset / 4] = value;
}

std::uint64_t register_bank::get_wide(std::uint32_t low_offset, std::uint32_t high_offset) const {
  return (static_cast<std::uint64_t>(get(high_offset)) << 32U) | get(low_offset);
}

void register_bank::set_wide(std::uint32_t low_offset, std::uint32_t high_offset, std::uint64_t value) {
  set(low_offset, static_cast<std::uint32_t>(value));
  set(high_offset, static_cast<std::uint32_t>(value >> 32U));
}

const regs::register_info* register_bank::find(std::uint64_t offset) const {
  return offset < regs::bank_size ? infos_[static_cast<std::size_t>(offset / 4)] : nullptr;
}

::tlm::tlm_response_status register_bank::check(const ::tlm::tlm_generic_payload& payload) const {
  const unsigned int length = payload.get_data_length();
  if (payload.get_command() == ::tlm::TLM_IGNORE_COMMAND || payload.get_data_ptr() == nullptr || length == 0) {
    return ::tlm::TLM_COMMAND_ERROR_RESPONSE;
  }
  if (payload.get_streaming_width() < length) {
    return ::tlm::TLM_BURST_ERROR_RESPONSE;
  }
  if (payload.get_byte_enable_ptr() != nullptr && payload.get_byte_enable_length() == 0) {
    return ::tlm::TLM_BYTE_ENABLE_ERROR_RESPONSE;
  }
  const std::uint64_t address = payload.get_address();
  if (address >= regs::bank_size || length > regs::bank_size - address) {
    return ::tlm::TLM_ADDRESS_ERROR_RESPONSE;
  }
  for (unsigned int i = 0; i < length; ++i) {
    const auto* info = find(address + i);
    if (info == nullptr) {
      return ::tlm::TLM_ADDRESS_ERROR_RESPONSE;
    }
    if (payload.is_write() && info->mode == regs::access::ro && enabled(payload, i)) {
      return ::tlm::TLM_COMMAND_ERROR_RESPONSE;
    }
  }
  return ::tlm::TLM_OK_RESPONSE;
}

void register_bank::access(::tlm::tlm_generic_payload& payload) {
  payload.set_dmi_allowed(false);
  const auto response = check(payload);
  payload.set_response_status(response);
  if (response != ::tlm::TLM_OK_RESPONSE) {
    return;
  }
  const std::uint64_t address = payload.get_address();
  unsigned char* data = payload.get_data_ptr();
  if (payload.is_read()) {
    for (unsigned int i = 0; i < payload.get_data_length(); ++i) {
      if (enabled(payload, i)) {
        const std::uint64_t at = address + i;
        const auto* info = find(at);
        const std::uint32_t word = info->mode == regs::access::w1s ? 0 : values_[at / 4];
        data[i] = static_cast<unsigned char>(word >> (8U * (at % 4)));
      }
    }
    return;
  }
  std::map<std::uint64_t, std::pair<std::uint32_t, std::uint32_t>> merged; // word -> (value, mask)
  for (unsigned int i = 0; i < payload.get_data_length(); ++i) {
    if (enabled(payload, i)) {
      const std::uint64_t at = address + i;
      const auto shift = static_cast<std::uint32_t>(8U * (at % 4));
      auto& [value, mask] = merged[at / 4];
      value |= static_cast<std::uint32_t>(data[i]) << shift;
      mask |= 0xFFU << shift;
    }
  }
  for (const auto& [word, bits] : merged) {
    write_word(*infos_[word], bits.first, bits.second);
  }
}

void register_bank::write_word(const regs::register_info& info, std::uint32_t value, std::uint32_t mask) {
  std::uint32_t& stored = values_[info.offset / 4];
  switch (info.mode) {
  case regs::access::rw:
    mask &= info.mask;
    stored = (stored & ~mask) | (value & mask);
    on_write_(info.offset, stored);
    break;
  case regs::access::w1c:
    stored &= ~(value & mask);
    on_write_(info.offset, value & mask);
    break;
  case regs::access::w1s:
    on_write_(info.offset, value & mask);
    break;
  case regs::access::ro:
    break;
  }
}

unsigned int register_bank::debug_access(::tlm::tlm_generic_payload& payload) {
  const std::uint64_t address = payload.get_address();
  unsigned char* data = payload.get_data_ptr();
  if (address >= regs::bank_size || data == nullptr || payload.get_command() == ::tlm::TLM_IGNORE_COMMAND) {
    return 0;
  }
  const auto room = static_cast<std::uint64_t>(regs::bank_size) - address;
  const auto length = static_cast<unsigned int>(room < payload.get_data_length() ? room : payload.get_data_length());
  for (unsigned int i = 0; i < length; ++i) {
    const std::uint64_t at = address + i;
    const auto shift = static_cast<std::uint32_t>(8U * (at % 4));
    if (payload.is_read()) {
      data[i] = static_cast<unsigned char>(values_[at / 4] >> shift);
    } else {
      values_[at / 4] = (values_[at / 4] & ~(0xFFU << shift)) | (static_cast<std::uint32_t>(data[i]) << shift);
    }
  }
  return length;
}

} // namespace sonic::transport
