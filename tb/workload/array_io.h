// SPDX-License-Identifier: Apache-2.0
// Arrays in files: what a network is fed with and what it gave.
#pragma once

#include "tb/workload/tensor.h"

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

namespace sonic::workload {

using named_tensor = std::pair<std::string, tensor>;

/// Largest array read from a file, in elements (1 GiB of floats): a damaged header asks for no more than that.
inline constexpr std::int64_t max_array_elements = std::int64_t{1} << 28;

/// Reads every array of a file. The format is recognised by content, then by suffix:
///   .npy, .npz       NumPy arrays of booleans, integers or floats, either byte and element order
///   .pb              one ONNX TensorProto
///   idx, idx.gz      MNIST: images (N,1,H,W), pixel / 255; labels (N), as they are
///   .bin             CIFAR-10 records: "images" (N,3,32,32), pixel / 255, and "labels" (N)
///   PNG, PGM, PPM    (1,C,H,W) with C = 1 or 3, sample / largest sample; an alpha channel is ignored
/// @return the arrays with their names (.npz, TensorProto), else one array named after the file, without suffixes
/// @throws core::user_error naming the file if it is missing, truncated, of no known format, too large, or if it holds
///         a NaN, an infinity, or a number beyond the range of float
std::vector<named_tensor> load_arrays(const std::filesystem::path& file);

/// Writes one array as little-endian float32 .npy. The file appears complete or not at all; equal arrays, equal bytes.
/// @throws core::user_error naming the file if it cannot be written
void save_npy(const std::filesystem::path& file, const tensor& array);

/// Writes arrays as an uncompressed .npz of float32 arrays, likewise.
/// @throws core::user_error naming the file if it cannot be written, or if a name is empty or repeated
void save_npz(const std::filesystem::path& file, const std::vector<named_tensor>& arrays);

} // namespace sonic::workload
