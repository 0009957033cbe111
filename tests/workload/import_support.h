// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tb/reference/float_executor.h"
#include "tb/workload/onnx_import.h"
#include "tests/support/onnx_builder.h"
#include "tests/support/scratch_folder.h"

#include "sonic/core/error.h"

#include <string>
#include <vector>

namespace sonic::tests {

using workload::graph;
using workload::shape;
using workload::tensor;

inline graph import(const onnx_builder& model, std::int64_t batch = 1) {
  const scratch_folder folder;
  return workload::import_onnx(model.save(folder / "model.onnx"), batch);
}

/// The graph's first output for these inputs.
inline tensor evaluate(const graph& network, const std::vector<tensor>& inputs) {
  return reference::run_float(network, inputs)[network.outputs[0]];
}

inline tensor evaluate(const onnx_builder& model, const std::vector<tensor>& inputs, std::int64_t batch = 1) {
  return evaluate(import(model, batch), inputs);
}

/// 0, 1, 2, ... scaled and shifted, of this shape.
inline tensor ramp(const shape& extents, float step = 1.0F, float first = 0.0F) {
  tensor data{extents, {}};
  data.values.resize(static_cast<std::size_t>(workload::element_count(extents, "ramp")));
  for (std::size_t i = 0; i < data.values.size(); ++i) {
    data.values[i] = first + step * static_cast<float>(i);
  }
  return data;
}

/// The sentence with which the import refuses a model, less the name of the file; empty if it does not.
inline std::string refusal(const onnx_builder& model, std::int64_t batch = 1) {
  const scratch_folder folder;
  const std::filesystem::path file = model.save(folder / "model.onnx");
  try {
    workload::import_onnx(file, batch);
    return "";
  } catch (const core::user_error& error) {
    const std::string text = error.what();
    return text.rfind(file.string(), 0) == 0 ? text.substr(file.string().size()) : "no file named: " + text;
  }
}

} // namespace sonic::tests
