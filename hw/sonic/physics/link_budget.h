// SPDX-License-Identifier: Apache-2.0
// The light of one lane from its laser to the detector: each loss by its name, what is left, and by how much that is
// more than the detector needs. The terms are those of CrossLight (arXiv 2102.06960: laser power - sensitivity >=
// losses
// + 10 log10(wavelengths)) and of Al-Qadasi et al. (arXiv 2109.08025, eq. 13).
#pragma once

#include <array>
#include <cstddef>
#include <string_view>

namespace sonic::physics {

/// One lane's way. A loss that a design does not have is 0; a count that it does not have is 0, and 1 for those that
/// share light.
struct optical_path {
  double wavelengths_per_laser = 1;        ///< wavelengths that share the power of one laser
  double fibre_db = 0;                     ///< from an outside laser
  double coupling_db = 0;                  ///< from the fibre into the chip
  double combiner_db = 0;                  ///< wavelengths onto one waveguide
  double propagation_db_per_cm = 0;        ///< of the waveguide
  double length_cm = 0;                    ///< of the waveguide
  double modulator_db = 0;                 ///< of the lane's own modulating ring
  double modulator_passed_db = 0;          ///< of each modulating ring of another lane
  int modulators_passed = 0;               ///< of other lanes
  double branches = 1;                     ///< waveguides that the splitters feed
  double splitter_excess_db_per_stage = 0; ///< beyond the light that goes to the other branch
  double ring_db = 0;                      ///< of the lane's own weighting ring, fully transmitting
  double ring_passed_db = 0;               ///< of each weighting ring of another lane
  int rings_passed = 0;                    ///< of other lanes
  double broadband_ring_db = 0;            ///< of the ring that scales all wavelengths, fully transmitting
  double penalty_db = 0; ///< for what the link's signal loses otherwise: crosstalk, extinction, margin
};

enum class loss_term : std::size_t {
  wavelength_sharing, ///< 10 log10(wavelengths_per_laser)
  fibre,
  coupling,
  combiner,
  propagation,
  modulator,
  modulators_passed,
  splitting,       ///< 10 log10(branches)
  splitter_excess, ///< excess x log2(branches)
  ring,
  rings_passed,
  broadband_ring,
  penalty,
};
inline constexpr std::size_t loss_terms = 13;

/// As a reader knows it: "propagation", "rings passed".
std::string_view name_of(loss_term term);

/// All powers are optical.
struct link_budget {
  double laser_dbm = 0;
  double sensitivity_dbm = 0; ///< least power that the detector needs
  std::array<double, loss_terms> losses_db{};

  [[nodiscard]] double loss_db(loss_term term) const { return losses_db[static_cast<std::size_t>(term)]; }
  [[nodiscard]] double total_loss_db() const;
  [[nodiscard]] double received_dbm() const { return laser_dbm - total_loss_db(); }
  /// What arrives beyond what is needed; below 0 the link does not close.
  [[nodiscard]] double margin_db() const { return received_dbm() - sensitivity_dbm; }
  /// The loss to work on first; of two as large, the one named first.
  [[nodiscard]] loss_term largest_term() const;
};

/// @throws std::domain_error for a loss, length or count below 0, fewer than one branch or wavelength, or a NaN
link_budget budget_of(const optical_path& path, double laser_dbm, double sensitivity_dbm);

/// The least optical power of a laser with which the link has @p margin_db.
double required_laser_dbm(const optical_path& path, double sensitivity_dbm, double margin_db = 0.0);

/// Electrical power that a laser draws: optical power / wall-plug efficiency. The efficiency of integrated lasers is
/// 0.1 to 0.15 (Mukherjee, Lis, Shekhar: Shining light on silicon photonic DNN accelerators).
/// @param wall_plug_efficiency above 0, at most 1
/// @throws std::domain_error outside that range
double laser_electrical_mw(double optical_dbm, double wall_plug_efficiency);

/// Powers above which a waveguide is no longer linear (Mukherjee, Lis, Shekhar).
inline constexpr double silicon_waveguide_limit_mw = 30.0;
inline constexpr double silicon_nitride_waveguide_limit_mw = 120.0;

/// Room below a waveguide's limit with @p wavelengths of @p power_dbm each in it; below 0 it is too much.
double waveguide_headroom_db(double power_dbm, double wavelengths, double limit_mw);

} // namespace sonic::physics
