// SPDX-License-Identifier: Apache-2.0
// A temporally decoupled host: whatever the global quantum, the chip does the same.
#include "tests/chip/program_rig.h"

#include <catch2/catch.hpp>
#include <tlm_utils/tlm_quantumkeeper.h>

#include <iostream>

using namespace sonic;
using namespace sonic::tests;

namespace {

namespace at = regs::at;

struct architectural {
  std::vector<std::uint8_t> memory;
  std::vector<std::uint32_t> registers;
  bool operator==(const architectural& other) const = default;
};

/// Runs the program as a processor with a local time of its own would: 10 ns for each access, 100 ns between polls.
architectural run_decoupled(program_rig& rig, const sc_core::sc_time& quantum, std::uint64_t& syncs) {
  tlm_utils::tlm_quantumkeeper::set_global_quantum(quantum);
  architectural found;
  rig.bench().with_host([&](host::driver& host) {
    tlm_utils::tlm_quantumkeeper local;
    local.reset();
    syncs = 0;
    const auto access = [&](tlm::tlm_command command, std::uint32_t offset, std::uint32_t value) {
      tlm::tlm_generic_payload payload;
      payload.set_command(command);
      payload.set_address(offset);
      payload.set_data_ptr(reinterpret_cast<unsigned char*>(&value));
      payload.set_data_length(sizeof(value));
      payload.set_streaming_width(sizeof(value));
      auto delay = local.get_local_time();
      host.cfg->b_transport(payload, delay);
      REQUIRE(payload.is_response_ok());
      local.set(delay + sc_core::sc_time(10.0, sc_core::SC_NS));
      if (local.need_sync()) {
        local.sync();
        ++syncs;
      }
      return value;
    };
    const auto write = [&](std::uint32_t offset, std::uint32_t value) {
      access(tlm::TLM_WRITE_COMMAND, offset, value);
    };
    const auto read = [&](std::uint32_t offset) { return access(tlm::TLM_READ_COMMAND, offset, 0); };
    write(at::memory_size_low, static_cast<std::uint32_t>(rig.size()));
    write(at::descriptor_count, rig.count());
    write(at::control, at::control_start);
    while ((read(at::status) & at::status_busy) != 0) {
      local.inc({100.0, sc_core::SC_NS});
    }
    local.sync();
    for (const auto offset : {at::status, at::error_code, at::descriptors_done, at::time_ns_low, at::time_ns_high,
                              at::symbols_low, at::symbols_high, at::retunes, at::irq_status}) {
      found.registers.push_back(read(offset));
    }
    write(at::irq_status, at::irq_status_done | at::irq_status_error);
    local.sync();
  });
  rig.bench().chip().clear_records();
  found.memory = rig.memory();
  return found;
}

void compare_quanta(const std::string& timing) {
  program_rig rig({"run.timing=" + timing});
  constexpr double cycle_ns = 1.0 / 1.28;
  std::vector<architectural> all;
  for (const double quantum_ns : {0.0, cycle_ns, 1e6}) {
    rig.restore();
    std::uint64_t syncs = 0;
    all.push_back(run_decoupled(rig, {quantum_ns, sc_core::SC_NS}, syncs));
    std::cout << timing << ", quantum " << quantum_ns << " ns: " << syncs << " synchronisations, "
              << all.back().registers[3] << " ns\n";
    CHECK((all.back().memory == rig.golden()));
    CHECK(all.back().registers[0] == at::status_done);
    CHECK(all.back().registers == all.front().registers);
    CHECK((all.back() == all.front()));
  }
}

} // namespace

TEST_CASE("the quantum changes nothing that a program leaves, loosely timed", "[sim]") {
  compare_quanta("loosely_timed");
}

TEST_CASE("the quantum changes nothing that a program leaves, approximately timed", "[sim]") {
  compare_quanta("approximately_timed");
}
