// SPDX-License-Identifier: Apache-2.0
#include "tb/workload/array_formats.h"

#include "sonic/core/error.h"

#include <zlib.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <limits>
#include <memory>
#include <unistd.h>

namespace sonic::workload {

namespace fs = std::filesystem;

file_head read_head(const fs::path& file, bool unpack, std::int64_t most) {
  const std::string where = file.string();
  std::error_code error;
  if (!fs::is_regular_file(file, error)) {
    throw core::user_error(where, "there is no such file", "");
  }
  const std::unique_ptr<gzFile_s, decltype(&gzclose)> stream(gzopen(where.c_str(), "rb"), &gzclose);
  const auto stored = static_cast<std::int64_t>(fs::file_size(file, error));
  if (!stream || error) {
    throw core::user_error(where, "it cannot be opened", "");
  }
  const bool packed = gzdirect(stream.get()) == 0;
  file_head head;
  if (!packed) { // grown piece by piece, a large file would be copied over and over
    head.bytes.reserve(static_cast<std::size_t>(std::min({stored, most, max_file_bytes})));
  }
  std::array<char, 1 << 16> piece;
  int got = 0;
  while ((packed || head.size < most) && (got = gzread(stream.get(), piece.data(), piece.size())) > 0) {
    if (!unpack && packed) {
      throw core::user_error(where, "it is compressed with gzip", "only idx files may be");
    }
    const std::int64_t wanted = std::clamp<std::int64_t>(most - head.size, 0, got);
    head.bytes.append(piece.data(), static_cast<std::size_t>(wanted));
    head.size += got;
    if (head.size > max_file_bytes) {
      throw core::user_error(where, "it is larger than " + std::to_string(max_file_bytes) + " bytes", "");
    }
  }
  int code = Z_OK;
  gzerror(stream.get(), &code);
  if (got < 0 || (code != Z_OK && code != Z_STREAM_END)) {
    throw core::user_error(where, "its compressed data is damaged or truncated", "");
  }
  if (!packed && head.size >= most) { // the rest was not read
    head.size = std::max(head.size, stored);
  }
  return head;
}

std::string read_bytes(const fs::path& file, bool unpack) {
  return read_head(file, unpack, std::numeric_limits<std::int64_t>::max()).bytes;
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
