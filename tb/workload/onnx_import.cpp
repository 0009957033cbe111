// SPDX-License-Identifier: Apache-2.0
#include "tb/workload/onnx_import.h"

#include "sonic/core/error.h"
#include "tb/workload/graph_batch.h"
#include "tb/workload/onnx_constant.h"
#include "tb/workload/onnx_model.h"
#include "tb/workload/onnx_network.h"
#include "tb/workload/onnx_operators.h"
#include "tb/workload/onnx_schemas.h"
#include "tb/workload/onnx_text.h"

#include <algorithm>
#include <new>

namespace sonic::workload {

namespace {

void check_operators(const onnx::GraphProto& model, const std::string& where) {
  for (const auto& node : model.node()) {
    if (find_operator(node.op_type()) == nullptr) {
      throw core::user_error(where, describe(node) + " uses an operator that is not supported",
                             "supported are " + supported_operators());
    }
    if (node.output_size() < 1 || node.output(0).empty()) {
      throw core::user_error(where, describe(node) + " has no output", "");
    }
  }
}

/// Frees the data of a Constant whose output is defined.
void release_attributes(onnx::NodeProto& node) {
  for (auto& attribute : *node.mutable_attribute()) {
    if (attribute.has_t()) {
      release_data(*attribute.mutable_t());
    }
  }
}

void define_constants(onnx::GraphProto& model, network& net, const std::string& where) {
  for (auto& tensor : *model.mutable_initializer()) {
    net.define_constant(tensor.name(), decode(tensor, where + ", tensor " + in_quotes(tensor.name())));
    release_data(tensor);
  }
  for (const auto& sparse : model.sparse_initializer()) {
    const std::string& name = sparse.values().name();
    net.define_constant(name, decode(sparse, where + ", sparse tensor " + in_quotes(name)));
  }
}

void define_inputs(const onnx::GraphProto& model, network& net) {
  const std::vector<std::string> names = free_inputs(model);
  for (const auto& input : model.input()) {
    if (std::find(names.begin(), names.end(), input.name()) != names.end()) {
      shape extents;
      for (const auto& dim : input.type().tensor_type().shape().dim()) {
        extents.push_back(dim.dim_value());
      }
      net.define_input(input.name(), extents);
    }
  }
}

void build(const onnx_node& node, network& net) {
  const operator_entry& entry = *find_operator(node.op_type());
  bool constants_only = true;
  for (std::size_t i = 0; i < node.input_count(); ++i) {
    constants_only = constants_only && !net.is_computed(node, i);
  }
  if (constants_only && entry.fold != nullptr) {
    entry.fold(node, net);
  } else if (entry.build != nullptr) {
    entry.build(node, net);
  } else {
    node.refuse("it works on a computed tensor", "this operator is supported on constants only");
  }
}

/// ONNX's checker wants a shape with each output; files that leave it to the reader are not refused for that.
void complete_outputs(onnx::GraphProto& model, const graph& result) {
  for (std::size_t i = 0; i < result.outputs.size(); ++i) {
    auto& type = *model.mutable_output(static_cast<int>(i))->mutable_type()->mutable_tensor_type();
    if (!type.has_shape()) {
      for (const std::int64_t extent : result.values[result.outputs[i]].extents) {
        type.mutable_shape()->add_dim()->set_dim_value(extent);
      }
      type.mutable_shape(); // of a scalar, too
    }
  }
}

/// Our shapes against those that the file declares and ONNX infers.
void compare_shapes(const graph& result, const std::map<std::string, std::vector<std::int64_t>>& declared,
                    const std::string& where) {
  for (const value& made : result.values) {
    const auto found = declared.find(made.name);
    if (found == declared.end() || made.constant) {
      continue;
    }
    const std::vector<std::int64_t>& stated = found->second;
    const bool agrees = stated.size() == made.extents.size() &&
                        std::equal(stated.begin(), stated.end(), made.extents.begin(),
                                   [](std::int64_t a, std::int64_t b) { return a < 0 || a == b; });
    if (!agrees) {
      throw core::user_error(
          where + ", tensor " + in_quotes(made.name),
          "its shape is " + to_string(made.extents) + ", but the file says or implies " + to_string(stated), "");
    }
  }
}

graph import_checked(const std::filesystem::path& file, std::int64_t batch) {
  const std::string where = file.string();
  onnx::ModelProto model = read_model(file);
  check_operators(model.graph(), where);
  const bool open_batch = bind_batch(model, batch, where);

  network net(where);
  graph& result = net.result();
  result.name = model.graph().name();
  result.symbolic_batch = open_batch ? batch : 0;
  for (const auto& entry : model.metadata_props()) {
    result.metadata.emplace_back(entry.key(), entry.value());
  }
  define_constants(*model.mutable_graph(), net, where);
  define_inputs(model.graph(), net);
  const int opset = opset_of(model, where);
  net.count_uses(model.graph());
  for (int i = 0; i < model.graph().node_size(); ++i) {
    const onnx_node node(model.graph().node(i), where, static_cast<std::size_t>(i), opset);
    build(node, net);
    net.drop_unused(node);
    release_attributes(*model.mutable_graph()->mutable_node(i));
  }
  if (model.graph().output_size() == 0) {
    throw core::user_error(where, "the network has no outputs", "");
  }
  for (const auto& output : model.graph().output()) {
    net.give_out(output.name());
  }
  complete_outputs(*model.mutable_graph(), result);
  const operator_schemas schemas;
  check_model(model, schemas, where);
  compare_shapes(result, infer_shapes(model, schemas, where), where);
  result.batch_separable = is_batch_separable(result);
  return std::move(result);
}

} // namespace

graph import_onnx(const std::filesystem::path& file, std::int64_t batch) {
  try {
    return import_checked(file, batch);
  } catch (const std::bad_alloc&) {
    throw core::user_error(file.string(), "the network does not fit into memory", "choose a smaller batch or network");
  }
}

} // namespace sonic::workload
