// SPDX-License-Identifier: Apache-2.0
// How HTML reports are filled.
#pragma once

#include <string>
#include <string_view>

namespace sonic::report {

/// Replaces the first occurrence of @p place.
void put_in_page(std::string& page, std::string_view place, std::string_view content);

/// Names from a user's file must not end the script that they are in.
std::string inside_script(const std::string& text);

} // namespace sonic::report
