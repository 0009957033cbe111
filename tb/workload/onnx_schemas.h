// SPDX-License-Identifier: Apache-2.0
// What ONNX says of the operators: inputs, outputs, attributes, types.
#pragma once

#include <onnx/defs/schema.h>
#include <onnx/onnx_pb.h>

#include <map>
#include <string>
#include <utility>

namespace sonic::workload {

/// ONNX's own schemas, made when they are asked for. ONNX's registry makes the schemas of all operators in all versions
/// first, which takes longer than importing a network; it is asked for what is not among the supported operators.
class operator_schemas : public onnx::ISchemaRegistry {
public:
  /// @param version of the operator set
  /// @return the schema in force then, nullptr if there is none; lives as long as this object
  const onnx::OpSchema* GetSchema(const std::string& name, int version, const std::string& domain) const override;

private:
  mutable std::map<std::pair<std::string, int>, onnx::OpSchema> made_; ///< by name and first version
};

} // namespace sonic::workload
