// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tb/sonic/prepared.h"
#include "tb/sonic/run_outcome.h"

#include <functional>

namespace sonic::command {

/// Makes every run and hands its outcome to @p take, in the order of the runs. With more than one job each process owns
/// a chip; outcomes do not depend on their number.
/// @throws core::user_error as a run does, or if a process ends before its work is done
void run_all(const prepared& what, int jobs, const std::function<void(run_outcome&&)>& take);

} // namespace sonic::command
