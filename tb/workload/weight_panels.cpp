// SPDX-License-Identifier: Apache-2.0
#include "tb/workload/weight_panels.h"

#include "sonic/core/error.h"
#include "sonic/sparse/matrix_image.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <span>
#include <type_traits>

namespace sonic::workload {

namespace {

/// A level for zeros may need a bit more than the converter's.
std::uint32_t width_of_codes(const weight_matrix& weights, int code_bits) {
  const auto last = weights.codebook.empty() ? std::size_t{0} : weights.codebook.size() - 1;
  return std::max(static_cast<std::uint32_t>(code_bits), static_cast<std::uint32_t>(std::bit_width(last)));
}

/// A rectangle of the weight matrix, with what its size depends on.
class matrix_window {
public:
  matrix_window(const weight_matrix& weights, element_kind element, int code_bits)
      : weights_(weights), exact_(element == element_kind::float32),
        code_bits_(exact_ ? sparse::float_bits : width_of_codes(weights, code_bits)) {}

  /// Weights that are stored: all, if zeros are.
  [[nodiscard]] std::uint64_t nonzeros(std::int64_t row, std::int64_t first_column, std::int64_t columns) const {
    if (weights_.stores_zeros) {
      return static_cast<std::uint64_t>(columns);
    }
    const std::ptrdiff_t first = row * weights_.columns + first_column;
    const auto count = [&](const auto& all, auto is_stored) {
      return static_cast<std::uint64_t>(std::count_if(all.begin() + first, all.begin() + first + columns, is_stored));
    };
    return exact_ ? count(weights_.values, [](float value) { return value != 0.0F; })
                  : count(weights_.codes, [](std::int16_t code) { return code >= 0; });
  }

  [[nodiscard]] std::uint32_t code_bits() const { return code_bits_; }

  [[nodiscard]] std::vector<std::uint8_t> encode(sparse::format layout, std::int64_t first_row, std::int64_t rows,
                                                 std::int64_t first_column, std::int64_t columns) const {
    return exact_ ? encode_part(weights_.values, layout, first_row, rows, first_column, columns)
                  : encode_part(weights_.codes, layout, first_row, rows, first_column, columns);
  }

private:
  template <class value>
  std::vector<std::uint8_t> encode_part(const std::vector<value>& all, sparse::format layout, std::int64_t first_row,
                                        std::int64_t rows, std::int64_t first_column, std::int64_t columns) const {
    std::vector<value> copied;
    std::span<const value> part(all.data() + first_row * weights_.columns + first_column,
                                static_cast<std::size_t>(rows * columns));
    if (columns < weights_.columns) {
      copied.reserve(part.size());
      for (const value* row = part.data(); copied.size() < part.size(); row += weights_.columns) {
        copied.insert(copied.end(), row, row + columns);
      }
      part = copied;
    }
    const auto n = static_cast<std::uint32_t>(rows);
    const auto m = static_cast<std::uint32_t>(columns);
    if constexpr (std::is_same_v<value, float>) {
      return sparse::encode(layout, n, m, part, weights_.stores_zeros);
    } else {
      return sparse::encode(layout, n, m, part, code_bits_);
    }
  }

