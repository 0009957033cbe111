// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

namespace sonic::platform {

/// Writes a character to standard output, line by line.
void send_to_stdout(char c);

/// What standard input has now, without waiting; nothing at its end.
std::optional<std::string> receive_from_stdin();

} // namespace sonic::platform
