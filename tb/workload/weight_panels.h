// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tb/workload/lower.h"

#include <cstdint>
#include <string>
#include <vector>

namespace sonic::workload {

/// A layer's panel directory and panels, ready to lie at one address.
struct panel_set {
  std::vector<std::uint8_t> bytes;
  std::uint32_t count = 0;
};

/// Cuts a weight matrix into panels that fit the buffers and encodes each.
/// CONV: panels of whole rows (kernels). FC: groups of columns (outputs) whose sums fit, each in panels of rows
/// (inputs).
/// @param name of the layer, for messages
panel_set make_panels(const weight_matrix& weights, step_kind kind, element_kind element, int code_bits,
                      const layout_limits& limits, const std::string& name);

} // namespace sonic::workload
