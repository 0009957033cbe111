// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tb/sonic/run_options.h"

#include <string>

namespace sonic::command {

/// `sonic lower`: writes what firmware needs to run a network, with the network's inputs.
///   PREFIX.bin           descriptors, weights, parameters and constants, to be copied to the start of a memory
///   PREFIX_inputs.bin    codes of the input, one frame behind the other
///   PREFIX_expected.bin  codes of the output that the reference computes, likewise
///   PREFIX.h             their sizes and addresses as C macros, named after the last part of the prefix
/// @throws core::user_error as `sonic run` does; and for networks of several inputs or outputs, for those that need the
///         host in between, and under ideal optics, whose numbers are not codes
void lower_network(const run_options& options, const std::string& prefix);

} // namespace sonic::command
