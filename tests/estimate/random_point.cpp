// SPDX-License-Identifier: Apache-2.0
#include "tests/estimate/random_point.h"

#include "sonic/config/load.h"
#include "sonic/core/error.h"
#include "tb/host/chip_view.h"
#include "tb/host/inference.h"
#include "tb/host/testbench.h"
#include "tb/reference/calibrate.h"
#include "tb/report/accounting.h"
#include "tb/workload/onnx_import.h"
#include "tests/support/in_child.h"
#include "tests/support/random_network.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace sonic::tests {

std::vector<std::string> random_keys(random_source& random) {
  std::vector<std::string> keys;
  const auto pick = [&](const std::string& key, const std::vector<std::string>& values) {
    keys.push_back(key + "=" +
                   values[static_cast<std::size_t>(random.integer(0, static_cast<std::int64_t>(values.size()) - 1))]);
  };
  const auto number = [&](const std::string& key, std::int64_t low, std::int64_t high, const std::string& unit = "") {
    keys.push_back(key + "=" + std::to_string(random.integer(low, high)) + unit);
  };
  const auto real = [&](const std::string& key, double low, double high, const std::string& unit) {
    keys.push_back(key + "=" + std::to_string(random.real(low, high)) + unit);
  };
  number("conv_array.vdus", 1, 120);
  number("conv_array.lanes", 1, 24);
  number("fc_array.vdus", 1, 40);
  number("fc_array.lanes", 1, 120);
  pick("packing", {"kernel_slice", "whole_kernel"});
  pick("compression", {"both", "both", "none"});
  pick("modulator", {"vcsel", "vcsel", "microring"});
  pick("step.passes", {"1", "1", "3"});
  pick("devices.microring.slices", {"1", "1", "4"});
  pick("conv_array.adcs", {"1", "1", "5"});
  pick("fc_array.adcs", {"1", "1", "20"});
  pick("gating", {"none", "vcsel", "vcsel_and_dac"});
  pick("step.mode", {"pipelined", "pipelined", "retune_every_step", "serial"});
  pick("run.accounting", {"published", "full"});
  real("idle_power_fraction", 0.0, 0.3, "");
  for (const auto* buffer : {"global", "weight", "activation", "partial_sum"}) {
    const std::string section = "buffers." + std::string(buffer) + "_buffer.";
    number(section + "banks", 1, 12);
    number(section + "ports", 1, 2);
    pick(section + "bytes_per_cycle", {"2", "4", "8", "16"});
    real(section + "latency", 0.0, 4.0, " ns");
    real(section + "read_energy", 0.0, 2.0, " pJ/B");
    real(section + "leakage", 0.0, 500.0, " mW");
  }
  pick("buffers.global_buffer.capacity", {"64 KiB", "200 KiB", "1 MiB", "4 MiB"});
  pick("buffers.weight_buffer.capacity", {"8 KiB", "40 KiB", "256 KiB", "1 MiB"});
  pick("buffers.activation_buffer.capacity", {"16 KiB", "50 KiB", "128 KiB", "1 MiB"});
  pick("buffers.partial_sum_buffer.capacity", {"4 KiB", "30 KiB", "512 KiB", "2 MiB"});
  real("digital.clock", 0.4, 2.5, " GHz");
  pick("digital.post_processor_lanes", {"1", "4", "16", "64"});
  pick("index_decoder.decoders", {"0", "0", "1", "7"});
  number("index_decoder.lanes", 1, 8);
  pick("accumulator.accumulators", {"0", "0", "8", "61"});
  number("accumulator.lanes", 1, 16);
  pick("post_processor.processors", {"0", "0", "1", "5"});
  number("post_processor.lanes", 1, 16);
  pick("dma.outstanding", {"1", "4", "32", "100"});
  pick("dma.transaction", {"64 B", "100 B", "1 KiB", "4 KiB"});
  real("memory.bandwidth", 2.0, 60.0, " GB/s");
  real("memory.latency", 20.0, 200.0, " ns");
  real("memory.row_miss", 0.0, 60.0, " ns");
  number("memory.banks", 1, 32);
  pick("memory.row", {"64 B", "1 KiB", "8 KiB"});
  real("devices.electro_optic_tuning.latency", 1.0, 60.0, " ns");
  real("devices.adc.latency", 1.0, 20.0, " ns");
  real("devices.adc.power", 5.0, 80.0, " mW");
  real("devices.activation_dac.power", 5.0, 60.0, " mW");
  real("devices.vcsel.power", 0.5, 3.0, " mW");
  return keys;
}

