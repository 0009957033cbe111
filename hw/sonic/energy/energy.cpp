// SPDX-License-Identifier: Apache-2.0
#include "sonic/energy/energy.h"

#include <algorithm>
#include <utility>

namespace sonic::energy {

namespace {

/// Partial sums travel as 32-bit integers.
constexpr double partial_sum_bytes = 4.0;

double real(std::uint64_t count) {
  return static_cast<double>(count);
}

/// Adds lines by device class, in order of first appearance.
class ledger {
public:
  void add(const char* device, double dynamic_pj, double static_pj = 0.0) {
    const auto same = std::find_if(lines_.begin(), lines_.end(), [&](const line& l) { return l.device == device; });
    auto& entry = same == lines_.end() ? lines_.emplace_back(line{device, 0.0, 0.0}) : *same;
    entry.dynamic_pj += dynamic_pj;
    entry.static_pj += static_pj;
  }
  std::vector<line> take() { return std::move(lines_); }

private:
  std::vector<line> lines_;
};

/// Adds up everything.
class sum {
public:
  void add(const char* /*device*/, double dynamic_pj, double static_pj = 0.0) { total_pj_ += dynamic_pj + static_pj; }
  [[nodiscard]] double total_pj() const { return total_pj_; }

private:
  double total_pj_ = 0.0;
};

/// A class of equal devices: in use for @p used_ns of device time (mW x ns = pJ), idle for the rest.
template <class lines>
void add_devices(lines& to, const char* name, double power_mw, double devices, double used_ns, double elapsed_ns,
                 double idle_fraction) {
  const double idle_ns = std::max(0.0, devices * elapsed_ns - used_ns);
  to.add(name, power_mw * used_ns, power_mw * idle_ns * idle_fraction);
}

/// Time for which the rings of an array and their converters hold values.
double held_ns(const array_table& a, const array_actions& done) {
  return real(done.held_lane_symbols) * a.interval_ns + real(done.imprinted_rings) * a.retune_ns;
}

/// The devices of the paper's table.
template <class lines>
void add_array(lines& to, const table& t, const array_table& a, const array_actions& done, double elapsed_ns,
               const char* streaming_name, const char* stationary_name) {
  const double driven = real(done.stream_lane_symbols - done.gated_lane_symbols);
  const double converted = t.gate_dac ? driven : real(done.stream_lane_symbols);
  // A laser in front of a modulating ring stays on.
  const double lit = a.modulators > 0 ? real(done.stream_lane_symbols) : driven;
  const double lanes = static_cast<double>(a.units) * a.lanes;
  const auto add = [&](const char* name, double power_mw, double devices, double used_ns) {
    add_devices(to, name, power_mw, devices, used_ns, elapsed_ns, t.idle_fraction);
  };
  add("vcsel", a.vcsel_mw, lanes, lit * a.interval_ns);
  add(streaming_name, a.streaming_dac_mw, lanes, converted * a.interval_ns);
  add(stationary_name, a.stationary_dac_mw, lanes, held_ns(a, done));
  add("photodetector", a.photodetector_mw, a.units, real(done.symbols) * a.interval_ns);
  add("adc", a.adc_mw, a.units, real(done.symbols) * a.interval_ns);
}

/// What the paper's table leaves out of a unit: the detector's other arm, amplifiers, tuning.
template <class lines>
void add_receiver_and_tuning(lines& to, const table& t, const array_table& a, const array_actions& done,
                             double elapsed_ns) {
  const double detecting_ns = real(done.symbols) * a.interval_ns;
  const auto add = [&](const char* name, double power_mw) {
    add_devices(to, name, power_mw, a.units, detecting_ns, elapsed_ns, t.idle_fraction);
  };
  add("photodetector", (t.detector_arms - 1) * a.photodetector_mw);
  add("transimpedance_amplifier", t.detector_arms * t.amplifier_mw);
  // Of a lane's rings, one per arm, the sign picks the one that is imprinted; heaters hold them all.
  const double modulated_ns = real(done.stream_lane_symbols) * a.interval_ns;
  to.add("electro_optic_tuning", a.electro_optic_mw * (a.slices * held_ns(a, done) + a.modulators * modulated_ns));
  to.add("thermo_optic_tuning", 0.0, heaters_mw(t, a) * elapsed_ns);
}

template <class lines>
void add_buffer(lines& to, const char* name, const buffer_table& b, double read_bytes, double written_bytes,
                double elapsed_ns) {
  to.add(name, b.read_pj_per_byte * read_bytes + b.write_pj_per_byte * written_bytes, b.leakage_mw * elapsed_ns);
}

template <class lines>
void add_periphery(lines& to, const table& t, const array_actions& conv, const array_actions& fc,
                   const chip_actions& chip, double elapsed_ns) {
  add_receiver_and_tuning(to, t, t.conv, conv, elapsed_ns);
  add_receiver_and_tuning(to, t, t.fc, fc, elapsed_ns);
  // Only convolutions use the broadband ring (docs/numbers.md).
  to.add("broadband_microring",
         t.broadband_dac_mw * (real(conv.symbols) * t.conv.interval_ns + real(conv.ring_retunes) * t.conv.retune_ns));

  // Each operand value is read from its buffer when it is presented; each partial sum is read, added to and written.
  double weight_reads = 0.0;
  double activation_reads = 0.0;
  for (const auto& [a, done] : {std::pair{&t.conv, &conv}, std::pair{&t.fc, &fc}}) {
    const double streamed = real(done->stream_lane_symbols) * a->streaming_bytes;
    const double imprinted = real(done->imprinted_rings) * a->stationary_bytes;
    activation_reads += a->streams_activations ? streamed : imprinted;
    weight_reads += a->streams_activations ? imprinted : streamed;
  }
  const double sums = real(conv.symbols + fc.symbols);
  const double through = real(chip.bytes_loaded + chip.bytes_stored);
  add_buffer(to, "global_buffer", t.global_buffer, through, through, elapsed_ns);
  add_buffer(to, "weight_buffer", t.weight_buffer, weight_reads, real(chip.weight_bytes), elapsed_ns);
  add_buffer(to, "activation_buffer", t.activation_buffer, activation_reads, real(chip.activation_bytes), elapsed_ns);
  add_buffer(to, "partial_sum_buffer", t.partial_sum_buffer, sums * partial_sum_bytes, sums * partial_sum_bytes,
             elapsed_ns);
  to.add("memory", t.memory_pj_per_byte * through);
  to.add("accumulator", t.accumulator_pj * sums);
  to.add("post_processor", t.post_processor_pj * real(chip.post_elements));
  to.add("control", 0.0, t.control_mw * elapsed_ns);
}

template <class lines>
void add_all(lines& to, const table& t, const array_actions& conv, const array_actions& fc, const chip_actions& chip,
             double elapsed_ns) {
  add_array(to, t, t.conv, conv, elapsed_ns, "activation_dac", "weight_dac");
  add_array(to, t, t.fc, fc, elapsed_ns, "weight_dac", "activation_dac");
  if (t.full) {
    add_periphery(to, t, conv, fc, chip, elapsed_ns);
  }
}

} // namespace

double report::total_pj() const {
  double total = 0.0;
  for (const auto& l : lines) {
    total += l.dynamic_pj + l.static_pj;
  }
  return total;
}

report evaluate(const table& energies, const array_actions& conv, const array_actions& fc, const chip_actions& chip,
                double elapsed_ns) {
  ledger to;
  add_all(to, energies, conv, fc, chip, elapsed_ns);
  return {to.take()};
}

double total_pj(const table& energies, const array_actions& conv, const array_actions& fc, const chip_actions& chip,
                double elapsed_ns) {
  sum to;
  add_all(to, energies, conv, fc, chip, elapsed_ns);
  return to.total_pj();
}

double heaters_mw(const table& t, const array_table& a) {
  const int lane = a.slices * t.detector_arms + a.modulators;
  return static_cast<double>(a.units) * (a.lanes * lane + t.broadband_rings) * t.heater_mw;
}

double fully_active_mw(const table& energies) {
  double total = 0.0;
  for (const auto* a : {&energies.conv, &energies.fc}) {
    const double unit =
        a->lanes * (a->vcsel_mw + a->streaming_dac_mw + a->stationary_dac_mw) + a->photodetector_mw + a->adc_mw;
    total += a->units * unit;
  }
  return total;
}

} // namespace sonic::energy
