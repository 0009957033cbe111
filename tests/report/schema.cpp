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

void each_object(const nlohmann::json& in, const nlohmann::json::json_pointer& at,
                 const std::function<void(nlohmann::json::json_pointer)>& seen) {
  if (in.is_object()) {
    seen(at);
  }
  if (in.is_structured()) {
    for (const auto& item : in.items()) {
      const auto inner = in.is_array() ? at / static_cast<std::size_t>(std::stoul(item.key())) : at / item.key();
      each_object(item.value(), inner, seen);
    }
  }
}

schema_gaps gaps_of_schema(const std::string& name) {
  const auto schema = report_schema(name);
  schema_gaps gaps;
  each_object(schema, nlohmann::json::json_pointer(), [&](const nlohmann::json::json_pointer& at) {
    const auto& part = schema[at];
    if (!part.contains("properties") || (!at.empty() && at.back() == "properties")) {
      return;
    }
    if (part.value("additionalProperties", true)) {
      gaps.places.push_back(at.to_string() + " is open");
    }
    for (const auto& property : part["properties"].items()) {
      ++gaps.properties;
      const auto text = property.value().value("description", "");
      const bool told = text.find(" Unit: ") != std::string::npos && text.find(" Level: ") != std::string::npos;
      if (!told && !property.value().contains("$ref")) {
        gaps.places.push_back(at.to_string() + "/" + property.key() + " lacks unit or level");
      }
    }
  });
  return gaps;
}

} // namespace sonic::tests
