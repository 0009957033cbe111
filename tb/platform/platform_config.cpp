// SPDX-License-Identifier: Apache-2.0
#include "tb/platform/platform_config.h"

#include "sonic/config/config_map.h"
#include "sonic/config/load.h"
#include "sonic/core/error.h"
#include "tb/platform/interrupt_controller.h"
#include "tb/platform/simulation_control.h"
#include "tb/platform/timer.h"
#include "tb/platform/uart.h"

#include <algorithm>
#include <functional>

#include <fmt/format.h>

namespace sonic::platform {

using config::config_map;

namespace {

using config::dimension;

constexpr std::uint32_t page = 0x1000;
constexpr std::uint64_t accelerator_bytes = 0x200;
constexpr std::uint64_t address_space = std::uint64_t{1} << 32U;

/// Addresses that a device takes, and where the file says so.
struct claimed_range {
  std::string key;
  std::string where;
  std::uint64_t base, size;
};

/// Addresses and interrupts that were given so far.
class claims {
public:
  void add(const config_map& from, const std::string& key, std::uint64_t base, std::uint64_t size) {
    if (base + size > address_space) {
      throw core::user_error(from.where(key), fmt::format("{:#x} bytes from {:#x} on pass 32 bits", size, base),
                             "expected a lower address");
    }
    for (const auto& other : ranges_) {
      if (base < other.base + other.size && other.base < base + size) {
        throw core::user_error(from.where(key),
                               fmt::format("{:#x} to {:#x} overlaps {} ({:#x} to {:#x})", base, base + size - 1,
                                           other.key, other.base, other.base + other.size - 1),
                               "expected addresses of its own");
      }
    }
    ranges_.push_back({from.path(key), from.where(key), base, size});
  }
  void add_interrupt(const config_map& from, unsigned int number) {
    for (const auto& [key, other] : interrupts_) {
      if (other == number) {
        throw core::user_error(from.where("irq"), fmt::format("interrupt {} is also {}", number, key),
                               "expected one of its own");
      }
    }
    interrupts_.emplace_back(from.path("irq"), number);
  }

private:
  std::vector<claimed_range> ranges_;
  std::vector<std::pair<std::string, unsigned int>> interrupts_;
};

void check_same_memory(const config_map& from, const accelerator_config& first, const accelerator_config& other) {
  if (!(first.architecture.memory == other.architecture.memory) ||
      first.architecture.run.timing != other.architecture.run.timing) {
    throw core::user_error(from.where("architecture"),
                           "memory.* or run.timing differs from those of accelerators." + first.name,
                           "expected the same, since all share the platform's RAM");
  }
}

} // namespace

platform_config load_platform(const std::filesystem::path& file, const std::vector<std::string>& overrides) {
  constexpr double highest_ghz = 100.0;
  constexpr double lowest_ghz = 1e-6;
  constexpr unsigned int most_cycles = 1000;
  constexpr unsigned int most_sources = 1023;
  constexpr std::uint64_t most_ram = std::uint64_t{1} << 30U;
  const auto from = config::read_document(file);
  const config_map top(
      from, from.root, "",
      {"name", "cpu", "ram", "uart", "timer", "interrupt_controller", "simulation_control", "accelerators"});
  platform_config p;
  claims used;
  p.name = top.text("name");

  const auto cpu = top.section("cpu", {"clock", "cycles_per_instruction"});
  p.cpu_clock_ghz = cpu.number("clock", dimension::frequency, lowest_ghz, highest_ghz);
  p.cycles_per_instruction = cpu.count("cycles_per_instruction", 1, most_cycles);

  const auto ram = top.section("ram", {"address", "size"});
  p.ram_address = ram.address("address", page);
  p.ram_bytes = static_cast<std::uint32_t>(
      ram.number("size", dimension::size, static_cast<double>(page), static_cast<double>(most_ram)));
  if (p.ram_bytes % page != 0) {
    throw core::user_error(ram.where("size"), "is no multiple of 4 KiB", "expected whole pages");
  }
  used.add(ram, "address", p.ram_address, p.ram_bytes);

  const auto controller = top.section("interrupt_controller", {"address", "sources"});
  p.interrupt_controller_address = controller.address("address", page);
  p.interrupt_sources = controller.count("sources", 1, most_sources);
  used.add(controller, "address", p.interrupt_controller_address, interrupt_controller::extent);

  const auto uart_section = top.section("uart", {"address", "irq"});
  p.uart_address = uart_section.address("address", page);
  p.uart_irq = uart_section.count("irq", 1, p.interrupt_sources);
  used.add(uart_section, "address", p.uart_address, uart::extent);
  used.add_interrupt(uart_section, p.uart_irq);

  const auto timer_section = top.section("timer", {"address", "frequency"});
  p.timer_address = timer_section.address("address", page);
  p.timer_ghz = timer_section.number("frequency", dimension::frequency, lowest_ghz, 1.0);
  used.add(timer_section, "address", p.timer_address, timer::extent);

  const auto control = top.section("simulation_control", {"address"});
  p.simulation_control_address = control.address("address", page);
  used.add(control, "address", p.simulation_control_address, simulation_control::extent);

  for (const auto& section : top.sections("accelerators", {"address", "irq", "architecture"})) {
    accelerator_config a;
    a.name = section.name();
    a.address = section.address("address", page);
    a.irq = section.count("irq", 1, p.interrupt_sources);
    used.add(section, "address", a.address, accelerator_bytes);
    used.add_interrupt(section, a.irq);
    const auto architecture = (file.parent_path() / section.text("architecture")).lexically_normal();
    std::error_code ignored;
    if (!std::filesystem::is_regular_file(architecture, ignored)) {
      throw core::user_error(section.where("architecture"), "there is no file " + architecture.string(),
                             "expected a configuration, relative to the folder of this file");
    }
    a.architecture = config::load_architecture(architecture, overrides);
    if (!p.accelerators.empty()) {
      check_same_memory(section, p.accelerators.front(), a);
    }
    p.accelerators.push_back(std::move(a));
  }
  return p;
}

} // namespace sonic::platform
