// SPDX-License-Identifier: Apache-2.0
#include "tb/workload/onnx_external.h"

#include "sonic/core/error.h"
#include "tb/workload/onnx_constant.h"
#include "tb/workload/onnx_text.h"

#include <algorithm>
#include <charconv>
#include <fstream>
#include <optional>

namespace sonic::workload {

namespace {

namespace fs = std::filesystem;

std::optional<std::string> entry(const onnx::TensorProto& tensor, const std::string& key) {
  for (const auto& pair : tensor.external_data()) {
    if (pair.key() == key) {
      return pair.value();
    }
  }
  return std::nullopt;
}

std::optional<std::int64_t> number(const onnx::TensorProto& tensor, const std::string& key, const std::string& where) {
  const std::optional<std::string> text = entry(tensor, key);
  if (!text) {
    return std::nullopt;
  }
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), value);
  if (error != std::errc{} || end != text->data() + text->size() || value < 0) {
    throw core::user_error(where, "the " + key + " of its external data is " + in_quotes(*text),
                           "it must be a number of bytes");
  }
  return value;
}

/// The file that holds the data, proved to lie in the model's folder even if links are followed.
fs::path locate(const fs::path& folder, const std::string& location, const std::string& where) {
  const fs::path relative(location);
  const bool climbs = std::find(relative.begin(), relative.end(), fs::path("..")) != relative.end();
  if (location.empty() || location.find('\0') != std::string::npos || relative.is_absolute() || climbs) {
    throw core::user_error(where, "its external data lies at " + in_quotes(location),
                           "it must be a relative path inside the model's folder");
  }
  std::error_code error;
  const fs::path base = fs::canonical(folder.empty() ? fs::path(".") : folder, error);
  fs::path target = error ? fs::path() : fs::canonical(base / relative, error);
  if (error || !fs::is_regular_file(target, error)) {
    throw core::user_error(where, "its external data file " + in_quotes(location) + " does not exist beside the model",
                           "");
  }
  if (std::mismatch(base.begin(), base.end(), target.begin(), target.end()).first != base.end()) {
    throw core::user_error(where, "its external data file " + in_quotes(location) + " links out of the model's folder",
                           "it must lie inside");
  }
  return target;
}

void take_in(onnx::TensorProto& tensor, const fs::path& model_file, const std::string& where) {
  if (tensor.data_location() != onnx::TensorProto::EXTERNAL) {
    return;
  }
  const fs::path target = locate(model_file.parent_path(), entry(tensor, "location").value_or(""), where);
  const shape extents(tensor.dims().begin(), tensor.dims().end());
  const std::int64_t needed = constant_count(extents, where) * element_bytes(tensor, where);
  const std::int64_t offset = number(tensor, "offset", where).value_or(0);
  std::error_code error;
  const auto available = static_cast<std::int64_t>(fs::file_size(target, error));
  const std::int64_t length =
      number(tensor, "length", where).value_or(std::max<std::int64_t>(0, available - std::min(available, offset)));
  if (error || length != needed || offset > available || length > available - offset) {
    throw core::user_error(where,
                           "its shape " + to_string(extents) + " needs " + std::to_string(needed) +
                               " bytes, but its external data is " + std::to_string(length) + " bytes from offset " +
                               std::to_string(offset) + " in a file of " + std::to_string(available),
                           "");
  }
  std::string bytes(static_cast<std::size_t>(needed), '\0');
  std::ifstream stream(target, std::ios::binary);
  stream.seekg(offset);
  stream.read(bytes.data(), needed);
  if (!stream) {
    throw core::user_error(where, "its external data file " + in_quotes(target.string()) + " cannot be read", "");
  }
  tensor.set_raw_data(std::move(bytes));
  tensor.clear_external_data();
  tensor.clear_data_location();
}

} // namespace

void take_in_external_data(onnx::ModelProto& model, const fs::path& file) {
  const std::string where = file.string() + ", tensor ";
  for (auto& tensor : *model.mutable_graph()->mutable_initializer()) {
    take_in(tensor, file, where + in_quotes(tensor.name()));
  }
  for (auto& sparse : *model.mutable_graph()->mutable_sparse_initializer()) {
    const std::string name = where + in_quotes(sparse.values().name());
    take_in(*sparse.mutable_values(), file, name);
    take_in(*sparse.mutable_indices(), file, name);
  }
  for (auto& node : *model.mutable_graph()->mutable_node()) {
    for (auto& attribute : *node.mutable_attribute()) {
      if (attribute.has_t()) {
        take_in(*attribute.mutable_t(), file, file.string() + ", " + describe(node));
      }
    }
  }
}

} // namespace sonic::workload
