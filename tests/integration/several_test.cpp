// SPDX-License-Identifier: Apache-2.0
// Several accelerators of different kinds in one platform: one processor behind an address decoder, one memory.
#include "sonic/accelerator.h"
#include "sonic/config/load.h"
#include "sonic/protocol/checker.h"
#include "sonic_regs/regs.h"
#include "tests/integration/small_program.h"
#include "tests/integration/thread.h"

#include <catch2/catch.hpp>
#include <tlm_utils/multi_passthrough_target_socket.h>
#include <tlm_utils/simple_initiator_socket.h>

#include <array>
#include <cstring>
#include <deque>
#include <iostream>

using namespace sonic;
using namespace sonic::tests;

namespace at = regs::at;

namespace {

constexpr std::uint64_t window = 0x10000;       ///< of registers
constexpr std::uint64_t region = 0x1'0000'0000; ///< of memory
const sc_core::sc_time latency{50.0, sc_core::SC_NS};

/// One region for each accelerator, each at a port of its own.
class shared_memory : public sc_core::sc_module {
public:
  explicit shared_memory(const sc_core::sc_module_name& name) : sc_module(name), ports("ports") {
    ports.register_b_transport(this, &shared_memory::b_transport);
    ports.register_nb_transport_fw(this, &shared_memory::nb_transport_fw);
  }
  tlm_utils::multi_passthrough_target_socket<shared_memory> ports;
  std::vector<std::vector<std::uint8_t>> regions;
  std::uint64_t trespasses = 0; ///< accesses to another's region

private:
  void b_transport(int port, tlm::tlm_generic_payload& p, sc_core::sc_time& delay) {
    delay += latency;
    const auto index = p.get_address() / region;
    auto& bytes = regions.at(static_cast<std::size_t>(port));
    const auto offset = p.get_address() % region;
    if (index != static_cast<std::uint64_t>(port) || offset + p.get_data_length() > bytes.size()) {
      ++trespasses;
      p.set_response_status(tlm::TLM_ADDRESS_ERROR_RESPONSE);
      return;
    }
    p.is_read() ? std::memcpy(p.get_data_ptr(), bytes.data() + offset, p.get_data_length())
                : std::memcpy(bytes.data() + offset, p.get_data_ptr(), p.get_data_length());
    p.set_response_status(tlm::TLM_OK_RESPONSE);
  }
  tlm::tlm_sync_enum nb_transport_fw(int port, tlm::tlm_generic_payload& p, tlm::tlm_phase& phase,
                                     sc_core::sc_time& delay) {
    if (phase == tlm::BEGIN_REQ) {
      b_transport(port, p, delay);
    }
    return tlm::TLM_COMPLETED;
  }
};

/// An accelerator, its program, and the processor's port to it.
struct node : sc_core::sc_module {
  node(const sc_core::sc_module_name& name, const std::string& file, const std::string& timing, std::uint64_t seed,
       shared_memory& memory)
      : sc_module(name),
        chosen(config::load_architecture(SONIC_SOURCE_DIR "/configs/" + file, {"run.timing=" + timing})),
        program(chosen, seed), chip("sonic", chosen), cfg_checker("cfg_checker"), mem_checker("mem_checker"),
        port("port") {
    port.bind(cfg_checker.target_socket);
    cfg_checker.initiator_socket.bind(chip.cfg);
    chip.mem.bind(mem_checker.target_socket);
    mem_checker.initiator_socket.bind(memory.ports);
    chip.irq.bind(irq);
    chip.reset.bind(reset);
    memory.regions.push_back(program.before);
  }
  config::architecture chosen;
  small_program program;
  accelerator chip;
  protocol::checker<> cfg_checker, mem_checker;
  tlm_utils::simple_initiator_socket<node> port;
  sc_core::sc_signal<bool> irq{"irq"}, reset{"reset"};
};

/// The processor's accesses, decoded by their address.
struct platform {
  std::deque<node> nodes;
  shared_memory memory{"memory"};

