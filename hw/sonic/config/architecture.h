// SPDX-License-Identifier: Apache-2.0
// The accelerator as configured: numbers in the units that their names say, checked, ready to build from.
// Made by load_architecture (load.h) and passed on as const; docs/configuration.md explains every key.
#pragma once

#include "sonic/energy/area.h"
#include "sonic/physics/devices.h"
#include "sonic/physics/faults.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace sonic::config {

enum class array_kind : std::uint8_t { conv, fc };

/// What one step of a vector-dot-product unit costs. The paper gives device latencies but no step time.
enum class step_mode : std::uint8_t {
  pipelined,         ///< the stationary operand stays; one symbol per slowest stage of the pipeline
  retune_every_step, ///< each symbol imprints the rings anew, overlapped with the conversion of the one before
  serial,            ///< each symbol imprints the rings anew, and nothing overlaps
};

/// How a sparse kernel is cut into stationary vectors.
enum class packing_mode : std::uint8_t {
  kernel_slice, ///< each 2-D slice of a kernel is compressed by itself, then cut at the lanes
  whole_kernel, ///< the kernel over all input channels is compressed at once, then cut at the lanes
};

/// Which zeros are deleted before vectors are cut.
enum class compression_mode : std::uint8_t {
  both, ///< of weights in convolutions, of activations in fully connected layers
  none, ///< none: a dense machine, which computes with zeros
};

/// What puts the streaming operand on the light.
enum class modulator_kind : std::uint8_t {
  vcsel,     ///< the laser itself
  microring, ///< a ring in front of a laser that stays on
};

/// What is switched off in a lane whose streaming value is zero.
enum class gating_mode : std::uint8_t { none, vcsel, vcsel_and_dac };

/// Where the scale of a batch normalisation after a convolution is applied.
enum class batch_norm_place : std::uint8_t { ring, electronic };

/// What a heater is commanded.
enum class heater_command : std::uint8_t {
  separate,   ///< each as if it warmed its own ring alone
  collective, ///< all of a bank together: thermal eigenmode decomposition
};

/// What is done about broken devices that calibration finds.
enum class fault_policy : std::uint8_t {
  none,        ///< units compute with the damage
  skip_units,  ///< a damaged unit gets no work
  spare_lanes, ///< a damaged lane is replaced by a spare one of its unit
};

/// What does the work of a block that RTL can stand for.
enum class block_model : std::uint8_t {
  transaction, ///< the block of this model
  rtl,         ///< SystemVerilog in its place
  lock_step,   ///< both, until they differ
};

enum class optics_mode : std::uint8_t { ideal, quantised, physical };
enum class timing_mode : std::uint8_t { functional, loosely_timed, approximately_timed };
enum class accounting_mode : std::uint8_t { published, full };

std::string_view to_string(step_mode mode);
std::string_view to_string(packing_mode mode);
std::string_view to_string(compression_mode mode);
std::string_view to_string(modulator_kind kind);
std::string_view to_string(gating_mode mode);
std::string_view to_string(batch_norm_place place);
std::string_view to_string(heater_command command);
std::string_view to_string(fault_policy policy);
std::string_view to_string(block_model model);
std::string_view to_string(optics_mode mode);
std::string_view to_string(timing_mode mode);
std::string_view to_string(accounting_mode mode);

/// Of a converter: 2^bits - 1.
/// @param bits from 0 to 31
constexpr std::uint32_t largest_code(int bits) {
  return (std::uint32_t{1} << static_cast<unsigned>(bits)) - 1;
}

struct array_parameters {
  int vdus = 0;       ///< vector-dot-product units
  int lanes = 0;      ///< wavelengths, that is elements of a vector, per unit
  int waveguides = 1; ///< that the lanes of a unit are spread over, each with its own rings and detectors
  int adcs = 1;       ///< converters of a unit's sums, which take symbols in turn

  bool operator==(const array_parameters&) const = default;
};

struct device_table {
  physics::microring_parameters microring;
  physics::broadband_microring_parameters broadband_microring;
  physics::electro_optic_tuning_parameters electro_optic_tuning;
  physics::thermo_optic_tuning_parameters thermo_optic_tuning;
  physics::vcsel_parameters vcsel;
  physics::photodetector_parameters photodetector;
  physics::dac_parameters activation_dac;
  physics::dac_parameters weight_dac;
  physics::adc_parameters adc;

  bool operator==(const device_table&) const = default;
};

/// An on-chip memory of interleaved banks.
struct buffer_parameters {
  std::uint64_t bytes = 0;
  int banks = 0;
  int ports = 0;           ///< accesses that one bank serves in a cycle
  int bytes_per_cycle = 0; ///< of one port of one bank, at digital.clock_ghz
  double latency_ns = 0;   ///< first word
  double read_pj_per_byte = 0;
  double write_pj_per_byte = 0;
  double leakage_mw = 0;

