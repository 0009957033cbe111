// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sonic/sparse/matrix_image.h"
#include "sonic_regs/regs.h"
#include "tb/workload/lower.h"

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace sonic::workload {

/// What of a layer's weight matrix the sizes of its panels depend on.
struct matrix_shape {
  step_kind kind = step_kind::convolution;
  element_kind element = element_kind::code16;
  std::uint32_t code_bits = 0; ///< sparse::float_bits of float32
  std::int64_t rows = 0, columns = 0;
  std::uint64_t nonzeros = 0; ///< of the whole matrix
};

/// Weights that are not zero among columns [first, first + count) of a row: (row, first, count).
using nonzero_count = std::function<std::uint64_t(std::int64_t, std::int64_t, std::int64_t)>;

/// How a weight matrix is cut.
struct panel_layout {
  sparse::format layout = sparse::format::bitmask;
  std::vector<regs::panel> panels;
  std::uint64_t bytes = 0; ///< of directory and panels
};

/// Cuts a weight matrix into panels that fit the buffers. CONV: panels of whole rows (kernels). FC: groups of columns
/// (outputs) whose sums fit, each in panels of rows (inputs).
/// @param name of the layer, for messages
/// @throws core::user_error if one row does not fit
panel_layout lay_out_panels(const matrix_shape& matrix, const nonzero_count& nonzeros, const layout_limits& limits,
                            const std::string& name);

/// A layer's panel directory and panels, ready to lie at one address.
struct panel_set {
  std::vector<std::uint8_t> bytes;
  std::uint32_t count = 0;
};

/// Cuts a weight matrix as lay_out_panels() does and encodes each panel.
/// @param name of the layer, for messages
panel_set make_panels(const weight_matrix& weights, step_kind kind, element_kind element, int code_bits,
                      const layout_limits& limits, const std::string& name);

} // namespace sonic::workload
