// SPDX-License-Identifier: Apache-2.0
#include "tb/report/frame_view.h"

#include "tb/report/accounting.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <cmath>

namespace sonic::report {

namespace {

using core::chip_part;
using json = nlohmann::ordered_json;

constexpr double ps_per_ns = 1e3;
constexpr std::array<const char*, 5> part_names{"CONV units", "FC units", "memory", "finishing", "static"};
enum part : std::size_t { conv_units, fc_units, memory, finishing, standing };

struct span {
  double begin_ns, end_ns;
};

/// The part of the power that an event belongs to.
part part_of(chip_part what) {
  switch (what) {
  case chip_part::conv_unit:
    return conv_units;
  case chip_part::fc_unit:
    return fc_units;
  case chip_part::post_processor:
    return finishing;
  default:
    return memory;
  }
}

/// Adds energy to equal steps.
class steps_of_time {
public:
  steps_of_time(double step_ns, std::size_t steps) : step_ns_(step_ns), pj_(steps) {}

  /// Evenly over [begin, end), in ns since the first step.
  void add(double pj, const span& when) {
    const double length = when.end_ns - when.begin_ns;
    if (!(length > 0.0)) {
      pj_[at(when.begin_ns)] += pj;
      return;
    }
    for (std::size_t i = at(when.begin_ns); i <= at(when.end_ns); ++i) {
      const double from = std::max(when.begin_ns, static_cast<double>(i) * step_ns_);
      const double to =
          i + 1 == pj_.size() ? when.end_ns : std::min(when.end_ns, static_cast<double>(i + 1) * step_ns_);
      pj_[i] += pj * std::max(0.0, to - from) / length;
    }
  }
  /// Over several spans alike.
  void add(double pj, const std::vector<span>& spans, const span& otherwise) {
    double length = 0.0;
    for (const auto& s : spans) {
      length += s.end_ns - s.begin_ns;
    }
    if (!(length > 0.0)) {
      add(pj, otherwise);
      return;
    }
    for (const auto& s : spans) {
      add(pj * (s.end_ns - s.begin_ns) / length, s);
    }
  }
  [[nodiscard]] std::vector<double> watts() const {
    auto power = pj_;
    for (auto& w : power) {
      w *= step_ns_ > 0.0 ? 1e-3 / step_ns_ : 0.0; // pJ / ns = mW
    }
    return power;
  }

private:
  [[nodiscard]] std::size_t at(double ns) const {
    const auto step = step_ns_ > 0.0 ? static_cast<std::size_t>(std::max(0.0, std::floor(ns / step_ns_))) : 0;
    return std::min(step, pj_.size() - 1);
  }
  double step_ns_;
  std::vector<double> pj_;
};

/// The first layer's begin and the last one's end.
span extent_of(const std::vector<core::timeline_event>& events) {
  span all{0.0, 0.0};
  bool first = true;
  for (const auto& e : events) {
    if (e.part == chip_part::layer) {
      all.begin_ns = first ? static_cast<double>(e.begin_ps) / ps_per_ns : all.begin_ns;
      all.end_ns = static_cast<double>(e.end_ps) / ps_per_ns;
      first = false;
    }
  }
  return all;
}

} // namespace

power_trace power_over_time(const std::vector<core::timeline_event>& events,
                            const std::vector<core::layer_record>& layers, const energy::table& energies,
                            std::size_t steps) {
  const auto all = extent_of(events);
  power_trace trace;
  trace.step_ns = (all.end_ns - all.begin_ns) / static_cast<double>(steps);
  std::vector<steps_of_time> parts(part_names.size(), steps_of_time(trace.step_ns, steps));
  std::array<std::vector<span>, part_names.size()> worked;
  std::size_t next = 0;
  for (const auto& e : events) {
    const span when{static_cast<double>(e.begin_ps) / ps_per_ns - all.begin_ns,
                    static_cast<double>(e.end_ps) / ps_per_ns - all.begin_ns};
    if (e.part != chip_part::layer) {
      worked.at(part_of(e.part)).push_back(when);
      continue;
    }
    if (next == layers.size()) {
      break;
    }
    const auto spent = energy_of(energies, layers[next++].done, when.end_ns - when.begin_ns);
    const part light = worked[fc_units].empty() ? conv_units : fc_units;
    for (const auto& line : spent.lines) {
      const bool moves = line.device == "memory" || line.device == "global_buffer";
      const part of = moves ? memory : line.device == "post_processor" ? finishing : light;
      parts[of].add(line.dynamic_pj, worked.at(of), when);
      parts[standing].add(line.static_pj, when);
    }
    for (auto& spans : worked) {
      spans.clear();
    }
  }
  for (std::size_t i = 0; i < parts.size(); ++i) {
    trace.parts.push_back({part_names.at(i), parts[i].watts()});
  }
  return trace;
}

std::string frame_view_json(const std::vector<core::timeline_event>& events,
                            const std::vector<core::layer_record>& layers, const energy::table& energies,
                            std::size_t steps) {
  const auto trace = power_over_time(events, layers, energies, steps);
  const auto all = extent_of(events);
  constexpr std::array<std::pair<const char*, chip_part>, 5> rows{{{"loads", chip_part::dma_load},
                                                                   {"CONV units", chip_part::conv_unit},
                                                                   {"FC units", chip_part::fc_unit},
                                                                   {"post-processor", chip_part::post_processor},
                                                                   {"stores", chip_part::dma_store}}};
  json found;
  found["parts"] = json::array();
  for (const auto& [name, kind] : rows) {
    std::vector<span> spans;
    for (const auto& e : events) {
      if (e.part == kind) {
        spans.push_back({static_cast<double>(e.begin_ps) / ps_per_ns - all.begin_ns,
                         static_cast<double>(e.end_ps) / ps_per_ns - all.begin_ns});
      }
    }
    std::sort(spans.begin(), spans.end(), [](const span& a, const span& b) { return a.begin_ns < b.begin_ns; });
    json merged = json::array();
    span open{0.0, -1.0};
    const auto close = [&] {
      if (open.end_ns >= open.begin_ns) {
        merged.push_back({open.begin_ns, open.end_ns});
      }
    };
    const double visible_ns = trace.step_ns / 4; // gaps shorter than that are not seen
    for (const auto& s : spans) {
      if (open.end_ns >= open.begin_ns && s.begin_ns <= open.end_ns + visible_ns) {
        open.end_ns = std::max(open.end_ns, s.end_ns);
      } else {
        close();
        open = s;
      }
    }
    close();
    found["parts"].push_back({{"name", name}, {"spans_ns", merged}});
  }
  found["power"]["step_ns"] = trace.step_ns;
  found["power"]["series"] = json::array();
  for (const auto& s : trace.parts) {
    found["power"]["series"].push_back({{"name", s.name}, {"watts", s.watts}});
  }
  return found.dump();
}

} // namespace sonic::report
