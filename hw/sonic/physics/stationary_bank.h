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

/// What is broken in the lanes of one unit. Places count the lanes as they lie on the waveguides, from 0.
struct lane_damage {
  struct at {
    std::uint32_t place = 0;
    double value = 0.0;
  };
  std::vector<std::uint32_t> places; ///< of the lanes of a vector, no place twice; empty: lane l is at place l
  std::vector<std::uint32_t> dark;   ///< whose laser is dead
  std::vector<at> stuck;             ///< rings of both arms that hold, together, one value from -1 to 1
  std::vector<at> detuned;           ///< nm that the rings of both arms are off, beyond what calibration leaves

  [[nodiscard]] bool none() const { return places.empty() && dark.empty() && stuck.empty() && detuned.empty(); }
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
  /// The same of lanes at other places.
  [[nodiscard]] std::vector<float> predistortion_at(std::span<const std::uint32_t> places) const;

private:
  bank_design design_;
  square_matrix crosstalk_;
  std::vector<float> values_;
  double gain_ = 1.0;
  std::map<std::uint32_t, std::vector<float>> predistortions_;
};

/// The two banks of one unit.
class stationary_bank {
public:
  /// @throws std::domain_error for errors of another number of rings, or a place beyond the design's lanes
  stationary_bank(std::shared_ptr<bank_matrices> matrices, const ring_errors& errors, const lane_damage& damage = {});

  /// Blocks one behind the other: block i has the lanes from where the block before ends, or 0, to ends[i], each on the
  /// bank's first lanes. What meets a dark lane is 0.
  /// @param wanted of every lane, at most @p full in magnitude
  /// @param met    receives what the light of every lane meets, over gain()
  void imprint(const float* wanted, std::span<const std::uint32_t> ends, float full, float* met);
  /// All rings drift so far from where calibration left them.
  void drift_to(double shift_nm);
  [[nodiscard]] double gain() const { return matrices_->gain(); }

private:
  enum arms : std::size_t { adding, subtracting };
  /// Rings that hold one value whatever is imprinted.
  struct stuck_lane {
    std::size_t lane = 0;        ///< of a vector; beyond every vector's: of a spare lane, or a replaced one
    float value = 0.0F;          ///< -1 to 1
    std::vector<float> on_lanes; ///< its crosstalk on each lane of a vector
  };
  void hold_all(std::span<const std::uint32_t> ends);
  [[nodiscard]] std::uint32_t place_of(std::size_t lane) const {
    return places_.empty() ? static_cast<std::uint32_t>(lane) : places_[lane];
  }
  const std::vector<float>& predistortion(std::uint32_t lanes);
  void stick(std::span<const std::uint32_t> ends, float full, float* values) const;
  void leak_of_stuck(std::span<const std::uint32_t> ends, float* met) const;
  void darken(std::span<const std::uint32_t> ends, float* met) const;

  std::shared_ptr<bank_matrices> matrices_;
  std::vector<std::uint32_t> places_;                          ///< of the lanes, where they are not the first ones
  std::size_t width_;                                          ///< lanes of a vector, at most
  std::map<std::uint32_t, std::vector<float>> predistortions_; ///< where they are not the first ones
  std::vector<std::size_t> dark_;                              ///< lanes of a vector
  std::vector<stuck_lane> stuck_;
  bool without_errors_;                              ///< of calibration
  bool rings_exact_ = false;                         ///< no error, no step, no drift
  std::vector<float> crosstalk_;                     ///< row after row, of lanes that are not the first ones
  std::array<std::vector<double>, 2> calibrated_nm_; ///< errors of each lane, by arm, before any drift
  std::array<std::vector<float>, 2> error_nm_;       ///< of each lane, by arm
  std::array<std::vector<float>, 2> parked_;         ///< what a ring picks while it is parked, by arm
  std::vector<float> values_, errors_, leaks_;       ///< of every lane at hand
};

} // namespace sonic::physics
