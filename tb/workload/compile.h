// SPDX-License-Identifier: Apache-2.0
// From a network to the accelerator's layer operations: fusion, element types, and the numbers of docs/numbers.md.
#pragma once

#include "tb/workload/codes.h"
#include "tb/workload/program.h"

#include <vector>

namespace sonic::workload {

/// How numbers are represented, and what of the chip decides where they are rounded.
struct numerics {
  element_kind element = element_kind::float32;
  int activation_bits = 16;    ///< 1 to 16
  int weight_bits = 6;         ///< 1 to 15
  int ring_bits = 6;           ///< of the broadband ring's converter, 1 to 15
  int adc_bits = 16;           ///< 2 to 16
  int conv_lanes = 5;          ///< length of a block in convolutions, at least 1
  int fc_lanes = 50;           ///< in fully connected layers
  bool keep_zeros = false;     ///< zeros are stored and computed with: a dense machine
  bool slice_packing = true;   ///< a block of a convolution stays within one 2-D slice of its kernel
  bool ring_batch_norm = true; ///< the scale of a batch normalisation after a convolution goes to the broadband ring
  double adc_headroom = 1.0;   ///< ADC full scale over the largest analog sum seen in calibration, above 0
};

/// Turns a network into layer operations. Convolutions and matrix products take a following scale and shift, constant
/// per-channel addition and activation function into their post-processing, additions a following activation function.
/// Tensors fused away have no slot. Every other one has one slot, and views of the same storage beside it where a
/// matrix product needs another shape.
/// Under code16 the ADC's full scale is the largest sum that can occur; set_adc_full_scale() narrows it.
/// @param ranges one per graph value, used under code16 for graph inputs and for what has a slot
/// @throws core::user_error naming the node or tensor if a number of @p how is out of its range, if a shape cannot be
///         walked with four strides, if a weight or range is not finite, or if partial sums could overflow
program compile(const graph& network, const numerics& how, const std::vector<value_range>& ranges);

/// Graph values that need a range under code16, ascending: graph inputs and outputs of steps.
std::vector<value_id> values_with_slots(const graph& network);

/// Sets the ADC's full scale of a convolution or fully connected layer under code16, and its multipliers with it.
/// @param full_scale analog sum at the full code, above 0
void set_adc_full_scale(step& layer, float full_scale, int adc_bits);

/// Codes that the ADC gives per unit of the analog sum: float32(full / full_scale).
float adc_inverse_lsb(float full_scale, int adc_bits);

} // namespace sonic::workload
