// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tb/explore/metrics.h"
#include "tb/explore/space.h"

#include <memory>
#include <string>

namespace sonic::explore {

/// The numbers that formulas name: the choices of the axes, in base units, and metrics.
class formula_values {
public:
  explicit formula_values(const design_space& space);

  void set(const design& chosen);
  void set(const metric_values& metrics) { metrics_ = metrics; }

private:
  friend class formula;
  const design_space& space_;
  std::vector<double> axes_;
  metric_values metrics_{};
};

/// A condition such as "fc_array.lanes > conv_array.lanes && area_mm2 <= 100", in the notation of muParser.
class formula {
public:
  /// @param where for messages
  /// @param values must outlive it
  /// @throws core::user_error if the text is no formula, or names what is neither a key of the space nor a metric
  formula(const std::string& text, const std::string& where, formula_values& values);
  ~formula();
  formula(formula&&) noexcept;
  formula& operator=(formula&&) noexcept;
  formula(const formula&) = delete;
  formula& operator=(const formula&) = delete;

  /// For the values set last. What is not a number does not hold.
  [[nodiscard]] bool holds() const;
  [[nodiscard]] const std::string& text() const { return text_; }
  /// Whether it can be judged before a design has been.
  [[nodiscard]] bool needs_metrics() const { return needs_metrics_; }

private:
  struct parser;
  std::string text_;
  std::unique_ptr<parser> parser_;
  bool needs_metrics_ = false;
};

} // namespace sonic::explore
