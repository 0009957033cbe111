// SPDX-License-Identifier: Apache-2.0
#include "tests/report/samples.h"

#include <cmath>
#include <limits>
#include <random>

namespace sonic::tests {

namespace {

class source {
public:
  explicit source(std::uint64_t seed) : engine_(seed) {}
  std::uint64_t below(std::uint64_t bound) { return engine_() % bound; }
  std::uint64_t count() { return engine_() >> (11 + below(53)); } // up to 2^53, of any magnitude
  double real() { return std::ldexp(static_cast<double>(count()), static_cast<int>(below(60)) - 50); }
  double fraction() { return static_cast<double>(below(1001)) / 1000.0; }
  bool chance() { return below(2) == 1; }
  template <std::size_t size>
  std::string word(const char* const (&words)[size]) {
    return words[below(size)];
  }
  std::string text() {
    return word({"", "conv1", "a \"quoted\"\\name", "\xc3\xa9\xe2\x82\xac", "two\nlines\t", "Conv_0/W:0"});
  }

private:
  std::mt19937_64 engine_;
};

core::activity::array random_array(source& from) {
  core::activity::array a;
  for (auto* field : {&a.blocks, &a.retunes, &a.imprinted_rings, &a.ring_retunes, &a.symbols, &a.steps,
                      &a.stream_lane_symbols, &a.gated_lane_symbols, &a.held_lane_symbols}) {
    *field = from.count();
  }
  a.busy_ns = from.real();
  return a;
}

report::layer_line random_layer(source& from) {
  report::layer_line l;
  l.name = from.text();
  l.operation = from.word({"convolution", "fully_connected", "max_pool", "average_pool", "elementwise", "fill"});
  l.time_ns = from.real();
  l.light_ns = from.real();
  l.dense_macs = from.count();
  l.nonzero_weights = from.fraction();
  l.inputs = from.count();
  l.zero_inputs = from.below(l.inputs + 1);
  l.done.conv = random_array(from);
  l.done.fc = random_array(from);
  l.done.deleted_products = from.count();
  l.done.bytes_loaded = from.count();
  l.done.bytes_stored = from.count();
  l.done.post_elements = from.count();
  auto& t = l.done.time;
  for (auto* field : {&t.convert_ps, &t.retune_ps, &t.operand_supply_ps, &t.partial_sums_ps, &t.post_processing_ps,
                      &t.dma_ps, &t.idle_ps}) {
    *field = from.count();
  }
  l.energy_pj = from.real();
  l.check = {from.chance(), from.count(), from.count(),
             from.chance() ? from.real() : std::numeric_limits<double>::quiet_NaN()};
  return l;
}

} // namespace

report::run_report sample_report() {
  report::run_report r;
  r.model = "net.onnx";
  r.network = "net";
  r.architecture = "sonic";
  r.optics = "quantised";
  r.timing = "loosely_timed";
  r.accounting = "published";
  r.seed = 1;
  r.parameters = 200;
  r.zero_parameters = 50;
  r.images = 2;
  r.compared = 2;
  report::layer_line conv;
  conv.name = "conv1";
  conv.operation = "convolution";
  conv.time_ns = 1500.0;
  conv.light_ns = 1000.0;
  conv.dense_macs = 1000;
  conv.nonzero_weights = 0.25;
  conv.inputs = 80;
  conv.zero_inputs = 20;
  conv.done.conv.stream_lane_symbols = 400;
  conv.done.conv.gated_lane_symbols = 100;
  conv.done.deleted_products = 1600;                                        // of 2 x 1000
  conv.done.time = {1500000, 400000, 60000, 40000, 200000, 700000, 100000}; // of two frames
  conv.energy_pj = 2500.0;
  conv.check = {true, 64, 0, 0.0};
  report::layer_line pool;
  pool.name = "pool1";
  pool.operation = "max_pool";
  pool.time_ns = 500.0;
  pool.done.time.dma_ps = 1000000;
  pool.check = {true, 16, 0, 0.0};
  r.layers = {conv, pool};
  r.energy.lines = {{"vcsel", 1000.0, 0.0}, {"adc", 3000.0, 1000.0}};
  r.area = {{"vcsel", 4.6}, {"adc", 0.84}};
  r.latency_ns = report::distribution_of({1900.0, 2100.0});
  r.steps = 40;
  r.conv_utilisation = 0.5;
  r.energy_pj = report::distribution_of({2500.0, 2500.0});
  r.power_w = 0.00125;
  r.fully_active_w = 37.113;
  r.frames_per_second = 500000.0;
  r.frames_per_second_per_watt = 4e8;
  r.operand_bits = 10000.0;
  r.epb_operand_pj = 0.25;
  r.epb_parameter_pj = 0.78125;
  r.host_seconds = 0.5;
  r.classified = true;
  r.dataset = "mnist";
  r.classes = {2, 1, 2, 1, {{1, 1}, {0, 0}}};
  r.damage = {"spare_lanes",
              0.0,
              1e-6,
              0.0,
              {{"conv_array.vdu_3", "laser_2", "dead_laser", 0.0, "remapped"},
               {"fc_array.vdu_0", "adc_bit_5", "stuck_adc_bit", 1.0, "kept"}}};
  r.estimates = {{"adc_headroom", "1", "estimated", "an assumption"},
                 {"memory.energy", "31.2 pJ/B", "derived", "a paper"},
                 {"devices.adc.power", "10 mW", "unstated", ""}};
  r.passed = true;
  return r;
}

report::run_report random_report(std::uint64_t seed) {
  source from(seed);
  report::run_report r;
  r.model = from.text();
  r.network = from.text();
  r.architecture = from.text();
  r.optics = from.word({"ideal", "quantised"});
  r.timing = from.word({"functional", "loosely_timed"});
  r.accounting = from.word({"published", "full"});
  r.seed = from.count();
  r.parameters = static_cast<std::int64_t>(from.count());
  r.zero_parameters = static_cast<std::int64_t>(from.count());
  r.images = from.count();
  r.compared = from.count();
  r.tolerance = from.chance() ? 1e-5 : 0.0;
  for (std::uint64_t i = from.below(5); i > 0; --i) {
    r.layers.push_back(random_layer(from));
  }
  for (std::uint64_t i = from.below(4); i > 0; --i) {
    r.energy.lines.push_back({from.text(), from.real(), from.real()});
  }
  for (std::uint64_t i = from.below(4); i > 0; --i) {
    r.area.push_back({from.text(), from.real()});
  }
  r.latency_ns = report::distribution_of({from.real(), from.real(), from.real()});
  r.energy_pj = report::distribution_of({from.real(), from.real(), from.real()});
  r.dataset = from.word({"", "mnist", "cifar10"});
  for (auto* field :
       {&r.conv_utilisation, &r.fc_utilisation, &r.power_w, &r.fully_active_w, &r.frames_per_second,
        &r.frames_per_second_per_watt, &r.operand_bits, &r.epb_operand_pj, &r.epb_parameter_pj, &r.host_seconds}) {
    *field = from.real();
  }
  r.steps = from.count();
  r.classified = from.chance();
  r.classes = {from.count(), 0, from.count(), from.count(), {{from.count(), from.count()}, {0, from.count()}}};
  r.classes.correct = from.below(r.classes.images + 1);
  for (std::uint64_t i = from.below(4); i > 0; --i) {
    r.estimates.push_back({from.text(), from.text(), from.word({"derived", "estimated", "unstated"}), from.text()});
  }
  r.damage.policy = from.word({"none", "skip_units", "spare_lanes"});
  r.damage.weight_buffer_flips = from.fraction();
  for (std::uint64_t i = from.below(40); i > 0; --i) {
    r.damage.faults.push_back(
        {from.word({"conv_array.vdu_3", "fc_array.vdu_0"}),
         from.word({"laser_2", "ring_44", "heater_0", "detector", "adc_bit_15"}),
         from.word({"dead_laser", "stuck_ring", "detuned_heater", "noisy_detector", "stuck_adc_bit"}), from.real(),
         from.word({"kept", "remapped", "skipped", "unused"})});
  }
  r.passed = from.chance();
  r.failure = r.passed ? "" : from.text();
  return r;
}

} // namespace sonic::tests
