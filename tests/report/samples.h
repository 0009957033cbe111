// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tb/report/run_report.h"

#include <cstdint>

namespace sonic::tests {

/// A report made by hand: two layers, an estimate, labels, passed.
report::run_report sample_report();

/// Anything that a run may report, from a seed.
report::run_report random_report(std::uint64_t seed);

} // namespace sonic::tests
