// SPDX-License-Identifier: Apache-2.0
// Physical optics on the whole chip: the bits of quantised optics without effects, the same bits however time is
// modelled, and errors that shrink with what takes their causes away.
#include "tests/chip/chip_run.h"
#include "tests/support/in_child.h"

#include <catch2/catch.hpp>

#include <algorithm>
#include <cmath>

using namespace sonic;
using namespace sonic::tests;

namespace {

constexpr std::uint64_t first_seed = 71;
const keys all_off{"effects.crosstalk=off",        "effects.imprint_steps=off",   "effects.converter_nonlinearity=off",
                   "effects.laser_extinction=off", "effects.fabrication=off",     "effects.ambient=off",
                   "effects.receiver_noise=off",   "effects.intensity_noise=off", "effects.converter_noise=off"};

/// Values of every slot after one run on a chip of its own; nothing of a network that has no layer with light.
std::vector<float> values_of(std::uint64_t seed, const keys& overrides) {
  return values_in_child<float>([&] {
    const auto found = run_random_network(seed, chip_with(overrides));
    std::vector<float> all;
    const bool light = std::any_of(found.layers.begin(), found.layers.end(), [](const auto& layer) {
      return layer.done.conv.symbols + layer.done.fc.symbols > 0;
    });
    if (!light) {
      return all;
    }
    for (const auto& v : found.values) {
      all.insert(all.end(), v.values.begin(), v.values.end());
    }
    return all;
  });
}

double error_between(const std::vector<float>& a, const std::vector<float>& b) {
  double sum = 0.0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    const double d = static_cast<double>(a[i]) - b[i];
    sum += d * d;
  }
  return std::sqrt(sum / static_cast<double>(a.size()));
}

} // namespace

TEST_CASE("without effects, physical optics have the bits of quantised ones") {
  for (std::uint64_t seed = first_seed; seed < first_seed + 10; ++seed) {
    CAPTURE(seed);
    CHECK(values_of(seed, keys{"run.optics=physical"} + all_off) == values_of(seed, {"run.optics=quantised"}));
  }
}

TEST_CASE("with all effects, values do not depend on how time is modelled") {
  std::size_t with_light = 0;
  for (std::uint64_t seed = first_seed; seed < first_seed + 14; ++seed) {
    CAPTURE(seed);
    const keys physical{"run.optics=physical", "fc_array.waveguides=3", "tuning.predistortion=on",
                        "ambient.warmer=0.05 K"};
    const auto loose = values_of(seed, physical);
    if (loose.empty()) {
      continue;
    }
    ++with_light;
    CHECK(values_of(seed, physical + keys{"run.timing=approximately_timed"}) == loose);
    CHECK(values_of(seed, physical + keys{"run.timing=functional"}) == loose);
    CHECK(values_of(seed, physical + keys{"run.timing=approximately_timed", "memory.bandwidth=1 GB/s"}) == loose);
    CHECK(error_between(values_of(seed, physical + keys{"run.seed=2"}), loose) > 0.0); // another chip, other noise
    CHECK(error_between(values_of(seed, {"run.optics=quantised"}), loose) > 0.0);
  }
  WARN(with_light << " networks with light");
  CHECK(with_light >= 5);
}

TEST_CASE("each effect alone changes values, and taking its cause away takes the error with it") {
  struct cause {
    std::string effect;
    keys weaker; ///< what makes the effect weak
  };
  const std::vector<cause> causes{
      {"crosstalk",
       {"devices.microring.quality_factor=800000", "devices.electro_optic_tuning.maximum_shift=0.0019 nm"}},
      {"imprint_steps", {"devices.electro_optic_tuning.bits=20"}},
      {"converter_nonlinearity", {"devices.weight_dac.nonlinearity=0.0001", "devices.activation_dac.nonlinearity=0"}},
      {"laser_extinction", {"devices.vcsel.extinction=90 dB"}},
      {"fabrication", {"tuning.heater_bits=24"}},
      {"ambient", {"tuning.recalibration=0.0001 nm"}},
      {"receiver_noise", {"devices.vcsel.power=130 mW", "path.waveguide_limit=10 W"}},
      {"intensity_noise", {"devices.vcsel.intensity_noise=-200 dB/Hz"}},
      {"converter_noise", {"devices.adc.effective_bits=16"}},
  };
  for (const auto& c : causes) {
    double strong = 0.0, weak = 0.0;
    for (std::uint64_t seed = first_seed; seed < first_seed + 4; ++seed) {
      const keys alone =
          keys{"run.optics=physical", "ambient.warmer=0.05 K"} + all_off + keys{"effects." + c.effect + "=on"};
      const auto exact = values_of(seed, {"run.optics=quantised"});
      strong += error_between(values_of(seed, alone), exact);
      weak += error_between(values_of(seed, alone + c.weaker), exact);
    }
    WARN(c.effect << ": error " << strong << ", with its cause taken away " << weak);
    CHECK(strong > 0.0);
    CHECK(weak < 0.2 * strong);
  }
}
