// SPDX-License-Identifier: Apache-2.0
#include "tb/workload/onnx_operators.h"

#include "tb/workload/onnx_import.h"

#include <algorithm>
#include <array>

namespace sonic::workload {

namespace {

constexpr std::array operators{
    operator_entry{"Add", build_add, fold_add},
    operator_entry{"AveragePool", build_average_pool, nullptr},
    operator_entry{"BatchNormalization", build_batch_normalization, nullptr},
    operator_entry{"Cast", build_cast, fold_cast},
    operator_entry{"Clip", build_clip, nullptr},
    operator_entry{"Concat", build_concat, fold_concat},
    operator_entry{"Constant", nullptr, fold_constant},
    operator_entry{"ConstantOfShape", nullptr, fold_constant_of_shape},
    operator_entry{"Conv", build_conv, nullptr},
    operator_entry{"DequantizeLinear", nullptr, fold_dequantize_linear},
    operator_entry{"Div", build_div, fold_div},
    operator_entry{"Dropout", build_dropout, fold_identity},
    operator_entry{"Flatten", build_flatten, fold_flatten},
    operator_entry{"Gather", nullptr, fold_gather},
    operator_entry{"Gemm", build_gemm, nullptr},
    operator_entry{"GlobalAveragePool", build_global_average_pool, nullptr},
    operator_entry{"GlobalMaxPool", build_global_max_pool, nullptr},
    operator_entry{"Identity", build_identity, fold_identity},
    operator_entry{"LeakyRelu", build_leaky_relu, nullptr},
    operator_entry{"LogSoftmax", build_log_softmax, nullptr},
    operator_entry{"MatMul", build_matmul, nullptr},
    operator_entry{"MaxPool", build_max_pool, nullptr},
    operator_entry{"Mul", build_mul, fold_mul},
    operator_entry{"Pad", build_pad, nullptr},
    operator_entry{"ReduceMean", build_reduce_mean, nullptr},
    operator_entry{"Relu", build_relu, nullptr},
    operator_entry{"Reshape", build_reshape, fold_reshape},
    operator_entry{"Shape", build_shape, build_shape},
    operator_entry{"Slice", build_slice, fold_slice},
    operator_entry{"Softmax", build_softmax, nullptr},
    operator_entry{"Squeeze", build_squeeze, fold_squeeze},
    operator_entry{"Sub", build_sub, fold_sub},
    operator_entry{"Transpose", build_transpose, fold_transpose},
    operator_entry{"Unsqueeze", build_unsqueeze, fold_unsqueeze},
};

} // namespace

const operator_entry* find_operator(const std::string& name) {
  const auto* found =
      std::find_if(operators.begin(), operators.end(), [&](const auto& entry) { return name == entry.name; });
  return found != operators.end() ? found : nullptr;
}

std::string supported_operators() {
  std::string list;
  for (const auto& entry : operators) {
    list += (list.empty() ? "" : ", ") + std::string(entry.name);
  }
  return list;
}

} // namespace sonic::workload
