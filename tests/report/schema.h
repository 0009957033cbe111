// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include <nlohmann/json.hpp>

namespace sonic::tests {

/// docs/NAME.schema.json.
nlohmann::json report_schema(const std::string& name = "report");

/// What in @p report is against the schema, a sentence each; empty if it is valid.
std::vector<std::string> schema_problems(const nlohmann::json& report, const std::string& name = "report");

} // namespace sonic::tests
