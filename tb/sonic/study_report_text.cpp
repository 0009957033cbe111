// SPDX-License-Identifier: Apache-2.0
#include "tb/report/svg.h"
#include "tb/sonic/study_report.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <iterator>

namespace sonic::command {

namespace {

using nlohmann::json;

template <class... arguments>
void line(std::string& to, fmt::format_string<arguments...> text, arguments&&... values) {
  fmt::format_to(std::back_inserter(to), text, std::forward<arguments>(values)...);
  to += '\n';
}

std::string name_of(explore::metric which) {
  return std::string(explore::metric_names[static_cast<std::size_t>(which)]);
}

std::string design_text(const explore::job_design& d) {
  return d.overrides.empty() ? "the base" : fmt::format("{}", fmt::join(d.overrides, ", "));
}

std::string remark_of(const design_line& l) {
  if (!l.wrong.empty()) {
    return "WRONG: " + l.wrong;
  }
  if (!l.refused.empty()) {
    return "refused: " + l.refused;
  }
  if (!l.by_timing.front()) {
    return "not simulated";
  }
  return l.too_inaccurate ? "too inaccurate" : l.design.front ? "on the front" : "";
}

json metrics_json(const explore::metric_values& values) {
  json j;
  for (std::size_t i = 0; i < explore::metric_count; ++i) {
    j[std::string(explore::metric_names[i])] = values[i];
  }
  return j;
}

/// The cells of a line, under the headings of table_head.
std::vector<std::string> cells_of(const study_report& r, const design_line& l) {
  std::vector<std::string> cells;
  const auto& now = l.by_timing.front();
  const auto& base = r.lines.front().by_timing.front();
  for (const auto which : r.jobs.objectives) {
    cells.push_back(now ? fmt::format("{:.4g}", value_of(now->values, which)) : "-");
    cells.push_back(now && base ? fmt::format("{:.3f}", value_of(now->values, which) / value_of(base->values, which))
                                : "-");
  }
  constexpr double percent = 100.0;
  cells.push_back(
      now ? fmt::format("{:.3f} / {:.3f}", percent * now->largest_time_gap, percent * now->largest_energy_gap) : "-");
  for (std::size_t t = 1; t < l.by_timing.size(); ++t) {
    const auto& other = l.by_timing[t];
    cells.push_back(now && other
                        ? fmt::format("{:+.3f}", percent * (value_of(other->values, explore::metric::latency_ns) /
                                                                value_of(now->values, explore::metric::latency_ns) -
                                                            1.0))
                        : "-");
  }
  cells.push_back(l.accuracy_loss ? fmt::format("{:+.2f}", *l.accuracy_loss) : "-");
  return cells;
}

std::vector<std::string> table_head(const study_report& r) {
  std::vector<std::string> head;
  for (const auto which : r.jobs.objectives) {
    head.push_back(name_of(which));
    head.emplace_back("x base");
  }
  head.emplace_back("gap, %");
  for (std::size_t t = 1; t < r.jobs.timings.size(); ++t) {
    head.emplace_back(r.jobs.timings[t] == "approximately_timed" ? "AT, %" : "LT, %");
  }
  head.emplace_back("loss");
  return head;
}

std::string escaped(const std::string& text) {
  std::string out;
  for (const char c : text) {
    out += c == '<' ? "&lt;" : c == '&' ? "&amp;" : std::string(1, c);
  }
  return out;
}

std::string notes_of(const study_report& r) {
  return fmt::format(
      "Simulated under {}: level timing, accounting as configured. Means over networks are geometric. "
      "gap: of time and energy, estimate against simulation. {}loss: of accuracy, percentage points below "
      "the base, of the network that loses most.",
      r.jobs.timings.front(),
      r.jobs.timings.size() > 1
          ? fmt::format("{}: latency against that of {}. ", r.jobs.timings[1] == "approximately_timed" ? "AT" : "LT",
                        r.jobs.timings.front())
          : std::string());
}

} // namespace

std::string to_text(const study_report& r) {
  std::string text;
  line(text, "sonic explore: {}", r.jobs.title);
  line(text, "  base       {}{}", r.jobs.architecture,
       r.jobs.overrides.empty() ? "" : fmt::format(" with {}", fmt::join(r.jobs.overrides, ", ")));
  for (const auto& n : r.jobs.networks) {
    line(text, "  network    {} on {} of {}", n.name,
         r.jobs.frames == 1 ? std::string("one frame") : fmt::format("{} frames", r.jobs.frames), n.frames_text);
  }
  line(text, "  search     {}", r.jobs.search);
  line(text, "  simulated  {} of {} tasks, {} designs and the base", r.finished, r.jobs.tasks(),
       r.jobs.designs.size() - 1);
  line(text, "");
  std::string head;
  for (const auto& cell : table_head(r)) {
    head += fmt::format("{:>17}", cell);
  }
  line(text, "{}  design", head);
  for (const auto& l : r.lines) {
    std::string row;
    for (const auto& cell : cells_of(r, l)) {
      row += fmt::format("{:>17}", cell);
    }
    const auto remark = remark_of(l);
    line(text, "{}  {}{}", row, design_text(l.design), remark.empty() ? "" : " (" + remark + ")");
  }
  line(text, "");
  line(text, "{}", notes_of(r));
  return text;
}

std::string to_json(const study_report& r) {
  json j{{"format", "sonic-explore-report-1"},
         {"title", r.jobs.title},
         {"architecture", r.jobs.architecture},
         {"set", r.jobs.overrides},
         {"timings", r.jobs.timings},
         {"frames", r.jobs.frames},
         {"search",
          {{"sentence", r.jobs.search}, {"evaluations", r.jobs.evaluations}, {"seconds", r.jobs.search_seconds}}},
         {"tasks", {{"all", r.jobs.tasks()}, {"finished", r.finished}, {"executions", r.executions}}},
         {"right", r.right}};
  for (const auto& n : r.jobs.networks) {
    j["networks"].push_back({{"name", n.name}, {"frames", n.frames_text}});
  }
  for (std::size_t i = 0; i < r.jobs.objectives.size(); ++i) {
    j["objectives"].push_back(
        {{"metric", name_of(r.jobs.objectives[i])}, {"largest", static_cast<bool>(r.jobs.largest[i])}});
  }
  for (const auto& l : r.lines) {
    json d{{"number", l.design.number},
           {"set", l.design.overrides},
           {"front", l.design.front},
           {"estimated", metrics_json(l.design.estimated)},
           {"accuracy_loss_points", l.accuracy_loss ? json(*l.accuracy_loss) : json()},
           {"too_inaccurate", l.too_inaccurate},
           {"refused", l.refused},
           {"wrong", l.wrong},
           {"simulated", json::array()}};
    for (std::size_t t = 0; t < l.by_timing.size(); ++t) {
      if (const auto& s = l.by_timing[t]) {
        d["simulated"].push_back({{"timing", r.jobs.timings[t]}, {"metrics", metrics_json(s->values)}});
      }
    }
    j["designs"].push_back(std::move(d));
  }
  return j.dump(1) + "\n";
}

std::string to_svg(const study_report& r) {
  if (r.jobs.objectives.size() < 2) {
    return {};
  }
  report::scatter_chart chart;
  chart.title = r.jobs.title;
  chart.x = {name_of(r.jobs.objectives[0]), true};
  chart.y = {name_of(r.jobs.objectives[1]), true};
  report::point_series front{"front", {}, true};
  report::point_series others{"other designs", {}, false};
  report::point_series base{"base", {}, false};
  for (const auto& l : r.lines) {
    if (const auto& s = l.by_timing.front()) {
      auto& into = l.design.overrides.empty() ? base : l.design.front ? front : others;
      into.points.push_back({value_of(s->values, r.jobs.objectives[0]), value_of(s->values, r.jobs.objectives[1]), ""});
    }
  }
  std::sort(front.points.begin(), front.points.end(), [](const auto& a, const auto& b) { return a.x < b.x; });
  for (auto* series : {&others, &front, &base}) {
    if (!series->points.empty()) {
      chart.series.push_back(std::move(*series));
    }
  }
  return report::to_svg(chart);
}

std::string to_html(const study_report& r) {
  std::string page;
  line(page, "<!doctype html>");
  line(page, "<html lang=\"en\"><head><meta charset=\"utf-8\"><title>{}</title>", escaped(r.jobs.title));
  line(page, "<style>body{{font:15px sans-serif;margin:2em;max-width:80em}}table{{border-collapse:collapse}}"
             "td,th{{padding:.2em .7em;text-align:right;border-bottom:1px solid #ddd}}td:last-child,th:last-child"
             "{{text-align:left}}svg{{max-width:100%;height:auto}}</style></head><body>");
  line(page, "<h1>{}</h1><p>{}.</p>", escaped(r.jobs.title), escaped(r.jobs.search));
  page += to_svg(r);
  line(page, "<p>{}</p><table><tr>", escaped(notes_of(r)));
  for (const auto& cell : table_head(r)) {
    line(page, "<th>{}</th>", escaped(cell));
  }
  line(page, "<th>design</th></tr>");
  for (const auto& l : r.lines) {
    page += "<tr>";
    for (const auto& cell : cells_of(r, l)) {
      page += "<td>" + escaped(cell) + "</td>";
    }
    const auto remark = remark_of(l);
    line(page, "<td>{}{}</td></tr>", escaped(design_text(l.design)),
         remark.empty() ? "" : " (" + escaped(remark) + ")");
  }
  line(page, "</table></body></html>");
  return page;
}

} // namespace sonic::command
