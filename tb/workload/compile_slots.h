// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tb/workload/codes.h"
#include "tb/workload/program.h"

#include <optional>
#include <vector>

namespace sonic::workload {

/// Four axes for any rank, with axis 1 kept: missing axes are 1, those behind the fourth join it.
extents_4d four_axes(const shape& extents);

/// Tensors of a program under construction.
class slot_table {
public:
  /// @param ranges one per graph value, unused under float32
  slot_table(const graph& network, program& target, const std::vector<value_range>& ranges);

  /// A new tensor for a graph value.
  slot_id define(value_id v, const quantisation& q);
  /// The value's elements are those of @p source, under another shape.
  slot_id relabel(value_id v, slot_id source);
  /// The value's slot; a constant's is made when it is first asked for.
  slot_id at(value_id v);
  /// The same tensor under other extents.
  slot_id view(slot_id s, const extents_4d& extents);

  /// Scale and zero point for a graph value, from its range.
  [[nodiscard]] quantisation quantise(value_id v) const;
  [[nodiscard]] quantisation quantisation_of(slot_id s) const;

private:
  slot_id append(value_id v, const extents_4d& extents, const quantisation& q, std::optional<slot_id> storage);

  const graph& network_;
  program& target_;
  const std::vector<value_range>& ranges_;
  std::vector<std::optional<slot_id>> slots_; ///< per graph value
};

} // namespace sonic::workload
