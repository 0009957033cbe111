// SPDX-License-Identifier: Apache-2.0
// NumPy's .npy, https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html
#include "tb/workload/array_formats.h"

#include "sonic/core/error.h"
#include "tb/workload/onnx_constant.h"
#include "tb/workload/onnx_text.h"

#include <algorithm>
#include <array>
#include <bit>
#include <charconv>
#include <cstring>

namespace sonic::workload {

namespace {

constexpr std::string_view magic = "\x93NUMPY";

struct header {
  std::string type; ///< such as "<f4"
  bool fortran_order = false;
  shape extents;
  std::size_t data_offset = 0;
};

/// Reads the Python dictionary of a header: {'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }
class header_parser {
public:
  header_parser(std::string_view text, const std::string& where) : text_(text), where_(where) {}

  header parse() {
    header result;
    bool has_type = false, has_order = false, has_shape = false;
    expect('{');
    while (!accept('}')) {
      const std::string key = string();
      expect(':');
      if (key == "descr") {
        result.type = string();
        has_type = true;
      } else if (key == "fortran_order") {
        result.fortran_order = word() == "True";
        has_order = true;
      } else if (key == "shape") {
        result.extents = tuple();
        has_shape = true;
      } else {
        fail();
      }
      accept(',');
    }
    if (!has_type || !has_order || !has_shape) {
      fail();
    }
    return result;
  }

private:
  [[noreturn]] void fail() const {
    throw core::user_error(where_, "its npy header is damaged or describes a structured array",
                           "a plain array of numbers is needed");
  }
  void skip_blanks() {
    while (at_ < text_.size() && (text_[at_] == ' ' || text_[at_] == '\n')) {
      ++at_;
    }
  }
  bool accept(char c) {
    skip_blanks();
    const bool found = at_ < text_.size() && text_[at_] == c;
    at_ += found ? 1 : 0;
    return found;
  }
  void expect(char c) {
    if (!accept(c)) {
      fail();
    }
  }
  std::string string() {
    skip_blanks();
    const char quote = at_ < text_.size() ? text_[at_] : ' ';
    const std::size_t end = quote == '\'' || quote == '"' ? text_.find(quote, at_ + 1) : std::string_view::npos;
    if (end == std::string_view::npos) {
      fail();
    }
    std::string content(text_.substr(at_ + 1, end - at_ - 1));
    at_ = end + 1;
    return content;
  }
  std::string_view word() {
    skip_blanks();
    const std::size_t end = std::min(text_.find_first_of(",}", at_), text_.size());
    const std::string_view content = text_.substr(at_, end - at_);
    if (content != "True" && content != "False") {
      fail();
    }
    at_ = end;
    return content;
  }
  shape tuple() {
    shape extents;
    expect('(');
    while (!accept(')')) {
      skip_blanks();
      std::int64_t extent = 0;
      const auto [end, error] = std::from_chars(text_.data() + at_, text_.data() + text_.size(), extent);
      if (error != std::errc{} || extents.size() > 31) {
        fail();
      }
      at_ = static_cast<std::size_t>(end - text_.data());
      extents.push_back(extent);
      accept('L'); // of Python 2
      accept(',');
    }
    return extents;
  }

