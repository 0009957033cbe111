// SPDX-License-Identifier: Apache-2.0
// Instructions per second of the platform's processor, for some quanta, beside Unicorn alone on the same instructions
// in the same minute: a loop of arithmetic, loads and stores. `build/<preset>/tb/bench/bench_platform`.
#include "tb/platform/platform.h"
#include "tb/platform/unicorn_cpu.h"

#include <fmt/format.h>
#include <systemc>
#include <unicorn/unicorn.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdlib>
#include <cstring>
#include <functional>
#include <stdexcept>
#include <string>
#include <vector>

#include <sys/wait.h>
#include <unistd.h>

namespace {

using namespace sonic::platform;

constexpr std::uint32_t ram_base = 0x80000000;
constexpr std::uint32_t ram_bytes = 1U << 20U;
constexpr std::uint64_t instructions = 100'000'000;
constexpr std::uint64_t slice = 1'000'000;
constexpr int repetitions = 3;

/// lui s0, 0x80080; then for ever: a xorshift of a0, whose result is stored to and loaded from 4 KiB behind s0.
constexpr std::array<std::uint32_t, 16> loop{
    0x80080437, // lui   s0, 0x80080
    0x12345537, // lui   a0, 0x12345
    0x00d51593, // slli  a1, a0, 13
    0x00b54533, // xor   a0, a0, a1
    0x01155593, // srli  a1, a0, 17
    0x00b54533, // xor   a0, a0, a1
    0x00551593, // slli  a1, a0, 5
    0x00b54533, // xor   a0, a0, a1
    0x7fc57593, // andi  a1, a0, 0x7fc
    0x008585b3, // add   a1, a1, s0
    0x0005a603, // lw    a2, 0(a1)
    0x00a60633, // add   a2, a2, a0
    0x00c5a023, // sw    a2, 0(a1)
    0x02a686b3, // mul   a3, a3, a0
    0x00168693, // addi  a3, a3, 1
    0xfcdff06f, // j     .-52
};

void load(std::span<std::uint8_t> ram) {
  std::memcpy(ram.data(), loop.data(), sizeof(loop));
}

double seconds_of(const std::function<void()>& work) {
  const auto begin = std::chrono::steady_clock::now();
  work();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

/// Unicorn as it comes, with its own counter.
double bare_unicorn() {
  std::vector<std::uint8_t> ram(ram_bytes);
  load(ram);
  uc_engine* engine = nullptr;
  if (uc_open(UC_ARCH_RISCV, UC_MODE_RISCV32, &engine) != UC_ERR_OK ||
      uc_mem_map_ptr(engine, ram_base, ram.size(), UC_PROT_ALL, ram.data()) != UC_ERR_OK) {
    throw std::runtime_error("Unicorn does not start");
  }
  const double taken = seconds_of([&] {
    std::uint32_t at = ram_base;
    for (std::uint64_t done = 0; done < instructions; done += slice) {
      if (uc_emu_start(engine, at, ~std::uint64_t{0}, 0, slice) != UC_ERR_OK) {
        throw std::runtime_error("Unicorn stopped");
      }
      uc_reg_read(engine, UC_RISCV_REG_PC, &at);
    }
  });
  uc_close(engine);
  return taken;
}

struct no_bus : cpu_bus {
  bool load(std::uint32_t, unsigned int, std::uint32_t&) override { return false; }
  bool store(std::uint32_t, unsigned int, std::uint32_t) override { return false; }
};

/// The processor behind its interface, without SystemC.
double processor() {
  std::vector<std::uint8_t> ram(ram_bytes);
  load(ram);
  no_bus bus;
  const auto core = make_unicorn_cpu(ram_base, ram, bus);
  core->set(program_counter, ram_base);
  return seconds_of([&] {
    for (std::uint64_t done = 0; done < instructions; done += slice) {
      if (core->run(slice, false) != cpu_stop::ran) {
        throw std::runtime_error("the processor stopped");
      }
    }
  });
}

double whole_platform(double quantum_ns) {
  platform_config config;
  config.cpu_clock_ghz = 1.0;
  config.cycles_per_instruction = 1;
  config.ram_address = ram_base;
  config.ram_bytes = ram_bytes;
  config.interrupt_controller_address = 0x0c000000;
  config.interrupt_sources = 1;
  config.timer_address = 0x02000000;
  config.timer_ghz = 0.01;
  config.uart_address = 0x10000000;
  config.uart_irq = 1;
  config.simulation_control_address = 0x00100000;
  platform machine("platform", config, {[](char) {}, nullptr}, make_unicorn_cpu);
  load(machine.ram());
  const double taken = seconds_of([&] {
    machine.run({quantum_ns, sc_core::SC_NS}, sc_core::sc_time(static_cast<double>(instructions), sc_core::SC_NS));
  });
  return taken * static_cast<double>(instructions) / static_cast<double>(machine.processor().instructions());
}

/// The kernel elaborates once in a process: each measurement has its own.
double in_child(const std::function<double()>& measure) {
  std::array<int, 2> ends{};
  double taken = 0;
  if (::pipe(ends.data()) != 0) {
    throw std::runtime_error("no pipe");
  }
  const pid_t child = ::fork();
  if (child == 0) {
    taken = measure();
    const bool sent = ::write(ends[1], &taken, sizeof(taken)) == sizeof(taken);
    ::_exit(sent ? 0 : 1);
  }
  ::close(ends[1]);
  const bool received = child > 0 && ::read(ends[0], &taken, sizeof(taken)) == sizeof(taken);
  ::close(ends[0]);
  int status = 0;
  ::waitpid(child, &status, 0);
  if (!received) {
    throw std::runtime_error("a measurement failed");
  }
  return taken;
}

} // namespace

int sc_main(int, char**) {
  struct row {
    std::string name;
    std::function<double()> measure;
    std::vector<double> taken;
  };
  std::vector<row> rows{{"Unicorn alone", bare_unicorn, {}}, {"the processor alone", processor, {}}};
  for (const double quantum_ns : {0.0, 100.0, 1e3, 1e4, 1e6}) {
    rows.push_back({fmt::format("the platform, quantum {:g} ns", quantum_ns),
                    [quantum_ns] { return whole_platform(quantum_ns); },
                    {}});
  }
  for (int i = 0; i < repetitions; ++i) {
    for (auto& each : rows) {
      each.taken.push_back(in_child(each.measure));
    }
  }
  double bare = 0;
  for (auto& each : rows) {
    std::sort(each.taken.begin(), each.taken.end());
    const double median = each.taken[repetitions / 2];
    bare = bare > 0 ? bare : median;
    fmt::print("{:32} {:8.1f} MIPS, {:.2f} of Unicorn alone\n", each.name,
               static_cast<double>(instructions) / median / 1e6, bare / median);
  }
  return 0;
}
