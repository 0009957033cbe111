// SPDX-License-Identifier: Apache-2.0
// The `sonic-platform` program, which `sonic platform` starts. Exit code: the firmware's; 2 for the user's mistake and
// for firmware that does not end. It is a program of its own because it links Unicorn, which is under the GPL.
#include "sonic/config/units.h"
#include "sonic/core/error.h"
#include "tb/platform/console.h"
#include "tb/platform/elf_loader.h"
#include "tb/platform/gdb_server.h"
#include "tb/platform/options.h"
#include "tb/platform/platform.h"
#include "tb/platform/platform_report.h"
#include "tb/platform/unicorn_cpu.h"

#include <CLI/CLI.hpp>
#include <systemc>

#include <chrono>
#include <cmath>
#include <cstdlib>
#include <iostream>
#include <memory>
#include <optional>
#include <string>

namespace {

using sonic::core::user_error;

constexpr int mistake = 2;

/// A time of the command line, with unit.
sc_core::sc_time time_of(const char* option, const std::string& text) {
  constexpr double ps_per_ns = 1e3;
  constexpr double longest_ns = 1e15; // far below what 64 bits of picoseconds hold
  std::string problem;
  const auto parsed = sonic::config::parse_quantity(text, sonic::config::dimension::time, problem);
  if (!problem.empty() || parsed.value < 0 || parsed.value > longest_ns) {
    throw user_error(std::string(option) + " " + text, problem.empty() ? "is out of range" : problem,
                     "expected " + sonic::config::expected_quantity(sonic::config::dimension::time));
  }
  return {std::round(parsed.value * ps_per_ns), sc_core::SC_PS};
}

void add_options(CLI::App& app, sonic::platform::options& o) {
  app.add_option("platform", o.config, "Description of the platform (YAML)")->required();
  app.add_option("--elf", o.elf, "Firmware: a 32-bit RISC-V executable")->required();
  app.add_option("--quantum", o.quantum, "How far the processor may run ahead of the simulation: speed, not results");
  app.add_option("--limit", o.limit, "Simulated time after which firmware that has not ended is stopped");
  app.add_option("--gdb", o.gdb_port, "Wait for gdb on this TCP port of localhost; 0: any free one");
  app.add_option("--json", o.json, "Write what happened to this file");
  app.add_option("--set", o.overrides, "Replace a key of every accelerator's configuration: key.path=value");
}

int run(const sonic::platform::options& o) {
  using namespace sonic::platform;
  const auto quantum = time_of("--quantum", o.quantum);
  const auto limit = o.limit.empty() ? std::optional<sc_core::sc_time>{} : time_of("--limit", o.limit);
  const auto config = load_platform(o.config, o.overrides);
  const auto gdb = o.gdb_port ? std::make_unique<gdb_server>(*o.gdb_port) : nullptr;
  platform machine("platform", config, {send_to_stdout, receive_from_stdin}, make_unicorn_cpu);
  machine.set_entry(load_elf(o.elf, config.ram_address, machine.ram()));
  if (gdb) {
    std::cerr << "sonic platform: waiting for gdb: target remote localhost:" << gdb->port() << std::endl;
    machine.set_debugger(gdb.get());
  }
  sc_core::sc_report_handler::set_actions("/OSCI/SystemC", sc_core::SC_DO_NOTHING); // "simulation stopped by user"
  const auto begin = std::chrono::steady_clock::now();
  const auto result = machine.run(quantum, limit);
  const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  std::cout.flush();
  const int code = result.exit_code.value_or(mistake);
  if (gdb) {
    gdb->ended(code);
  }
  if (!o.json.empty()) {
    write_report(o.json, config, machine, result, seconds);
  }
  if (!result.exit_code && !result.why.empty()) {
    std::cerr << "sonic platform: " << o.elf << ": " << result.why << '\n';
  }
  return code;
}

} // namespace

int sc_main(int argc, char** argv) {
  sonic::platform::options options;
  CLI::App app("A RISC-V processor, memory, peripherals and SONIC accelerators, running firmware", "sonic platform");
  add_options(app, options);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& e) {
    if (e.get_exit_code() == static_cast<int>(CLI::ExitCodes::Success)) {
      return app.exit(e);
    }
    std::cerr << "sonic platform: " << e.what() << "; see sonic platform --help\n";
    return mistake;
  }
  try {
    return run(options);
  } catch (const user_error& e) {
    std::cerr << "sonic platform: " << e.what() << '\n';
  } catch (const std::exception& e) {
    std::cerr << "sonic platform: this platform cannot be built or run: " << e.what() << '\n';
  }
  return mistake;
}

/// Calls SystemC without its banner, which would mix with the firmware's output.
int main(int argc, char** argv) {
  ::setenv("SYSTEMC_DISABLE_COPYRIGHT_MESSAGE", "1", 0);
  return sc_core::sc_elab_and_sim(argc, argv);
}
