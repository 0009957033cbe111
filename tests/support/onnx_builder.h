// SPDX-License-Identifier: Apache-2.0
// Makes small ONNX models for tests:
//   onnx_builder model(13);
//   model.input("x", {-1, 1, 4, 4}).floats("w", {1, 1, 3, 3}, weights);
//   model.node("Conv", {"x", "w"}, {"y"}, {{"pads", {1, 1, 1, 1}}, {"auto_pad", "NOTSET"}}).output("y");
//   model.save(file);
// A test that includes this depends on sonic_onnx.
#pragma once

#include <onnx/onnx_pb.h>

#include <cstdint>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <initializer_list>
#include <stdexcept>
#include <string>
#include <vector>

namespace sonic::tests {

inline onnx::TensorProto float_tensor(const std::string& name, const std::vector<std::int64_t>& dims,
                                      const std::vector<float>& values) {
  onnx::TensorProto tensor;
  tensor.set_name(name);
  tensor.set_data_type(onnx::TensorProto::FLOAT);
  tensor.mutable_dims()->Assign(dims.begin(), dims.end());
  tensor.set_raw_data(values.data(), values.size() * sizeof(float));
  return tensor;
}

inline onnx::TensorProto integer_tensor(const std::string& name, const std::vector<std::int64_t>& dims,
                                        const std::vector<std::int64_t>& values) {
  onnx::TensorProto tensor;
  tensor.set_name(name);
  tensor.set_data_type(onnx::TensorProto::INT64);
  tensor.mutable_dims()->Assign(dims.begin(), dims.end());
  tensor.mutable_int64_data()->Assign(values.begin(), values.end());
  return tensor;
}

/// Any integer type of at most 32 bits, float16 (as bits) or bool: the types whose values lie in int32_data.
inline onnx::TensorProto narrow_tensor(const std::string& name, onnx::TensorProto::DataType type,
                                       const std::vector<std::int64_t>& dims, const std::vector<std::int32_t>& values) {
  onnx::TensorProto tensor;
  tensor.set_name(name);
  tensor.set_data_type(type);
  tensor.mutable_dims()->Assign(dims.begin(), dims.end());
  tensor.mutable_int32_data()->Assign(values.begin(), values.end());
  return tensor;
}

class onnx_attribute {
public:
  onnx_attribute(const char* name, int value) : onnx_attribute(name, std::int64_t{value}) {}
  onnx_attribute(const char* name, std::int64_t value) : onnx_attribute(name, onnx::AttributeProto::INT) {
    proto.set_i(value);
  }
  onnx_attribute(const char* name, double value) : onnx_attribute(name, onnx::AttributeProto::FLOAT) {
    proto.set_f(static_cast<float>(value));
  }
  onnx_attribute(const char* name, const char* value) : onnx_attribute(name, onnx::AttributeProto::STRING) {
    proto.set_s(value);
  }
  onnx_attribute(const char* name, const std::vector<std::int64_t>& values)
      : onnx_attribute(name, onnx::AttributeProto::INTS) {
    proto.mutable_ints()->Assign(values.begin(), values.end());
  }
  onnx_attribute(const char* name, std::initializer_list<std::int64_t> values)
      : onnx_attribute(name, std::vector<std::int64_t>(values)) {}
  onnx_attribute(const char* name, const onnx::TensorProto& value)
      : onnx_attribute(name, onnx::AttributeProto::TENSOR) {
    *proto.mutable_t() = value;
  }

  onnx::AttributeProto proto;

private:
  onnx_attribute(const char* name, onnx::AttributeProto::AttributeType type) {
    proto.set_name(name);
    proto.set_type(type);
  }
};

class onnx_builder {
public:
  explicit onnx_builder(int opset = 13) {
    model.set_ir_version(7);
    model.add_opset_import()->set_version(opset);
    model.mutable_graph()->set_name("test");
  }

  /// An extent of -1 is left open.
  onnx_builder& input(const std::string& name, const std::vector<std::int64_t>& dims,
                      onnx::TensorProto::DataType type = onnx::TensorProto::FLOAT) {
    auto& info = *model.mutable_graph()->add_input();
    info.set_name(name);
    info.mutable_type()->mutable_tensor_type()->set_elem_type(type);
    auto& extents = *info.mutable_type()->mutable_tensor_type()->mutable_shape();
    for (const std::int64_t dim : dims) {
      auto& extent = *extents.add_dim();
      if (dim == -1) {
        extent.set_dim_param("open" + std::to_string(extents.dim_size()));
      } else {
        extent.set_dim_value(dim);
      }
    }
    return *this;
  }

  /// An output of a type but of no declared shape.
  onnx_builder& output(const std::string& name, onnx::TensorProto::DataType type = onnx::TensorProto::FLOAT) {
    auto& info = *model.mutable_graph()->add_output();
    info.set_name(name);
    info.mutable_type()->mutable_tensor_type()->set_elem_type(type);
    return *this;
  }

  onnx_builder& tensor(const onnx::TensorProto& initializer) {
    *model.mutable_graph()->add_initializer() = initializer;
    return *this;
  }
  onnx_builder& floats(const std::string& name, const std::vector<std::int64_t>& dims,
                       const std::vector<float>& values) {
    return tensor(float_tensor(name, dims, values));
  }
  onnx_builder& integers(const std::string& name, const std::vector<std::int64_t>& dims,
                         const std::vector<std::int64_t>& values) {
    return tensor(integer_tensor(name, dims, values));
  }

  /// A sparse initialiser with linear indices.
  onnx_builder& sparse(const std::string& name, const std::vector<std::int64_t>& dims,
                       const std::vector<std::int64_t>& indices, const std::vector<float>& values) {
    const auto stored = static_cast<std::int64_t>(values.size());
    auto& entry = *model.mutable_graph()->add_sparse_initializer();
    *entry.mutable_values() = float_tensor(name, {stored}, values);
    *entry.mutable_indices() = integer_tensor("", {static_cast<std::int64_t>(indices.size())}, indices);
    entry.mutable_dims()->Assign(dims.begin(), dims.end());
    return *this;
  }

  /// The node is named "<op type>_<number>".
  onnx_builder& node(const std::string& op_type, const std::vector<std::string>& inputs,
                     const std::vector<std::string>& outputs, const std::vector<onnx_attribute>& attributes = {}) {
    auto& added = *model.mutable_graph()->add_node();
    added.set_op_type(op_type);
    added.set_name(op_type + "_" + std::to_string(model.graph().node_size() - 1));
    for (const auto& name : inputs) {
      added.add_input(name);
    }
    for (const auto& name : outputs) {
      added.add_output(name);
    }
    for (const auto& attribute : attributes) {
      *added.add_attribute() = attribute.proto;
    }
    return *this;
  }

  /// Writes the model and gives the path back.
  std::filesystem::path save(const std::filesystem::path& file) const {
    std::ofstream stream(file, std::ios::binary);
    if (!model.SerializeToOstream(&stream)) {
      throw std::runtime_error("cannot write " + file.string());
    }
    return file;
  }

  onnx::ModelProto model;
};

} // namespace sonic::tests
