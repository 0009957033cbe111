// SPDX-License-Identifier: Apache-2.0
#include "tb/report/comparison.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace sonic::report {

namespace {

std::string number(double value, int digits = 4) {
  return std::isfinite(value) ? fmt::format("{:.{}g}", value, digits) : "-";
}

std::string deviation(double found, double published) {
  return fmt::format("{:+.0f} %", (found / published - 1.0) * 100.0);
}

void add_networks(std::string& text, const comparison_report& r) {
  text += fmt::format("{:<14}{:>7}{:>12}{:>14}{:>12}{:>17}  {}\n", "network", "frames", "parameters", "products",
                      "zero weights", "activations", "frames from");
  for (const auto& n : r.networks) {
    text += fmt::format("{:<14}{:>7}{:>12}{:>14.6g}{:>10.1f} %{:>13.1f} %  {}\n", n.name, n.frames, n.parameters,
                        n.products, n.weight_zeros * 100.0, n.activation_zeros * 100.0, n.images);
  }
  if (std::any_of(r.networks.begin(), r.networks.end(), [](const auto& n) { return n.synthetic; })) {
    text += "  Synthetic images are smooth random fields, no pictures: they have other zeros than real data has.\n";
  }
}

void add_figures(std::string& text, const comparison_report& r) {
  text += fmt::format("\n{:<18}{:<14}{:>11}{:>11}{:>11}{:>13}{:>13}{:>14}\n", "accelerator", "network", "FPS", "W",
                      "FPS/W", "mJ/frame", "pJ/op. bit", "pJ/param. bit");
  for (const auto& a : r.accelerators) {
    for (std::size_t n = 0; n < r.networks.size(); ++n) {
      const auto& f = a.figures[n];
      text +=
          fmt::format("{:<18}{:<14}{:>11}{:>11}{:>11}{:>13}{:>13}{:>14}\n", n == 0 ? a.name : "", r.networks[n].name,
                      number(f.frames_per_second), number(f.power_w), number(f.frames_per_second_per_watt),
                      number(f.energy_pj * 1e-9), number(f.epb_operand_pj), number(f.epb_parameter_pj));
    }
    if (a.calibrated) {
      text += "  calibrated: fitted to a published ratio by construction, so it checks nothing; FPS and W not known\n";
    }
  }
}

void add_ratios(std::string& text, const comparison_report& r) {
  text += fmt::format("\n{:<32}{:>16}{:>16}{:>16}{:>11}{:>11}\n", r.reference + " against", "", "mean of ratios",
                      "ratio of means", "published", "deviation");
  for (const auto& line : r.ratios) {
    text += fmt::format("{:<32}{:>16}{:>16}{:>16}{:>11}{:>11}{}\n", line.accelerator,
                        line.kind == ratio_kind::fps_per_watt ? "FPS/W" : "energy per bit", number(line.mean_of_ratios),
                        number(line.ratio_of_means), line.published ? number(*line.published) : "-",
                        line.published ? deviation(line.mean_of_ratios, *line.published) : "-",
                        line.calibrated ? "  calibrated" : "");
  }
  text +=
      fmt::format("  above 1: {} is better; distance to the published ratios, rms of log(ratio / published): {:.3f}\n",
                  r.reference, r.distance);
  std::string last;
  for (const auto& line : r.ratios) {
    if (!line.hangs_on.empty() && line.accelerator != last) {
      text += fmt::format("  {}: {}\n", line.accelerator, line.hangs_on);
      last = line.accelerator;
    }
  }
}

void add_absolutes(std::string& text, const comparison_report& r) {
  if (r.absolutes.empty()) {
    return;
  }
  text += fmt::format("\n{:<38}{:<18}{:<20}{:>12}{:>12}{:>12}\n", "from elsewhere", "accelerator", "measure", "there",
                      "here", r.reference);
  for (const auto& line : r.absolutes) {
    text += fmt::format("{:<38}{:<18}{:<20}{:>12}{:>12}{:>12}\n", line.name, line.accelerator, to_string(line.measure),
                        number(line.value), number(line.ours), number(line.reference));
    text += fmt::format("  {} ({}){}{}\n", line.source, line.source_kind, line.about.empty() ? "" : ": ", line.about);
  }
}

/// "crosslight FPS/W", short enough for a column.
std::string column_of(const ratio_line& line) {
  return line.accelerator.substr(0, 8) + (line.kind == ratio_kind::fps_per_watt ? " F/W" : " EPB");
}

void add_sensitivity(std::string& text, const comparison_report& r) {
  const auto& s = *r.sensitivity;
  const auto lines = published_ratios(r);
  text += fmt::format("\n{:<40}", "what moves which ratio");
  for (const auto* line : lines) {
    text += fmt::format("{:>17}", column_of(*line));
  }
  text += fmt::format("{:>10}\n{:<40}", "distance", "  published");
  for (const auto* line : lines) {
    text += fmt::format("{:>17}", number(*line->published, 3));
  }
  text += "\n";
  for (const auto& a : s.assumptions) {
    for (const auto& c : a.choices) {
      const bool is_default = &c == a.choices.data();
      text += fmt::format("{:<40}", a.name + ": " + c.name + (is_default ? " (default)" : ""));
      for (std::size_t i = 0; i < lines.size(); ++i) {
        text += fmt::format("{:>17}", is_default ? number(c.ratios[i], 3)
                                                 : fmt::format("{} x{}", number(c.ratios[i], 3),
                                                               number(c.ratios[i] / a.choices.front().ratios[i], 2)));
      }
      text += fmt::format("{:>10.3f}\n", c.distance);
    }
  }
  text += fmt::format("\n{} combinations of these choices; the closest to all published ratios:\n", s.combinations);
  for (const auto& c : s.closest) {
    text += fmt::format("  distance {:.3f}:", c.distance);
    for (std::size_t i = 0; i < c.choices.size(); ++i) {
      text += fmt::format("{} {}={}", i == 0 ? "" : ",", s.assumptions[i].name, c.choices[i]);
    }
    text += "\n    ratios:";
    for (std::size_t i = 0; i < lines.size(); ++i) {
      text += fmt::format(" {} {}", column_of(*lines[i]), number(c.ratios[i], 3)) + (i + 1 < lines.size() ? "," : "");
    }
    text += "\n";
  }
}

} // namespace

std::string to_text(const comparison_report& r) {
  std::string text = fmt::format("sonic compare {}: {}\n\n", r.file, r.name);
  add_networks(text, r);
  add_figures(text, r);
  add_ratios(text, r);
  add_absolutes(text, r);
  if (r.sensitivity) {
    add_sensitivity(text, r);
  }
  text +=
      fmt::format("\n{}: the outputs of {} simulations {}\n", r.passed ? "PASSED" : "FAILED", r.simulations,
                  r.passed ? "equal the reference model's" : "do not all equal the reference model's; " + r.failure);
  return text;
}

} // namespace sonic::report
