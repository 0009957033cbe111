// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sonic/config/architecture.h"
#include "sonic/core/activity.h"
#include "sonic/energy/area.h"
#include "sonic/energy/energy.h"

#include <cstdint>

namespace sonic::report {

/// Energies per action of a configuration, under its `run.accounting`.
energy::table energy_table(const config::architecture& a);

/// Power of all heaters of the chip, under any accounting.
double heaters_mw(const config::architecture& a);

/// Energy of recorded activity.
energy::report energy_of(const energy::table& table, const core::activity& done, double elapsed_ns);

/// What the chip is built of, spare lanes and both arms of receivers included, under any accounting.
energy::device_counts devices_of(const config::architecture& a);

/// The same added up.
double total_pj_of(const energy::table& table, const core::activity& done, double elapsed_ns);

/// Bits of a network's parameters, 16 each, over which energy per parameter bit is.
double parameter_bits(std::int64_t parameters);

/// Operand bits that an activity moved: activations and weights presented or imprinted, and outputs of 16 bits.
double operand_bits(const config::architecture& a, const core::activity& done);

} // namespace sonic::report
