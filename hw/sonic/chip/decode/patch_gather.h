// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sonic/core/large_pages.h"
#include "sonic/physics/emission.h"
#include "sonic/tlm/jobs.h"

#include <cstdint>
#include <span>
#include <vector>

namespace sonic::chip {

/// What lasers make of activations: nothing, unless optics are physical.
struct patch_emission {
  bool physical = false; ///< their light is measured
  physics::emission_law law;
  float full = 65535.0F; ///< largest code
};

/// The patches of a convolution's tile: row = (channel, kernel row, kernel column), one contiguous value per output
/// position. Every kernel of the tile streams rows of it; compression picks which.
///
/// What a kernel row reads, the next one reads too, an output line later: so the rows of a kernel column overlap in
/// memory, and each line of the input is laid out once per kernel column instead of once per row.
class patch_gather {
public:
  explicit patch_gather(const patch_emission& emission = {}) : emission_(emission) {}

  /// Lays out the tile. Positions outside the image read the descriptor's pad value.
  /// @param activations the input rectangle as it lies in the activation buffer, [channel][row][column]
  void load(const regs::descriptor& layer, const transport::rectangle& input, const transport::rectangle& output,
            std::span<const std::uint8_t> activations);

  [[nodiscard]] const float* values() const { return values_.data(); }
  /// Of each row, where it begins in values(), and how many of its symbols() are zeros.
  [[nodiscard]] const std::uint32_t* offsets() const { return offsets_.data(); }
  [[nodiscard]] const std::uint32_t* zeros() const { return zeros_.data(); }
  /// Of each row, as if all of its channel's rectangle streamed past; null unless it is measured.
  [[nodiscard]] const transport::row_light* light() const { return emission_.physical ? light_.data() : nullptr; }
  [[nodiscard]] std::size_t symbols() const { return symbols_; }
  /// Values that it has room for, with those on the way to the rows.
  [[nodiscard]] std::size_t held() const { return values_.size() + plane_.size(); }

private:
  /// Where a kernel column's values lie in a line of output columns, counted from the tile's first: outside of
  /// [begin, end) in the padding.
  struct column {
    std::int64_t begin, end;
    std::int64_t first; ///< column in the input rectangle of output column `begin`
  };
  /// Lines one behind the other that read rows one behind the other, or nothing but padding.
  struct run {
    std::size_t first, lines;
    bool inside;      ///< the input rectangle
    std::int64_t row; ///< of the input rectangle
  };
  static column column_of(const regs::descriptor& layer, const transport::rectangle& input,
                          const transport::rectangle& output, std::int64_t kernel_column);
  void plan_lines(const regs::descriptor& layer, const transport::rectangle& output);
  void find_runs(const transport::rectangle& input);
  void lay_out(const regs::descriptor& layer, const transport::rectangle& input, std::int64_t rows,
               std::span<const std::uint8_t> activations);
  void lay_out_column(const column& kernel_column, const run& of, float* target) const;
  [[nodiscard]] std::uint32_t zeros_of_line(const column& kernel_column, const run& of, std::int64_t line,
                                            const float* laid_out) const;

  patch_emission emission_;
  std::size_t symbols_ = 0;
  std::int64_t columns_ = 0;       ///< of a line
  std::int64_t plane_columns_ = 0; ///< of the input rectangle
  std::int64_t stride_ = 1;        ///< between columns
  float pad_value_ = 0.0F;
  std::vector<std::int64_t> lines_;     ///< of one channel and kernel column: the image's row, outside of it too
  std::vector<std::size_t> first_line_; ///< of each kernel row
  std::vector<run> runs_;               ///< of the lines
  std::vector<column> kernel_columns_;
  std::vector<float> plane_;                                     ///< of one channel, with a margin on both sides
  std::int64_t margin_ = 0;                                      ///< how far one copy of a plane reaches beyond it
  std::vector<std::uint32_t> row_zeros_;                         ///< of the plane's rows
  std::vector<float, core::large_page_allocator<float>> values_; ///< [channel][kernel column][line][output column]
  std::vector<std::uint32_t> zeros_before_; ///< in the lines before, of one channel and kernel column
  std::vector<std::uint32_t> offsets_, zeros_;
  std::vector<transport::row_light> light_;
};

} // namespace sonic::chip