  const weight_matrix& weights_;
  bool exact_;
  std::uint32_t code_bits_;
};

} // namespace

panel_layout lay_out_panels(const matrix_shape& matrix, const nonzero_count& nonzeros, const layout_limits& limits,
                            const std::string& name) {
  const bool conv = matrix.kind == step_kind::convolution;
  const std::uint64_t sum_bytes = matrix.element == element_kind::code16 ? sizeof(std::int32_t) : sizeof(double);
  const std::uint64_t element_bytes = matrix.element == element_kind::code16 ? sizeof(std::uint16_t) : sizeof(float);
  const auto bytes = [&matrix](sparse::format layout, std::int64_t rows, std::int64_t columns, std::uint64_t held) {
    return sparse::image_bytes(layout, static_cast<std::uint64_t>(rows), static_cast<std::uint64_t>(columns), held,
                               matrix.code_bits);
  };
  const auto most_sums = static_cast<std::int64_t>(limits.partial_sum_bytes / sum_bytes);
  // Rows of a panel: kernels whose sums fit at one position at least, or inputs whose activations fit.
  const std::int64_t most_rows = conv ? most_sums : static_cast<std::int64_t>(limits.activation_bytes / element_bytes);
  std::int64_t group_columns = conv ? matrix.columns : std::min(matrix.columns, most_sums);

  // The smaller format of the two for the matrix as a whole.
  panel_layout found;
  found.layout = bytes(sparse::format::csr, matrix.rows, matrix.columns, matrix.nonzeros) <
                         bytes(sparse::format::bitmask, matrix.rows, matrix.columns, matrix.nonzeros)
                     ? sparse::format::csr
                     : sparse::format::bitmask;
  const auto layout = found.layout;
  const auto row_fits = [&](std::int64_t columns) {
    const auto full = static_cast<std::uint64_t>(columns); // a full row is the largest there can be
    return bytes(layout, 1, columns, full) <= limits.weight_panel_bytes;
  };
  while (!conv && group_columns > 1 && !row_fits(group_columns)) {
    group_columns = (group_columns + 1) / 2;
  }
  if (most_rows < 1 || group_columns < 1 || (!conv && !row_fits(group_columns))) {
    throw core::user_error("node " + name, "one row of its weights does not fit the buffers",
                           "expected larger weight, activation and partial-sum buffers");
  }
  for (std::int64_t column = 0; column < matrix.columns; column += group_columns) {
    const std::int64_t columns = std::min(group_columns, matrix.columns - column);
    for (std::int64_t row = 0; row < matrix.rows;) {
      std::int64_t rows = 0;
      std::uint64_t held = 0;
      while (row + rows < matrix.rows && rows < most_rows) {
        const std::uint64_t next = held + nonzeros(row + rows, column, columns);
        if (bytes(layout, rows + 1, columns, next) > limits.weight_panel_bytes) {
          break;
        }
        held = next;
        ++rows;
      }
      if (rows == 0) {
        throw core::user_error("node " + name, "one kernel does not fit half of the weight buffer",
                               "expected a weight_buffer of at least " +
                                   std::to_string(2 * bytes(layout, 1, columns, nonzeros(row, column, columns))) +
                                   " bytes");
      }
      regs::panel entry{}; // its reserved bytes are part of the image
      entry.first_row = static_cast<std::uint32_t>(row);
      entry.rows = static_cast<std::uint32_t>(rows);
      entry.first_column = static_cast<std::uint32_t>(column);
      entry.columns = static_cast<std::uint32_t>(columns);
      entry.bytes = static_cast<std::uint32_t>(bytes(layout, rows, columns, held));
      found.panels.push_back(entry);
      row += rows;
    }
  }
  found.bytes = found.panels.size() * sizeof(regs::panel);
  for (auto& panel : found.panels) {
    panel.offset = found.bytes;
    found.bytes += (std::uint64_t{panel.bytes} + 7) / 8 * 8;
  }
  return found;
}

panel_set make_panels(const weight_matrix& weights, step_kind kind, element_kind element, int code_bits,
                      const layout_limits& limits, const std::string& name) {
  const matrix_window window(weights, element, code_bits);
  std::uint64_t nonzeros = 0;
  for (std::int64_t r = 0; r < weights.rows; ++r) {
    nonzeros += window.nonzeros(r, 0, weights.columns);
  }
  const auto plan = lay_out_panels(
      {kind, element, window.code_bits(), weights.rows, weights.columns, nonzeros},
      [&window](std::int64_t row, std::int64_t first, std::int64_t count) {
        return window.nonzeros(row, first, count);
      },
      limits, name);
  panel_set set;
  set.count = static_cast<std::uint32_t>(plan.panels.size());
  set.bytes.resize(plan.bytes);
  for (std::size_t i = 0; i < plan.panels.size(); ++i) {
    const auto& p = plan.panels[i];
    std::memcpy(set.bytes.data() + i * sizeof(p), &p, sizeof(p));
    const auto image = window.encode(plan.layout, p.first_row, p.rows, p.first_column, p.columns);
    std::memcpy(set.bytes.data() + p.offset, image.data(), image.size());
  }
  return set;
}

} // namespace sonic::workload
