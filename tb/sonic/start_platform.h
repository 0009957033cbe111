// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace sonic::command {

/// Becomes the program sonic-platform, which lies beside this one, with the arguments behind `platform`. Returns only
/// by throwing.
/// @throws core::user_error if there is no such program
[[noreturn]] void start_platform(char** arguments);

} // namespace sonic::command
