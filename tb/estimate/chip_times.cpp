// SPDX-License-Identifier: Apache-2.0
#include "tb/estimate/chip_times.h"

#include "sonic/plan/bank_conflicts.h"
#include "tb/estimate/picoseconds.h"
#include "tb/host/chip_view.h"

namespace sonic::estimate {

namespace {

using config::array_kind;

buffer_times times_of(const config::architecture& a, const config::buffer_parameters& b) {
  return {ps_of(b.latency_ns), a.ns_per_byte(b)};
}

double stream_ns(const config::architecture& a, const config::buffer_parameters& b, std::uint64_t requesters) {
  return plan::stream_ns(static_cast<std::uint64_t>(b.banks), static_cast<std::uint64_t>(b.ports), a.ns_per_byte(b),
                         1.0, requesters);
}

chip_times::array times_of(const config::architecture& a, array_kind kind) {
  constexpr double bits_per_byte = 8.0;
  chip_times::array of;
  of.interval_ps = ps_of(a.initiation_interval_ns(kind));
  of.retune_ps = ps_of(a.retune_ns());
  of.pipeline_ps = ps_of(a.fill_latency_ns(kind));
  of.needs = {static_cast<std::uint64_t>(a.array(kind).vdus), static_cast<std::uint64_t>(a.array(kind).lanes),
              a.streaming_dac(kind).bits / bits_per_byte, a.stationary_dac(kind).bits / bits_per_byte};
  const bool conv = kind == array_kind::conv;
  const auto needs = plan::needs_of(of.needs, {});
  const auto& streaming = conv ? a.buffers.activation_buffer : a.buffers.weight_buffer;
  const auto& stationary = conv ? a.buffers.weight_buffer : a.buffers.activation_buffer;
  of.stream_ns_per_byte = {stream_ns(a, streaming, needs[0].requesters), stream_ns(a, stationary, needs[1].requesters),
                           stream_ns(a, a.buffers.partial_sum_buffer, needs[2].requesters)};
  return of;
}

} // namespace

capacities capacities_of(const config::architecture& a) {
  const auto& b = a.buffers;
  return {b.global_buffer.bytes, b.weight_buffer.bytes, b.activation_buffer.bytes, b.partial_sum_buffer.bytes};
}

memory_path path_of(const config::architecture& a) {
  memory_path path;
  path.dram = host::dram_of(a);
  path.dram.shared = false;
  path.transaction_bytes = a.dma.transaction_bytes;
  path.outstanding = static_cast<std::uint64_t>(a.dma.outstanding);
  path.ns_per_byte = a.ns_per_byte(a.buffers.global_buffer);
  constexpr double ps_per_ns = 1e3;
  if (path.ns_per_byte * ps_per_ns <= path.dram.ps_per_byte) {
    path.ns_per_byte = 0; // a port that is never the slower one might as well be gone
  }
  return path;
}

array_shape shape_of(const config::architecture& a, config::array_kind kind) {
  array_shape shape;
  shape.units = static_cast<std::uint32_t>(a.array(kind).vdus);
  shape.lanes = static_cast<std::uint32_t>(a.array(kind).lanes);
  shape.slice_packing = kind == config::array_kind::conv && a.packing == config::packing_mode::kernel_slice;
  shape.decoders = static_cast<std::uint32_t>(a.index_decoder.count);
  shape.accumulators = static_cast<std::uint32_t>(a.accumulator.count);
  // Those that take no time are all alike.
  shape.decoder_lanes = shape.decoders > 0 ? static_cast<std::uint32_t>(a.index_decoder.lanes) : 1;
  shape.accumulator_lanes = shape.accumulators > 0 ? static_cast<std::uint32_t>(a.accumulator.lanes) : 1;
  return shape;
}

chip_times times_of(const config::architecture& a) {
  chip_times times;
  times.conv = times_of(a, array_kind::conv);
  times.fc = times_of(a, array_kind::fc);
  times.global_latency_ps = ps_of(a.buffers.global_buffer.latency_ns);
  times.weights = times_of(a, a.buffers.weight_buffer);
  times.activations = times_of(a, a.buffers.activation_buffer);
  times.sums = times_of(a, a.buffers.partial_sum_buffer);
  times.ns_per_cycle = 1.0 / a.digital.clock_ghz;
  times.ns_per_element = 1.0 / (a.digital.clock_ghz * a.digital.post_processor_lanes);
  return times;
}

} // namespace sonic::estimate
