// SPDX-License-Identifier: Apache-2.0
#include "sonic/config/contradict.h"
#include "sonic/config/link.h"
#include "sonic/config/loader.h"
#include "sonic/core/error.h"
#include "sonic/physics/decibel.h"
#include "sonic/physics/stationary_bank.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <stdexcept>

namespace sonic::config {

namespace {

// Widest forms of an element and of a partial sum: under ideal optics, float32 and double.
constexpr std::uint64_t element_bytes = 4;
constexpr std::uint64_t partial_sum_bytes = 8;

void require_capacity(const architecture& chip, std::string_view buffer, std::uint64_t capacity, std::uint64_t needed,
                      std::string_view holds) {
  if (capacity < needed) {
    contradict(chip, fmt::format("buffers.{}.capacity", buffer), fmt::format("{} B cannot hold {}", capacity, holds),
               fmt::format("expected at least {} B", needed));
  }
}

void check_counted_block(const architecture& chip, std::string_view section, const counted_block& b,
                         std::string_view count_name) {
  const auto key = [section](std::string_view name) { return fmt::format("{}.{}", section, name); };
  if (b.model == block_model::transaction) {
    if (!b.own_sources()) {
      contradict(chip, key("sources"), "nothing uses them", fmt::format("expected {} rtl or lock_step", key("model")));
    }
    return;
  }
  if (b.count == 0) {
    contradict(chip, key("model"), fmt::format("RTL takes time, and {} is 0", key(count_name)),
               fmt::format("expected {} of at least 1", key(count_name)));
  }
  if (chip.run.optics == optics_mode::ideal) {
    contradict(chip, key("model"), "RTL works on codes, and ideal optics have elements of float32",
               "expected run.optics quantised or physical");
  }
}

void check_buffers(const architecture& chip) {
  const auto lanes = static_cast<std::uint64_t>(std::max(chip.conv_array.lanes, chip.fc_array.lanes));
  const auto vdus = static_cast<std::uint64_t>(std::max(chip.conv_array.vdus, chip.fc_array.vdus));
  const std::string vectors = fmt::format("two vectors of {} elements", lanes);
  const std::uint64_t two_vectors = 2 * lanes * element_bytes;
  require_capacity(chip, "weight_buffer", chip.buffers.weight_buffer.bytes, two_vectors, vectors);
  require_capacity(chip, "activation_buffer", chip.buffers.activation_buffer.bytes, two_vectors, vectors);
  require_capacity(chip, "global_buffer", chip.buffers.global_buffer.bytes, 2 * two_vectors,
                   fmt::format("weights and activations, {} each", vectors));
  require_capacity(chip, "partial_sum_buffer", chip.buffers.partial_sum_buffer.bytes, 2 * vdus * partial_sum_bytes,
                   fmt::format("two partial sums for each of {} units", vdus));
}

void check_rings(const architecture& chip) {
  const double spectral_range_nm = chip.devices.microring.free_spectral_range_nm;
  const double shift_nm = chip.devices.electro_optic_tuning.maximum_shift_nm;
  if (shift_nm >= spectral_range_nm / 2) {
    contradict(chip, "devices.electro_optic_tuning.maximum_shift",
               fmt::format("{} nm reaches half of devices.microring.free_spectral_range, where a ring nears its next "
                           "resonance",
                           shift_nm),
               fmt::format("expected less than {} nm", spectral_range_nm / 2));
  }
  if (chip.tuning.fabrication_drift_nm > spectral_range_nm / 2) {
    contradict(chip, "tuning.fabrication_drift",
               fmt::format("{} nm is more than half of devices.microring.free_spectral_range: the next resonance is "
                           "nearer",
                           chip.tuning.fabrication_drift_nm),
               fmt::format("expected at most {} nm", spectral_range_nm / 2));
  }
  if (chip.devices.microring.linewidth_nm() >= spectral_range_nm) {
    contradict(chip, "devices.microring.quality_factor",
               fmt::format("the linewidth, {:.4g} nm, is as wide as devices.microring.free_spectral_range",
                           chip.devices.microring.linewidth_nm()),
               fmt::format("expected more than {:.4g}", chip.devices.microring.wavelength_nm / spectral_range_nm));
  }
}

/// The loss whose key is the knob to turn first.
std::string_view knob_of(physics::loss_term term) {
  switch (term) {
  case physics::loss_term::combiner:
    return "path.combiner";
  case physics::loss_term::splitting:
    return "receiver.arms";
  case physics::loss_term::splitter_excess:
    return "path.splitter";
  case physics::loss_term::propagation:
    return "path.ring_pitch or path.propagation";
  case physics::loss_term::rings_passed:
    return "path.ring_passed, or more waveguides for the same lanes";
  case physics::loss_term::broadband_ring:
    return "path.broadband_ring";
  case physics::loss_term::penalty:
    return "path.margin";
  default:
    return "path.ring";
  }
}

void check_link(const architecture& chip, array_kind kind, std::string_view array) {
  const double needed_bits = chip.receiver.required_bits;
  const auto receiver = receiver_of(chip);
  const double ceiling = physics::effective_bits_ceiling(receiver, symbol_rate_hz(chip, kind));
  if (needed_bits >= ceiling) {
    contradict(chip, "receiver.required_bits",
               fmt::format("no light gives the {} {:g} bits: devices.vcsel.intensity_noise leaves {:.2f}", array,
                           needed_bits, ceiling),
               fmt::format("expected less than {:.2f}, a quieter laser or a longer step", ceiling));
  }
  constexpr double most_mw = 1e9;
  if (physics::effective_bits(receiver, most_mw, symbol_rate_hz(chip, kind)) < needed_bits) {
    contradict(chip, "devices.photodetector.responsivity",
               fmt::format("{:g} A/W give the {} no {:g} bits at any power", receiver.responsivity_a_per_w, array,
                           needed_bits),
               "expected about 1 A/W");
  }
  const auto link = link_of(chip, kind);
  if (!(link.margin_db() >= 0.0)) {
    const double needed_mw =
        physics::mw_of_dbm(link.sensitivity_dbm + link.total_loss_db()) / chip.devices.vcsel.efficiency;
    contradict(
        chip, "devices.vcsel.power",
        fmt::format("the link of the {} does not close: {:.2f} dBm of light less {:.2f} dB of losses is {:.2f} "
                    "dB less than the {:.2f} dBm that {:g} bits need",
                    array, link.laser_dbm, link.total_loss_db(), -link.margin_db(), link.sensitivity_dbm, needed_bits),
        fmt::format("expected at least {:.3g} mW, or less of the largest loss, {:.2f} dB of {}: see {}", needed_mw,
                    link.loss_db(link.largest_term()), name_of(link.largest_term()), knob_of(link.largest_term())));
  }
  const auto& lanes = chip.array(kind);
  const int wavelengths = std::min(rings_on_waveguide(chip, kind), lanes.lanes); // spare ones are dark
  const double headroom_db = physics::waveguide_headroom_db(link.laser_dbm, wavelengths, chip.path.waveguide_limit_mw);
  if (headroom_db < 0.0) {
    const double needed = std::ceil(lanes.waveguides * physics::ratio_of_decibel(-headroom_db));
    const auto split = needed <= lanes.lanes ? fmt::format(", or lanes on {:.0f} waveguides", needed) : std::string();
    contradict(
        chip, "path.waveguide_limit",
        fmt::format("{} lasers of {:.3g} mW in a waveguide of the {} are {:.2f} dB above {:g} mW, where it is no "
                    "longer linear",
                    wavelengths, laser_mw(chip), array, -headroom_db, chip.path.waveguide_limit_mw),
        fmt::format("expected lasers of at most {:.3g} mW{}", chip.path.waveguide_limit_mw / wavelengths, split));
  }
}

/// What predistortion of a bank costs: a tenth of the light is the least that is left.
void check_predistortion(const architecture& chip, array_kind kind, std::string_view array) {
  double gain = 0.0;
  try {
    gain = physics::bank_matrices(bank_design_of(chip, kind)).gain();
  } catch (const std::domain_error&) {
    gain = 0.0; // crosstalk without an inverse
  }
  constexpr double least_gain = 0.1;
  if (gain < least_gain) {
    contradict(
        chip, "tuning.predistortion",
        fmt::format("crosstalk of the {} is too strong to be made up for: rings would hold {:.2g} of what is wanted",
                    array, gain),
        "expected a higher devices.microring.quality_factor, lanes further apart or on more waveguides");
  }
}

void check_tuning(const architecture& chip) {
  const double half_width_nm = chip.devices.microring.linewidth_nm() / 2.0;
  const double shift_nm = chip.devices.electro_optic_tuning.maximum_shift_nm;
  constexpr double least_share = 0.1;
  if (shift_nm < least_share * half_width_nm) {
    contradict(chip, "devices.electro_optic_tuning.maximum_shift",
               fmt::format("{:g} nm is next to nothing of a linewidth of {:.4g} nm: rings could hold nothing", shift_nm,
                           2.0 * half_width_nm),
               fmt::format("expected at least {:.3g} nm", least_share * half_width_nm));
  }
  const auto check_bow = [&](const physics::dac_parameters& dac, std::string_view key) {
    const double steps = largest_code(dac.bits);
    if (4.0 * dac.nonlinearity_lsb >= steps) {
      contradict(chip, key,
                 fmt::format("with {:g} steps of nonlinearity its output no longer rises", dac.nonlinearity_lsb),
                 fmt::format("expected less than {:g}, a quarter of its {:g} steps", steps / 4.0, steps));
    }
  };
  check_bow(chip.devices.activation_dac, "devices.activation_dac.nonlinearity");
  check_bow(chip.devices.weight_dac, "devices.weight_dac.nonlinearity");
  if (chip.receiver.arms != 2) {
    contradict(chip, "receiver.arms", "physical optics carry the sign by two arms", "expected 2");
  }
}

void check_banks(const architecture& chip, array_kind kind, std::string_view section) {
  const auto& array = chip.array(kind);
  const int rings = rings_on_waveguide(chip, kind);
  const double spacing_nm = chip.devices.microring.spacing_nm;
  if (array.waveguides > array.lanes) {
    contradict(chip, fmt::format("{}.waveguides", section),
               fmt::format("{} waveguides have {} lanes", array.waveguides, array.lanes),
               fmt::format("expected at most {}", array.lanes));
  }
  if (spacing_nm * rings > chip.devices.microring.free_spectral_range_nm) {
    contradict(chip, "devices.microring.spacing",
               fmt::format("{} lanes of a waveguide of the {} at {:g} nm pass one free spectral range", rings, section,
                           spacing_nm),
               fmt::format("expected at most {:.4g} nm", chip.devices.microring.free_spectral_range_nm / rings));
  }
}

/// What other machines have, and ours cannot draw: physical optics describe one ring a lane behind a modulated laser.
void check_machine(const architecture& chip) {
  if (chip.compression == compression_mode::none && largest_code(chip.devices.weight_dac.bits) == 255) {
    contradict(chip, "devices.weight_dac.bits", "beside the levels of 8 bits, a stored zero has no code of 8 bits",
               "expected at most 7, or compression both");
  }
  if (chip.run.optics != optics_mode::physical) {
    return;
  }
  const std::string right = "expected run.optics ideal or quantised";
  if (chip.modulator != modulator_kind::vcsel) {
    contradict(chip, "modulator", "physical optics describe lasers that are modulated themselves", right);
  }
  if (chip.devices.microring.slices > 1) {
    contradict(chip, "devices.microring.slices", "physical optics describe one ring for each value", right);
  }
  if (chip.passes > 1) {
    contradict(chip, "step.passes", "physical optics describe symbols that pass once", right);
  }
}

void check_physical(const architecture& chip) {
  check_banks(chip, array_kind::conv, "conv_array");
  check_banks(chip, array_kind::fc, "fc_array");
  if (chip.run.optics != optics_mode::physical) {
    return;
  }
  check_tuning(chip);
  check_link(chip, array_kind::conv, "conv_array");
  check_link(chip, array_kind::fc, "fc_array");
  if (chip.tuning.predistort && chip.effects.crosstalk) {
    check_predistortion(chip, array_kind::conv, "conv_array");
    check_predistortion(chip, array_kind::fc, "fc_array");
  }
}

} // namespace

void contradict(const architecture& chip, std::string_view key, const std::string& problem, const std::string& right) {
  const auto record =
      std::find_if(chip.keys.begin(), chip.keys.end(), [&](const provenance& each) { return each.key == key; });
  throw core::user_error(record == chip.keys.end() ? std::string(key) : locate(record->where, key), problem, right);
}

void check_consistency(const architecture& chip) {
  check_buffers(chip);
  check_counted_block(chip, "index_decoder", chip.index_decoder, "decoders");
  check_counted_block(chip, "accumulator", chip.accumulator, "accumulators");
  check_counted_block(chip, "post_processor", chip.post_processor, "processors");
  if (chip.post_processor.count > 0 && chip.run.optics == optics_mode::ideal) {
    contradict(chip, "post_processor.processors",
               "cycles are those of codes, and ideal optics have elements of float32",
               "expected 0, or run.optics quantised or physical");
  }
  check_rings(chip);
  check_machine(chip);
  check_faults(chip);
  check_physical(chip);
}

} // namespace sonic::config
