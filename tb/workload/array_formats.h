// SPDX-License-Identifier: Apache-2.0
// One reader per file format, from bytes to arrays, and what they share.
#pragma once

#include "tb/workload/array_io.h"

#include <cstdint>
#include <filesystem>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

namespace sonic::workload {

/// The beginning of a file's content.
struct file_head {
  std::string bytes;
  std::int64_t size = 0; ///< of the whole content
};

/// The first @p most bytes of a file, or all; gzip is unpacked on the way if @p unpack. Only of a compressed file is
/// the rest read, too, to know its size.
/// @throws core::user_error if the file is missing, damaged or, as far as it is read, larger than max_file_bytes
file_head read_head(const std::filesystem::path& file, bool unpack, std::int64_t most);

/// The bytes of a file, likewise.
/// @throws core::user_error if the file is missing, damaged or larger than max_file_bytes
std::string read_bytes(const std::filesystem::path& file, bool unpack);
inline constexpr std::int64_t max_file_bytes = max_array_elements * 8 + (1 << 16); // of float64, and a header

/// Writes through a temporary file beside @p file and renames it.
void write_bytes(const std::filesystem::path& file, const std::string& bytes);

/// Product of the extents.
/// @throws core::user_error if an extent is not positive or the product passes max_array_elements
std::int64_t array_count(const shape& extents, const std::string& where);

/// @throws core::user_error if the number is NaN, infinite or beyond float
float checked_element(double value, const std::string& where);

tensor decode_npy(std::string_view bytes, const std::string& where);
/// Header and data of a .npy file.
std::string encode_npy(const tensor& array);

std::vector<named_tensor> load_npz(const std::filesystem::path& file);

tensor decode_onnx_tensor(const std::string& bytes, const std::string& where, std::string& name);

bool is_idx(std::string_view bytes);
/// Images as (N,1,H,W), pixel / 255; any other rank as it is.
tensor decode_idx(std::string_view bytes, const std::string& where,
                  std::int64_t most = std::numeric_limits<std::int64_t>::max());

inline constexpr std::int64_t cifar10_record_bytes = 3073;
/// "images" and "labels" of the records in @p bytes, with which a file of @p file_bytes begins.
std::vector<named_tensor> decode_cifar10(std::string_view bytes, std::int64_t file_bytes, const std::string& where);

bool is_png(std::string_view bytes);
tensor decode_png(std::string_view bytes, const std::string& where);
bool is_portable_anymap(std::string_view bytes);
tensor decode_portable_anymap(std::string_view bytes, const std::string& where);

} // namespace sonic::workload
