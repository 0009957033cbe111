// SPDX-License-Identifier: Apache-2.0
// NumPy's .npz: a zip archive of .npy files.
#include "tb/workload/array_formats.h"

#include "sonic/core/error.h"
#include "tb/workload/onnx_text.h"

#include <zip.h>

#include <algorithm>
#include <array>
#include <memory>
#include <set>

namespace sonic::workload {

namespace {

constexpr std::string_view suffix = ".npy";

struct archive_closer {
  void operator()(zip_t* archive) const { zip_discard(archive); }
};
using archive_handle = std::unique_ptr<zip_t, archive_closer>;

archive_handle open_archive(const std::filesystem::path& file, int flags, const char* problem) {
  int code = 0;
  archive_handle archive(zip_open(file.c_str(), flags, &code));
  if (!archive) {
    throw core::user_error(file.string(), problem, "");
  }
  return archive;
}

std::string read_entry(zip_t* archive, zip_uint64_t index, std::uint64_t size, const std::string& where) {
  const std::unique_ptr<zip_file_t, decltype(&zip_fclose)> stream(zip_fopen_index(archive, index, 0), &zip_fclose);
  std::array<char, 1 << 16> piece;
  std::string bytes;
  zip_int64_t got = stream ? 0 : -1;
  while (stream && (got = zip_fread(stream.get(), piece.data(), piece.size())) > 0) {
    bytes.append(piece.data(), static_cast<std::size_t>(got));
    if (bytes.size() > size) {
      break;
    }
  }
  if (got < 0 || bytes.size() != size) {
    throw core::user_error(where, "it is damaged, truncated or compressed in an unknown way", "");
  }
  return bytes;
}

} // namespace

std::vector<named_tensor> load_npz(const std::filesystem::path& file) {
  const archive_handle archive = open_archive(file, ZIP_RDONLY, "it is damaged or no npz archive");
  std::vector<named_tensor> arrays;
  const zip_int64_t count = zip_get_num_entries(archive.get(), 0);
  for (zip_uint64_t index = 0; index < static_cast<zip_uint64_t>(count); ++index) {
    zip_stat_t stat;
    zip_stat_init(&stat);
    if (zip_stat_index(archive.get(), index, 0, &stat) != 0 || (stat.valid & ZIP_STAT_NAME) == 0 ||
        (stat.valid & ZIP_STAT_SIZE) == 0) {
      throw core::user_error(file.string(), "its entry " + std::to_string(index) + " is damaged", "");
    }
    std::string name = stat.name;
    const std::string where = file.string() + ", array " + in_quotes(name);
    if (stat.size > static_cast<std::uint64_t>(max_file_bytes)) {
      throw core::user_error(where, "it has " + std::to_string(stat.size) + " bytes",
                             "at most " + std::to_string(max_file_bytes) + " are read");
    }
    tensor array = decode_npy(read_entry(archive.get(), index, stat.size, where), where);
    if (name.size() > suffix.size() && std::string_view(name).substr(name.size() - suffix.size()) == suffix) {
      name.resize(name.size() - suffix.size());
    }
    arrays.emplace_back(std::move(name), std::move(array));
  }
  if (arrays.empty()) {
    throw core::user_error(file.string(), "it holds no array", "");
  }
  return arrays;
}

void save_npz(const std::filesystem::path& file, const std::vector<named_tensor>& arrays) {
  std::set<std::string> names;
  std::vector<std::string> contents; // libzip reads them when it closes the archive
  contents.reserve(arrays.size());
  const char* const problem = "it cannot be written";
  const char* const expected = "check folder and space";
  archive_handle archive = open_archive(file, ZIP_CREATE | ZIP_TRUNCATE, problem);
  for (const auto& [name, array] : arrays) {
    if (name.empty() || !names.insert(name).second) {
      throw core::user_error(file.string(), "the array name " + in_quotes(name) + " is empty or repeated", "");
    }
    contents.push_back(encode_npy(array));
    zip_source_t* source = zip_source_buffer(archive.get(), contents.back().data(), contents.back().size(), 0);
    const zip_int64_t index =
        source == nullptr ? -1 : zip_file_add(archive.get(), (name + ".npy").c_str(), source, ZIP_FL_ENC_UTF_8);
    if (index < 0) {
      zip_source_free(source);
      throw core::user_error(file.string(), "the array " + in_quotes(name) + " cannot be stored under its name", "");
    }
    const auto entry = static_cast<zip_uint64_t>(index);
    constexpr zip_uint16_t first_day = (1 << 5) | 1; // 1980-01-01, the oldest that a zip knows: equal bytes every time
    zip_set_file_compression(archive.get(), entry, ZIP_CM_STORE, 0);
    zip_file_set_dostime(archive.get(), entry, 0, first_day, 0);
  }
  if (zip_close(archive.get()) != 0) { // through a temporary file and a rename
    throw core::user_error(file.string(), problem, expected);
  }
  archive.release(); // NOLINT(bugprone-unused-return-value): closed above
}

} // namespace sonic::workload
