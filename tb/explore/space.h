// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sonic/config/architecture.h"
#include "sonic/config/config_map.h"
#include "tb/explore/search.h"

#include <functional>
#include <string>
#include <vector>

namespace sonic::explore {

/// One key of the configuration and the values that it may have.
struct axis {
  struct choice {
    std::string text;  ///< as a configuration takes it
    double number = 0; ///< in the base unit of the key; of a word, which one of its words it is
    std::function<void(config::architecture&)> apply;
  };
  std::string key;
  std::vector<choice> choices;
  bool words = false; ///< the choices are no numbers
};

/// Configurations that differ in the values of some keys.
struct design_space {
  std::vector<axis> axes;

  [[nodiscard]] axis_sizes sizes() const;
  /// "key=value" for each axis, as `--set` takes them.
  [[nodiscard]] std::vector<std::string> overrides(const design& chosen) const;
  void apply(const design& chosen, config::architecture& to) const;
};

/// Reads `KEY: [values]`, `KEY: {from: A, to: B, step: C}` or `KEY: {from: A, to: B, factor: C}` for each key. The last
/// value of a range is the last one that does not pass B.
/// @throws core::user_error at a key that is not there, a value that it does not take, one that is given twice, or an
///         empty range
design_space read_space(const config::config_map& map);

} // namespace sonic::explore
