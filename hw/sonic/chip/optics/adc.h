// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sonic/chip/imperfections.h"
#include "sonic/chip/optics/stage.h"
#include "sonic/physics/dot_product.h"
#include "sonic/physics/noise_pool.h"

#include <cstdint>
#include <vector>

namespace sonic::chip {

/// Samples the detector once per symbol and adds the code to the partial sum, or keeps it for an accumulator that does.
/// This is where the light is evaluated.
class adc : public optical_stage {
public:
  /// @param full_code  largest magnitude of a code, 2^(bits-1) - 1
  /// @param light      null unless optics are physical
  /// @param most_lanes whose light the detector sums, at least 1: no block may have more
  /// @param unit       of the array
  adc(const sc_core::sc_module_name& name, float full_code, std::uint32_t most_lanes, const sc_core::sc_time& latency,
      const imperfections* light, std::size_t unit);

protected:
  void process(transport::burst& work) override;

private:
  /// Draws the noise of a sequence's blocks, from the light of their lanes; the largest deviation, in codes.
  float draw(const transport::burst& work, const transport::block_sequence& of, physics::window_places& places);

  void convert(const physics::block_sequence& blocks, std::size_t symbols, const physics::conversion& how,
               std::int32_t* sums);

  float full_code_, largest_sum_;
  const imperfections* light_; ///< null: no noise
  physics::noise_law noise_;
  physics::stuck_bits stuck_;
  std::vector<std::int32_t> codes_; ///< of a block, where bits are stuck
  // Of the sequence at hand, for each lane that is a block's first.
  std::vector<std::uint16_t> windows_;
  std::vector<float> deviations_;
};

} // namespace sonic::chip
