// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tb/workload/compile.h"
#include "tb/workload/fuse.h"

namespace sonic::workload {

/// Fills a convolution's or fully connected layer's weights, channel parameters and ADC.
/// @param layer kind, name, geometry, groups, slots and activation function are set
/// @param weights of the graph
/// @throws core::user_error if a weight or coefficient is not finite, or if partial sums could overflow
void place_on_light(step& layer, const fused_layer& source, const tensor& weights, const program& target,
                    const numerics& how);

} // namespace sonic::workload
