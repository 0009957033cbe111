// SPDX-License-Identifier: Apache-2.0
// What a run found, in one struct: the terminal table, the JSON file and the exit code are all made from it.
#pragma once

#include "sonic/core/activity.h"
#include "sonic/energy/area.h"
#include "sonic/energy/energy.h"
#include "tb/report/statistics.h"

#include <cstdint>
#include <string>
#include <vector>

namespace sonic::report {

/// Outcome of comparing a layer's output with the golden model.
struct layer_check {
  bool compared = false;
  std::uint64_t elements = 0;
  std::uint64_t mismatches = 0;
  double deviation = 0.0; ///< ideal: largest error relative to the tensor's largest magnitude; else codes
  /// Physical optics: sums of squared codes, from the code of zero on, and of squared errors.
  double signal = 0.0, noise = 0.0;

  /// Noise of this layer and those before it; infinite where there is none.
  [[nodiscard]] double signal_to_noise_db() const;
};

/// One descriptor, summed over the images of the run.
struct layer_line {
  std::string name;
  std::string operation;
  double time_ns = 0.0;         ///< mean per image
  double light_ns = 0.0;        ///< of this, between first imprint and last partial sum
  std::uint64_t dense_macs = 0; ///< per image, with no zero skipped
  double nonzero_weights = 0.0; ///< fraction
  core::activity done;          ///< sums over images
  double energy_pj = 0.0;       ///< mean per image
  layer_check check;
  std::uint64_t inputs = 0;      ///< elements of its input tensor, summed over images
  std::uint64_t zero_inputs = 0; ///< of these, zeros
};

struct classification {
  std::uint64_t images = 0;
  std::uint64_t correct = 0;           ///< on the chip
  std::uint64_t reference_correct = 0; ///< the float network on the same images
  std::uint64_t agreeing = 0;          ///< same class on chip and in the float network
  /// confusion[label][class that the chip named], square, as large as the largest of both asks for.
  std::vector<std::vector<std::uint64_t>> confusion;

  void add(std::uint64_t label, std::uint64_t chip, std::uint64_t reference);
};

/// A figure with where it comes from: published, derived or estimated.
struct estimate {
  std::string key, value, kind, source;
};

/// A broken device.
struct fault_line {
  std::string unit, device; ///< conv_array.vdu_3, laser_2
  std::string kind;         ///< dead_laser, stuck_ring, detuned_heater, noisy_detector or stuck_adc_bit
  double value = 0.0;       ///< see physics::fault
  std::string outcome;      ///< kept, remapped, skipped or unused
};

/// What is broken, and what is done about it.
struct damage_report {
  std::string policy = "none";
  double weight_buffer_flips = 0.0, activation_buffer_flips = 0.0, partial_sum_buffer_flips = 0.0; ///< of a bit read
  std::vector<fault_line> faults;
};

struct run_report {
  std::string model, network, architecture;
  std::string optics, timing, accounting;
  std::uint64_t seed = 0;
  std::int64_t parameters = 0, zero_parameters = 0;
  std::uint64_t images = 0;   ///< frames simulated
  std::uint64_t compared = 0; ///< of these, with every layer compared
  double tolerance = 0.0;     ///< ideal: largest deviation allowed; 0 = bit-exact
  bool measured = false;      ///< physical optics: deviations are what is asked for, and none is wrong
  std::vector<layer_line> layers;
  energy::report energy;                               ///< sums over images
  std::vector<energy::area_line> area;                 ///< of the chip
  distribution latency_ns;                             ///< of a frame; those of one batch share its time evenly
  distribution energy_pj;                              ///< of a frame
  std::uint64_t steps = 0;                             ///< mean steps of both arrays per frame
  double conv_utilisation = 0.0, fc_utilisation = 0.0; ///< busy unit time over units times latency
  double power_w = 0.0;
  double fully_active_w = 0.0; ///< published devices, all in use
  double frames_per_second = 0.0, frames_per_second_per_watt = 0.0;
  double operand_bits = 0.0;     ///< per frame: 16 per activation, weight bits per weight, 16 per output that moves
  double epb_operand_pj = 0.0;   ///< energy per operand bit
  double epb_parameter_pj = 0.0; ///< energy per 16-bit parameter bit
  double calibration_ns = 0.0, calibration_pj = 0.0; ///< of all heaters, before the first program: in no frame
  std::uint64_t recalibrations = 0;                  ///< as long, because of drift: in the frames that follow
  double host_seconds = 0.0;                         ///< of simulation, without comparing, summed over the processes
  std::string dataset;                               ///< the test set that was evaluated, or empty
  bool classified = false;
  classification classes;
  damage_report damage;
  std::vector<estimate> estimates; ///< what of the configuration in force is not published
  bool passed = false;             ///< verdict: every comparison held
  std::string failure;             ///< why not, in a sentence
};

/// The table for the terminal.
std::string to_text(const run_report& r);

/// The JSON of docs/report.schema.json.
std::string to_json(const run_report& r);

/// Writes @p content to a temporary file beside @p path and renames it.
/// @throws core::user_error if the folder cannot be written
void write_file(const std::string& path, const std::string& content);

} // namespace sonic::report
