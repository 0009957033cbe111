// SPDX-License-Identifier: Apache-2.0
#include "tb/workload/onnx_node.h"

#include "sonic/core/error.h"
#include "tb/workload/onnx_text.h"

#include <cmath>

namespace sonic::workload {

onnx_node::onnx_node(const onnx::NodeProto& proto, const std::string& file, std::size_t index, int opset)
    : proto_(proto), file_(file),
      name_(proto.name().empty() ? proto.op_type() + "_" + std::to_string(index) : proto.name()), opset_(opset) {}

const onnx::AttributeProto* onnx_node::find(const std::string& attribute) const {
  for (const auto& candidate : proto_.attribute()) {
    if (candidate.name() == attribute) {
      return &candidate;
    }
  }
  return nullptr;
}

const onnx::AttributeProto* onnx_node::find(const std::string& attribute,
                                            onnx::AttributeProto::AttributeType type) const {
  const onnx::AttributeProto* found = find(attribute);
  if (found != nullptr && found->type() != type) {
    refuse("its attribute " + in_quotes(attribute) + " has the wrong type",
           "ONNX demands " + onnx::AttributeProto::AttributeType_Name(type));
  }
  return found;
}

std::int64_t onnx_node::integer(const std::string& attribute, std::int64_t otherwise) const {
  const onnx::AttributeProto* found = find(attribute, onnx::AttributeProto::INT);
  return found != nullptr ? found->i() : otherwise;
}

double onnx_node::real(const std::string& attribute, double otherwise) const {
  const onnx::AttributeProto* found = find(attribute, onnx::AttributeProto::FLOAT);
  if (found != nullptr && !std::isfinite(found->f())) {
    refuse("its attribute " + in_quotes(attribute) + " is not finite", "");
  }
  return found != nullptr ? static_cast<double>(found->f()) : otherwise;
}

std::string onnx_node::text(const std::string& attribute, const std::string& otherwise) const {
  const onnx::AttributeProto* found = find(attribute, onnx::AttributeProto::STRING);
  return found != nullptr ? found->s() : otherwise;
}

std::optional<std::vector<std::int64_t>> onnx_node::integers(const std::string& attribute) const {
  const onnx::AttributeProto* found = find(attribute, onnx::AttributeProto::INTS);
  if (found == nullptr) {
    return std::nullopt;
  }
  return std::vector<std::int64_t>(found->ints().begin(), found->ints().end());
}

std::string onnx_node::where() const {
  return file_ + ", node " + in_quotes(name_) + " (" + printable(op_type()) + ")";
}

void onnx_node::refuse(const std::string& problem, const std::string& expected) const {
  throw core::user_error(where(), problem, expected);
}

} // namespace sonic::workload
