// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tb/explore/job_file.h"
#include "tb/sonic/network_list.h"
#include "tb/sonic/study.h"

#include <string>

namespace sonic::command {

/// Searches the space of a study by estimates and says what is to be simulated: the base, the best designs, and those
/// of the front.
/// @throws core::user_error if the base or what was found is no configuration, or no design is allowed
explore::job_file plan_of(const study& what, const frame_source& frames);

/// What the networks of a study run on, one frame each.
std::vector<run_options> runs_of(const study& what, const frame_source& frames);

/// What a task runs.
run_options options_of(const explore::job_file& jobs, std::size_t task);

} // namespace sonic::command
