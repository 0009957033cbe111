// SPDX-License-Identifier: Apache-2.0
#include "tb/host/chip_view.h"

namespace sonic::host {

workload::numerics numerics_of(const config::architecture& a) {
  workload::numerics how;
  how.element =
      a.run.optics == config::optics_mode::ideal ? workload::element_kind::float32 : workload::element_kind::code16;
  how.activation_bits = a.devices.activation_dac.bits;
  how.weight_bits = a.devices.weight_dac.bits;
  how.ring_bits = a.devices.broadband_microring.bits;
  how.adc_bits = a.devices.adc.bits;
  how.conv_lanes = a.conv_array.lanes;
  how.fc_lanes = a.fc_array.lanes;
  how.keep_zeros = a.compression == config::compression_mode::none;
  how.slice_packing = a.packing == config::packing_mode::kernel_slice;
  how.ring_batch_norm = a.batch_norm == config::batch_norm_place::ring;
  how.adc_headroom = a.adc_headroom;
  return how;
}

workload::layout_limits layout_of(const config::architecture& a) {
  return {a.buffers.weight_buffer.bytes / 2, a.buffers.activation_buffer.bytes / 2, a.buffers.partial_sum_buffer.bytes};
}

} // namespace sonic::host
