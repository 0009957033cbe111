// SPDX-License-Identifier: Apache-2.0
#include "sonic/physics/link_budget.h"

#include "sonic/physics/decibel.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <stdexcept>

namespace sonic::physics {

namespace {

void require_at_least(double least, double value) {
  if (!(value >= least && std::isfinite(value))) {
    throw std::domain_error("a link has a loss, a length or a count that no optical path has");
  }
}

double passed(int count, double loss_db) {
  require_at_least(0.0, count);
  return count * loss_db;
}

} // namespace

std::string_view name_of(loss_term term) {
  static constexpr std::array<std::string_view, loss_terms> names{"wavelength sharing",
                                                                  "fibre",
                                                                  "coupling",
                                                                  "combiner",
                                                                  "propagation",
                                                                  "modulator",
                                                                  "modulators passed",
                                                                  "splitting",
                                                                  "splitter excess",
                                                                  "ring",
                                                                  "rings passed",
                                                                  "broadband ring",
                                                                  "penalty"};
  return names.at(static_cast<std::size_t>(term));
}

double link_budget::total_loss_db() const {
  return std::accumulate(losses_db.begin(), losses_db.end(), 0.0);
}

loss_term link_budget::largest_term() const {
  return static_cast<loss_term>(std::max_element(losses_db.begin(), losses_db.end()) - losses_db.begin());
}

link_budget budget_of(const optical_path& path, double laser_dbm, double sensitivity_dbm) {
  require_at_least(1.0, path.wavelengths_per_laser);
  require_at_least(1.0, path.branches);
  link_budget budget{laser_dbm, sensitivity_dbm, {}};
  const auto set = [&budget](loss_term term, double loss_db) {
    require_at_least(0.0, loss_db);
    budget.losses_db[static_cast<std::size_t>(term)] = loss_db;
  };
  set(loss_term::wavelength_sharing, decibel_of(path.wavelengths_per_laser));
  set(loss_term::fibre, path.fibre_db);
  set(loss_term::coupling, path.coupling_db);
  set(loss_term::combiner, path.combiner_db);
  require_at_least(0.0, path.length_cm);
  set(loss_term::propagation, path.propagation_db_per_cm * path.length_cm);
  set(loss_term::modulator, path.modulator_db);
  set(loss_term::modulators_passed, passed(path.modulators_passed, path.modulator_passed_db));
  set(loss_term::splitting, decibel_of(path.branches));
  set(loss_term::splitter_excess, path.splitter_excess_db_per_stage * std::log2(path.branches));
  set(loss_term::ring, path.ring_db);
  set(loss_term::rings_passed, passed(path.rings_passed, path.ring_passed_db));
  set(loss_term::broadband_ring, path.broadband_ring_db);
  set(loss_term::penalty, path.penalty_db);
  return budget;
}

double required_laser_dbm(const optical_path& path, double sensitivity_dbm, double margin_db) {
  return sensitivity_dbm + budget_of(path, 0.0, sensitivity_dbm).total_loss_db() + margin_db;
}

double laser_electrical_mw(double optical_dbm, double wall_plug_efficiency) {
  if (!(wall_plug_efficiency > 0.0 && wall_plug_efficiency <= 1.0)) {
    throw std::domain_error("a wall-plug efficiency is above 0 and at most 1");
  }
  return mw_of_dbm(optical_dbm) / wall_plug_efficiency;
}

double waveguide_headroom_db(double power_dbm, double wavelengths, double limit_mw) {
  require_at_least(1.0, wavelengths);
  if (!(limit_mw > 0.0)) {
    throw std::domain_error("a waveguide's limit of power is above 0");
  }
  return dbm_of_mw(limit_mw) - (power_dbm + decibel_of(wavelengths));
}

} // namespace sonic::physics
