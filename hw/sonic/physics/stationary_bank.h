// SPDX-License-Identifier: Apache-2.0
// The stationary operand as imperfect rings hold it: what each lane's light meets instead of what was wanted. A unit
// has two banks, one for each arm of its balanced detector; a value is the difference of what both pick from its lane:
// one arm's ring is tuned, the other's is parked as far off as tuning goes. docs/optics.md (Stationary operand) derives
// it.
#pragma once

#include "sonic/physics/converter_errors.h"
#include "sonic/physics/devices.h"
#include "sonic/physics/square_matrix.h"

#include <array>
#include <cstdint>
#include <map>
#include <memory>
#include <span>
#include <vector>

namespace sonic::physics {

/// What all banks of an array have in common.
struct bank_design {
  microring_parameters ring;
  std::uint32_t lanes = 1;
  std::uint32_t waveguides = 1; ///< lane l is on waveguide l mod waveguides; no light passes from one to another
  double spacing_nm = 0;        ///< of neighbours on a waveguide; 0: they share the free spectral range evenly
  double range_nm = 0;          ///< of an imprint's detuning: where an arm is parked
  std::uint32_t steps = 0;      ///< of that range; 0: any detuning
  double bow = 0;               ///< nonlinearity of the imprinting converter, over its full scale
  bool crosstalk = true;        ///< a ring picks its value of other lanes' light too
  bool predistort = false;      ///< imprints what makes up for crosstalk
};

/// What calibration leaves of each ring's distance from its resonance, in nm: of the arm that adds and of the one that
/// subtracts. Empty: none.
struct ring_errors {
  std::vector<double> adding_nm, subtracting_nm;
};

/// Matrices of a design, made when first needed and shared by its banks.
class bank_matrices {
public:
  /// @throws std::domain_error for no lanes or waveguides, a range that is not above 0, a spacing with which the lanes
  /// of a waveguide do not fit its free spectral range, or crosstalk that predistortion cannot take back
  explicit bank_matrices(const bank_design& design);

  [[nodiscard]] const bank_design& design() const { return design_; }
  /// phi of all lanes: 0 between waveguides.
  [[nodiscard]] const square_matrix& crosstalk() const { return crosstalk_; }
  /// Share of the wanted operand that is imprinted, so that no predistorted one passes what rings hold: the inverse of
  /// the largest row sum of magnitudes of crosstalk^-1, of the bank and of its leading lanes. 1 without predistortion.
  [[nodiscard]] double gain() const { return gain_; }
  /// Largest difference of what two arms pick, one of them parked: 1 - h^2 / (range^2 + h^2).
  [[nodiscard]] double signal() const;
  /// What the light of a lane meets is at most so many times the largest operand.
  [[nodiscard]] double largest_excess() const;
  /// What two parked arms pick of a lane, over what they differ by for an operand of 1: detected, though it cancels.
  [[nodiscard]] double parked_light() const;
  /// crosstalk(), row after row.
  [[nodiscard]] const std::vector<float>& values() const { return values_; }
  /// gain x crosstalk^-1 of the first @p lanes lanes, row after row.
  const std::vector<float>& predistortion(std::uint32_t lanes);

private:
  [[nodiscard]] square_matrix leading(std::uint32_t lanes) const;

  bank_design design_;
  square_matrix crosstalk_;
  std::vector<float> values_;
  double gain_ = 1.0;
  std::map<std::uint32_t, std::vector<float>> predistortions_;
};

/// The two banks of one unit.
class stationary_bank {
public:
  /// @throws std::domain_error for errors of another number of rings
  stationary_bank(std::shared_ptr<bank_matrices> matrices, const ring_errors& errors);

  /// Blocks one behind the other: block i has the lanes from where the block before ends, or 0, to ends[i], each on the
  /// bank's first lanes.
  /// @param wanted of every lane, at most @p full in magnitude
  /// @param met    receives what the light of every lane meets, over gain()
  void imprint(const float* wanted, std::span<const std::uint32_t> ends, float full, float* met);
  /// All rings drift so far from where calibration left them.
  void drift_to(double shift_nm);
  [[nodiscard]] double gain() const { return matrices_->gain(); }

private:
  enum arms : std::size_t { adding, subtracting };
  void hold_all(std::span<const std::uint32_t> ends);

  std::shared_ptr<bank_matrices> matrices_;
  bool without_errors_;                              ///< of calibration
  bool rings_exact_ = false;                         ///< no error, no step, no drift
  std::array<std::vector<double>, 2> calibrated_nm_; ///< errors of each lane, by arm, before any drift
  std::array<std::vector<float>, 2> error_nm_;       ///< of each lane, by arm
  std::array<std::vector<float>, 2> parked_;         ///< what a ring picks while it is parked, by arm
  std::vector<float> values_, errors_, leaks_;       ///< of every lane at hand
};

} // namespace sonic::physics
