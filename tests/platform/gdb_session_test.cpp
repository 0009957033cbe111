// SPDX-License-Identifier: Apache-2.0
#include "tb/platform/gdb_session.h"

#include <catch2/catch.hpp>

#include <array>
#include <cstring>
#include <random>
#include <set>

using namespace sonic::platform;

namespace {

struct small_target : debug_target {
  std::array<std::uint32_t, 33> registers{};
  std::array<std::uint8_t, 64> memory{};
  std::set<std::uint32_t> breakpoints;

  std::uint32_t get_register(unsigned int number) const override { return registers.at(number); }
  void set_register(unsigned int number, std::uint32_t value) override { registers.at(number) = value; }
  bool read_memory(std::uint32_t address, std::span<std::uint8_t> into) override {
    if (address + into.size() > memory.size()) {
      return false;
    }
    std::memcpy(into.data(), memory.data() + address, into.size());
    return true;
  }
  bool write_memory(std::uint32_t address, std::span<const std::uint8_t> from) override {
    if (address + from.size() > memory.size()) {
      return false;
    }
    std::memcpy(memory.data() + address, from.data(), from.size());
    return true;
  }
  void set_breakpoint(std::uint32_t address, bool on) override {
    on ? (void)breakpoints.insert(address) : (void)breakpoints.erase(address);
  }
};

std::string answer(gdb_session& session, small_target& target, const std::string& packet) {
  return session.handle(packet, target, debug_reason::breakpoint).content.value_or("(none)");
}

} // namespace

TEST_CASE("packets are framed, escaped and found again, however they are cut") {
  CHECK(gdb_packet("OK") == "$OK#9a");
  CHECK(gdb_packet("") == "$#00");
  const auto seed = std::random_device{}();
  CAPTURE(seed);
  std::mt19937 random(seed);
  std::string stream;
  std::vector<std::string> sent;
  for (int i = 0; i < 200; ++i) {
    std::string content;
    for (auto n = random() % 40; n > 0; --n) {
      content += static_cast<char>(random() % 2 == 0 ? "$#}*"[random() % 4] : static_cast<char>(32 + random() % 95));
    }
    sent.push_back(content);
    stream += (random() % 2 == 0 ? "+" : "") + gdb_packet(content);
  }
  gdb_reader reader;
  std::vector<std::string> found;
  while (!stream.empty()) {
    const auto part = std::min<std::size_t>(stream.size(), 1 + random() % 7);
    reader.add(stream.substr(0, part));
    stream.erase(0, part);
    while (const auto packet = reader.next()) {
      CHECK_FALSE(packet->damaged);
      found.push_back(packet->content);
    }
  }
  CHECK(found == sent);
  reader.add("$OK#00\x03");
  CHECK(reader.next()->damaged);
  CHECK(reader.next()->interrupt);
  CHECK_FALSE(reader.next());
}

TEST_CASE("commands do to the target what they say") {
  small_target target;
  gdb_session session;
  const auto ask = [&](const std::string& packet) { return answer(session, target, packet); };
  CHECK(ask("?") == "S05");
  CHECK(ask("P1=78563412") == "OK");
  CHECK(target.registers[1] == 0x12345678);
  CHECK(ask("p1") == "78563412");
  CHECK(ask("p20") == "00000000"); // the program counter
  CHECK(ask("p21") == "E01");
  CHECK(ask("g").substr(0, 24) == "000000007856341200000000");
  CHECK(ask("g").size() == 33 * 8);
  std::string all = ask("g");
  all.replace(32 * 8, 8, "00000080");
  CHECK(ask("G" + all) == "OK");
  CHECK(target.registers[32] == 0x80000000);
  CHECK(ask("M4,3:aabbcc") == "OK");
  CHECK(ask("m3,5") == "00aabbcc00");
  CHECK(ask("m3e,5") == "E02");
  CHECK(ask("M4,3:aabb") == "E01");
  CHECK(ask("M4,1:zz") == "E01");
  CHECK(ask("mxyz") == "E01");
  CHECK(ask("Z0,80000010,4") == "OK");
  CHECK(target.breakpoints == std::set<std::uint32_t>{0x80000010});
  CHECK(ask("z0,80000010,4") == "OK");
  CHECK(target.breakpoints.empty());
  CHECK(ask("Z2,10,4").empty()); // watchpoints are not there
  CHECK(ask("vMustReplyEmpty").empty());
  CHECK(ask("qXfer:features:read:target.xml:0,ffff").find("riscv:rv32") != std::string::npos);
  CHECK(ask("qXfer:features:read:target.xml:0,10").front() == 'm');
  CHECK(ask("").empty());
  CHECK(session.handle("c", target, debug_reason::began).action == debug_action::go);
  CHECK(session.handle("s80000020", target, debug_reason::began).action == debug_action::step);
  CHECK(target.registers[32] == 0x80000020);
  CHECK(session.handle("k", target, debug_reason::began).action == debug_action::kill);
  CHECK(ask("Z1,80000010,4") == "OK");
  CHECK(session.handle("D", target, debug_reason::began).detached);
  CHECK(target.breakpoints.empty());
}

TEST_CASE("random packets get an answer and nothing else") {
  small_target target;
  gdb_session session;
  const auto seed = std::random_device{}();
  CAPTURE(seed);
  std::mt19937 random(seed);
  for (int i = 0; i < 20000; ++i) {
    std::string packet;
    for (auto n = random() % 12; n > 0; --n) {
      packet += "gGpPmMzZq?HT0123456789abcdef,:=;"[random() % 32];
    }
    CAPTURE(packet);
    const auto reply = session.handle(packet, target, debug_reason::began);
    CHECK(reply.content.has_value() != reply.action.has_value()); // an answer, or the processor goes on
    CHECK(reply.action.has_value() == (packet.substr(0, 1) == "c"));
    CHECK_FALSE(reply.detached);
  }
  CHECK(answer(session, target, "g").size() == 33 * 8);
}
