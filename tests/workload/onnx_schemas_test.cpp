// SPDX-License-Identifier: Apache-2.0
#include "tb/workload/onnx_import.h"
#include "tb/workload/onnx_model.h"
#include "tb/workload/onnx_schemas.h"

#include <sstream>

#include <catch2/catch.hpp>

using namespace sonic::workload;

TEST_CASE("Each supported operator has ONNX's schema in every supported operator set", "[import]") {
  const operator_schemas schemas;
  const auto* all = onnx::OpSchemaRegistry::Instance();
  std::istringstream names(supported_operators());
  for (std::string name; std::getline(names, name, ',');) {
    name.erase(0, name.find_first_not_of(' '));
    for (int version = oldest_opset; version <= newest_opset; ++version) {
      CAPTURE(name, version);
      const auto* found = schemas.GetSchema(name, version, "");
      const auto* expected = all->GetSchema(name, version, "");
      REQUIRE((found == nullptr) == (expected == nullptr));
      if (found != nullptr) {
        CHECK(found->Name() == expected->Name());
        CHECK(found->SinceVersion() == expected->SinceVersion());
        CHECK(found->deprecated() == expected->deprecated());
        CHECK(found->min_input() == expected->min_input());
        CHECK(found->max_input() == expected->max_input());
        CHECK(found->max_output() == expected->max_output());
        CHECK(found->attributes().size() == expected->attributes().size());
        CHECK(found == schemas.GetSchema(name, version, ""));
      }
    }
  }
}

TEST_CASE("Schemas of other operators, sets and domains are those of ONNX's registry", "[import]") {
  const operator_schemas schemas;
  const auto* all = onnx::OpSchemaRegistry::Instance();
  CHECK(schemas.GetSchema("LSTM", 13, "") == all->GetSchema("LSTM", 13, ""));
  CHECK(schemas.GetSchema("Conv", 1, "") == all->GetSchema("Conv", 1, ""));
  CHECK(schemas.GetSchema("Conv", 13, "ai.onnx.ml") == nullptr);
  CHECK(schemas.GetSchema("Nothing", 13, "") == nullptr);
}
