// SPDX-License-Identifier: Apache-2.0
// The twins that a configuration asks for.
#pragma once

#include "tb/cosim/accumulator_twin.h"
#include "tb/cosim/decoder_twin.h"
#include "tb/cosim/merge_waves.h"
#include "tb/cosim/post_twin.h"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <utility>
#include <vector>

namespace sonic::cosim {

/// Null where the model does the work.
class chip_twins {
public:
  std::shared_ptr<decoder_twin> index_decoder;
  std::shared_ptr<accumulator_twin> accumulator;
  std::shared_ptr<post_twin> post_processor;

  chip_twins() = default;
  /// @throws core::user_error as build_rtl()
  /// @param waves whether they can write waveforms
  explicit chip_twins(const config::architecture& architecture, bool waves = false);

  /// @throws core::user_error or core::mismatch: what went wrong in one of them, if anything did
  void rethrow() const;

  /// What the RTL does from now on, and what the model says of itself, on one axis of time.
  /// @param folder for files on the way
  /// @param now  simulated time in picoseconds
  void open_waves(const std::filesystem::path& folder, double clock_ghz, const std::function<std::uint64_t()>& now);
  /// @return what was written, by the names of the blocks
  std::vector<named_waves> close_waves();

private:
  /// Those that are there, by their names.
  [[nodiscard]] std::vector<std::pair<const char*, twin*>> all() const;

  std::filesystem::path waves_; ///< the folder
};

/// Builds what twins will load, so that several processes need not.
/// @throws core::user_error as build_rtl()
/// @param waves whether they can write waveforms
void prepare_twins(const config::architecture& architecture, bool waves);

} // namespace sonic::cosim
