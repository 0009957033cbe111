// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace sonic::config {

/// Letters to insert, delete or replace to turn one word into the other.
std::size_t edit_distance(std::string_view left, std::string_view right);

/// What to say about a key that the table does not have: the nearest one ("did you mean 'x'?"), or what its section
/// may hold.
/// @param section dotted path of the map that holds it, empty at the top
/// @param word    the unknown key in that map
std::string suggest_key(std::string_view section, std::string_view word);

} // namespace sonic::config
