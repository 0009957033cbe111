// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sonic/config/architecture.h"
#include "tb/host/dram_timing.h"
#include "tb/workload/compile.h"
#include "tb/workload/lower.h"

namespace sonic::host {

/// How numbers are represented for a chip of this architecture.
workload::numerics numerics_of(const config::architecture& a);

/// What a program's layout must respect: tiles take half of the weight, activation and
/// partial-sum buffers; the other half fills, or is emptied.
workload::layout_limits layout_of(const config::architecture& a);

/// The memory behind a chip of this architecture, with time.
dram_timing::parameters dram_of(const config::architecture& a);

} // namespace sonic::host
