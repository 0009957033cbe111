// SPDX-License-Identifier: Apache-2.0
// Energy as counted actions times energy per action. docs/energy.md derives every line and names its source.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace sonic::energy {

/// What a vector-dot-product array did.
struct array_actions {
  std::uint64_t stream_lane_symbols = 0; ///< streaming values presented, gated ones included
  std::uint64_t gated_lane_symbols = 0;  ///< of these, with the laser gated
  std::uint64_t held_lane_symbols = 0;   ///< stationary lanes times symbols
  std::uint64_t imprinted_rings = 0;     ///< rings given a new value
  std::uint64_t symbols = 0;             ///< dot products
  std::uint64_t ring_retunes = 0;        ///< broadband rings given a new level
};

/// What the rest of the chip did.
struct chip_actions {
  std::uint64_t bytes_loaded = 0;     ///< from external memory
  std::uint64_t bytes_stored = 0;     ///< to external memory
  std::uint64_t weight_bytes = 0;     ///< filled into the weight buffer
  std::uint64_t activation_bytes = 0; ///< filled into the activation buffer
  std::uint64_t post_elements = 0;    ///< finished by the post-processor
};

/// An array's devices: power while in use, and for how long one use holds them.
struct array_table {
  int units = 0, lanes = 0;
  double interval_ns = 0; ///< initiation interval: a symbol holds its devices that long
  double retune_ns = 0;   ///< an imprint holds the stationary converter that long before its first symbol
  double vcsel_mw = 0, streaming_dac_mw = 0, stationary_dac_mw = 0, photodetector_mw = 0;
  double adc_mw = 0;                                ///< of all that a unit has
  double electro_optic_mw = 0;                      ///< per ring that holds a value
  int slices = 1;                                   ///< rings that hold one value of the stationary operand together
  int modulators = 0;                               ///< rings of a lane that modulate its light; 0: its laser does
  double streaming_bytes = 0, stationary_bytes = 0; ///< of one operand value in its buffer
  bool streams_activations = true;                  ///< CONV: from the activation buffer; FC: from the weight buffer
};

struct buffer_table {
  double read_pj_per_byte = 0, write_pj_per_byte = 0, leakage_mw = 0;
};

/// The chip's energies. The second half counts only under `accounting: full`.
struct table {
  array_table conv, fc;
  bool gate_dac = true;     ///< a gated lane's converter is off with its laser
  double idle_fraction = 0; ///< share of its power that an unused or gated device still draws
  bool full = false;
  double amplifier_mw = 0;     ///< per detector arm
  int detector_arms = 1;       ///< photodetectors and ring banks per unit; the first half counts one
  double broadband_dac_mw = 0; ///< of a CONV unit; 0 if no batch normalisation is left to the ring
  int broadband_rings = 0;     ///< rings of one unit's broadband filter
  double heater_mw = 0;        ///< per ring
  buffer_table global_buffer, weight_buffer, activation_buffer, partial_sum_buffer;
  double memory_pj_per_byte = 0;
  double accumulator_pj = 0;    ///< per partial sum
  double post_processor_pj = 0; ///< per element
  double control_mw = 0;
};

/// Energy of one class of device.
struct line {
  std::string device;
  double dynamic_pj = 0; ///< actions times energy per action
  double static_pj = 0;  ///< idle, leakage and holding power times elapsed time
};

struct report {
  std::vector<line> lines; ///< in a fixed order; classes that do not count are left out
  [[nodiscard]] double total_pj() const;
};

/// Energy of what was done in @p elapsed_ns. Adds up: the dynamic energies of two activities are those of their sum.
report evaluate(const table& energies, const array_actions& conv, const array_actions& fc, const chip_actions& chip,
                double elapsed_ns);

/// The same added up, for those who ask often.
double total_pj(const table& energies, const array_actions& conv, const array_actions& fc, const chip_actions& chip,
                double elapsed_ns);

/// Power of all heaters of an array, whatever the accounting.
double heaters_mw(const table& energies, const array_table& array);

/// Power of the chip with every device of both arrays in use, in mW, whatever the accounting: the paper's devices only
/// (37.113 W for its best configuration, arXiv 2109.04459 Table 2).
double fully_active_mw(const table& energies);

} // namespace sonic::energy
