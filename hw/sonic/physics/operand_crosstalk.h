// SPDX-License-Identifier: Apache-2.0
// What a bank's crosstalk does to the stationary operand, and operands distorted beforehand so that it does nothing.
// Two models. Linear: each ring picks its own value of its lane's light and, in the proportion phi, of every other
// lane's (P_noise of CrossLight, arXiv 2102.06960); the bank is then one matrix on the operand, which the streaming
// operand does not change. Exact: every lane's light loses what each Lorentzian takes, detunings included, and nothing
// is linear.
#pragma once

#include "sonic/physics/ring_bank.h"

#include <span>
#include <vector>

namespace sonic::physics {

/// The operand that the light of each lane meets: effective(i) = sum over rings j of phi(i, j) operand(j). Signs are
/// those of the detector's arms: a ring sends all that it picks to its own arm.
std::vector<double> effective_operand(const square_matrix& crosstalk, std::span<const double> operand);

/// The operand to imprint so that the light meets @p wanted: solves crosstalk x = wanted. Its magnitude may be above
/// the largest of the wanted ones; what the rings cannot hold is the caller's to scale.
/// @throws std::domain_error where crosstalk is singular, or for another number of lanes
std::vector<double> predistort(const square_matrix& crosstalk, std::span<const double> wanted);

/// Detunings for a bank, and the largest error that they leave on a lane.
struct compensated_imprint {
  std::vector<double> detunings_nm;
  double residual = 0.0; ///< largest |what is left of a lane's light - wanted|
  int iterations = 0;
};

/// Detunings with which the exact bank leaves @p wanted of each lane's light: repeats operand(i) = wanted(i) / product
/// over j != i of T(i, j), each ring imprinted alone, until the residual is at most @p tolerance or the iterations end.
/// @throws std::domain_error where a ring would have to let more through than it can: neighbours take too much
compensated_imprint imprint_compensated(const ring_bank& bank, std::span<const double> wanted, double tolerance = 1e-12,
                                        int largest_iterations = 200);

} // namespace sonic::physics
