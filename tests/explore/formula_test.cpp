// SPDX-License-Identifier: Apache-2.0
#include "tb/explore/formula.h"

#include "sonic/core/error.h"

#include <catch2/catch.hpp>

using namespace sonic;
using explore::formula;

namespace {

explore::design_space small_space() {
  static const auto parsed = config::parse_document("conv_array.lanes: [3, 5, 7]\n"
                                                    "fc_array.lanes: [4, 50]\n"
                                                    "devices.adc.latency: [14 ns, 1 us]\n"
                                                    "gating: [none, vcsel]\n",
                                                    "study.yaml", true);
  return explore::read_space(config::config_map(parsed, parsed.root, "space", {}));
}

} // namespace

TEST_CASE("formulas judge the choices of a design in base units, and metrics") {
  const auto space = small_space();
  explore::formula_values values(space);
  const formula order("fc_array.lanes > conv_array.lanes", "here", values);
  const formula quick("devices.adc.latency <= 14 && conv_array.lanes * fc_array.lanes < 300", "here", values);
  const formula small("area_mm2 / fps_per_watt < 0.5", "here", values);
  CHECK_FALSE(order.needs_metrics());
  CHECK(small.needs_metrics());
  values.set(explore::design{1, 0, 0, 0});
  CHECK_FALSE(order.holds());
  CHECK(quick.holds());
  values.set(explore::design{1, 1, 0, 0});
  CHECK(order.holds());
  CHECK(quick.holds());
  values.set(explore::design{2, 1, 0, 0}); // 350
  CHECK_FALSE(quick.holds());
  values.set(explore::design{0, 0, 1, 0});
  CHECK_FALSE(quick.holds());
  explore::metric_values metrics{};
  metrics[static_cast<std::size_t>(explore::metric::area_mm2)] = 10;
  metrics[static_cast<std::size_t>(explore::metric::fps_per_watt)] = 21;
  values.set(metrics);
  CHECK(small.holds());
  metrics[static_cast<std::size_t>(explore::metric::fps_per_watt)] = 19;
  values.set(metrics);
  CHECK_FALSE(small.holds());
  values.set(explore::metric_values{}); // 0 / 0
  CHECK_FALSE(small.holds());
}

TEST_CASE("what is no formula is refused in one sentence") {
  const auto space = small_space();
  explore::formula_values values(space);
  for (const auto* text : {"", "conv_array.lanes >", "conv_array.vdus > 3", "gating == 1", "speed > 3", "(1", "1 2",
                           "conv_array.lanes = 3 = 4", "f(1)"}) {
    CAPTURE(text);
    try {
      const formula f(text, "study.yaml:3:5: constraints", values);
      FAIL("was taken");
    } catch (const core::user_error& e) {
      CHECK(std::string(e.what()).rfind("study.yaml:3:5: constraints: ", 0) == 0);
      CHECK(std::string(e.what()).find('\n') == std::string::npos);
    }
  }
}