  std::string_view text_;
  const std::string& where_;
  std::size_t at_ = 0;
};

header read_header(std::string_view bytes, const std::string& where) {
  const auto byte = [&](std::size_t i) { return static_cast<std::size_t>(static_cast<unsigned char>(bytes[i])); };
  const std::size_t prefix = bytes.size() > 6 && byte(6) == 1 ? 10 : 12;
  if (bytes.size() < prefix || bytes.substr(0, 6) != magic || byte(6) < 1 || byte(6) > 3) {
    throw core::user_error(where, "it is no npy array of version 1, 2 or 3, or truncated", "");
  }
  std::size_t length = byte(8) | byte(9) << 8;
  if (prefix == 12) {
    length |= byte(10) << 16 | byte(11) << 24;
  }
  if (length > bytes.size() - prefix) {
    throw core::user_error(where, "its npy header is truncated", "");
  }
  header result = header_parser(bytes.substr(prefix, length), where).parse();
  result.data_offset = prefix + length;
  return result;
}

template <typename element>
double read_element(const char* source, bool swap) {
  std::array<char, sizeof(element)> bytes;
  std::copy_n(source, sizeof(element), bytes.begin());
  if (swap) {
    std::reverse(bytes.begin(), bytes.end());
  }
  return static_cast<double>(std::bit_cast<element>(bytes));
}

double read_half(const char* source, bool swap) {
  return static_cast<double>(half_to_float(static_cast<std::uint16_t>(read_element<std::uint16_t>(source, swap))));
}

double read_bool(const char* source, bool) {
  return *source != 0 ? 1.0 : 0.0;
}

struct element_type {
  std::string_view name; ///< without the byte order
  std::size_t bytes;
  double (*read)(const char* source, bool swap);
};

constexpr std::array element_types{element_type{"f2", 2, read_half},
                                   element_type{"f4", 4, read_element<float>},
                                   element_type{"f8", 8, read_element<double>},
                                   element_type{"i1", 1, read_element<std::int8_t>},
                                   element_type{"i2", 2, read_element<std::int16_t>},
                                   element_type{"i4", 4, read_element<std::int32_t>},
                                   element_type{"i8", 8, read_element<std::int64_t>},
                                   element_type{"u1", 1, read_element<std::uint8_t>},
                                   element_type{"u2", 2, read_element<std::uint16_t>},
                                   element_type{"u4", 4, read_element<std::uint32_t>},
                                   element_type{"u8", 8, read_element<std::uint64_t>},
                                   element_type{"b1", 1, read_bool}};

const element_type& find_type(const std::string& type, const std::string& where) {
  const auto* found = std::find_if(element_types.begin(), element_types.end(), [&](const element_type& candidate) {
    return type.size() == 3 && std::string_view("<>|=").find(type[0]) != std::string_view::npos &&
           type.substr(1) == candidate.name;
  });
  if (found == element_types.end()) {
    throw core::user_error(where, "its elements have the type " + in_quotes(type),
                           "f2, f4, f8, integers and booleans are supported");
  }
  return *found;
}

/// From column-major to row-major order.
std::vector<float> reordered(const std::vector<float>& values, const shape& extents) {
  std::vector<float> result(values.size());
  std::vector<std::size_t> position(extents.size(), 0);
  std::vector<std::size_t> strides(extents.size());
  std::size_t stride = 1;
  for (std::size_t axis = 0; axis < extents.size(); ++axis) {
    strides[axis] = stride;
    stride *= static_cast<std::size_t>(extents[axis]);
  }
  std::size_t source = 0;
  for (float& value : result) {
    value = values[source];
    for (std::size_t axis = extents.size(); axis-- > 0;) {
      source += strides[axis];
      if (++position[axis] < static_cast<std::size_t>(extents[axis])) {
        break;
      }
      source -= strides[axis] * static_cast<std::size_t>(extents[axis]);
      position[axis] = 0;
    }
  }
  return result;
}

} // namespace

tensor decode_npy(std::string_view bytes, const std::string& where) {
  const header head = read_header(bytes, where);
  const element_type& type = find_type(head.type, where);
  const auto count = static_cast<std::size_t>(array_count(head.extents, where));
  if (bytes.size() - head.data_offset != count * type.bytes) {
    throw core::user_error(where,
                           "it holds " + std::to_string(bytes.size() - head.data_offset) +
                               " bytes of data, but its shape " + to_string(head.extents) + " needs " +
                               std::to_string(count * type.bytes),
                           "");
  }
  static_assert(std::endian::native == std::endian::little, "the byte order '=' means little");
  const bool swap = head.type[0] == '>';
  tensor array{head.extents, std::vector<float>(count)};
  for (std::size_t i = 0; i < count; ++i) {
    array.values[i] = checked_element(type.read(bytes.data() + head.data_offset + i * type.bytes, swap), where);
  }
  if (head.fortran_order) {
    array.values = reordered(array.values, array.extents);
  }
  return array;
}

std::string encode_npy(const tensor& array) {
  std::string extents;
  for (const std::int64_t extent : array.extents) {
    extents += std::to_string(extent) + (array.extents.size() == 1 ? "," : ", ");
  }
  if (array.extents.size() > 1) {
    extents.resize(extents.size() - 2);
  }
  std::string text = "{'descr': '<f4', 'fortran_order': False, 'shape': (" + extents + "), }";
  const std::size_t prefix = 10;
  text.append(63 - (prefix + text.size()) % 64, ' ');
  text += '\n';
  std::string bytes(magic);
  bytes += {'\x01', '\x00', static_cast<char>(text.size() & 0xFF), static_cast<char>(text.size() >> 8)};
  bytes += text;
  const std::size_t offset = bytes.size();
  bytes.resize(offset + array.values.size() * sizeof(float));
  if (!array.values.empty()) {
    std::memcpy(bytes.data() + offset, array.values.data(), array.values.size() * sizeof(float));
  }
  return bytes;
}

void save_npy(const std::filesystem::path& file, const tensor& array) {
  write_bytes(file, encode_npy(array));
}

} // namespace sonic::workload
