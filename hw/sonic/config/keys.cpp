// SPDX-License-Identifier: Apache-2.0
#include "sonic/config/keys.h"

#include <fmt/format.h>

#include <initializer_list>
#include <utility>

namespace sonic::config {

namespace {

using dimension::bandwidth, dimension::bits, dimension::count, dimension::energy, dimension::energy_per_byte,
    dimension::frequency, dimension::length, dimension::loss, dimension::power, dimension::power_per_fsr,
    dimension::power_per_length, dimension::ratio, dimension::size, dimension::time;

// Bounds that no device comes near: they catch slips of a unit, and keep every sum and product finite.
constexpr range latency_ns{0, 1e9};
constexpr range period_ns{0, 1e9, true};
constexpr range power_mw{0, 1e6};
constexpr range energy_pj{0, 1e6};
constexpr range buffer_bytes{1024, 1073741824};
constexpr range transfer_bytes{1, 1073741824}; // a payload counts its bytes in 32 bits
constexpr range converter_bits{1, 16};

/// @param field returns a reference to the number in the architecture
template <class accessor>
key number(std::string path, dimension measure, range allowed, std::string_view description, accessor field,
           std::optional<std::string_view> fallback = {}) {
  const auto set = [field](architecture& chip, double value) {
    auto& target = field(chip);
    target = static_cast<std::remove_reference_t<decltype(target)>>(value);
  };
  return {std::move(path), description, fallback, number_key{measure, allowed, set}};
}

template <class word, class accessor>
key choice(std::string path, std::initializer_list<word> words, std::string_view description, accessor field,
           std::optional<std::string_view> fallback) {
  choice_key what;
  for (const word& each : words) {
    what.words.push_back(to_string(each));
  }
  what.set = [field, choices = std::vector<word>(words)](architecture& chip, std::size_t index) {
    field(chip) = choices.at(index);
  };
  return {std::move(path), description, fallback, what};
}

void add_top_level(std::vector<key>& rows) {
  rows.push_back(
      {"name", "Name of this architecture, for reports", {}, text_key{[](architecture& chip, std::string text) {
         chip.name = std::move(text);
       }}});
  rows.push_back(choice<packing_mode>(
      "packing", {packing_mode::kernel_slice, packing_mode::whole_kernel},
      "How a sparse kernel is cut into vectors. kernel_slice: each 2-D slice by itself; whole_kernel: the kernel over "
      "all input channels at once",
      [](architecture& chip) -> packing_mode& { return chip.packing; }, "kernel_slice"));
  rows.push_back(choice<gating_mode>(
      "gating", {gating_mode::none, gating_mode::vcsel, gating_mode::vcsel_and_dac},
      "What is switched off in a lane whose streaming value is zero",
      [](architecture& chip) -> gating_mode& { return chip.gating; }, "vcsel_and_dac"));
  rows.push_back(choice<batch_norm_place>(
      "batch_norm", {batch_norm_place::ring, batch_norm_place::electronic},
      "Where the scale of a batch normalisation after a convolution is applied: in the broadband microring, or in the "
      "post-processor",
      [](architecture& chip) -> batch_norm_place& { return chip.batch_norm; }, "ring"));
  rows.push_back(number(
      "idle_power_fraction", ratio, {0, 1}, "Share of its power that a gated lane or an idle unit still draws",
      [](architecture& chip) -> double& { return chip.idle_power_fraction; }, "0"));
  rows.push_back(number(
      "adc_headroom", ratio, {1, 1024}, "Full scale of the ADC over the largest sum seen in calibration",
      [](architecture& chip) -> double& { return chip.adc_headroom; }, "1"));
}

void add_arrays(std::vector<key>& rows) {
  const auto add = [&rows](const std::string& section, array_parameters architecture::*which,
                           std::string_view vdus_text, std::string_view lanes_text) {
    rows.push_back(number(section + ".vdus", count, {1, 4096}, vdus_text,
                          [which](architecture& chip) -> int& { return (chip.*which).vdus; }));
    rows.push_back(number(section + ".lanes", count, {1, 1024}, lanes_text,
                          [which](architecture& chip) -> int& { return (chip.*which).lanes; }));
  };
  add("conv_array", &architecture::conv_array, "Vector-dot-product units that serve convolutions; N in the paper",
      "Wavelengths per unit: longest vector of one dot product; n in the paper");
  add("fc_array", &architecture::fc_array, "Vector-dot-product units that serve fully connected layers; K in the paper",
      "Wavelengths per unit: longest vector of one dot product; m in the paper");
  rows.push_back(choice<step_mode>(
      "step.mode", {step_mode::pipelined, step_mode::retune_every_step, step_mode::serial},
      "Step of a unit. pipelined: the slowest stage, plus an imprint when the stationary operand changes; "
      "retune_every_step: an imprint for each symbol, overlapped with the conversion before; "
      "serial: an imprint for each symbol, nothing overlaps",
      [](architecture& chip) -> step_mode& { return chip.step; }, "pipelined"));
}

void add_rings(std::vector<key>& rows) {
  const std::string ring = "devices.microring.";
  rows.push_back(number(ring + "wavelength", length, {400, 10000}, "Centre of the band",
                        [](architecture& chip) -> double& { return chip.devices.microring.wavelength_nm; }));
  rows.push_back(number(ring + "quality_factor", ratio, {10, 1e8}, "Loaded Q: linewidth = wavelength / Q",
                        [](architecture& chip) -> double& { return chip.devices.microring.quality_factor; }));
  rows.push_back(number(ring + "free_spectral_range", length, {0, 1000, true},
                        "Distance between two resonances of one ring",
                        [](architecture& chip) -> double& { return chip.devices.microring.free_spectral_range_nm; }));
  rows.push_back(number(ring + "extinction", loss, {0, 100, true},
                        "Depth of the resonance: a ring transmits at least 10^(-extinction / 10)",
                        [](architecture& chip) -> double& { return chip.devices.microring.extinction_db; }));
  const std::string broadband = "devices.broadband_microring.";
  rows.push_back(number(broadband + "rings", count, {1, 64}, "Rings in the cascade that passes all wavelengths",
                        [](architecture& chip) -> int& { return chip.devices.broadband_microring.rings; }));
  rows.push_back(number(broadband + "bits", bits, converter_bits, "Resolution of the converter that drives the cascade",
                        [](architecture& chip) -> int& { return chip.devices.broadband_microring.bits; }));
  rows.push_back(number(broadband + "latency", time, latency_ns, "Latency of that converter",
                        [](architecture& chip) -> double& { return chip.devices.broadband_microring.latency_ns; }));
  rows.push_back(number(broadband + "power", power, power_mw, "Power of that converter",
                        [](architecture& chip) -> double& { return chip.devices.broadband_microring.power_mw; }));
  const std::string electro = "devices.electro_optic_tuning.";
  rows.push_back(number(electro + "latency", time, latency_ns, "Time to imprint a vector on a ring bank",
                        [](architecture& chip) -> double& { return chip.devices.electro_optic_tuning.latency_ns; }));
  rows.push_back(
      number(electro + "power", power_per_length, power_mw, "Power per shift held",
             [](architecture& chip) -> double& { return chip.devices.electro_optic_tuning.power_uw_per_nm; }));
  rows.push_back(
      number(electro + "maximum_shift", length, {0, 100, true}, "Largest shift that an imprint needs",
             [](architecture& chip) -> double& { return chip.devices.electro_optic_tuning.maximum_shift_nm; }));
  const std::string thermo = "devices.thermo_optic_tuning.";
  rows.push_back(number(thermo + "latency", time, latency_ns, "Time of one calibration pass of all heaters",
                        [](architecture& chip) -> double& { return chip.devices.thermo_optic_tuning.latency_ns; }));
  rows.push_back(
      number(thermo + "power", power_per_fsr, power_mw, "Heater power per shift held",
             [](architecture& chip) -> double& { return chip.devices.thermo_optic_tuning.power_mw_per_fsr; }));
}

void add_lasers_and_converters(std::vector<key>& rows) {
  rows.push_back(number("devices.vcsel.latency", time, latency_ns, "From drive to light",
                        [](architecture& chip) -> double& { return chip.devices.vcsel.latency_ns; }));
  rows.push_back(number("devices.vcsel.power", power, power_mw, "Electrical power while driven",
                        [](architecture& chip) -> double& { return chip.devices.vcsel.power_mw; }));
  rows.push_back(number("devices.photodetector.latency", time, latency_ns, "From light to current",
                        [](architecture& chip) -> double& { return chip.devices.photodetector.latency_ns; }));
  rows.push_back(number("devices.photodetector.power", power, power_mw, "Power while detecting",
                        [](architecture& chip) -> double& { return chip.devices.photodetector.power_mw; }));
  const auto add_dac = [&rows](const std::string& section, physics::dac_parameters device_table::*which,
                               range resolution, std::string_view bits_text) {
    rows.push_back(number(section + ".bits", bits, resolution, bits_text,
                          [which](architecture& chip) -> int& { return (chip.devices.*which).bits; }));
    rows.push_back(number(section + ".latency", time, latency_ns, "Time of one conversion",
                          [which](architecture& chip) -> double& { return (chip.devices.*which).latency_ns; }));
    rows.push_back(number(section + ".power", power, power_mw, "Power while it converts or holds a value",
                          [which](architecture& chip) -> double& { return (chip.devices.*which).power_mw; }));
  };
  add_dac("devices.activation_dac", &device_table::activation_dac, converter_bits,
          "Resolution of activations; drives lasers in the CONV array, rings in the FC array");
  add_dac("devices.weight_dac", &device_table::weight_dac, {1, 8},
          "Resolution of weights: a codebook of 2^bits levels; drives rings in the CONV array, lasers in the FC array");
  rows.push_back(number("devices.adc.bits", bits, {2, 16}, "Resolution with the sign",
                        [](architecture& chip) -> int& { return chip.devices.adc.bits; }));
  rows.push_back(number("devices.adc.latency", time, period_ns, "Time of one conversion",
                        [](architecture& chip) -> double& { return chip.devices.adc.latency_ns; }));
  rows.push_back(number("devices.adc.power", power, power_mw, "Power while it converts",
                        [](architecture& chip) -> double& { return chip.devices.adc.power_mw; }));
}

void add_electronics(std::vector<key>& rows) {
  const auto add_buffer = [&rows](const std::string& section, buffer_parameters buffer_table::*which) {
    const auto field = [which](auto member) {
      return [ which, member ](architecture & chip) -> auto& {
        return (chip.buffers.*which).*member;
      };
    };
    rows.push_back(number(section + ".capacity", size, buffer_bytes, "Capacity", field(&buffer_parameters::bytes)));
    rows.push_back(number(section + ".banks", count, {1, 4096}, "Interleaved banks, which serve accesses side by side",
                          field(&buffer_parameters::banks)));
    rows.push_back(number(section + ".ports", count, {1, 16}, "Accesses that one bank serves in a cycle",
                          field(&buffer_parameters::ports)));
    rows.push_back(number(section + ".bytes_per_cycle", count, {1, 65536},
                          "Width of one port of one bank, at digital.clock",
                          field(&buffer_parameters::bytes_per_cycle)));
    rows.push_back(number(section + ".latency", time, latency_ns, "Time to the first word",
                          field(&buffer_parameters::latency_ns)));
    rows.push_back(number(section + ".read_energy", energy_per_byte, energy_pj, "Energy per byte read",
                          field(&buffer_parameters::read_pj_per_byte)));
    rows.push_back(number(section + ".write_energy", energy_per_byte, energy_pj, "Energy per byte written",
                          field(&buffer_parameters::write_pj_per_byte)));
    rows.push_back(number(section + ".leakage", power, power_mw, "Power of the whole buffer while nothing happens",
                          field(&buffer_parameters::leakage_mw)));
  };
  add_buffer("buffers.global_buffer", &buffer_table::global_buffer);
  add_buffer("buffers.weight_buffer", &buffer_table::weight_buffer);
  add_buffer("buffers.activation_buffer", &buffer_table::activation_buffer);
  add_buffer("buffers.partial_sum_buffer", &buffer_table::partial_sum_buffer);
  rows.push_back(number("digital.clock", frequency, {1e-6, 1000}, "Clock of buffers and electronic blocks",
                        [](architecture& chip) -> double& { return chip.digital.clock_ghz; }));
  rows.push_back(number("digital.post_processor_lanes", count, {1, 65536},
                        "Elements that the post-processor finishes per cycle",
                        [](architecture& chip) -> int& { return chip.digital.post_processor_lanes; }));
  rows.push_back(number("digital.post_processor_energy", energy, energy_pj,
                        "Energy per element: scale, activation function, pooling",
                        [](architecture& chip) -> double& { return chip.digital.post_processor_pj; }));
  rows.push_back(number("digital.accumulator_energy", energy, energy_pj, "Energy per partial sum added",
                        [](architecture& chip) -> double& { return chip.digital.accumulator_pj; }));
  rows.push_back(number("digital.control_power", power, power_mw,
                        "Command processor, DMA engine, index decoder and interconnect, always on",
                        [](architecture& chip) -> double& { return chip.digital.control_mw; }));
  rows.push_back(number("dma.outstanding", count, {1, 4096}, "Transactions under way at once, in each direction",
                        [](architecture& chip) -> int& { return chip.dma.outstanding; }));
  rows.push_back(number("dma.transaction", size, transfer_bytes, "Longest transaction",
                        [](architecture& chip) -> std::uint64_t& { return chip.dma.transaction_bytes; }));
  rows.push_back(number("memory.bandwidth", bandwidth, {1e-6, 1e6}, "Bandwidth of the memory outside the chip",
                        [](architecture& chip) -> double& { return chip.memory.bandwidth_gb_per_s; }));
  rows.push_back(number("memory.latency", time, latency_ns, "Time to the first byte of a transaction, row open",
                        [](architecture& chip) -> double& { return chip.memory.latency_ns; }));
  rows.push_back(number("memory.banks", count, {1, 4096}, "Banks, each with one open row",
                        [](architecture& chip) -> int& { return chip.memory.banks; }));
  rows.push_back(number("memory.row", size, transfer_bytes, "Bytes of a row; rows lie across the banks in turn",
                        [](architecture& chip) -> std::uint64_t& { return chip.memory.row_bytes; }));
  rows.push_back(number("memory.row_miss", time, latency_ns, "Time to close a row and to open another",
                        [](architecture& chip) -> double& { return chip.memory.row_miss_ns; }));
  rows.push_back(number("memory.energy", energy_per_byte, energy_pj, "Energy per byte read or written",
                        [](architecture& chip) -> double& { return chip.memory.energy_pj_per_byte; }));
}

void add_accounting(std::vector<key>& rows) {
  rows.push_back(number("tuning.fabrication_drift", length, {0, 1000},
                        "Mean distance of a ring from its wavelength as fabricated, which the heaters hold",
                        [](architecture& chip) -> double& { return chip.tuning.fabrication_drift_nm; }));
  rows.push_back(number("tuning.collective_factor", ratio, {0, 1, true},
                        "Heater power of a bank driven jointly (thermal eigenmode decomposition), relative to each "
                        "ring alone",
                        [](architecture& chip) -> double& { return chip.tuning.collective_factor; }));
  rows.push_back(number("receiver.amplifier_power", power, power_mw, "Transimpedance amplifier of one photodetector",
                        [](architecture& chip) -> double& { return chip.receiver.amplifier_mw; }));
  rows.push_back(number("receiver.arms", count, {1, 2},
                        "Photodetectors and ring banks per unit that full accounting counts: 2 = a balanced pair, "
                        "which carries the sign",
                        [](architecture& chip) -> int& { return chip.receiver.arms; }));
}

void add_run(std::vector<key>& rows) {
  rows.push_back(choice<optics_mode>(
      "run.optics", {optics_mode::ideal, optics_mode::quantised, optics_mode::physical},
      "Values. ideal: exact arithmetic; quantised: converter resolution and codebook; physical: with loss, crosstalk, "
      "noise and drift (not in this version)",
      [](architecture& chip) -> optics_mode& { return chip.run.optics; }, "quantised"));
  rows.push_back(choice<timing_mode>(
      "run.timing", {timing_mode::functional, timing_mode::loosely_timed, timing_mode::approximately_timed},
      "Time. functional: none; loosely_timed: without contention; approximately_timed: with contention",
      [](architecture& chip) -> timing_mode& { return chip.run.timing; }, "loosely_timed"));
  rows.push_back(choice<accounting_mode>(
      "run.accounting", {accounting_mode::published, accounting_mode::full},
      "Energy. published: only the devices of the paper's table; full: also memory, tuning, receiver, control, leakage",
      [](architecture& chip) -> accounting_mode& { return chip.run.accounting; }, "published"));
  rows.push_back(number(
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
    add_rings(rows);
    add_lasers_and_converters(rows);
    add_electronics(rows);
    add_accounting(rows);
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
      {"dma", "How the DMA engine asks the memory"},
      {"memory", "Memory outside the chip, a DRAM"},
      {"tuning", "What the heaters hold, counted under full accounting"},
      {"receiver", "Analog parts beside the paper's device table, counted under full accounting"},
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