  bool operator==(const buffer_parameters&) const = default;
};

struct buffer_table {
  buffer_parameters global_buffer;
  buffer_parameters weight_buffer;
  buffer_parameters activation_buffer;
  buffer_parameters partial_sum_buffer;

  bool operator==(const buffer_table&) const = default;
};

struct digital_parameters {
  double clock_ghz = 0;
  int post_processor_lanes = 0; ///< elements finished per cycle
  double post_processor_pj = 0; ///< per element
  double accumulator_pj = 0;    ///< per partial sum added
  double control_mw = 0;        ///< command_processor, dma_engine, index_decoder and interconnect, always on

  bool operator==(const digital_parameters&) const = default;
};

/// A block that RTL can stand for, hw/rtl: what does its work, and in how many cycles of digital.clock_ghz.
struct counted_block {
  block_model model = block_model::transaction;
  int lanes = 0;                ///< pairs of a column and a code, sums, or elements that one works on in a cycle
  int count = 0;                ///< side by side; 0: cycles are not counted
  std::string sources = "ours"; ///< of RTL: ours, or files, separated by spaces

  [[nodiscard]] bool own_sources() const { return sources == "ours"; }
  bool operator==(const counted_block&) const = default;
};

/// Memory outside the chip, behind `mem`.
struct memory_parameters {
  double bandwidth_gb_per_s = 0; ///< 10^9 bytes per second, which is bytes per ns
  double latency_ns = 0;         ///< to the first byte, row open
  int banks = 0;
  std::uint64_t row_bytes = 0;
  double row_miss_ns = 0; ///< to close a row and to open another
  double energy_pj_per_byte = 0;

  bool operator==(const memory_parameters&) const = default;
};

/// How the dma_engine asks the memory.
struct dma_parameters {
  int outstanding = 0;                 ///< transactions under way at once, in each direction
  std::uint64_t transaction_bytes = 0; ///< longest

  bool operator==(const dma_parameters&) const = default;
};

/// What the heaters hold after calibration.
struct tuning_parameters {
  double fabrication_drift_nm = 0; ///< mean distance of a ring from its wavelength as fabricated
  double collective_factor = 0;    ///< heater power under thermal eigenmode decomposition, relative to each ring alone
  double bank_correlation = 0;     ///< share of the variance of that distance that the rings of a bank have in common
  int heater_bits = 0;             ///< steps of a heater over one free spectral range, 2^bits
  heater_command heaters = heater_command::collective;
  double ring_gap_nm = 0;    ///< from edge to edge of neighbouring rings
  double ring_size_nm = 0;   ///< across one ring
  bool predistort = false;   ///< operands are imprinted such that they make up for known crosstalk
  double drift_nm_per_k = 0; ///< of a resonance
  double recalibrate_nm = 0; ///< drift since calibration at which the heaters are set anew

  bool operator==(const tuning_parameters&) const = default;
};

/// Analog parts that the paper's table leaves out; the first two counted under `accounting: full`.
struct receiver_parameters {
  double amplifier_mw = 0; ///< transimpedance amplifier, one per arm of a unit's detector
  int arms = 0;            ///< photodetectors and ring banks per unit: 2 = a balanced pair that carries the sign
  double load_ohm = 0;
  double temperature_k = 0;
  double required_bits = 0; ///< effective bits of a lane's full light without which a link does not close

  bool operator==(const receiver_parameters&) const = default;
};

/// What light loses between a laser and its detector.
struct path_parameters {
  double combiner_db = 0;
  double splitter_db = 0; ///< excess of a splitter, where the light goes to two arms
  double propagation_db_per_cm = 0;
  double ring_pitch_nm = 0;      ///< waveguide for each ring
  double ring_db = 0;            ///< of the lane's own ring at full transmission
  double ring_passed_db = 0;     ///< of every other lane's ring on the waveguide
  double broadband_ring_db = 0;  ///< at full transmission
  double margin_db = 0;          ///< beyond what the detector needs
  double waveguide_limit_mw = 0; ///< of light in one waveguide, beyond which it is no longer linear

  bool operator==(const path_parameters&) const = default;
};

/// How warm the chip is beyond the temperature of its first calibration.
struct ambient_parameters {
  double warmer_k = 0;  ///< at the first program
  double warming_k = 0; ///< from each program to the next

  bool operator==(const ambient_parameters&) const = default;
};

/// Imperfections that `optics: physical` has; docs/optics.md describes each.
struct effect_parameters {
  bool crosstalk = true, imprint_steps = true, converter_nonlinearity = true, laser_extinction = true,
       fabrication = true, ambient = true, receiver_noise = true, intensity_noise = true, converter_noise = true;

  bool operator==(const effect_parameters&) const = default;
};

