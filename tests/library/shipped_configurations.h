// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <stdexcept>

#include <unistd.h>

namespace sonic::tests {

/// Wherever the build lies: `configs` of the working folder is the source tree's.
inline void use_shipped_configurations() {
  if (::chdir(SONIC_SOURCE_DIR) != 0) {
    throw std::runtime_error("the source folder is gone");
  }
}

} // namespace sonic::tests
