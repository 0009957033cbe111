// SPDX-License-Identifier: Apache-2.0
// Heaters warm their neighbours' rings too. Thermal eigenmode decomposition (Milanizadeh et al., J. Lightwave Technol.
// 37, 2019) commands all heaters of a bank together, so that each ring gets its own phase; SONIC and CrossLight use it.
#pragma once

#include "sonic/physics/devices.h"
#include "sonic/physics/square_matrix.h"

#include <span>
#include <vector>

namespace sonic::physics {

/// Phase of a ring for each radian of a heater @p distance_um away, edge to edge: heat-transport simulations published
/// by SONIC's first author at eight distances from 0.7 to 34.1 um, the logarithm linear between them; beyond, a decay
/// of 0.1275 per um, that of SCATTER's fit (arXiv 2407.05510).
/// @throws std::domain_error below 0.7 um, or for a NaN
double phase_crosstalk(double distance_um);

/// Ten rings on two arms of five, folded beside each other: phase of ring i (row) for each radian of heater j,
/// simulated by the same author. Rings 0 to 4 are one arm, 5 to 9 the other; ring 5 lies across from ring 0.
square_matrix folded_bank_crosstalk();

/// The matrix of rings at these distances from each other: phase_crosstalk, 1 on the diagonal.
/// @param gap_um       from edge to edge of neighbours
/// @param ring_size_um across one ring, which lies between its neighbours
square_matrix row_crosstalk(std::size_t rings, double gap_um, double ring_size_um);

/// Commands with which each ring gets its target: crosstalk^-1 target. May be below 0, which no heater does.
/// @throws std::domain_error as solve()
std::vector<double> heater_phases(const square_matrix& crosstalk, std::span<const double> target_rad);

/// The same with commands that heaters can give: a ring whose command is below 0 gets one more turn of 2 pi as its
/// target, for which its transmission is the same, until none is.
/// @throws std::domain_error where that does not end within 1000 turns
std::vector<double> positive_heater_phases(const square_matrix& crosstalk, std::span<const double> target_rad);

/// Sum of the commands over the sum of the targets: what decomposition makes of the heaters' power.
double relative_drive(std::span<const double> commands_rad, std::span<const double> target_rad);

/// Power for a phase: one free spectral range is 2 pi.
double heater_power_mw(double phase_rad, const thermo_optic_tuning_parameters& heater);

/// Power for a shift of the resonance.
double heater_power_for_shift_mw(double shift_nm, double free_spectral_range_nm,
                                 const thermo_optic_tuning_parameters& heater);

} // namespace sonic::physics
