// SPDX-License-Identifier: Apache-2.0
#include "tb/report/damage.h"
#include "tb/report/run_report.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

namespace sonic::report {

namespace {

template <class... arguments>
void line(std::string& to, fmt::format_string<arguments...> text, arguments&&... values) {
  fmt::format_to(std::back_inserter(to), text, std::forward<arguments>(values)...);
  to += '\n';
}

std::string time(double ns) {
  if (ns >= 1e6) {
    return fmt::format("{:.3f} ms", ns / 1e6);
  }
  return ns >= 1e3 ? fmt::format("{:.3f} us", ns / 1e3) : fmt::format("{:.2f} ns", ns);
}

std::string energy(double pj) {
  if (pj >= 1e9) {
    return fmt::format("{:.3f} mJ", pj / 1e9);
  }
  return pj >= 1e6 ? fmt::format("{:.3f} uJ", pj / 1e6) : fmt::format("{:.3f} nJ", pj / 1e3);
}

double percent(double part, double whole) {
  return whole > 0 ? 100.0 * part / whole : 0.0;
}

std::string check_of(const layer_check& c, bool measured) {
  if (!c.compared) {
    return "-";
  }
  if (measured && c.noise > 0.0) {
    return c.signal > 0.0 ? fmt::format("{:.1f} dB", c.signal_to_noise_db()) : "noise";
  }
  return c.mismatches == 0 ? "ok" : fmt::format("{} wrong", c.mismatches);
}

std::string shortened(const std::string& name) {
  constexpr std::size_t most = 28;
  return name.size() > most ? name.substr(0, most - 3) + "..." : name;
}

void add_header(std::string& to, const run_report& r) {
  line(to, "sonic run {}", r.model);
  line(to, "  network       {} parameters, {:.2f} % zero", r.parameters,
       percent(static_cast<double>(r.zero_parameters), static_cast<double>(r.parameters)));
  line(to, "  architecture  {}", r.architecture);
  line(to, "  optics        {}", r.optics);
  line(to, "  timing        {}{}", r.timing,
       r.timing == "functional" ? " (values only: no time, power or FPS)" : ": exact where nothing contends");
  line(to, "  accounting    {}{}", r.accounting,
       r.accounting == "published" ? ": the devices of the paper's table only, memory and heaters cost nothing"
                                   : ": with memories, tuning, receiver, control and leakage");
  line(to, "  seed          {}", r.seed);
  if (!r.dataset.empty()) {
    line(to, "  test set      {}", r.dataset);
  }
  line(to, "");
}

/// The first broken devices, and how many there are.
void add_damage(std::string& to, const run_report& r) {
  const auto& faults = r.damage.faults;
  const auto& d = r.damage;
  if (d.weight_buffer_flips + d.activation_buffer_flips + d.partial_sum_buffer_flips > 0.0) {
    line(to, "bit flips: {:g} of weights' bits read, {:g} of activations', {:g} of partial sums'",
         d.weight_buffer_flips, d.activation_buffer_flips, d.partial_sum_buffer_flips);
    line(to, "");
  }
  if (faults.empty()) {
    return;
  }
  constexpr std::size_t most = 20;
  line(to, "damage: {} broken devices, policy {}", faults.size(), r.damage.policy);
  for (std::size_t i = 0; i < std::min(faults.size(), most); ++i) {
    line(to, "  {}", sentence_of(faults[i]));
  }
  if (faults.size() > most) {
    line(to, "  and {} more: see the report as JSON or HTML", faults.size() - most);
  }
  line(to, "");
}

void add_layers(std::string& to, const run_report& r) {
  const double images = static_cast<double>(std::max<std::uint64_t>(r.images, 1));
  line(to, "{:<28} {:<16} {:>12} {:>12} {:>9} {:>9} {:>9} {:>9} {:>12} {:>8}", "layer", "operation", "time",
       "dense MACs", "weights", "inputs", "skipped", "gated", "energy", "check");
  line(to, "{:<28} {:<16} {:>12} {:>12} {:>9} {:>9} {:>9} {:>9} {:>12} {:>8}", "", "", "", "", "zero", "zero",
       "of MACs", "of lanes", "", "");
  for (const auto& l : r.layers) {
    const double streamed = static_cast<double>(l.done.conv.stream_lane_symbols + l.done.fc.stream_lane_symbols);
    const double gated = static_cast<double>(l.done.conv.gated_lane_symbols + l.done.fc.gated_lane_symbols);
    const bool light = l.dense_macs > 0;
    line(to, "{:<28} {:<16} {:>12} {:>12} {:>9} {:>9} {:>9} {:>9} {:>12} {:>8}", shortened(l.name), l.operation,
         time(l.time_ns), light ? fmt::format("{}", l.dense_macs) : "-",
         light ? fmt::format("{:.1f} %", 100.0 * (1.0 - l.nonzero_weights)) : "-",
         fmt::format("{:.1f} %", percent(static_cast<double>(l.zero_inputs), static_cast<double>(l.inputs))),
         light ? fmt::format("{:.1f} %", percent(static_cast<double>(l.done.deleted_products) / images,
                                                 static_cast<double>(l.dense_macs)))
               : "-",
         light ? fmt::format("{:.1f} %", percent(gated, streamed)) : "-", energy(l.energy_pj),
         check_of(l.check, r.measured));
  }
  line(to,
       "  skipped: products that compression deleted, they cost no time; gated: lanes whose laser was off for a zero");
  line(to, "");
}

/// Where the time of each layer went; every row adds up to the layer's time.
void add_causes(std::string& to, const run_report& r) {
  line(to, "{:<28} {:>12} {:>10} {:>10} {:>10} {:>10} {:>10} {:>10} {:>10}", "time by cause", "time", "convert",
       "retune", "operands", "sums", "finish", "memory", "idle");
  const auto row = [&](const std::string& name, const core::time_by_cause& t) {
    const auto whole = static_cast<double>(t.total_ps());
    const auto share = [whole](std::uint64_t ps) {
      return ps == 0 ? std::string("-") : fmt::format("{:.1f} %", percent(static_cast<double>(ps), whole));
    };
    line(to, "{:<28} {:>12} {:>10} {:>10} {:>10} {:>10} {:>10} {:>10} {:>10}", shortened(name),
         time(whole / 1e3 / static_cast<double>(std::max<std::uint64_t>(r.images, 1))), share(t.convert_ps),
         share(t.retune_ps), share(t.operand_supply_ps), share(t.partial_sums_ps), share(t.post_processing_ps),
         share(t.dma_ps), share(t.idle_ps));
  };
  core::time_by_cause all;
  for (const auto& l : r.layers) {
    row(l.name, l.done.time);
    all += l.done.time;
  }
  row("all layers", all);
  line(to, "  what a layer waited for: conversion and retuning in the units, operand buffers, partial-sum buffer,");
  line(to, "  finishing of sums without light, memory; the first of these that was busy has the time");
  line(to, "");
}

void add_energy(std::string& to, const run_report& r) {
  const double images = static_cast<double>(std::max<std::uint64_t>(r.images, 1));
  const double total = r.energy.total_pj();
  line(to, "{:<28} {:>14} {:>14} {:>8}", "energy per frame", "actions", "static", "share");
  for (const auto& l : r.energy.lines) {
    line(to, "{:<28} {:>14} {:>14} {:>6.1f} %", l.device, energy(l.dynamic_pj / images), energy(l.static_pj / images),
         percent(l.dynamic_pj + l.static_pj, total));
  }
  line(to, "");
}

void add_spread(std::string& to, const std::string& title, const distribution& d, std::string (*show)(double)) {
  line(to, "{:<19}{:>14} {:>14} {:>14} {:>14} {:>14} {:>14} {:>14} {:>14} {:>14}", title, show(d.mean),
       show(d.deviation), show(d.least), show(d.percentiles[0]), show(d.percentiles[1]), show(d.percentiles[2]),
       show(d.percentiles[3]), show(d.percentiles[4]), show(d.most));
}

/// How images differ from one another, and which are taken for which.
void add_evaluation(std::string& to, const run_report& r) {
  if (r.timing != "functional") {
    line(to, "{:<19}{:>14} {:>14} {:>14} {:>14} {:>14} {:>14} {:>14} {:>14} {:>14}", "spread of frames", "mean",
         "deviation", "least", "5 %", "25 %", "median", "75 %", "95 %", "most");
    add_spread(to, "  latency", r.latency_ns, time);
    add_spread(to, "  energy", r.energy_pj, energy);
    line(to, "");
  }
  line(to, "confusion: a row for each label, a column for each class that the chip named");
  std::string head = fmt::format("{:>7}", "");
  for (std::size_t c = 0; c < r.classes.confusion.size(); ++c) {
    head += fmt::format("{:>7}", c);
  }
  line(to, "{}", head);
  for (std::size_t label = 0; label < r.classes.confusion.size(); ++label) {
    std::string row = fmt::format("{:>7}", label);
    for (const auto count : r.classes.confusion[label]) {
      row += count == 0 ? fmt::format("{:>7}", ".") : fmt::format("{:>7}", count);
    }
    line(to, "{}", row);
  }
  line(to, "");
}

void add_results(std::string& to, const run_report& r) {
  line(to, "frames             {}", r.images);
  if (r.timing != "functional") {
    line(to, "latency            {} per frame (least {}, most {})", time(r.latency_ns.mean), time(r.latency_ns.least),
         time(r.latency_ns.most));
    line(to, "throughput         {:.1f} FPS, one frame at a time", r.frames_per_second);
    line(to, "power              {:.3f} W average ({:.3f} W with every published device in use)", r.power_w,
         r.fully_active_w);
    line(to, "energy             {} per frame", energy(r.energy_pj.mean));
    line(to, "efficiency         {:.2f} FPS/W", r.frames_per_second_per_watt);
    line(to, "energy per bit     {:.3f} pJ over {:.3g} operand bits moved; {:.2f} pJ over 16-bit parameters",
         r.epb_operand_pj, r.operand_bits, r.epb_parameter_pj);
    line(to, "calibration        {} and {} by all heaters before the first frame, in no frame's figures{}",
         time(r.calibration_ns), energy(r.calibration_pj),
         r.recalibrations == 0
             ? ""
             : fmt::format("; {} again, in the latency of frames that follow",
                           r.recalibrations == 1 ? std::string("once") : fmt::format("{} times", r.recalibrations)));
    line(to, "utilisation        CONV array {:.1f} %, FC array {:.1f} % of the latency", 100.0 * r.conv_utilisation,
         100.0 * r.fc_utilisation);
  }
  line(to, "simulation         {:.2f} s of one core without comparing, {:.1f} frames per second", r.host_seconds,
       r.host_seconds > 0 ? static_cast<double>(r.images) / r.host_seconds : 0.0);
  if (r.classified) {
    const auto& c = r.classes;
    const auto n = static_cast<double>(c.images);
    const auto range = confidence_interval(c.correct, c.images);
    line(to, "accuracy           {:.2f} % on the chip (95 % confidence: {:.2f} to {:.2f} %), {:.2f} % in float",
         percent(static_cast<double>(c.correct), n), 100.0 * range.low, 100.0 * range.high,
         percent(static_cast<double>(c.reference_correct), n));
    line(to, "                   {} images, {} of the same class on the chip and in float", c.images, c.agreeing);
  }
  const double mm2 = energy::total_mm2(r.area);
  if (!r.area.empty()) {
    const auto largest =
        std::max_element(r.area.begin(), r.area.end(), [](const auto& a, const auto& b) { return a.mm2 < b.mm2; });
    line(to, "area               {:.2f} mm2, of which {} {:.1f} %; without digital blocks if `area.control` is 0", mm2,
         largest->device, percent(largest->mm2, mm2));
  }
  std::size_t estimated = 0;
  std::size_t derived = 0;
  for (const auto& e : r.estimates) {
    estimated += e.kind == "estimated" || e.kind == "unstated" ? 1U : 0U;
    derived += e.kind == "derived" ? 1U : 0U;
  }
  line(to, "provenance         {} figures estimated, {} derived, the others published: see `sonic inspect`", estimated,
       derived);
  line(to, "");
  if (r.measured) {
    line(to, "MEASURED: {} of {} frames compared with the reference of quantised optics: the check column has the",
         r.compared, r.images);
    line(to, "  squared values over squared deviations, of each layer and those before it; they are not judged");
  } else if (r.passed) {
    line(to, "PASSED: {} of {} frames compared with the reference layer by layer, {}", r.compared, r.images,
         r.tolerance > 0 ? fmt::format("all within {:g} of each tensor's largest value", r.tolerance)
                         : std::string("all codes equal"));
  } else {
    line(to, "FAILED: {}", r.failure);
  }
}

} // namespace

std::string to_text(const run_report& r) {
  std::string text;
  add_header(text, r);
  add_damage(text, r);
  add_layers(text, r);
  if (r.timing != "functional") {
    add_causes(text, r);
    add_energy(text, r);
  }
  if (!r.dataset.empty() && r.classified) {
    add_evaluation(text, r);
  }
  add_results(text, r);
  return text;
}

} // namespace sonic::report
