// SPDX-License-Identifier: Apache-2.0
#include "tb/report/roofline.h"

#include <algorithm>

namespace sonic::report {

namespace {

array_roof roof_of(const config::architecture& a, config::array_kind kind) {
  const double lanes = static_cast<double>(a.array(kind).vdus) * a.array(kind).lanes;
  const double light_ns = std::max(a.devices.vcsel.latency_ns, a.devices.photodetector.latency_ns);
  array_roof roof;
  roof.name = kind == config::array_kind::conv ? "CONV" : "FC";
  roof.converters = lanes / a.initiation_interval_ns(kind);
  roof.light = light_ns > 0.0 ? lanes / light_ns : roof.converters;
  return roof;
}

} // namespace

roofline roofline_of(const config::architecture& a, const run_report& r) {
  roofline found;
  found.memory_bytes_per_ns = a.memory.bandwidth_gb_per_s;
  found.arrays = {roof_of(a, config::array_kind::conv), roof_of(a, config::array_kind::fc)};
  const auto images = static_cast<double>(std::max<std::uint64_t>(r.images, 1));
  for (std::size_t i = 0; i < r.layers.size(); ++i) {
    const auto& l = r.layers[i];
    const auto& done = l.done;
    const double macs = static_cast<double>(done.conv.stream_lane_symbols + done.fc.stream_lane_symbols) / images;
    const double bytes = static_cast<double>(done.bytes_loaded + done.bytes_stored) / images;
    if (!(macs > 0.0 && bytes > 0.0 && l.time_ns > 0.0)) {
      continue;
    }
    const auto& roof = found.arrays[done.conv.symbols > 0 ? 0 : 1];
    roof_point p;
    p.layer = i;
    p.macs_per_byte = macs / bytes;
    p.macs_per_ns = macs / l.time_ns;
    const double by_memory = p.macs_per_byte * found.memory_bytes_per_ns;
    p.attainable_per_ns = std::min({by_memory, roof.converters, roof.light});
    // A laser or detector slower than every converter sets the interval.
    p.bound = p.attainable_per_ns == by_memory ? "memory" : p.attainable_per_ns == roof.light ? "light" : "converters";
    found.points.push_back(std::move(p));
  }
  return found;
}

} // namespace sonic::report
