// SPDX-License-Identifier: Apache-2.0
#include "sonic/config/keys.h"

#include "sonic/config/key_rows.h"

#include <fmt/format.h>

#include <utility>

namespace sonic::config {

namespace {

using dimension::bits, dimension::count, dimension::length, dimension::power, dimension::ratio, dimension::resistance,
    dimension::shift_per_kelvin, dimension::temperature;

void add_top_level(std::vector<key>& rows) {
  rows.push_back(
      {"name", "Name of this architecture, for reports", {}, text_key{[](architecture& chip, std::string text) {
         chip.name = std::move(text);
       }}});
  rows.push_back(choice_row<packing_mode>(
      "packing", {packing_mode::kernel_slice, packing_mode::whole_kernel},
      "How a sparse kernel is cut into vectors. kernel_slice: each 2-D slice by itself; whole_kernel: the kernel over "
      "all input channels at once",
      [](architecture& chip) -> packing_mode& { return chip.packing; }, "kernel_slice"));
  rows.push_back(choice_row<compression_mode>(
      "compression", {compression_mode::both, compression_mode::none},
      "Which zeros are deleted before vectors are cut. both: of weights in convolutions and of activations in fully "
      "connected layers; none: zeros are stored and computed with, as a dense machine does",
      [](architecture& chip) -> compression_mode& { return chip.compression; }, "both"));
  rows.push_back(choice_row<modulator_kind>(
      "modulator", {modulator_kind::vcsel, modulator_kind::microring},
      "What puts the streaming operand on the light. vcsel: the laser itself; microring: a ring, as fast as "
      "devices.electro_optic_tuning, in front of a laser that stays on whatever the gating",
      [](architecture& chip) -> modulator_kind& { return chip.modulator; }, "vcsel"));
  rows.push_back(choice_row<gating_mode>(
      "gating", {gating_mode::none, gating_mode::vcsel, gating_mode::vcsel_and_dac},
      "What is switched off in a lane whose streaming value is zero",
      [](architecture& chip) -> gating_mode& { return chip.gating; }, "vcsel_and_dac"));
  rows.push_back(choice_row<batch_norm_place>(
      "batch_norm", {batch_norm_place::ring, batch_norm_place::electronic},
      "Where the scale of a batch normalisation after a convolution is applied: in the broadband microring, or in the "
      "post-processor",
      [](architecture& chip) -> batch_norm_place& { return chip.batch_norm; }, "ring"));
  rows.push_back(number_row(
      "idle_power_fraction", ratio, {0, 1}, "Share of its power that a gated lane or an idle unit still draws",
      [](architecture& chip) -> double& { return chip.idle_power_fraction; }, "0"));
  rows.push_back(number_row(
      "adc_headroom", ratio, {1, 1024}, "Full scale of the ADC over the largest sum seen in calibration",
      [](architecture& chip) -> double& { return chip.adc_headroom; }, "1"));
}

void add_arrays(std::vector<key>& rows) {
  const auto add = [&rows](const std::string& section, array_parameters architecture::*which,
                           std::string_view vdus_text, std::string_view lanes_text) {
    rows.push_back(number_row(section + ".vdus", count, {1, 4096}, vdus_text,
                              [which](architecture& chip) -> int& { return (chip.*which).vdus; }));
    rows.push_back(number_row(section + ".lanes", count, {1, 1024}, lanes_text,
                              [which](architecture& chip) -> int& { return (chip.*which).lanes; }));
    rows.push_back(number_row(
        section + ".waveguides", count, {1, 1024},
        "Waveguides that the lanes of a unit are spread over in turn, each with its own rings and "
        "detectors",
        [which](architecture& chip) -> int& { return (chip.*which).waveguides; }, "1"));
    rows.push_back(number_row(
        section + ".adcs", count, {1, 1024},
        "Converters of a unit's sums, which take symbols in turn: a symbol every devices.adc.latency / adcs, if "
        "nothing else is slower",
        [which](architecture& chip) -> int& { return (chip.*which).adcs; }, "1"));
  };
  add("conv_array", &architecture::conv_array, "Vector-dot-product units that serve convolutions; N in the paper",
      "Wavelengths per unit: longest vector of one dot product; n in the paper");
  add("fc_array", &architecture::fc_array, "Vector-dot-product units that serve fully connected layers; K in the paper",
      "Wavelengths per unit: longest vector of one dot product; m in the paper");
  rows.push_back(choice_row<step_mode>(
      "step.mode", {step_mode::pipelined, step_mode::retune_every_step, step_mode::serial},
      "Step of a unit. pipelined: the slowest stage, plus an imprint when the stationary operand changes; "
      "retune_every_step: an imprint for each symbol, overlapped with the conversion before; "
      "serial: an imprint for each symbol, nothing overlaps",
      [](architecture& chip) -> step_mode& { return chip.step; }, "pipelined"));
  rows.push_back(number_row(
      "step.passes", count, {1, 4096}, "Times that a unit repeats each symbol, as bit-serial machines do",
      [](architecture& chip) -> int& { return chip.passes; }, "1"));
}

void add_accounting(std::vector<key>& rows) {
  rows.push_back(number_row("tuning.fabrication_drift", length, {0, 1000},
                            "Mean distance of a ring from its wavelength as fabricated, which the heaters hold",
                            [](architecture& chip) -> double& { return chip.tuning.fabrication_drift_nm; }));
  rows.push_back(number_row("tuning.collective_factor", ratio, {0, 1, true},
                            "Heater power of a bank driven jointly (thermal eigenmode decomposition), relative to each "
                            "ring alone",
                            [](architecture& chip) -> double& { return chip.tuning.collective_factor; }));
  rows.push_back(number_row(
      "tuning.bank_correlation", ratio, {0, 1},
      "Share of the variance of that distance that the rings of a bank have in common",
      [](architecture& chip) -> double& { return chip.tuning.bank_correlation; }, "0.5"));
  rows.push_back(number_row(
      "tuning.heater_bits", bits, {0, 24}, "Steps of a heater over one free spectral range, 2^bits; 0: any",
      [](architecture& chip) -> int& { return chip.tuning.heater_bits; }, "12"));
  rows.push_back(choice_row<heater_command>(
      "tuning.heaters", {heater_command::separate, heater_command::collective},
      "What heaters are commanded. separate: each as if it warmed its own ring alone; collective: a bank's together",
      [](architecture& chip) -> heater_command& { return chip.tuning.heaters; }, "collective"));
  rows.push_back(number_row(
      "tuning.ring_gap", length, {700, 1e6}, "From edge to edge of neighbouring rings",
      [](architecture& chip) -> double& { return chip.tuning.ring_gap_nm; }, "5 um"));
  rows.push_back(number_row(
      "tuning.ring_size", length, {0, 1e6}, "Across one ring",
      [](architecture& chip) -> double& { return chip.tuning.ring_size_nm; }, "10 um"));
  rows.push_back(switch_row(
      "tuning.predistortion", "Operands are imprinted such that they make up for the known crosstalk of their bank",
      [](architecture& chip) -> bool& { return chip.tuning.predistort; }, "off"));
  rows.push_back(number_row(
      "tuning.drift", shift_per_kelvin, {0, 10}, "Shift of a resonance with the temperature",
      [](architecture& chip) -> double& { return chip.tuning.drift_nm_per_k; }, "0.075 nm/K"));
  rows.push_back(number_row(
      "tuning.recalibration", length, {0, 1000},
      "Drift since the last calibration beyond which the heaters are set anew before a program; 0: never",
      [](architecture& chip) -> double& { return chip.tuning.recalibrate_nm; }, "0.005 nm"));
  rows.push_back(number_row("receiver.amplifier_power", power, power_mw,
                            "Transimpedance amplifier of one arm of a unit's detector",
                            [](architecture& chip) -> double& { return chip.receiver.amplifier_mw; }));
  rows.push_back(number_row("receiver.arms", count, {1, 2},
                            "Photodetectors and ring banks per unit that full accounting counts: 2 = a balanced pair, "
                            "which carries the sign",
                            [](architecture& chip) -> int& { return chip.receiver.arms; }));
  rows.push_back(number_row(
      "receiver.load", resistance, {0, 1e9, true}, "Load of a detector, which makes thermal noise",
      [](architecture& chip) -> double& { return chip.receiver.load_ohm; }, "50 ohm"));
  rows.push_back(number_row(
      "receiver.temperature", temperature, {0, 1000, true}, "Of that load",
      [](architecture& chip) -> double& { return chip.receiver.temperature_k; }, "300 K"));
  rows.push_back(number_row(
      "receiver.required_bits", ratio, {0, 16},
      "Effective bits that the full light of one lane must have at the detector, or the link does not close",
      [](architecture& chip) -> double& { return chip.receiver.required_bits; }, "4"));
}

void add_run(std::vector<key>& rows) {
  rows.push_back(choice_row<optics_mode>(
      "run.optics", {optics_mode::ideal, optics_mode::quantised, optics_mode::physical},
      "Values. ideal: exact arithmetic; quantised: converter resolution and codebook; physical: with loss, crosstalk, "
      "noise and drift",
      [](architecture& chip) -> optics_mode& { return chip.run.optics; }, "quantised"));
  rows.push_back(choice_row<timing_mode>(
      "run.timing", {timing_mode::functional, timing_mode::loosely_timed, timing_mode::approximately_timed},
      "Time. functional: none; loosely_timed: without contention; approximately_timed: with contention",
      [](architecture& chip) -> timing_mode& { return chip.run.timing; }, "loosely_timed"));
  rows.push_back(choice_row<accounting_mode>(
      "run.accounting", {accounting_mode::published, accounting_mode::full},
      "Energy. published: only the devices of the paper's table; full: also memory, tuning, receiver, control, leakage",
      [](architecture& chip) -> accounting_mode& { return chip.run.accounting; }, "published"));
  rows.push_back(number_row(
      "run.seed", count, {0, 9007199254740991}, "Seed of all random numbers",
      [](architecture& chip) -> std::uint64_t& { return chip.run.seed; }, "1"));
}

} // namespace

bool key::needs_source() const {
  return std::holds_alternative<number_key>(what) && path != "run.seed";
}

const std::vector<key>& key_table() {
  static const std::vector<key> table = [] {
    std::vector<key> rows;
    add_top_level(rows);
    add_arrays(rows);
    add_devices(rows);
    add_electronics(rows);
    add_accounting(rows);
    add_areas(rows);
    add_physical_optics(rows);
    add_faults(rows);
    add_run(rows);
    return rows;
  }();
  return table;
}

const std::vector<section>& section_table() {
  static const std::vector<section> table{
      {"conv_array", "The units that serve convolutions"},
      {"fc_array", "The units that serve fully connected layers"},
      {"step", "What one step of a unit costs"},
      {"devices", "What one device of each kind takes"},
      {"devices.microring", "One ring per lane, imprinted with the stationary operand"},
      {"devices.broadband_microring", "One cascade per unit, scales all wavelengths together (batch normalisation)"},
      {"devices.electro_optic_tuning", "Fast, small shifts: imprints operands"},
      {"devices.thermo_optic_tuning", "Slow, large shifts: brings rings to their wavelength"},
      {"devices.vcsel", "One laser per lane, driven by the streaming operand"},
      {"devices.photodetector", "One per unit, sums all wavelengths"},
      {"devices.activation_dac", "Converter of activations, one per lane"},
      {"devices.weight_dac", "Converter of weights, one per lane"},
      {"devices.adc", "One per unit, turns the analog sum into a partial sum"},
      {"buffers", "Memories on the chip"},
      {"buffers.global_buffer", "Between the DMA engine and the other buffers"},
      {"buffers.weight_buffer", "Compressed weights; half is in use while the other half is filled"},
      {"buffers.activation_buffer", "Activations; half is in use while the other half is filled"},
      {"buffers.partial_sum_buffer", "Partial sums of one tile"},
      {"digital", "Electronic blocks"},
      {"index_decoder", "Decoders of compressed weights"},
      {"accumulator", "Adders of partial sums"},
      {"post_processor", "Post-processors whose cycles are counted"},
      {"dma", "How the DMA engine asks the memory"},
      {"memory", "Memory outside the chip, a DRAM"},
      {"tuning", "What the heaters hold, counted under full accounting"},
      {"receiver", "Analog parts beside the paper's device table, counted under full accounting"},
      {"area", "What devices take of the chip"},
      {"path", "What light loses between a laser and its detector; under physical optics, as all below but run"},
      {"ambient", "Temperature of the chip"},
      {"effects", "Which imperfections physical optics have, each for itself"},
      {"faults", "Broken devices, drawn from run.seed at given rates or named one by one, and what is done about them"},
      {"run", "Knobs of a run, which the command line may replace"},
  };
  return table;
}

std::string to_string(const range& allowed, dimension measure) {
  const std::string_view unit = base_unit(measure);
  const auto with_unit = [&](double value) { return fmt::format("{}{}{}", value, unit.empty() ? "" : " ", unit); };
  return allowed.above_low ? fmt::format("above {} and at most {}", allowed.low, with_unit(allowed.high))
                           : fmt::format("from {} to {}", allowed.low, with_unit(allowed.high));
}

std::string expected_value(const key& row) {
  if (const auto* number = std::get_if<number_key>(&row.what)) {
    return expected_quantity(number->measure);
  }
  if (const auto* choices = std::get_if<choice_key>(&row.what)) {
    std::string text;
    for (std::size_t index = 0; index < choices->words.size(); ++index) {
      text.append(index == 0 ? "" : index + 1 == choices->words.size() ? " or " : ", ").append(choices->words[index]);
    }
    return text;
  }
  return "a text, such as 'sonic'";
}

} // namespace sonic::config
