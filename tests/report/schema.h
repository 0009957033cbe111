// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

namespace sonic::tests {

/// docs/NAME.schema.json.
nlohmann::json report_schema(const std::string& name = "report");

/// What in @p report is against the schema, a sentence each; empty if it is valid.
std::vector<std::string> schema_problems(const nlohmann::json& report, const std::string& name = "report");

/// Calls @p seen with the pointer of every object of a JSON value.
void each_object(const nlohmann::json& in, const nlohmann::json::json_pointer& at,
                 const std::function<void(nlohmann::json::json_pointer)>& seen);

/// Where a schema leaves an object open, or a property without description, unit and level.
struct schema_gaps {
  std::vector<std::string> places;
  std::size_t properties = 0; ///< that were looked at
};
schema_gaps gaps_of_schema(const std::string& name);

} // namespace sonic::tests
