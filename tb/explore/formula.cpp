// SPDX-License-Identifier: Apache-2.0
#include "tb/explore/formula.h"

#include "sonic/core/error.h"

#include <muParser.h>

#include <algorithm>

namespace sonic::explore {

formula_values::formula_values(const design_space& space) : space_(space), axes_(space.axes.size()) {}

void formula_values::set(const design& chosen) {
  for (std::size_t i = 0; i < axes_.size(); ++i) {
    axes_[i] = space_.axes[i].choices[chosen[i]].number;
  }
}

struct formula::parser {
  mu::Parser rule;
};

formula::formula(const std::string& text, const std::string& where, formula_values& values)
    : text_(text), parser_(std::make_unique<parser>()) {
  auto& rule = parser_->rule;
  try {
    rule.DefineNameChars("0123456789_.abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ");
    for (std::size_t i = 0; i < values.axes_.size(); ++i) {
      if (!values.space_.axes[i].words) {
        rule.DefineVar(values.space_.axes[i].key, &values.axes_[i]);
      }
    }
    for (std::size_t i = 0; i < metric_count; ++i) {
      rule.DefineVar(std::string(metric_names[i]), &values.metrics_[i]);
    }
    rule.SetExpr(text);
    for (const auto& [name, place] : rule.GetUsedVar()) {
      if (place == nullptr) {
        throw core::user_error(
            where, "'" + name + "' is not known",
            "expected keys of the space that are numbers, and metrics such as fps_per_watt or area_mm2");
      }
      needs_metrics_ =
          needs_metrics_ || std::find(metric_names.begin(), metric_names.end(), name) != metric_names.end();
    }
    rule.Eval();
  } catch (const mu::ParserError& e) {
    throw core::user_error(where, "'" + text + "' is no condition: " + e.GetMsg(),
                           "expected a formula such as fc_array.lanes > conv_array.lanes");
  }
}

formula::~formula() = default;
formula::formula(formula&&) noexcept = default;
formula& formula::operator=(formula&&) noexcept = default;

bool formula::holds() const {
  const double value = parser_->rule.Eval();
  return value == value && value != 0.0; // NOLINT(misc-redundant-expression)
}

} // namespace sonic::explore