  std::uint32_t access(tlm::tlm_command command, std::uint64_t address, std::uint32_t value = 0) {
    tlm::tlm_generic_payload p;
    p.set_command(command);
    p.set_address(address % window);
    p.set_data_ptr(reinterpret_cast<unsigned char*>(&value));
    p.set_data_length(4);
    p.set_streaming_width(4);
    sc_core::sc_time delay;
    nodes.at(address / window).port->b_transport(p, delay);
    CHECK(p.is_response_ok());
    return value;
  }
  std::uint32_t read(std::size_t i, std::uint32_t offset) { return access(tlm::TLM_READ_COMMAND, i * window + offset); }
  void write(std::size_t i, std::uint32_t offset, std::uint32_t value) {
    access(tlm::TLM_WRITE_COMMAND, i * window + offset, value);
  }
  void start(std::size_t i) {
    auto& n = nodes[i];
    memory.regions[i] = n.program.before;
    write(i, at::memory_base_low, 0);
    write(i, at::memory_base_high, static_cast<std::uint32_t>(i * (region >> 32U)));
    write(i, at::memory_size_low, static_cast<std::uint32_t>(n.program.size()));
    write(i, at::descriptor_count, n.program.descriptors);
    write(i, at::irq_enable, at::irq_status_done | at::irq_status_error);
    write(i, at::control, at::control_start);
  }
  /// @returns the time that its program took
  std::uint32_t finish(std::size_t i) {
    auto& n = nodes[i];
    while (!n.irq.read()) {
      sc_core::wait(n.irq.posedge_event());
    }
    CHECK(read(i, at::status) == at::status_done);
    CHECK((memory.regions[i] == n.program.after));
    write(i, at::irq_status, at::irq_status_done);
    sc_core::wait(n.irq.negedge_event());
    return read(i, at::time_ns_low);
  }
};

} // namespace

TEST_CASE("several accelerators work at the same time as each does alone, and one is reset beside the others",
          "[sim]") {
  platform p;
  p.nodes.emplace_back("first", "small.yaml", "loosely_timed", 1, p.memory);
  p.nodes.emplace_back("second", "small.yaml", "approximately_timed", 2, p.memory);
  p.nodes.emplace_back("third", "sonic.yaml", "loosely_timed", 3, p.memory);
  p.nodes.emplace_back("fourth", "small.yaml", "approximately_timed", 4, p.memory);
  bool finished = false;
  thread conductor("conductor", [&] {
    const auto count = p.nodes.size();
    std::vector<std::uint32_t> alone;
    for (std::size_t i = 0; i < count; ++i) {
      CHECK(p.read(i, at::id) == 0x434E4F53);
      p.start(i);
      alone.push_back(p.finish(i));
      CHECK(alone.back() > 0);
    }
    for (int round = 0; round < 5; ++round) {
      for (std::size_t i = 0; i < count; ++i) {
        p.start(i);
      }
      const auto victim = static_cast<std::size_t>(round) % count;
      sc_core::wait({200.0 * round, sc_core::SC_NS});
      p.write(victim, at::control, at::control_reset);
      for (std::size_t i = 0; i < count; ++i) {
        if (i != victim) {
          CHECK(p.finish(i) == alone[i]);
        }
      }
      CHECK(p.read(victim, at::status) == 0);
      sc_core::wait({10.0, sc_core::SC_US}); // what it had asked for has been answered
      p.start(victim);
      CHECK(p.finish(victim) == alone[victim]);
    }
    finished = true;
    sc_core::sc_stop();
  });
  sc_core::sc_start({1.0, sc_core::SC_SEC});
  CHECK(finished);
  CHECK(p.memory.trespasses == 0);
  std::uint64_t transactions = 0;
  for (auto& n : p.nodes) {
    CHECK(n.cfg_checker.observed().violations() + n.mem_checker.observed().violations() == 0);
    CHECK(n.mem_checker.observed().in_flight() == 0);
    transactions += n.mem_checker.observed().transactions();
  }
  std::cout << p.nodes.size() << " accelerators, " << transactions << " transactions at the memory\n";
}
