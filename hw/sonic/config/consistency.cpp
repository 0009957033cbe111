// SPDX-License-Identifier: Apache-2.0
#include "sonic/config/loader.h"
#include "sonic/core/error.h"

#include <fmt/format.h>

#include <algorithm>

namespace sonic::config {

namespace {

// Widest forms of an element and of a partial sum: under ideal optics, float32 and double.
constexpr std::uint64_t element_bytes = 4;
constexpr std::uint64_t partial_sum_bytes = 8;

[[noreturn]] void contradict(const architecture& chip, std::string_view key, const std::string& problem,
                             const std::string& right) {
  const auto record =
      std::find_if(chip.keys.begin(), chip.keys.end(), [&](const provenance& each) { return each.key == key; });
  throw core::user_error(locate(record->where, key), problem, right);
}

void require_capacity(const architecture& chip, std::string_view buffer, std::uint64_t capacity, std::uint64_t needed,
                      std::string_view holds) {
  if (capacity < needed) {
    contradict(chip, fmt::format("buffers.{}.capacity", buffer), fmt::format("{} B cannot hold {}", capacity, holds),
               fmt::format("expected at least {} B", needed));
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

void check_knobs(const architecture& chip) {
  if (chip.run.optics == optics_mode::physical) {
    contradict(chip, "run.optics", "physical optics are not in this version", "expected ideal or quantised");
  }
}

} // namespace

void check_consistency(const architecture& chip) {
  check_buffers(chip);
  check_rings(chip);
  check_knobs(chip);
}

} // namespace sonic::config
