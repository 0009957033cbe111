// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sonic/chip/decode/panel_identity.h"
#include "sonic/chip/decode/row_decoders.h"
#include "sonic/sparse/matrix_image.h"
#include "sonic/tlm/jobs.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <unordered_map>
#include <vector>

namespace sonic::chip {

/// Rows of a fully connected layer's weights with their zeros, each with the activation that it is multiplied by. They
/// wait for their block to be full, across the panels of the same outputs; each has a slot of one memory meanwhile.
///
/// Small layers have a slot for every row, which is decoded once and remembered as long as its panel stays the same.
class weight_rows {
public:
  /// @param decoders must outlive the rows
  explicit weight_rows(row_decoders& decoders) : decoders_(decoders), dealt_(decoders.decoders()) {}

  /// Begins with the outputs of this panel, the first one of them: no row waits.
  void restart(const transport::decode_job& job);
  /// Opens a panel: rows that are added are of it.
  /// @param job   its codebook stays until the last row is added, as do the bytes
  /// @param bytes the panel's image; a damaged one is bad_weights
  regs::error_code open(const transport::decode_job& job, std::span<const std::uint8_t> bytes);
  /// Makes room for so many rows beside those that wait.
  void make_room(std::size_t rows);
  /// Decodes row @p index, counted from the panel's first, behind those that wait. There is room for it.
  /// @return false if a code is outside the codebook; it does not wait then
  [[nodiscard]] bool add(std::uint32_t index, float activation);
  /// Forgets the first of those that wait.
  void drop(std::size_t count);

  [[nodiscard]] std::size_t waiting() const { return waiting_.size(); }
  /// Cycles of the rows added since this was last asked, of which remembered ones are decoded again by the chip: of the
  /// busiest decoder, and of all.
  struct decoding {
    std::uint64_t most = 0, sum = 0;
  };
  decoding take_decoding();
  /// Of those that wait, in order.
  [[nodiscard]] const float* activations() const { return activations_.data(); }
  [[nodiscard]] const std::uint32_t* slots() const { return waiting_.data(); }
  /// Of every slot: where its row begins in values(), and the row's zeros.
  [[nodiscard]] const std::uint32_t* offsets() const { return in_->offsets.data(); }
  [[nodiscard]] const std::uint32_t* zeros() const { return in_->zeros.data(); }
  [[nodiscard]] const float* values() const { return in_->values.data(); }

private:
  struct memory {
    std::vector<float> values;
    std::vector<std::uint32_t> offsets, zeros, cycles; ///< of every slot
    void lay_out(std::size_t slots, std::size_t pitch);
  };
  struct remembered {
    memory rows;
    std::vector<std::uint8_t> known;                          ///< of every row: if it is there
    std::unordered_map<std::uint32_t, panel_identity> panels; ///< by their first rows
  };

  remembered* find_layer(const transport::decode_job& job);

  row_decoders& decoders_;
  dealt_rows dealt_;
  memory passing_;                                       ///< of layers that are not remembered: slots in turn
  std::unordered_map<std::uint64_t, remembered> layers_; ///< by number and first output
  std::size_t held_ = 0;                                 ///< values of them
  remembered* layer_ = nullptr;                          ///< the one that is decoded, if it is remembered
  memory* in_ = &passing_;
  std::size_t pitch_ = 1;   ///< values from one slot to the next
  std::uint32_t next_ = 0;  ///< slot in turn
  std::uint32_t first_ = 0; ///< row of the open panel

  std::optional<sparse::matrix_image> image_; ///< of the open panel, if anything of it is not known
  std::span<const std::uint8_t> bytes_;       ///< its
  sparse::level_table levels_;                ///< its
  std::vector<float> room_;                   ///< of a row that is decoded
  std::vector<float> activations_;
  std::vector<std::uint32_t> waiting_; ///< slots
};

} // namespace sonic::chip
