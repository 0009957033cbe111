// SPDX-License-Identifier: Apache-2.0
#include "tb/platform/gdb_session.h"

#include "tb/platform/cpu.h"

#include <array>
#include <charconv>
#include <numeric>
#include <vector>

#include <fmt/format.h>

namespace sonic::platform {

namespace {

constexpr char interrupt_byte = 3;
constexpr char escape = '}';
constexpr char escape_flip = 0x20;
constexpr unsigned int register_count = program_counter + 1;
constexpr std::size_t largest_packet = 0x4000;
constexpr int hexadecimal = 16;

/// What gdb must know of the processor before it knows the program.
constexpr std::string_view target_description = R"(<?xml version="1.0"?>
<!DOCTYPE target SYSTEM "gdb-target.dtd">
<target version="1.0"><architecture>riscv:rv32</architecture></target>)";

unsigned int checksum(std::string_view content) {
  constexpr unsigned int byte = 0xff;
  return std::accumulate(content.begin(), content.end(), 0U,
                         [](unsigned int sum, char c) { return sum + static_cast<unsigned char>(c); }) &
         byte;
}

/// Takes a hexadecimal number from the front of @p text.
std::optional<std::uint32_t> take_number(std::string_view& text) {
  std::uint32_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, hexadecimal);
  if (error != std::errc{}) {
    return std::nullopt;
  }
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  return value;
}

bool take(std::string_view& text, char wanted) {
  if (text.empty() || text.front() != wanted) {
    return false;
  }
  text.remove_prefix(1);
  return true;
}

std::string to_hex(const std::vector<std::uint8_t>& bytes) {
  std::string text;
  for (const auto byte : bytes) {
    text += fmt::format("{:02x}", byte);
  }
  return text;
}

std::optional<std::vector<std::uint8_t>> from_hex(std::string_view text) {
  std::vector<std::uint8_t> bytes;
  for (; text.size() >= 2; text.remove_prefix(2)) {
    std::uint8_t byte = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + 2, byte, hexadecimal);
    if (error != std::errc{} || end != text.data() + 2) {
      return std::nullopt;
    }
    bytes.push_back(byte);
  }
  return text.empty() ? std::optional(bytes) : std::nullopt;
}

std::vector<std::uint8_t> little_endian(std::uint32_t value) {
  constexpr unsigned int byte = 8;
  return {static_cast<std::uint8_t>(value), static_cast<std::uint8_t>(value >> byte),
          static_cast<std::uint8_t>(value >> 2 * byte), static_cast<std::uint8_t>(value >> 3 * byte)};
}

std::optional<std::uint32_t> word_of(std::string_view hex) {
  const auto bytes = from_hex(hex);
  if (!bytes || bytes->size() != sizeof(std::uint32_t)) {
    return std::nullopt;
  }
  std::uint32_t value = 0;
  for (std::size_t i = bytes->size(); i-- > 0;) {
    constexpr unsigned int byte = 8;
    value = value << byte | (*bytes)[i];
  }
  return value;
}

std::string error(unsigned int number) {
  return fmt::format("E{:02x}", number);
}

std::string read_registers(const debug_target& target) {
  std::string text;
  for (unsigned int i = 0; i < register_count; ++i) {
    text += to_hex(little_endian(target.get_register(i)));
  }
  return text;
}

std::string write_registers(debug_target& target, std::string_view hex) {
  constexpr std::size_t digits = 8;
  for (unsigned int i = 0; i < register_count && hex.size() >= digits; ++i, hex.remove_prefix(digits)) {
    const auto value = word_of(hex.substr(0, digits));
    if (!value) {
      return error(1);
    }
    target.set_register(i, *value);
  }
  return "OK";
}

std::string one_register(debug_target& target, std::string_view text, bool write) {
  const auto number = take_number(text);
  if (!number || *number >= register_count) {
    return error(1);
  }
  if (!write) {
    return to_hex(little_endian(target.get_register(*number)));
  }
  const auto value = take(text, '=') ? word_of(text) : std::nullopt;
  if (!value) {
    return error(1);
  }
  target.set_register(*number, *value);
  return "OK";
}

std::string memory(debug_target& target, std::string_view text, bool write) {
  const auto address = take_number(text);
  const bool comma = take(text, ',');
  const auto bytes = take_number(text);
  if (!address || !comma || !bytes || *bytes > largest_packet / 2) {
    return error(1);
  }
  if (!write) {
    std::vector<std::uint8_t> content(*bytes);
    return target.read_memory(*address, content) ? to_hex(content) : error(2);
  }
  const auto content = take(text, ':') ? from_hex(text) : std::nullopt;
  if (!content || content->size() != *bytes) {
    return error(1);
  }
  return target.write_memory(*address, *content) ? "OK" : error(2);
}

