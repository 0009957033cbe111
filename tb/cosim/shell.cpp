// SPDX-License-Identifier: Apache-2.0
#include "tb/cosim/shell.h"

#include <fmt/format.h>

namespace sonic::cosim {

std::string shell_source(const contract& block, const shell_options& options) {
  std::string pins;
  for (const auto& p : block.ports) {
    pins += fmt::format("    &b->model.{},\n", p.name);
  }
  return fmt::format(R"(// Generated: the contract's ports of Verilated code behind C functions.
#include "Vblock.h"
#include "verilated.h"
#if {waves}
#include "verilated_fst_c.h"
#endif
#if {coverage}
#include "verilated_cov.h"
#include <cstdlib>
#include <string>
#include <unistd.h>
#endif
#include <cstdint>
namespace {{
struct block {{
  VerilatedContext context;
  Vblock model{{&context}};
#if {waves}
  VerilatedFstC waves;
#endif
}};
}}
extern "C" {{
void* sonic_rtl_create() {{ return new block; }}
void sonic_rtl_destroy(void* p) {{
  auto* b = static_cast<block*>(p);
  b->model.final();
#if {coverage}
  static int written = 0;
  if (const char* folder = std::getenv("SONIC_RTL_COVERAGE")) {{
    const auto file = std::string(folder) + "/{module}-" + std::to_string(::getpid()) + "-" + std::to_string(written++);
    b->context.coveragep()->write((file + ".dat").c_str());
  }}
#endif
  delete b;
}}
void sonic_rtl_eval(void* p) {{ static_cast<block*>(p)->model.eval(); }}
void* sonic_rtl_pin(void* p, std::uint32_t port) {{
  auto* b = static_cast<block*>(p);
  void* const pins[] = {{
{pins}  }};
  return pins[port];
}}
#if {waves}
void sonic_rtl_open_waves(void* p, const char* path) {{
  auto* b = static_cast<block*>(p);
  b->context.traceEverOn(true);
  b->model.trace(&b->waves, 99);
  b->waves.set_time_unit("1ps");
  b->waves.set_time_resolution("1ps");
  b->waves.open(path);
}}
void sonic_rtl_dump_waves(void* p, std::uint64_t ps) {{ static_cast<block*>(p)->waves.dump(ps); }}
void sonic_rtl_close_waves(void* p) {{ static_cast<block*>(p)->waves.close(); }}
#endif
}}
double sc_time_stamp() {{ return 0; }}
)",
                     fmt::arg("waves", options.waves ? 1 : 0), fmt::arg("coverage", options.coverage ? 1 : 0),
                     fmt::arg("module", block.module), fmt::arg("pins", pins));
}

} // namespace sonic::cosim
