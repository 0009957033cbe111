// SPDX-License-Identifier: Apache-2.0
// Waveforms of several writers on one axis of time.
#pragma once

#include <filesystem>
#include <iosfwd>
#include <string>
#include <vector>

namespace sonic::cosim {

/// A waveform, and the scope that its signals get.
struct named_waves {
  std::string scope;
  std::filesystem::path file; ///< FST, or VCD by its name
};

/// A value change dump and the scope that its signals get.
struct named_dump {
  std::string scope;
  std::istream* text;
};

/// Writes value change dumps as one: their signals in scopes, their changes in the order of time; of equal times in the
/// order of the dumps.
/// @throws core::user_error for a dump whose unit of time is not 1 ps
void merge_dumps(const std::vector<named_dump>& dumps, std::ostream& into);

/// The same of files. The result is FST, or VCD if it is named so; it is there whole or not at all.
/// @param folder for files on the way
/// @throws core::user_error if GTKWave's converters are missing or something cannot be written
void merge_waves(const std::vector<named_waves>& waves, const std::filesystem::path& folder,
                 const std::filesystem::path& into);

} // namespace sonic::cosim
