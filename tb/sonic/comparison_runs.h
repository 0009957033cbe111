// SPDX-License-Identifier: Apache-2.0
// Simulations for comparisons: each network on each hardware once, in a process of its own.
#pragma once

#include "sonic/config/architecture.h"
#include "sonic/core/activity.h"
#include "tb/sonic/network_list.h"

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

namespace sonic::command {

/// What a network did on a chip, summed over its frames.
struct measured_run {
  core::activity done; ///< with lasers gated, so that zeros are counted
  double elapsed_ns = 0.0;
  std::uint64_t frames = 0;
  std::int64_t parameters = 0;
  bool passed = false;
  std::string failure;
};

/// The file that decides a chip, with keys in front of it.
struct chip_variant {
  std::filesystem::path file;
  std::vector<std::string> overrides; ///< key=value

  bool operator<(const chip_variant& other) const {
    return std::tie(file, overrides) < std::tie(other.file, other.overrides);
  }
};

/// Runs what is asked for, and remembers it. Variants that differ in accounting alone (powers, energies, gating, idle
/// power) share a simulation: they count the same actions in the same time.
class run_memory {
public:
  run_memory(const std::vector<network_entry>& networks, frame_source frames)
      : networks_(networks), frames_(std::move(frames)) {}

  /// Loads the variant's configuration and asks for its run on each network.
  void want(const chip_variant& chip);
  /// Simulates what is wanted and not known yet.
  /// @throws core::user_error as `sonic run`, with the network's name
  void simulate(int jobs);

  [[nodiscard]] const config::architecture& architecture(const chip_variant& chip) const {
    return chips_.at(chip).architecture;
  }
  /// @param network index
  [[nodiscard]] const measured_run& run(const chip_variant& chip, std::size_t network) const {
    return runs_.at({network, chips_.at(chip).hardware});
  }
  /// Where a network's frames came from.
  [[nodiscard]] std::string images_of(std::size_t network) const;
  [[nodiscard]] const std::map<std::pair<std::size_t, std::string>, measured_run>& runs() const { return runs_; }

private:
  struct known_chip {
    config::architecture architecture;
    std::string hardware; ///< every key that a simulation depends on
  };

  const std::vector<network_entry>& networks_;
  frame_source frames_;
  std::map<chip_variant, known_chip> chips_;
  std::map<std::string, chip_variant> hardware_; ///< a variant of each hardware
  std::map<std::pair<std::size_t, std::string>, measured_run> runs_;
};

} // namespace sonic::command