std::string query(std::string_view text) {
  if (text.starts_with("qSupported")) {
    return fmt::format("PacketSize={:x};qXfer:features:read+", largest_packet);
  }
  if (text == "qAttached") {
    return "1";
  }
  if (text == "qC") {
    return "QC1";
  }
  if (text == "qfThreadInfo") {
    return "m1";
  }
  if (text == "qsThreadInfo") {
    return "l";
  }
  constexpr std::string_view features = "qXfer:features:read:target.xml:";
  if (text.starts_with(features)) {
    text.remove_prefix(features.size());
    const auto offset = take_number(text);
    const bool comma = take(text, ',');
    const auto length = take_number(text);
    if (!offset || !comma || !length || *offset > target_description.size()) {
      return error(1);
    }
    const auto part = target_description.substr(*offset, *length);
    return (*offset + part.size() < target_description.size() ? "m" : "l") + std::string(part);
  }
  return "";
}

} // namespace

std::string gdb_packet(std::string_view content) {
  std::string body;
  for (const char c : content) {
    if (c == '$' || c == '#' || c == escape || c == '*') {
      body += escape;
      body += static_cast<char>(c ^ escape_flip);
    } else {
      body += c;
    }
  }
  return fmt::format("${}#{:02x}", body, checksum(body));
}

std::optional<gdb_reader::item> gdb_reader::next() {
  constexpr std::size_t checksum_digits = 2;
  const auto begin = waiting_.find_first_of(std::string{'$', interrupt_byte});
  if (begin == std::string::npos) {
    waiting_.clear();
    return std::nullopt;
  }
  waiting_.erase(0, begin);
  if (waiting_.front() == interrupt_byte) {
    waiting_.erase(0, 1);
    return item{true, false, {}};
  }
  const auto end = waiting_.find('#');
  if (end == std::string::npos || waiting_.size() < end + 1 + checksum_digits) {
    if (waiting_.size() > 2 * largest_packet) {
      waiting_.clear(); // nothing that gdb sends is that long
    }
    return std::nullopt;
  }
  item found;
  const std::string_view body = std::string_view(waiting_).substr(1, end - 1);
  std::string_view sum = std::string_view(waiting_).substr(end + 1, checksum_digits);
  found.damaged = take_number(sum) != checksum(body);
  for (std::size_t i = 0; i < body.size(); ++i) {
    const bool escaped = body[i] == escape && i + 1 < body.size();
    found.content += escaped ? static_cast<char>(body[++i] ^ escape_flip) : body[i];
  }
  waiting_.erase(0, end + 1 + checksum_digits);
  return found;
}

bool gdb_reader::take_interrupt() {
  const auto place = waiting_.find(interrupt_byte);
  if (place == std::string::npos) {
    return false;
  }
  waiting_.erase(0, place + 1);
  return true;
}

std::string gdb_session::stop_text(debug_reason why) {
  switch (why) {
  case debug_reason::interrupted:
    return "S02"; // SIGINT
  case debug_reason::lost:
    return "S0b"; // SIGSEGV
  case debug_reason::began:
  case debug_reason::stepped:
  case debug_reason::breakpoint:
    break;
  }
  return "S05"; // SIGTRAP
}

std::string gdb_session::end_text(int exit_code) {
  constexpr unsigned int byte = 0xff;
  return fmt::format("W{:02x}", static_cast<unsigned int>(exit_code) & byte);
}

gdb_session::reply gdb_session::handle(const std::string& packet, debug_target& target, debug_reason why) {
  std::string_view rest = packet;
  const char command = rest.empty() ? '\0' : rest.front();
  rest.remove_prefix(rest.empty() ? 0 : 1);
  const auto resume = [&](debug_action action) -> reply {
    if (const auto address = take_number(rest)) {
      target.set_register(program_counter, *address);
    }
    return {std::nullopt, action, false};
  };
  switch (command) {
  case '?':
    return {stop_text(why)};
  case 'g':
    return {read_registers(target)};
  case 'G':
    return {write_registers(target, rest)};
  case 'p':
    return {one_register(target, rest, false)};
  case 'P':
    return {one_register(target, rest, true)};
  case 'm':
    return {memory(target, rest, false)};
  case 'M':
    return {memory(target, rest, true)};
  case 'c':
    return resume(debug_action::go);
  case 's':
    return resume(debug_action::step);
  case 'k':
    return {std::nullopt, debug_action::kill, true};
  case 'D':
    leave(target);
    return {"OK", debug_action::go, true};
  case 'H':
  case 'T':
    return {"OK"};
  case 'q':
    return {query(packet)};
  case 'Z':
  case 'z': {
    const bool instruction = take(rest, '0') || take(rest, '1');
    const bool comma = take(rest, ',');
    const auto address = take_number(rest);
    if (!instruction) {
      return {""}; // no watchpoints
    }
    if (!comma || !address) {
      return {error(1)};
    }
    target.set_breakpoint(*address, command == 'Z');
    if (command == 'Z') {
      breakpoints_.insert(*address);
    } else {
      breakpoints_.erase(*address);
    }
    return {"OK"};
  }
  default:
    return {""};
  }
}

void gdb_session::leave(debug_target& target) {
  for (const auto address : breakpoints_) {
    target.set_breakpoint(address, false);
  }
  breakpoints_.clear();
}

} // namespace sonic::platform
