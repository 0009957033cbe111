// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tests/support/scratch_folder.h"

#include <string>
#include <vector>

namespace sonic::tests {

struct command_result {
  int exit_code = -1; ///< 128 + signal if the command was killed
  std::string out, err;
};

/// Runs the sonic command in a folder, without SONIC_DATA and with the shipped configurations.
command_result run_sonic(const scratch_folder& folder, const std::vector<std::string>& arguments);

/// A mistake on the command line or in a file that it names.
struct mistake {
  std::vector<std::string> arguments;
  std::vector<std::string> words; ///< that the one sentence must contain: where, what, what would be right
};

/// Runs `sonic run` with the mistake and checks: exit code 2, nothing on stdout, one sentence on stderr with the words,
/// and neither report nor outputs written.
void check_refused(const scratch_folder& folder, const mistake& m);

/// Writes good.onnx (x: Nx4 -> MatMul, Relu -> y: Nx3) and good.npy (6x4) to a folder.
void write_good_files(const scratch_folder& folder);

/// A little-endian .npy file of version 1.
/// @param extents as Python writes them: "6, 4"
std::string npy_bytes(const std::string& type, const std::string& extents, const std::string& data);

/// Floats as they lie in memory.
std::string float_bytes(const std::vector<float>& values);

} // namespace sonic::tests
