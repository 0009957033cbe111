// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tb/report/run_report.h"
#include "tb/sonic/run_options.h"

namespace sonic::command {

/// Does what `sonic run` is asked for, up to the files it writes: loads, quantises, simulates, compares, accounts.
/// @throws core::user_error for a mistake in what the user gave; a wrong result is a report that has not passed
report::run_report run_session(const run_options& options);

} // namespace sonic::command
