// SPDX-License-Identifier: Apache-2.0
#include "tb/workload/onnx_model.h"

#include "sonic/core/error.h"
#include "tb/workload/onnx_constant.h"
#include "tb/workload/onnx_external.h"
#include "tb/workload/onnx_order.h"
#include "tb/workload/onnx_schemas.h"
#include "tb/workload/onnx_text.h"

#include <onnx/checker.h>
#include <onnx/shape_inference/implementation.h>

#include <algorithm>
#include <fstream>
#include <limits>
#include <set>
#include <unordered_map>
#include <utility>

namespace sonic::workload {

namespace {

namespace fs = std::filesystem;

onnx::ModelProto parse(const fs::path& file) {
  const std::string where = file.string();
  std::error_code error;
  if (!fs::is_regular_file(file, error)) {
    throw core::user_error(where, "there is no such file", "give an ONNX model");
  }
  const auto size = fs::file_size(file, error);
  if (error || size > static_cast<std::uintmax_t>(std::numeric_limits<std::int32_t>::max())) {
    throw core::user_error(where, "it is too large", "an ONNX file has at most 2 GiB; store its tensors outside");
  }
  std::ifstream stream(file, std::ios::binary);
  onnx::ModelProto model;
  if (!stream || size == 0 || !model.ParseFromIstream(&stream)) {
    throw core::user_error(where, "it cannot be read as an ONNX model",
                           "the file is damaged, truncated or no ONNX file");
  }
  if (!model.has_graph()) {
    throw core::user_error(where, "it holds no network", "the file is damaged, truncated or no ONNX file");
  }
  return model;
}

/// "ai.onnx" and the empty domain are the same; libonnx knows the latter.
void normalise_domains(onnx::ModelProto& model, const std::string& where) {
  for (auto& import : *model.mutable_opset_import()) {
    if (import.domain() == "ai.onnx") {
      import.clear_domain();
    }
  }
  for (auto& node : *model.mutable_graph()->mutable_node()) {
    if (node.domain() == "ai.onnx") {
      node.clear_domain();
    }
    if (!node.domain().empty()) {
      throw core::user_error(where, describe(node) + " is of the domain " + in_quotes(node.domain()),
                             "only the standard domain ai.onnx is supported");
    }
  }
}

void check_tensors(const onnx::GraphProto& graph, const std::string& where) {
  for (const auto& tensor : graph.initializer()) {
    check_tensor(tensor, where + ", tensor " + in_quotes(tensor.name()));
  }
  for (const auto& sparse : graph.sparse_initializer()) {
    const std::string name = where + ", tensor " + in_quotes(sparse.values().name());
    check_tensor(sparse.values(), name);
    check_tensor(sparse.indices(), name + ", indices");
  }
  for (const auto& node : graph.node()) {
    for (const auto& attribute : node.attribute()) {
      if (attribute.has_t()) {
        check_tensor(attribute.t(), where + ", " + describe(node) + ", attribute " + in_quotes(attribute.name()));
      }
    }
  }
}

} // namespace

int opset_of(const onnx::ModelProto& model, const std::string& where) {
  for (const auto& import : model.opset_import()) {
    if (import.domain().empty() || import.domain() == "ai.onnx") {
      if (import.version() < oldest_opset || import.version() > newest_opset) {
        throw core::user_error(where, "it uses ONNX operator set " + std::to_string(import.version()),
                               "operator sets " + std::to_string(oldest_opset) + " to " + std::to_string(newest_opset) +
                                   " are supported");
      }
      return static_cast<int>(import.version());
    }
  }
  throw core::user_error(where, "it names no ONNX operator set", "the file is damaged or no ONNX model");
}

onnx::ModelProto read_model(const fs::path& file) {
  onnx::ModelProto model = parse(file);
  const std::string where = file.string();
  opset_of(model, where);
  normalise_domains(model, where);
  take_in_external_data(model, file);
  check_tensors(model.graph(), where);
  put_in_order(*model.mutable_graph(), where);
  return model;
}

void check_model(onnx::ModelProto& model, const operator_schemas& schemas, const std::string& where) {
  try {
    // First all but the graph: for a graph, only the function after that takes another registry.
    onnx::GraphProto graph;
    graph.set_name(model.graph().name());
    graph.Swap(model.mutable_graph());
    onnx::checker::check_model(model);
    graph.Swap(model.mutable_graph());

    onnx::checker::CheckerContext context;
    context.set_ir_version(static_cast<int>(model.ir_version()));
    std::unordered_map<std::string, int> opsets;
    for (const auto& import : model.opset_import()) {
      opsets[import.domain()] = static_cast<int>(import.version());
    }
    context.set_opset_imports(std::move(opsets));
    context.set_schema_registry(&schemas);
    onnx::checker::check_graph(model.graph(), context, {});
  } catch (const std::exception& refusal) {
    throw core::user_error(where, "the ONNX checker refuses it: " + one_line(refusal.what()), "");
  }
}

std::vector<std::string> free_inputs(const onnx::GraphProto& graph) {
  std::set<std::string> provided;
  for (const auto& tensor : graph.initializer()) {
    provided.insert(tensor.name());
  }
  for (const auto& sparse : graph.sparse_initializer()) {
    provided.insert(sparse.values().name());
  }
  std::vector<std::string> names;
  for (const auto& input : graph.input()) {
    if (provided.count(input.name()) == 0) {
      names.push_back(input.name());
    }
  }
  return names;
}

bool bind_batch(onnx::ModelProto& model, std::int64_t batch, const std::string& where) {
  if (batch < 1) {
    throw core::user_error(where, "the batch is " + std::to_string(batch), "it must be at least 1");
  }
  const std::vector<std::string> names = free_inputs(model.graph());
  bool bound = false;
  for (auto& input : *model.mutable_graph()->mutable_input()) {
    if (std::find(names.begin(), names.end(), input.name()) == names.end()) {
      continue;
    }
    const std::string name = where + ", input " + in_quotes(input.name());
    auto& type = *input.mutable_type()->mutable_tensor_type();
    if (type.elem_type() != onnx::TensorProto::FLOAT && type.elem_type() != onnx::TensorProto::DOUBLE &&
        type.elem_type() != onnx::TensorProto::FLOAT16) {
      throw core::user_error(name, "it is not a tensor of floating-point numbers",
                             "inputs are float16, float32 or float64");
    }
    if (!type.has_shape()) {
      throw core::user_error(name, "it has no shape", "give its rank, and every extent but the batch");
    }
    for (int axis = 0; axis < type.shape().dim_size(); ++axis) {
      auto& dim = *type.mutable_shape()->mutable_dim(axis);
      if (dim.has_dim_value()) {
        continue;
      }
      if (axis != 0) {
        throw core::user_error(name, "its axis " + std::to_string(axis) + " has no fixed extent",
                               "only axis 0, the batch, may be open");
      }
      dim.set_dim_value(batch);
      bound = true;
    }
  }
  return bound;
}

namespace {

/// libonnx 1.12 infers no shape through a sparse initialiser; an input of its dense shape says the same.
void replace_sparse_initializers(onnx::GraphProto& graph) {
  for (const auto& sparse : graph.sparse_initializer()) {
    const std::string& name = sparse.values().name();
    const auto listed = [&](const auto& input) { return input.name() == name; };
    if (std::none_of(graph.input().begin(), graph.input().end(), listed)) {
      auto& input = *graph.add_input();
      input.set_name(name);
      auto& type = *input.mutable_type()->mutable_tensor_type();
      type.set_elem_type(sparse.values().data_type());
      for (const std::int64_t extent : sparse.dims()) {
        type.mutable_shape()->add_dim()->set_dim_value(extent);
      }
    }
  }
  graph.clear_sparse_initializer();
}

} // namespace

std::map<std::string, std::vector<std::int64_t>> infer_shapes(onnx::ModelProto& model, const operator_schemas& schemas,
                                                              const std::string& where) {
  replace_sparse_initializers(*model.mutable_graph());
  try {
    const onnx::ShapeInferenceOptions strict(true, 1, false);
    onnx::shape_inference::InferShapes(model, &schemas, strict);
  } catch (const std::exception& refusal) {
    throw core::user_error(where, "ONNX shape inference finds a contradiction: " + one_line(refusal.what()), "");
  }
  std::map<std::string, std::vector<std::int64_t>> shapes;
  const auto note = [&](const onnx::ValueInfoProto& info) {
    if (info.type().has_tensor_type() && info.type().tensor_type().has_shape()) {
      std::vector<std::int64_t>& extents = shapes[info.name()];
      for (const auto& dim : info.type().tensor_type().shape().dim()) {
        extents.push_back(dim.has_dim_value() ? dim.dim_value() : -1);
      }
    }
  };
  for (const auto& info : model.graph().value_info()) {
    note(info);
  }
  for (const auto& info : model.graph().output()) {
    note(info);
  }
  return shapes;
}

} // namespace sonic::workload
