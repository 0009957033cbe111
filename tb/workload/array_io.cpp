// SPDX-License-Identifier: Apache-2.0
#include "tb/workload/array_io.h"

#include "sonic/core/error.h"
#include "tb/workload/array_formats.h"
#include "tb/workload/onnx_constant.h"
#include "tb/workload/onnx_text.h"

#include <fstream>
#include <new>

namespace sonic::workload {

namespace {

namespace fs = std::filesystem;

/// Enough of a file to recognise its format.
std::string first_bytes(const fs::path& file) {
  std::error_code error;
  if (!fs::is_regular_file(file, error)) {
    throw core::user_error(file.string(), "there is no such file", "");
  }
  std::string bytes(16, '\0');
  std::ifstream stream(file, std::ios::binary);
  stream.read(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  bytes.resize(static_cast<std::size_t>(stream.gcount()));
  return bytes;
}

/// The file's name up to the first dot.
std::string stem(const fs::path& file) {
  const std::string name = file.filename().string();
  return name.substr(0, name.find('.', 1));
}

tensor decode_single(const fs::path& file, const std::string& head) {
  const std::string where = file.string();
  if (head.substr(0, 2) == "\x1f\x8b" || is_idx(head)) {
    return decode_idx(read_bytes(file, true), where);
  }
  const std::string bytes = read_bytes(file, false);
  if (head.substr(0, 6) == "\x93NUMPY") {
    return decode_npy(bytes, where);
  }
  if (is_png(head)) {
    return decode_png(bytes, where);
  }
  if (is_portable_anymap(head)) {
    return decode_portable_anymap(bytes, where);
  }
  throw core::user_error(where, "its format is not known",
                         "npy, npz, ONNX TensorProto (.pb), idx, CIFAR-10 (.bin), PNG, PGM and PPM are supported");
}

std::vector<named_tensor> load(const fs::path& file) {
  const std::string head = first_bytes(file);
  if (head.substr(0, 2) == "PK") {
    return load_npz(file);
  }
  if (file.extension() == ".bin" && !is_idx(head)) {
    const std::string bytes = read_bytes(file, false);
    return decode_cifar10(bytes, static_cast<std::int64_t>(bytes.size()), file.string());
  }
  std::vector<named_tensor> arrays;
  if (file.extension() == ".pb") {
    std::string name;
    tensor array = decode_onnx_tensor(read_bytes(file, false), file.string(), name);
    arrays.emplace_back(name.empty() ? stem(file) : name, std::move(array));
  } else {
    arrays.emplace_back(stem(file), decode_single(file, head));
  }
  return arrays;
}

} // namespace

tensor decode_onnx_tensor(const std::string& bytes, const std::string& where, std::string& name) {
  onnx::TensorProto proto;
  if (bytes.empty() || !proto.ParseFromString(bytes)) {
    throw core::user_error(where, "it is no ONNX TensorProto, or damaged", "");
  }
  if (proto.data_location() == onnx::TensorProto::EXTERNAL) {
    throw core::user_error(where, "its data lies in another file", "store the data in the tensor itself");
  }
  constant_array array = decode(proto, where);
  array_count(array.extents, where);
  name = proto.name();
  if (array.is_real()) {
    return {std::move(array.extents), std::move(std::get<std::vector<float>>(array.data))};
  }
  const auto integers = array.integers();
  return {array.extents, std::vector<float>(integers.begin(), integers.end())};
}

std::vector<named_tensor> load_arrays(const fs::path& file) {
  try {
    return load(file);
  } catch (const std::bad_alloc&) {
    throw core::user_error(file.string(), "it does not fit into memory", "");
  }
}

} // namespace sonic::workload
