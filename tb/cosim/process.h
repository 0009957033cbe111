// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

namespace sonic::cosim {

struct finished_process {
  int status = 0;     ///< exit code; 127: the program could not be started; 128 + n: ended by signal n
  std::string output; ///< of both standard output and standard error
};

/// Runs a program of the path to its end, without a shell.
finished_process run_process(const std::vector<std::string>& command);

} // namespace sonic::cosim
