// SPDX-License-Identifier: Apache-2.0
#include "sonic/tlm/register_bank.h"

#include <catch2/catch.hpp>

#include <array>
#include <cstring>
#include <vector>

using sonic::transport::register_bank;
namespace at = sonic::regs::at;

namespace {

/// A bank, and what was written to it.
struct bench {
  std::vector<std::pair<std::uint32_t, std::uint32_t>> written;
  register_bank bank{[this](std::uint32_t offset, std::uint32_t value) { written.emplace_back(offset, value); }};

  tlm::tlm_response_status access(tlm::tlm_command command, std::uint64_t address, void* data, unsigned int length,
                                  unsigned int streaming_width = 0, unsigned char* enables = nullptr,
                                  unsigned int enable_length = 0) {
    tlm::tlm_generic_payload p;
    p.set_command(command);
    p.set_address(address);
    p.set_data_ptr(static_cast<unsigned char*>(data));
    p.set_data_length(length);
    p.set_streaming_width(streaming_width == 0 ? length : streaming_width);
    p.set_byte_enable_ptr(enables);
    p.set_byte_enable_length(enable_length);
    bank.access(p);
    CHECK(p.get_response_status() != tlm::TLM_INCOMPLETE_RESPONSE);
    CHECK_FALSE(p.is_dmi_allowed());
    return p.get_response_status();
  }
  template <class value>
  tlm::tlm_response_status write(std::uint64_t address, value v) {
    return access(tlm::TLM_WRITE_COMMAND, address, &v, sizeof(v));
  }
  template <class value>
  value read(std::uint64_t address) {
    value v{};
    CHECK(access(tlm::TLM_READ_COMMAND, address, &v, sizeof(v)) == tlm::TLM_OK_RESPONSE);
    return v;
  }
};

} // namespace

TEST_CASE("the bank identifies itself") {
  bench b;
  CHECK(b.read<std::uint32_t>(at::id) == 0x434E4F53);
  CHECK(b.read<std::uint32_t>(at::version) == 0x00010000);
}

TEST_CASE("partial writes are merged") {
  bench b;
  CHECK(b.write<std::uint32_t>(at::memory_base_low, 0x11223344) == tlm::TLM_OK_RESPONSE);
  CHECK(b.write<std::uint8_t>(at::memory_base_low + 1, 0xAA) == tlm::TLM_OK_RESPONSE);
  CHECK(b.read<std::uint32_t>(at::memory_base_low) == 0x1122AA44);
  CHECK(b.read<std::uint16_t>(at::memory_base_low + 1) == 0x22AA);
  CHECK(b.written.back() == std::pair<std::uint32_t, std::uint32_t>{at::memory_base_low, 0x1122AA44});
}

TEST_CASE("an unaligned access spans two registers") {
  bench b;
  CHECK(b.write<std::uint32_t>(at::memory_base_low + 2, 0xAABBCCDD) == tlm::TLM_OK_RESPONSE);
  CHECK(b.read<std::uint32_t>(at::memory_base_low) == 0xCCDD0000);
  CHECK(b.read<std::uint32_t>(at::memory_base_high) == 0x0000AABB);
}

TEST_CASE("a burst writes every register that it covers") {
  bench b;
  std::array<std::uint32_t, 5> words{1, 2, 3, 4, 5};
  CHECK(b.access(tlm::TLM_WRITE_COMMAND, at::memory_base_low, words.data(), 20) == tlm::TLM_OK_RESPONSE);
  CHECK(b.read<std::uint32_t>(at::descriptor_count) == 5);
  CHECK(b.written.size() == 5);
}

TEST_CASE("byte enables select bytes and repeat") {
  bench b;
  b.write<std::uint32_t>(at::memory_base_low, 0x11111111);
  std::uint32_t word = 0xFFFFFFFF;
  std::array<unsigned char, 2> enables{0xFF, 0x00};
  CHECK(b.access(tlm::TLM_WRITE_COMMAND, at::memory_base_low, &word, 4, 0, enables.data(), 2) == tlm::TLM_OK_RESPONSE);
  CHECK(b.read<std::uint32_t>(at::memory_base_low) == 0x11FF11FF);
  word = 0;
  CHECK(b.access(tlm::TLM_READ_COMMAND, at::memory_base_low, &word, 4, 0, enables.data(), 2) == tlm::TLM_OK_RESPONSE);
  CHECK(word == 0x00FF00FF);
  CHECK(b.access(tlm::TLM_READ_COMMAND, at::memory_base_low, &word, 4, 0, enables.data(), 0) ==
        tlm::TLM_BYTE_ENABLE_ERROR_RESPONSE);
}

