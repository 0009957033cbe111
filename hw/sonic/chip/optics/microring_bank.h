// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sonic/chip/optics/stage.h"

#include <cstdint>

namespace sonic::chip {

/// One ring per lane, imprinted electro-optically with the stationary operand. Keeps its values between bursts: the
/// same stationary vector is not imprinted twice in a row.
class microring_bank : public optical_stage {
public:
  /// @param imprint_every_symbol the rings are driven anew for each symbol (a step mode of the configuration)
  microring_bank(const sc_core::sc_module_name& name, bool imprint_every_symbol);

protected:
  void process(transport::burst& work) override;

private:
  bool imprint_every_symbol_;
  std::uint64_t imprinted_key_ = 0; ///< 0 = nothing imprinted yet
};

} // namespace sonic::chip
