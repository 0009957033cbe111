// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sonic/chip/imperfections.h"
#include "sonic/tlm/block.h"

#include <cstddef>
#include <cstdint>
#include <optional>

#include <systemc>

namespace sonic::chip {

/// The times of one unit's pipeline, as simulated time. All zero under functional timing.
struct step_timing {
  sc_core::sc_time interval;      ///< from one symbol to the next: the initiation interval
  sc_core::sc_time retune;        ///< imprint of a new stationary vector
  sc_core::sc_time pipeline;      ///< from a symbol's start to its partial sum
  sc_core::sc_time streaming_dac; ///< latencies of the stages on the way
  sc_core::sc_time vcsel;
  sc_core::sc_time photodetector;
  sc_core::sc_time adc;
  bool imprint_every_symbol = false; ///< the interval contains an imprint (step modes other than pipelined)
};

/// What the optics modules need of the configuration, converted once by the composition root.
struct settings {
  std::size_t conv_units = 0, fc_units = 0;
  std::uint32_t conv_lanes = 0, fc_lanes = 0; ///< of a unit, at least 1
  step_timing conv_step, fc_step;
  bool gate_lanes = true;
  std::uint32_t ring_levels = 63;                    ///< largest level of the broadband ring's converter
  float full_code = 32767.0F;                        ///< largest magnitude of an ADC code
  std::optional<imperfections> conv_light, fc_light; ///< under physical optics

  [[nodiscard]] std::size_t units(transport::array_kind array) const {
    return array == transport::array_kind::conv ? conv_units : fc_units;
  }
  [[nodiscard]] std::uint32_t lanes(transport::array_kind array) const {
    return array == transport::array_kind::conv ? conv_lanes : fc_lanes;
  }
  /// Null unless optics are physical.
  [[nodiscard]] const imperfections* light(transport::array_kind array) const {
    const auto& of = array == transport::array_kind::conv ? conv_light : fc_light;
    return of ? &*of : nullptr;
  }
  [[nodiscard]] const step_timing& step(transport::array_kind array) const {
    return array == transport::array_kind::conv ? conv_step : fc_step;
  }
};

} // namespace sonic::chip