TEST_CASE("a write to a read-only register changes nothing") {
  bench b;
  CHECK(b.write<std::uint32_t>(at::id, 1) == tlm::TLM_COMMAND_ERROR_RESPONSE);
  // A burst of which one register is read only is refused whole.
  std::array<std::uint32_t, 2> words{0x3, 0x9};
  CHECK(b.access(tlm::TLM_WRITE_COMMAND, at::irq_enable, words.data(), 8) == tlm::TLM_COMMAND_ERROR_RESPONSE);
  CHECK(b.read<std::uint32_t>(at::irq_enable) == 0);
  CHECK(b.written.empty());
}

TEST_CASE("addresses without a register are address errors") {
  bench b;
  CHECK(b.write<std::uint32_t>(sonic::regs::bank_size, 1) == tlm::TLM_ADDRESS_ERROR_RESPONSE);
  CHECK(b.write<std::uint32_t>(sonic::regs::bank_size - 2, 1) == tlm::TLM_ADDRESS_ERROR_RESPONSE);
  CHECK(b.write<std::uint32_t>(0x1F0, 1) == tlm::TLM_ADDRESS_ERROR_RESPONSE);
  CHECK(b.write<std::uint32_t>(~std::uint64_t{0} - 1, 1) == tlm::TLM_ADDRESS_ERROR_RESPONSE);
}

TEST_CASE("streaming and ignored commands get their responses") {
  bench b;
  std::uint32_t word = 0;
  CHECK(b.access(tlm::TLM_READ_COMMAND, at::id, &word, 4, 2) == tlm::TLM_BURST_ERROR_RESPONSE);
  CHECK(b.access(tlm::TLM_IGNORE_COMMAND, at::id, &word, 4) == tlm::TLM_COMMAND_ERROR_RESPONSE);
  CHECK(b.access(tlm::TLM_READ_COMMAND, at::id, nullptr, 4) == tlm::TLM_COMMAND_ERROR_RESPONSE);
}

TEST_CASE("set and clear registers act on ones") {
  bench b;
  b.bank.set(at::irq_status, 0x3);
  b.write<std::uint32_t>(at::irq_status, 0x1);
  CHECK(b.read<std::uint32_t>(at::irq_status) == 0x2);
  b.write<std::uint32_t>(at::control, at::control_start);
  CHECK(b.written.back() == std::pair<std::uint32_t, std::uint32_t>{at::control, at::control_start});
  CHECK(b.read<std::uint32_t>(at::control) == 0);
}

TEST_CASE("unimplemented bits stay zero") {
  bench b;
  b.write<std::uint32_t>(at::irq_enable, 0xFFFFFFFF);
  CHECK(b.read<std::uint32_t>(at::irq_enable) == 0x3);
}

TEST_CASE("debug access has no side effects and no rules") {
  bench b;
  b.bank.set(at::irq_status, 0x3);
  std::uint32_t word = 0x3;
  tlm::tlm_generic_payload p;
  p.set_command(tlm::TLM_WRITE_COMMAND);
  p.set_address(at::error_code);
  p.set_data_ptr(reinterpret_cast<unsigned char*>(&word));
  p.set_data_length(4);
  CHECK(b.bank.debug_access(p) == 4);
  CHECK(b.bank.get(at::error_code) == 3);
  CHECK(b.written.empty());
  p.set_address(sonic::regs::bank_size - 2);
  CHECK(b.bank.debug_access(p) == 2);
  p.set_address(sonic::regs::bank_size);
  CHECK(b.bank.debug_access(p) == 0);
}

TEST_CASE("a reset brings back reset values and constants") {
  bench b;
  b.bank.set_constant(at::conv_vdus, 50);
  b.write<std::uint32_t>(at::descriptor_count, 9);
  b.bank.reset();
  CHECK(b.read<std::uint32_t>(at::descriptor_count) == 0);
  CHECK(b.read<std::uint32_t>(at::conv_vdus) == 50);
  CHECK(b.read<std::uint32_t>(at::memory_size_low) == 0xFFFFFFFF);
}
