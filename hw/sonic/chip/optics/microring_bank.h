// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sonic/chip/imperfections.h"
#include "sonic/chip/optics/stage.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <unordered_map>
#include <vector>

namespace sonic::chip {

/// One ring per lane, imprinted electro-optically with the stationary operand. Keeps its values between bursts: the
/// same stationary vector is not imprinted twice in a row.
class microring_bank : public optical_stage {
public:
  /// @param imprint_every_symbol the rings are driven anew for each symbol (a step mode of the configuration)
  /// @param light                null unless optics are physical
  /// @param unit                 of the array
  microring_bank(const sc_core::sc_module_name& name, bool imprint_every_symbol, const imperfections* light,
                 std::size_t unit);

protected:
  void process(transport::burst& work) override;

private:
  void follow_drift();
  void imprint(transport::burst& work);

  bool imprint_every_symbol_;
  std::uint64_t imprinted_key_ = 0;                 ///< 0 = nothing imprinted yet
  std::unique_ptr<physics::stationary_bank> rings_; ///< that hold something else than what is wanted
  float full_ = 1.0F;                               ///< largest magnitude of a value
  std::shared_ptr<const ring_drift> drift_;
  double drifted_nm_ = 0.0; ///< that rings_ have
  bool remembers_ = false;
  /// Of a burst: of every lane what is wanted and what is held, and every block's end, counted from its sequence's
  /// first lane.
  struct imprinted {
    std::vector<float> wanted, held;
    std::vector<std::uint32_t> ends;
  };
  std::unordered_map<std::uint64_t, imprinted> remembered_; ///< by step and pass of a program
  std::size_t remembered_lanes_ = 0;
  imprinted passing_; ///< of what is not remembered
};

} // namespace sonic::chip
