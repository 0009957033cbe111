// SPDX-License-Identifier: Apache-2.0
#include "tb/workload/compile_slots.h"

#include <algorithm>

namespace sonic::workload {

extents_4d four_axes(const shape& extents) {
  extents_4d four{1, 1, 1, 1};
  for (std::size_t axis = 0; axis < extents.size(); ++axis) {
    four[std::min<std::size_t>(axis, 3)] *= extents[axis];
  }
  if (extents.size() == 1) {
    std::swap(four[0], four[1]); // a vector is one row of features
  } else if (extents.size() == 3) {
    std::swap(four[2], four[3]); // (N,C,L) has height 1
  }
  return four;
}

slot_table::slot_table(const graph& network, program& target, const std::vector<value_range>& ranges)
    : network_(network), target_(target), ranges_(ranges), slots_(network.values.size()) {}

slot_id slot_table::append(value_id v, const extents_4d& extents, const quantisation& q,
                           std::optional<slot_id> storage) {
  const slot_id id = target_.slots.size();
  target_.slots.push_back({network_.values[v].name, v, extents, q.scale, q.zero_point, storage.value_or(id)});
  return id;
}

slot_id slot_table::define(value_id v, const quantisation& q) {
  slots_[v] = append(v, four_axes(network_.values[v].extents), q, std::nullopt);
  return *slots_[v];
}

slot_id slot_table::relabel(value_id v, slot_id source) {
  slots_[v] = append(v, four_axes(network_.values[v].extents), quantisation_of(source), target_.slots[source].storage);
  return *slots_[v];
}

slot_id slot_table::at(value_id v) {
  if (slots_[v]) {
    return *slots_[v];
  }
  const auto& constant = *network_.values[v].constant;
  quantisation q;
  if (target_.element == element_kind::code16) {
    const auto [low, high] = range_of(constant);
    q = quantise_range({static_cast<double>(low), static_cast<double>(high)}, target_.activation_bits,
                       network_.values[v].name);
  }
  const slot_id s = define(v, q);
  target_.constants.push_back({s, constant.values});
  return s;
}

slot_id slot_table::view(slot_id s, const extents_4d& extents) {
  const slot original = target_.slots[s];
  const auto same = std::find_if(target_.slots.begin(), target_.slots.end(), [&](const slot& other) {
    return other.origin == original.origin && other.extents == extents;
  });
  if (same != target_.slots.end()) {
    return static_cast<slot_id>(same - target_.slots.begin());
  }
  return append(original.origin, extents, quantisation_of(s), original.storage);
}

quantisation slot_table::quantise(value_id v) const {
  if (target_.element == element_kind::float32) {
    return {};
  }
  return quantise_range(ranges_[v], target_.activation_bits, network_.values[v].name);
}

quantisation slot_table::quantisation_of(slot_id s) const {
  return {target_.slots[s].scale, target_.slots[s].zero_point};
}

} // namespace sonic::workload