workload::tensor smooth_image(const workload::shape& extents, std::uint64_t seed) {
  random_source random(seed);
  workload::tensor image{extents, {}};
  const std::int64_t planes = extents[0] * extents[1];
  const std::int64_t height = extents[2];
  const std::int64_t width = extents[3];
  for (std::int64_t p = 0; p < planes; ++p) {
    struct wave {
      double rows, columns, phase;
    };
    std::vector<wave> waves(3);
    for (auto& w : waves) {
      w = {random.real(0.0, 3.0), random.real(0.0, 3.0), random.real(0.0, 2.0 * std::numbers::pi)};
    }
    for (std::int64_t r = 0; r < height; ++r) {
      for (std::int64_t c = 0; c < width; ++c) {
        double value = 0.0;
        for (const auto& w : waves) {
          value += std::sin(2.0 * std::numbers::pi *
                                (w.rows * static_cast<double>(r) / static_cast<double>(height) +
                                 w.columns * static_cast<double>(c) / static_cast<double>(width)) +
                            w.phase);
        }
        image.values.push_back(static_cast<float>(std::clamp(0.5 + value / 4.0, 0.0, 1.0)));
      }
    }
  }
  return image;
}

network_case shipped_network(const std::string& name, std::int64_t batch, std::uint64_t seed) {
  network_case found;
  found.name = name;
  found.network = workload::import_onnx(SONIC_SOURCE_DIR "/configs/workloads/" + name + ".onnx", batch);
  for (const auto input : found.network.inputs) {
    found.inputs.push_back(smooth_image(found.network.values[input].extents, seed++));
  }
  return found;
}

network_case small_network(std::uint64_t seed) {
  random_source random(seed);
  network_case found;
  found.name = "random network " + std::to_string(seed);
  found.network = random_network(random);
  found.inputs = random_inputs(found.network, random);
  return found;
}

workload::program program_for(const network_case& of, const config::architecture& a) {
  return reference::quantise(of.network, host::numerics_of(a), {of.inputs});
}

estimate::network_profile profile_for(const network_case& of, const config::architecture& a) {
  return estimate::profile_of(of.network, program_for(of, a), host::numerics_of(a), of.inputs);
}

simulated simulate(const network_case& of, const config::architecture& a) {
  return values_in_child<simulated>([&]() -> std::vector<simulated> {
           simulated found;
           const auto program = program_for(of, a);
           try {
             const auto image = workload::lower(program, host::layout_of(a));
             host::testbench bench(a, image.size);
             host::inference chip(bench, of.network, program, image);
             const auto ran = chip.run(of.inputs);
             found.fits = ran.error_code == 0;
             found.latency_ns = ran.latency_ns;
             found.layers = ran.layers.size();
             for (std::size_t i = 0; i < ran.layers.size(); ++i) {
               found.done += ran.layers[i].done;
               if (i < std::size(found.layers_ns)) {
                 found.layers_ns[i] = ran.layers[i].end_ns - ran.layers[i].start_ns;
               }
             }
           } catch (const core::user_error&) {
             found.fits = false;
           }
           found.energy_pj = report::total_pj_of(report::energy_table(a), found.done, found.latency_ns);
           found.operand_bits = report::operand_bits(a, found.done);
           return {found};
         })
      .front();
}

double deviation(double a, double b) {
  return a == b ? 0.0 : a / b - 1.0;
}

} // namespace sonic::tests
