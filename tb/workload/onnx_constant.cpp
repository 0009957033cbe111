// SPDX-License-Identifier: Apache-2.0
#include "tb/workload/onnx_constant.h"

#include "sonic/core/error.h"

#include <bit>
#include <cmath>
#include <cstring>
#include <limits>
#include <utility>

namespace sonic::workload {

namespace {

using types = onnx::TensorProto;

shape dims_of(const onnx::TensorProto& proto) {
  return {proto.dims().begin(), proto.dims().end()};
}

/// Number of elements in the typed field that belongs to the tensor's type.
int typed_size(const onnx::TensorProto& proto) {
  switch (proto.data_type()) {
  case types::FLOAT:
    return proto.float_data_size();
  case types::DOUBLE:
    return proto.double_data_size();
  case types::INT64:
    return proto.int64_data_size();
  case types::UINT32:
  case types::UINT64:
    return proto.uint64_data_size();
  default:
    return proto.int32_data_size();
  }
}

float checked_float(double value, std::size_t index, const std::string& where) {
  const auto rounded = static_cast<float>(value);
  if (!std::isfinite(rounded)) {
    const char* what = std::isnan(value) ? "NaN" : std::isinf(value) ? "infinite" : "beyond the range of float32";
    throw core::user_error(where, "element " + std::to_string(index) + " is " + what, "constants must be finite");
  }
  return rounded;
}

template <typename element>
element raw_element(const std::string& raw, std::size_t index) {
  static_assert(std::endian::native == std::endian::little, "raw_data is little-endian");
  element value;
  std::memcpy(&value, raw.data() + index * sizeof(element), sizeof(element));
  return value;
}

/// Elements of type @p element from raw_data, else from the typed field through @p field.
template <typename element, typename out, typename field_access, typename convert>
std::vector<out> elements(const onnx::TensorProto& proto, std::int64_t count, field_access field, convert to_out) {
  std::vector<out> values(static_cast<std::size_t>(count));
  if (proto.has_raw_data()) {
    const std::string& raw = proto.raw_data();
    for (std::size_t i = 0; i < values.size(); ++i) {
      values[i] = to_out(raw_element<element>(raw, i), i);
    }
  } else {
    for (std::size_t i = 0; i < values.size(); ++i) {
      values[i] = to_out(static_cast<element>(field(static_cast<int>(i))), i);
    }
  }
  return values;
}

template <typename element>
std::vector<element> narrow_integers(const onnx::TensorProto& proto, std::int64_t count) {
  return elements<element, element>(
      proto, count, [&](int i) { return proto.int32_data(i); }, [](element v, std::size_t) { return v; });
}

std::vector<float> reals(const onnx::TensorProto& proto, std::int64_t count, const std::string& where) {
  const auto check = [&](auto value, std::size_t i) { return checked_float(static_cast<double>(value), i, where); };
  switch (proto.data_type()) {
  case types::FLOAT:
    return elements<float, float>(
        proto, count, [&](int i) { return proto.float_data(i); }, check);
  case types::DOUBLE:
    return elements<double, float>(
        proto, count, [&](int i) { return proto.double_data(i); }, check);
  default:
    return elements<std::uint16_t, float>(
        proto, count, [&](int i) { return proto.int32_data(i); },
        [&](std::uint16_t bits, std::size_t i) { return checked_float(half_to_float(bits), i, where); });
  }
}

constant_numbers integers(const onnx::TensorProto& proto, std::int64_t count, const std::string& where) {
  const auto from_uint64 = [&](std::uint64_t v, std::size_t) {
    if (v > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max())) {
      throw core::user_error(where, "an element is beyond the range of int64", "");
    }
    return static_cast<std::int64_t>(v);
  };
  switch (proto.data_type()) {
  case types::INT64:
    return elements<std::int64_t, std::int64_t>(
        proto, count, [&](int i) { return proto.int64_data(i); }, [](std::int64_t v, std::size_t) { return v; });
  case types::UINT64:
    return elements<std::uint64_t, std::int64_t>(
        proto, count, [&](int i) { return proto.uint64_data(i); }, from_uint64);
  case types::UINT32:
    return elements<std::uint32_t, std::int64_t>(
        proto, count, [&](int i) { return proto.uint64_data(i); }, from_uint64);
  case types::INT32:
    return narrow_integers<std::int32_t>(proto, count);
  case types::UINT16:
    return narrow_integers<std::uint16_t>(proto, count);
  case types::INT16:
    return narrow_integers<std::int16_t>(proto, count);
  case types::UINT8:
    return narrow_integers<std::uint8_t>(proto, count);
  case types::INT8:
    return narrow_integers<std::int8_t>(proto, count);
  default: // BOOL
    return elements<std::uint8_t, std::uint8_t>(
        proto, count, [&](int i) { return proto.int32_data(i); },
        [](std::uint8_t v, std::size_t) { return static_cast<std::uint8_t>(v != 0); });
  }
}

} // namespace

std::size_t constant_array::size() const {
  return std::visit([](const auto& values) { return values.size(); }, data);
}

std::vector<std::int64_t> constant_array::integers() const {
  if (is_real()) {
    throw std::bad_variant_access();
  }
  return std::visit([](const auto& values) { return std::vector<std::int64_t>(values.begin(), values.end()); }, data);
}

