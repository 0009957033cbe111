// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sonic/config/architecture.h"
#include "tb/report/run_report.h"

#include <cstddef>
#include <string>
#include <vector>

namespace sonic::report {

/// What an array can compute at most, in products per ns, with all lanes of all units in use.
struct array_roof {
  std::string name;
  double converters = 0.0; ///< at the initiation interval, which the slowest converter or the imprint sets
  double light = 0.0;      ///< at the slower of laser and photodetector, as if converters took no time
};

/// One layer with light.
struct roof_point {
  std::size_t layer = 0;          ///< in run_report::layers
  double macs_per_byte = 0.0;     ///< computed products over bytes loaded and stored
  double macs_per_ns = 0.0;       ///< over the layer's whole time
  double attainable_per_ns = 0.0; ///< least of memory, converters and light
  std::string bound;              ///< which of them: memory, converters or light
};

struct roofline {
  double memory_bytes_per_ns = 0.0;
  std::vector<array_roof> arrays; ///< CONV, FC
  std::vector<roof_point> points;
};

/// The roofs of a chip, and where the layers of a run lie under them. Roofline: Williams, Waterman and Patterson,
/// Communications of the ACM 52(4), 2009.
roofline roofline_of(const config::architecture& a, const run_report& r);

} // namespace sonic::report
