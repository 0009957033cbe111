// SPDX-License-Identifier: Apache-2.0
#include "tb/host/chip_view.h"

#include "sonic/plan/limits.h"

#include <cmath>

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
  const auto tiles = plan::tile_limits_of(a.buffers.global_buffer.bytes, a.buffers.weight_buffer.bytes,
                                          a.buffers.activation_buffer.bytes, a.buffers.partial_sum_buffer.bytes);
  return {tiles.weight_panel, tiles.activations, tiles.partial_sums};
}

dram_timing::parameters dram_of(const config::architecture& a) {
  constexpr double ps_per_ns = 1e3;
  const auto ps = [](double ns) { return static_cast<std::uint64_t>(std::llround(ns * ps_per_ns)); };
  dram_timing::parameters p;
  p.latency_ps = ps(a.memory.latency_ns);
  p.row_miss_ps = ps(a.memory.row_miss_ns);
  p.ps_per_byte = ps_per_ns / a.memory.bandwidth_gb_per_s;
  p.banks = static_cast<std::uint64_t>(a.memory.banks);
  p.row_bytes = a.memory.row_bytes;
  p.shared = a.run.timing == config::timing_mode::approximately_timed;
  return p;
}

} // namespace sonic::host
