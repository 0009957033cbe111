// SPDX-License-Identifier: Apache-2.0
// Constant tensors of an ONNX model, decoded.
#pragma once

#include "tb/workload/tensor.h"

#include <onnx/onnx_pb.h>

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

namespace sonic::workload {

/// Numbers of a constant: every floating-point type becomes float; integers stay as wide as they are stored, as the
/// codes of shared weights are the largest constants of many a network. Their type means no more than their width.
using constant_numbers =
    std::variant<std::vector<float>, std::vector<std::int64_t>, std::vector<std::int32_t>, std::vector<std::uint16_t>,
                 std::vector<std::int16_t>, std::vector<std::uint8_t>, std::vector<std::int8_t>>;

/// A constant. Unlike a tensor of the network it may be empty (an extent of 0).
struct constant_array {
  shape extents;
  constant_numbers data;

  bool is_real() const { return std::holds_alternative<std::vector<float>>(data); }
  const std::vector<float>& reals() const { return std::get<std::vector<float>>(data); }
  std::vector<std::int64_t> integers() const; ///< a copy, of a constant that is not real
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

/// Frees the data of a tensor that has been decoded. Lists, such as shapes, stay: ONNX's shape inference reads them.
void release_data(onnx::TensorProto& proto);

/// @throws core::user_error naming @p where if check_tensor fails, or if a number is NaN, infinite or beyond float
constant_array decode(const onnx::TensorProto& proto, const std::string& where);

/// The dense form of a sparse tensor, whose indices are linear (nnz) or coordinates (nnz, rank).
/// @throws core::user_error naming @p where, also if an index lies outside the tensor
constant_array decode(const onnx::SparseTensorProto& proto, const std::string& where);

/// IEEE 754 binary16 to binary32, exactly.
float half_to_float(std::uint16_t bits);

} // namespace sonic::workload
