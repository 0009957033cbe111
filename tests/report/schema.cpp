// SPDX-License-Identifier: Apache-2.0
#include "tests/report/schema.h"

#include <valijson/adapters/nlohmann_json_adapter.hpp>
#include <valijson/schema.hpp>
#include <valijson/schema_parser.hpp>
#include <valijson/validation_results.hpp>
#include <valijson/validator.hpp>

#include <fstream>
#include <stdexcept>

namespace sonic::tests {

nlohmann::json report_schema(const std::string& name) {
  std::ifstream file(SONIC_SOURCE_DIR "/docs/" + name + ".schema.json");
  if (!file) {
    throw std::runtime_error("docs/" + name + ".schema.json cannot be read");
  }
  return nlohmann::json::parse(file);
}

std::vector<std::string> schema_problems(const nlohmann::json& report, const std::string& name) {
  const auto text = report_schema(name);
  valijson::Schema schema;
  valijson::SchemaParser(valijson::SchemaParser::kDraft7)
      .populateSchema(valijson::adapters::NlohmannJsonAdapter(text), schema);
  valijson::ValidationResults found;
  std::vector<std::string> problems;
  if (valijson::Validator().validate(schema, valijson::adapters::NlohmannJsonAdapter(report), &found)) {
    return problems;
  }
  valijson::ValidationResults::Error error;
  while (found.popError(error)) {
    std::string where;
    for (const auto& part : error.context) {
      where += part;
    }
    problems.push_back(where + ": " + error.description);
  }
  return problems;
}

} // namespace sonic::tests
