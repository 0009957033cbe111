// SPDX-License-Identifier: Apache-2.0
// MNIST's idx format (http://yann.lecun.com/exdb/mnist) and CIFAR-10's binary version
// (https://www.cs.toronto.edu/~kriz/cifar.html).
#include "tb/workload/array_formats.h"

#include "sonic/core/error.h"

#include <algorithm>

namespace sonic::workload {

namespace {

unsigned byte_at(std::string_view bytes, std::size_t index) {
  return static_cast<unsigned char>(bytes[index]);
}

void append_pixels(std::string_view bytes, std::vector<float>& values) {
  for (const char c : bytes) {
    values.push_back(static_cast<float>(static_cast<unsigned char>(c)) / 255.0F);
  }
}

} // namespace

bool is_idx(std::string_view bytes) {
  return bytes.size() >= 4 && bytes[0] == 0 && bytes[1] == 0 && byte_at(bytes, 2) >= 8 && byte_at(bytes, 2) <= 14 &&
         byte_at(bytes, 3) >= 1 && byte_at(bytes, 3) <= 4;
}

tensor decode_idx(std::string_view bytes, const std::string& where, std::int64_t most) {
  if (!is_idx(bytes) || byte_at(bytes, 2) != 8) {
    throw core::user_error(where, "it is no idx file of unsigned bytes", "");
  }
  const std::size_t rank = byte_at(bytes, 3);
  if (bytes.size() < 4 + 4 * rank) {
    throw core::user_error(where, "its idx header is truncated", "");
  }
  shape extents;
  for (std::size_t axis = 0; axis < rank; ++axis) {
    const std::size_t at = 4 + 4 * axis;
    extents.push_back(std::int64_t{byte_at(bytes, at)} << 24 | std::int64_t{byte_at(bytes, at + 1)} << 16 |
                      std::int64_t{byte_at(bytes, at + 2)} << 8 | std::int64_t{byte_at(bytes, at + 3)});
  }
  const auto count = static_cast<std::size_t>(array_count(extents, where));
  std::string_view data = bytes.substr(4 + 4 * rank);
  if (data.size() != count) {
    throw core::user_error(where,
                           "it holds " + std::to_string(data.size()) + " bytes of data, but its shape " +
                               to_string(extents) + " needs " + std::to_string(count),
                           "");
  }
  if (extents[0] > most) {
    data = data.substr(0, count / static_cast<std::size_t>(extents[0]) * static_cast<std::size_t>(most));
    extents[0] = most;
  }
  if (rank == 3) {
    extents.insert(extents.begin() + 1, 1);
  }
  tensor array{extents, {}};
  array.values.reserve(data.size());
  if (rank == 3) {
    append_pixels(data, array.values);
    return array;
  }
  for (std::size_t i = 0; i < data.size(); ++i) {
    array.values.push_back(static_cast<float>(byte_at(data, i)));
  }
  return array;
}

std::vector<named_tensor> decode_cifar10(std::string_view bytes, std::int64_t file_bytes, const std::string& where) {
  if (file_bytes == 0 || file_bytes % cifar10_record_bytes != 0) {
    throw core::user_error(where, "it has " + std::to_string(file_bytes) + " bytes",
                           "CIFAR-10 records have " + std::to_string(cifar10_record_bytes) + " bytes each");
  }
  constexpr auto record = static_cast<std::size_t>(cifar10_record_bytes);
  const auto count = static_cast<std::int64_t>(bytes.size() / record);
  tensor images{{count, 3, 32, 32}, {}};
  tensor labels{{count}, {}};
  images.values.reserve(static_cast<std::size_t>(array_count(images.extents, where)));
  for (std::size_t at = 0; at < bytes.size(); at += record) {
    const unsigned label = byte_at(bytes, at);
    if (label > 9) {
      throw core::user_error(where, "record " + std::to_string(at / record) + " has the label " + std::to_string(label),
                             "CIFAR-10 has labels from 0 to 9");
    }
    labels.values.push_back(static_cast<float>(label));
    append_pixels(bytes.substr(at + 1, record - 1), images.values);
  }
  std::vector<named_tensor> arrays;
  arrays.emplace_back("images", std::move(images));
  arrays.emplace_back("labels", std::move(labels));
  return arrays;
}

} // namespace sonic::workload
