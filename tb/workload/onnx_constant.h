// SPDX-License-Identifier: Apache-2.0
// Constant tensors of an ONNX model, decoded.
#pragma once

#include "tb/workload/onnx_protobuf.h"
#include "tb/workload/tensor.h"

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

namespace sonic::workload {

/// A constant: every floating-point type becomes float, every integer type and bool becomes int64.
/// Unlike a tensor of the network it may be empty (an extent of 0).
struct constant_array {
  shape extents;
  std::variant<std::vector<float>, std::vector<std::int64_t>> data;

  bool is_real() const { return std::holds_alternative<std::vector<float>>(data); }
  std::vector<float>& reals() { return std::get<std::vector<float>>(data); }
  const std::vector<float>& reals() const { return std::get<std::vector<float>>(data); }
  std::vector<std::int64_t>& integers() { return std::get<std::vector<std::int64_t>>(data); }
  const std::vector<std::int64_t>& integers() const { return std::get<std::vector<std::int64_t>>(data); }
  std::size_t size() const;
};

/// Largest constant, in elements (1 GiB of floats): a small damaged file must not grow into more than that.
inline constexpr std::int64_t max_constant_elements = std::int64_t{1} << 28;

/// Product of extents that may be 0.
/// @throws core::user_error naming @p where if an extent is negative or the product passes max_constant_elements
std::int64_t constant_count(const shape& extents, const std::string& where);

/// Checks that a tensor holds exactly the data that its type and dimensions promise, without decoding it.
/// @return the number of elements
/// @throws core::user_error naming @p where, also if the type is none of float, integer or bool
std::int64_t check_tensor(const onnx::TensorProto& proto, const std::string& where);

/// Bytes of one element in raw_data.
/// @throws core::user_error naming @p where if the type is not supported
std::int64_t element_bytes(const onnx::TensorProto& proto, const std::string& where);

/// @throws core::user_error naming @p where if check_tensor fails, or if a number is NaN, infinite or beyond float
constant_array decode(const onnx::TensorProto& proto, const std::string& where);

/// The dense form of a sparse tensor, whose indices are linear (nnz) or coordinates (nnz, rank).
/// @throws core::user_error naming @p where, also if an index lies outside the tensor
constant_array decode(const onnx::SparseTensorProto& proto, const std::string& where);

/// IEEE 754 binary16 to binary32, exactly.
float half_to_float(std::uint16_t bits);

} // namespace sonic::workload
