// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sonic/chip/optics/stage.h"

#include <cstdint>

namespace sonic::chip {

/// A cascade of rings whose passband covers all wavelengths: one factor for the whole sum, the batch-norm scale of the
/// output channel.
class broadband_microring : public optical_stage {
public:
  /// @param full_level largest level of its converter, which means full transmission
  broadband_microring(const sc_core::sc_module_name& name, std::uint32_t full_level);

protected:
  void process(transport::burst& work) override;

private:
  std::uint32_t full_level_;
  std::uint32_t level_ = 0;
  unsigned int epoch_ = 0; ///< in which the level was set
};

} // namespace sonic::chip