std::int64_t constant_count(const shape& extents, const std::string& where) {
  std::int64_t count = 1;
  bool empty = false;
  for (const std::int64_t extent : extents) {
    if (extent < 0) {
      throw core::user_error(where, "its shape has the extent " + std::to_string(extent), "extents are not negative");
    }
    empty = empty || extent == 0;
    if (extent > 0 && extent > max_constant_elements / count) {
      throw core::user_error(where, "its shape " + to_string(extents) + " is too large",
                             "a constant has at most " + std::to_string(max_constant_elements) + " elements");
    }
    count *= extent > 0 ? extent : 1;
  }
  return empty ? 0 : count;
}

std::int64_t element_bytes(const onnx::TensorProto& proto, const std::string& where) {
  switch (proto.data_type()) {
  case types::UINT8:
  case types::INT8:
  case types::BOOL:
    return 1;
  case types::FLOAT16:
  case types::UINT16:
  case types::INT16:
    return 2;
  case types::FLOAT:
  case types::INT32:
  case types::UINT32:
    return 4;
  case types::DOUBLE:
  case types::INT64:
  case types::UINT64:
    return 8;
  default: {
    const bool known = types::DataType_IsValid(proto.data_type());
    throw core::user_error(where,
                           "its type " +
                               (known ? types::DataType_Name(static_cast<types::DataType>(proto.data_type()))
                                      : std::to_string(proto.data_type())) +
                               " is not supported",
                           "use float16, float32, float64, an integer type or bool");
  }
  }
}

std::int64_t check_tensor(const onnx::TensorProto& proto, const std::string& where) {
  const std::int64_t width = element_bytes(proto, where);
  const std::int64_t count = constant_count(dims_of(proto), where);
  if (proto.has_segment()) {
    throw core::user_error(where, "its data is split into segments", "store it in one piece");
  }
  const std::int64_t held =
      proto.has_raw_data() ? static_cast<std::int64_t>(proto.raw_data().size()) : typed_size(proto);
  const std::int64_t promised = proto.has_raw_data() ? count * width : count;
  if (held != promised) {
    throw core::user_error(where,
                           "it holds " + std::to_string(held) + (proto.has_raw_data() ? " bytes" : " elements") +
                               ", but its shape " + to_string(dims_of(proto)) + " needs " + std::to_string(promised),
                           "");
  }
  return count;
}

void release_data(onnx::TensorProto& proto) {
  constexpr std::size_t largest_list = std::size_t{1} << 16; // bytes: far more than a shape of any rank takes
  if (proto.has_raw_data() && proto.raw_data().size() > largest_list) {
    *proto.mutable_raw_data() = std::string(1, '\0'); // ONNX's checker wants data, but not how much
  }
}

constant_array decode(const onnx::TensorProto& proto, const std::string& where) {
  const std::int64_t count = check_tensor(proto, where);
  switch (proto.data_type()) {
  case types::FLOAT:
  case types::DOUBLE:
  case types::FLOAT16:
    return {dims_of(proto), reals(proto, count, where)};
  default:
    return {dims_of(proto), integers(proto, count, where)};
  }
}

constant_array decode(const onnx::SparseTensorProto& proto, const std::string& where) {
  const shape extents(proto.dims().begin(), proto.dims().end());
  const std::int64_t count = constant_count(extents, where);
  const constant_array values = decode(proto.values(), where + ", values");
  const constant_array indices = decode(proto.indices(), where + ", indices");
  const auto stored = static_cast<std::int64_t>(values.size());
  const auto rank = static_cast<std::int64_t>(extents.size());
  const bool linear = indices.extents.size() == 1;
  if (values.extents.size() != 1 || indices.is_real() ||
      !(linear ? indices.extents[0] == stored : indices.extents == shape{stored, rank})) {
    throw core::user_error(where, "its values and indices do not fit together",
                           "values have the shape (n), indices are int64 of the shape (n) or (n, rank)");
  }
  const std::vector<std::int64_t> index = indices.integers();
  const auto position = [&](std::int64_t entry) {
    std::int64_t linear_index = 0;
    for (std::int64_t axis = 0; axis < (linear ? 1 : rank); ++axis) {
      const std::int64_t extent = linear ? count : extents[static_cast<std::size_t>(axis)];
      const std::int64_t i = index[static_cast<std::size_t>(linear ? entry : entry * rank + axis)];
      if (i < 0 || i >= extent) {
        throw core::user_error(where, "index " + std::to_string(i) + " lies outside its shape " + to_string(extents),
                               "");
      }
      linear_index = linear_index * extent + i;
    }
    return static_cast<std::size_t>(linear_index);
  };
  constant_array dense{extents, {}};
  std::visit(
      [&](const auto& source) {
        std::decay_t<decltype(source)> target(static_cast<std::size_t>(count));
        for (std::int64_t entry = 0; entry < stored; ++entry) {
          target[position(entry)] = source[static_cast<std::size_t>(entry)];
        }
        dense.data = std::move(target);
      },
      values.data);
  return dense;
}

float half_to_float(std::uint16_t bits) {
  const int exponent = (bits >> 10) & 0x1F;
  const int mantissa = bits & 0x3FF;
  const float sign = (bits & 0x8000) != 0 ? -1.0F : 1.0F;
  if (exponent == 0x1F) {
    return mantissa != 0 ? std::numeric_limits<float>::quiet_NaN() : sign * std::numeric_limits<float>::infinity();
  }
  const int significand = exponent == 0 ? mantissa : mantissa + 0x400;
  return sign * std::ldexp(static_cast<float>(significand), (exponent == 0 ? 1 : exponent) - 25);
}

} // namespace sonic::workload
