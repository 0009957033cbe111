// SPDX-License-Identifier: Apache-2.0
#include "tb/workload/array_formats.h"

#include "sonic/core/error.h"

#include <zlib.h>

#include <array>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <unistd.h>

namespace sonic::workload {

namespace fs = std::filesystem;

std::string read_bytes(const fs::path& file, bool unpack) {
  const std::string where = file.string();
  std::error_code error;
  if (!fs::is_regular_file(file, error)) {
    throw core::user_error(where, "there is no such file", "");
  }
  const std::unique_ptr<gzFile_s, decltype(&gzclose)> stream(gzopen(where.c_str(), "rb"), &gzclose);
  if (!stream) {
    throw core::user_error(where, "it cannot be opened", "");
  }
  std::array<char, 1 << 16> piece;
  std::string bytes;
  int got = 0;
  while ((got = gzread(stream.get(), piece.data(), piece.size())) > 0) {
    if (!unpack && gzdirect(stream.get()) == 0) {
      throw core::user_error(where, "it is compressed with gzip", "only idx files may be");
    }
    bytes.append(piece.data(), static_cast<std::size_t>(got));
    if (static_cast<std::int64_t>(bytes.size()) > max_file_bytes) {
      throw core::user_error(where, "it is larger than " + std::to_string(max_file_bytes) + " bytes", "");
    }
  }
  int code = Z_OK;
  gzerror(stream.get(), &code);
  if (got < 0 || (code != Z_OK && code != Z_STREAM_END)) {
    throw core::user_error(where, "its compressed data is damaged or truncated", "");
  }
  return bytes;
}

void write_bytes(const fs::path& file, const std::string& bytes) {
  std::string temporary = file.string() + ".XXXXXX";
  const int descriptor = mkstemp(temporary.data());
  const auto fail = [&] { throw core::user_error(file.string(), "it cannot be written", "check folder and space"); };
  if (descriptor < 0) {
    fail();
  }
  std::FILE* stream = fdopen(descriptor, "wb");
  bool written = stream != nullptr && std::fwrite(bytes.data(), 1, bytes.size(), stream) == bytes.size();
  written = stream != nullptr && std::fclose(stream) == 0 && written;
  std::error_code error;
  if (written) {
    fs::permissions(temporary, fs::perms::group_read | fs::perms::others_read, fs::perm_options::add, error);
    fs::rename(temporary, file, error);
  }
  if (!written || error) {
    fs::remove(temporary, error);
    fail();
  }
}

std::int64_t array_count(const shape& extents, const std::string& where) {
  const std::int64_t count = element_count(extents, where);
  if (count > max_array_elements) {
    throw core::user_error(where, "its shape " + to_string(extents) + " is too large",
                           "an array has at most " + std::to_string(max_array_elements) + " elements");
  }
  return count;
}

float checked_element(double value, const std::string& where) {
  const auto rounded = static_cast<float>(value);
  if (!std::isfinite(rounded)) {
    throw core::user_error(where,
                           std::string("it holds ") + (std::isnan(value)   ? "a NaN"
                                                       : std::isinf(value) ? "an infinity"
                                                                           : "a number beyond the range of float32"),
                           "all elements must be finite");
  }
  return rounded;
}

} // namespace sonic::workload
