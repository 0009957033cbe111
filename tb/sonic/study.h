// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tb/explore/exploration.h"
#include "tb/sonic/network_list.h"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

namespace sonic::command {

/// A design space, what is sought in it, and how: configs/studies has examples, docs/explore.md explains each key.
struct study {
  std::string title, text;            ///< text: of the file, word for word
  std::string architecture;           ///< the base: a file, or the name of a shipped one
  std::vector<std::string> overrides; ///< key=value, of every design
  std::vector<network_entry> networks;
  explore::design_space space;
  std::vector<std::pair<std::string, std::string>> constraints; ///< formula, and where it stands
  std::vector<explore::objective> objectives;
  explore::search_settings search;
  std::size_t best = 10, front = 10; ///< designs that are simulated, at most
  std::vector<std::string> timings;
  std::int64_t frames = 1;
  double largest_accuracy_loss = -1.0; ///< percentage points; below 0: any
};

/// @throws core::user_error in one sentence, with file, line and column, on anything that is no study
study read_study(const std::filesystem::path& file);

} // namespace sonic::command
