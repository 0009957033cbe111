// SPDX-License-Identifier: Apache-2.0
#include "tb/platform/platform.h"

#include "tb/platform/initiator_number.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include <fmt/format.h>

namespace sonic::platform {

namespace {

constexpr double ps_per_ns = 1e3;
constexpr std::uint64_t accelerator_bytes = 0x200;

sc_core::sc_time instruction_time(const platform_config& c) {
  return {std::round(ps_per_ns * c.cycles_per_instruction / c.cpu_clock_ghz), sc_core::SC_PS};
}

host::memory::behaviour ram_behaviour(const platform_config& c) {
  if (c.accelerators.empty()) {
    return {std::nullopt, true};
  }
  const auto& architecture = c.accelerators.front().architecture;
  auto how = host::memory_behaviour(architecture, true);
  // Loosely timed, an accelerator asks for the memory long before the time of its access: two of them would wait for
  // each other's future. There each has its memory for itself; approximately timed they contend for one.
  if (how.time && architecture.run.timing == config::timing_mode::loosely_timed) {
    how.channels = c.accelerators.size();
    how.channel_of = [](const ::tlm::tlm_generic_payload& payload) {
      const auto* who = payload.get_extension<initiator_number>();
      return who != nullptr && who->number > 0 ? static_cast<std::size_t>(who->number - 1) : 0;
    };
  }
  return how;
}

} // namespace

platform::platform(const sc_core::sc_module_name& name, const platform_config& config, uart::ends console,
                   const cpu_maker& make_cpu)
    : sc_module(name), cpu_("cpu", instruction_time(config)), bus_("bus"),
      ram_("ram", config.ram_bytes, ram_behaviour(config)),
      interrupts_("interrupt_controller", config.interrupt_sources),
      timer_("timer", static_cast<std::uint64_t>(std::llround(ps_per_ns / config.timer_ghz))),
      uart_("uart", std::move(console)), control_("simulation_control", [this](int code) { end(code, ""); }),
      lines_("interrupt_line", config.interrupt_sources), external_irq_("external_irq"), timer_irq_("timer_irq"),
      software_irq_("software_irq"), reset_("reset") {
  cpu_.bus.bind(bus_.initiators);
  bus_.map(ram_.port, config.ram_address, config.ram_bytes);
  bus_.map(interrupts_.port, config.interrupt_controller_address, interrupt_controller::extent);
  bus_.map(timer_.port, config.timer_address, timer::extent);
  bus_.map(uart_.port, config.uart_address, uart::extent);
  bus_.map(control_.port, config.simulation_control_address, simulation_control::extent);
  uart_.irq.bind(lines_[config.uart_irq - 1]);
  for (const auto& each : config.accelerators) {
    auto& chip = *accelerators_.emplace_back(std::make_unique<accelerator>(each.name.c_str(), each.architecture));
    const std::size_t number = watches_.size();
    auto& watch = *watches_.emplace_back(
        std::make_unique<start_watch>((each.name + "_start").c_str(), [this, number] { begin_program(number); }));
    bus_.map(watch.port, each.address, accelerator_bytes);
    watch.cfg.bind(chip.cfg);
    chip.mem.bind(bus_.initiators);
    chip.irq.bind(lines_[each.irq - 1]);
    chip.reset.bind(reset_);
  }
  interrupts_.lines.bind(lines_);
  interrupts_.irq.bind(external_irq_);
  timer_.timer_irq.bind(timer_irq_);
  timer_.software_irq.bind(software_irq_);
  cpu_.external_irq.bind(external_irq_);
  cpu_.timer_irq.bind(timer_irq_);
  cpu_.software_irq.bind(software_irq_);
  cpu_.on_lost = [this](const std::string& why) { end(std::nullopt, why); };
  cpu_.set_core(make_cpu(config.ram_address, ram_.bytes(), cpu_.bus_of_cpu()));
  cpu_.set_entry(config.ram_address);
}

/// The processor's accesses leave rows of the memory open that are not modelled: each program begins with closed ones,
/// as `sonic run` does. A memory that another accelerator uses at this time stays as it is.
void platform::begin_program(std::size_t accelerator) {
  if (ram_.channels() > 1) {
    ram_.close_rows(accelerator);
  } else if (std::none_of(watches_.begin(), watches_.end(), [](const auto& watch) { return watch->is_busy(); })) {
    ram_.close_rows();
  }
}

void platform::end(std::optional<int> exit_code, const std::string& why) {
  if (!ended_) {
    ended_ = run_result{exit_code, why};
    cpu_.halt();
    sc_core::sc_stop();
  }
}

run_result platform::run(const sc_core::sc_time& quantum, const std::optional<sc_core::sc_time>& limit) {
  ::tlm::tlm_global_quantum::instance().set(quantum);
  sc_core::sc_set_stop_mode(sc_core::SC_STOP_IMMEDIATE);
  if (limit) {
    sc_core::sc_start(*limit, sc_core::SC_EXIT_ON_STARVATION);
  } else {
    sc_core::sc_start();
  }
  if (ended_) {
    return *ended_;
  }
  if (limit && (sc_core::sc_time_stamp() >= *limit || !cpu_.waiting())) {
    return {std::nullopt, fmt::format("the firmware did not end within {} of simulated time, and was at {:#010x}",
                                      limit->to_string(), cpu_.position())};
  }
  return {std::nullopt,
          fmt::format("the firmware waits at {:#010x} for an interrupt that nothing will raise", cpu_.position())};
}

} // namespace sonic::platform
