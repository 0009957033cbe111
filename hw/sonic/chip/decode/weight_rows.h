// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sonic/chip/decode/panel_identity.h"
#include "sonic/sparse/matrix_image.h"
#include "sonic/tlm/jobs.h"

#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <unordered_map>
#include <vector>

namespace sonic::chip {

/// The rows of a fully connected layer's weight panel with their zeros, each decoded when it is first asked for.
/// Remembers small panels, as long as there is room for more.
class weight_rows {
public:
  /// Opens a panel: what follows is of it.
  /// @param bytes its image; a damaged one is bad_weights
  regs::error_code open(const transport::decode_job& job, std::span<const std::uint8_t> bytes);

  /// Decodes row @p index, counted from the panel's first, unless it is there; false if a code is outside the codebook.
  /// Rows stay there until forget().
  bool need(std::uint32_t index);
  /// Of rows that are there: where they begin in values(), each with as many as the panel has columns, and their zeros.
  [[nodiscard]] const std::uint32_t* offsets() const { return open_->offsets.data(); }
  [[nodiscard]] const std::uint32_t* zeros() const { return open_->zeros.data(); }
  /// Valid until a row is decoded.
  [[nodiscard]] const float* values() const { return open_->values.data(); }
  /// Forgets the rows of a panel that is too large to be remembered: the room is needed.
  void forget();

private:
  struct entry {
    panel_identity what;
    std::optional<sparse::matrix_image> image; ///< of its bytes
    std::vector<std::uint32_t> offsets;        ///< of the rows, or unknown
    std::vector<std::uint32_t> zeros;
    std::vector<float> values;
  };
  static constexpr std::uint32_t unknown = std::numeric_limits<std::uint32_t>::max();

  std::unordered_map<std::uint64_t, entry> entries_; ///< by place
  entry passing_;                                    ///< of a panel that is not remembered
  entry* open_ = &passing_;
  std::size_t held_ = 0; ///< values that the entries may come to
  sparse::decoded_row row_;
};

} // namespace sonic::chip