/// Broken devices, which `optics: physical` can have; docs/optics.md describes each.
struct fault_parameters {
  physics::fault_rates rates{{}, 0.2, 10.0};
  double weight_buffer_flips = 0, activation_buffer_flips = 0, partial_sum_buffer_flips = 0; ///< of a bit that is read
  std::string list = "none"; ///< of single devices, as parse_fault_list takes it
  fault_policy policy = fault_policy::none;
  int spare_lanes = 0; ///< of each unit

  bool operator==(const fault_parameters&) const = default;
};

/// The knobs of a run; the command line may replace them.
struct run_parameters {
  optics_mode optics = optics_mode::quantised;
  timing_mode timing = timing_mode::loosely_timed;
  accounting_mode accounting = accounting_mode::published;
  std::uint64_t seed = 0;

  bool operator==(const run_parameters&) const = default;
};

/// Where a number comes from.
enum class source_kind : std::uint8_t {
  published, ///< printed in the named source
  derived,   ///< computed from published numbers as the source says
  estimated, ///< a reasoned assumption
  unstated,  ///< given without a source, in a file or by --set
  defaulted, ///< the key was not given
};

std::string_view to_string(source_kind kind);

/// One key with the value in force.
struct provenance {
  std::string key;  ///< dotted path, such as devices.adc.latency
  std::string text; ///< the value as written, with its unit
  source_kind kind = source_kind::unstated;
  std::string source; ///< may be empty
  std::string where;  ///< file:line:column, `--set key`, or `default`
};

struct architecture {
  std::string name;
  array_parameters conv_array;
  array_parameters fc_array;
  device_table devices;
  step_mode step = step_mode::pipelined;
  int passes = 1; ///< of a symbol: a bit-serial machine repeats it for each pair of bits or digits
  modulator_kind modulator = modulator_kind::vcsel;
  compression_mode compression = compression_mode::both;
  packing_mode packing = packing_mode::kernel_slice;
  gating_mode gating = gating_mode::vcsel_and_dac;
  batch_norm_place batch_norm = batch_norm_place::ring;
  double idle_power_fraction = 0; ///< share of its power that a gated lane or an idle unit still draws
  double adc_headroom = 1;        ///< ADC full scale over the largest sum seen in calibration
  buffer_table buffers;
  digital_parameters digital;
  counted_block index_decoder; ///< its decoders of rows
  counted_block accumulator;   ///< with the partial_sum_buffer
  counted_block post_processor;
  dma_parameters dma;
  memory_parameters memory;
  tuning_parameters tuning;
  receiver_parameters receiver;
  energy::device_areas areas;
  path_parameters path;
  ambient_parameters ambient;
  effect_parameters effects;
  fault_parameters faults;
  run_parameters run;
  std::vector<provenance> keys; ///< every key, in the order of docs/configuration.md

  [[nodiscard]] const array_parameters& array(array_kind kind) const;
  /// Of a unit, with the spare ones.
  [[nodiscard]] int lanes_built(array_kind kind) const { return array(kind).lanes + faults.spare_lanes; }

  /// Converters of the operand that streams on the lasers: activations in the CONV array, weights in the FC array.
  [[nodiscard]] const physics::dac_parameters& streaming_dac(array_kind kind) const;
  /// Converters of the operand that rests on the rings: weights in the CONV array, activations in the FC array.
  [[nodiscard]] const physics::dac_parameters& stationary_dac(array_kind kind) const;

  /// From the drive of the streaming operand to its light: of the laser, or of the ring in front of it.
  [[nodiscard]] double modulation_latency_ns() const;

  /// Rings that put the streaming operand of one lane on the light.
  [[nodiscard]] int rings_of_stream() const {
    return modulator == modulator_kind::microring ? devices.microring.slices : 0;
  }

  /// Time between two symbols of one unit, all passes of each. Pipelined: the slowest of streaming DAC, modulator,
  /// photodetector and ADCs, which take symbols in turn, times passes.
  /// Retuned every step: that, or the electro-optic imprint if longer. Serial: the whole of fill_latency_ns.
  [[nodiscard]] double initiation_interval_ns(array_kind kind) const;

  /// From a symbol's start to its partial sum. Pipelined: streaming DAC, modulator, photodetector, ADC. In the other
  /// two modes the rings are part of each symbol: the slower of both DACs, imprint, modulator, photodetector, ADC.
  /// Further passes add one interval of a single pass each.
  [[nodiscard]] double fill_latency_ns(array_kind kind) const;

  /// Of a buffer whose banks are all busy.
  [[nodiscard]] double ns_per_byte(const buffer_parameters& buffer) const;

  /// Time that a change of the stationary operand adds: the electro-optic imprint when pipelined, else 0, because the
  /// initiation interval already holds an imprint for each symbol.
  [[nodiscard]] double retune_ns() const;

private:
  [[nodiscard]] double single_pass_ns(array_kind kind) const; ///< interval of one pass
  [[nodiscard]] double whole_path_ns(array_kind kind) const;  ///< latency of one pass
};

} // namespace sonic::config
