// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tb/cosim/rtl_block.h"

#include <optional>
#include <string>
#include <vector>

namespace sonic::cosim {

/// Holds the streams that leave a block to the rule of valid and ready: what waits stays and does not change.
class pin_checker {
public:
  explicit pin_checker(const rtl_block& block);

  /// To be called in each cycle, when the pins have settled.
  /// @return the rule that the block broke in this cycle
  std::optional<std::string> check();

private:
  struct waiting {
    const stream* of;
    bool waits = false;
    std::vector<std::string> data; ///< then
  };

  const rtl_block& block_;
  std::vector<waiting> outputs_;
};

} // namespace sonic::cosim
