// SPDX-License-Identifier: Apache-2.0
#include "tb/workload/onnx_schemas.h"

#include "tb/workload/onnx_model.h"

#include <onnx/defs/operator_sets.h>

#include <string_view>

namespace sonic::workload {

namespace {

struct schema_entry {
  std::string_view name;
  int since; ///< operator set that brought this version
  onnx::OpSchema (*make)();
};

#define SONIC_SCHEMA(name, since)                                                                                      \
  schema_entry {                                                                                                       \
#name, since, &onnx::GetOpSchema < onnx::ONNX_OPERATOR_SET_SCHEMA_CLASS_NAME(Onnx, since, name)>                   \
  }

/// Each supported operator in every version that an operator set from oldest_opset to newest_opset uses, in order.
constexpr schema_entry entries[] = {
    // clang-format off
    SONIC_SCHEMA(Add, 7), SONIC_SCHEMA(Add, 13), SONIC_SCHEMA(Add, 14),
    SONIC_SCHEMA(AveragePool, 7), SONIC_SCHEMA(AveragePool, 10), SONIC_SCHEMA(AveragePool, 11),
    SONIC_SCHEMA(BatchNormalization, 9), SONIC_SCHEMA(BatchNormalization, 14), SONIC_SCHEMA(BatchNormalization, 15),
    SONIC_SCHEMA(Cast, 9), SONIC_SCHEMA(Cast, 13),
    SONIC_SCHEMA(Clip, 6), SONIC_SCHEMA(Clip, 11), SONIC_SCHEMA(Clip, 12), SONIC_SCHEMA(Clip, 13),
    SONIC_SCHEMA(Concat, 4), SONIC_SCHEMA(Concat, 11), SONIC_SCHEMA(Concat, 13),
    SONIC_SCHEMA(Constant, 9), SONIC_SCHEMA(Constant, 11), SONIC_SCHEMA(Constant, 12), SONIC_SCHEMA(Constant, 13),
    SONIC_SCHEMA(ConstantOfShape, 9),
    SONIC_SCHEMA(Conv, 1), SONIC_SCHEMA(Conv, 11),
    SONIC_SCHEMA(DequantizeLinear, 10), SONIC_SCHEMA(DequantizeLinear, 13),
    SONIC_SCHEMA(Div, 7), SONIC_SCHEMA(Div, 13), SONIC_SCHEMA(Div, 14),
    SONIC_SCHEMA(Dropout, 7), SONIC_SCHEMA(Dropout, 10), SONIC_SCHEMA(Dropout, 12), SONIC_SCHEMA(Dropout, 13),
    SONIC_SCHEMA(Flatten, 9), SONIC_SCHEMA(Flatten, 11), SONIC_SCHEMA(Flatten, 13),
    SONIC_SCHEMA(Gather, 1), SONIC_SCHEMA(Gather, 11), SONIC_SCHEMA(Gather, 13),
    SONIC_SCHEMA(Gemm, 9), SONIC_SCHEMA(Gemm, 11), SONIC_SCHEMA(Gemm, 13),
    SONIC_SCHEMA(GlobalAveragePool, 1),
    SONIC_SCHEMA(GlobalMaxPool, 1),
    SONIC_SCHEMA(Identity, 1), SONIC_SCHEMA(Identity, 13), SONIC_SCHEMA(Identity, 14), SONIC_SCHEMA(Identity, 16),
    SONIC_SCHEMA(LeakyRelu, 6), SONIC_SCHEMA(LeakyRelu, 16),
    SONIC_SCHEMA(LogSoftmax, 1), SONIC_SCHEMA(LogSoftmax, 11), SONIC_SCHEMA(LogSoftmax, 13),
    SONIC_SCHEMA(MatMul, 9), SONIC_SCHEMA(MatMul, 13),
    SONIC_SCHEMA(MaxPool, 8), SONIC_SCHEMA(MaxPool, 10), SONIC_SCHEMA(MaxPool, 11), SONIC_SCHEMA(MaxPool, 12),
    SONIC_SCHEMA(Mul, 7), SONIC_SCHEMA(Mul, 13), SONIC_SCHEMA(Mul, 14),
    SONIC_SCHEMA(Pad, 2), SONIC_SCHEMA(Pad, 11), SONIC_SCHEMA(Pad, 13),
    SONIC_SCHEMA(ReduceMean, 1), SONIC_SCHEMA(ReduceMean, 11), SONIC_SCHEMA(ReduceMean, 13),
    SONIC_SCHEMA(Relu, 6), SONIC_SCHEMA(Relu, 13), SONIC_SCHEMA(Relu, 14),
    SONIC_SCHEMA(Reshape, 5), SONIC_SCHEMA(Reshape, 13), SONIC_SCHEMA(Reshape, 14),
    SONIC_SCHEMA(Shape, 1), SONIC_SCHEMA(Shape, 13), SONIC_SCHEMA(Shape, 15),
    SONIC_SCHEMA(Slice, 1), SONIC_SCHEMA(Slice, 10), SONIC_SCHEMA(Slice, 11), SONIC_SCHEMA(Slice, 13),
    SONIC_SCHEMA(Softmax, 1), SONIC_SCHEMA(Softmax, 11), SONIC_SCHEMA(Softmax, 13),
    SONIC_SCHEMA(Squeeze, 1), SONIC_SCHEMA(Squeeze, 11), SONIC_SCHEMA(Squeeze, 13),
    SONIC_SCHEMA(Sub, 7), SONIC_SCHEMA(Sub, 13), SONIC_SCHEMA(Sub, 14),
    SONIC_SCHEMA(Transpose, 1), SONIC_SCHEMA(Transpose, 13),
    SONIC_SCHEMA(Unsqueeze, 1), SONIC_SCHEMA(Unsqueeze, 11), SONIC_SCHEMA(Unsqueeze, 13),
    // clang-format on
};

} // namespace

const onnx::OpSchema* operator_schemas::GetSchema(const std::string& name, int version,
                                                  const std::string& domain) const {
  const schema_entry* in_force = nullptr;
  for (const auto& entry : entries) {
    if (entry.name == name && entry.since <= version) {
      in_force = &entry;
    }
  }
  if (in_force == nullptr || version < oldest_opset || version > newest_opset || domain != onnx::ONNX_DOMAIN) {
    return onnx::OpSchemaRegistry::Instance()->GetSchema(name, version, domain);
  }
  const auto [found, is_new] = made_.try_emplace({name, in_force->since});
  if (is_new) {
    found->second = in_force->make();
    found->second.Finalize();
  }
  return &found->second;
}

} // namespace sonic::workload
