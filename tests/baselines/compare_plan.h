// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace sonic::tests {

/// A path of the source tree.
inline std::string shipped(const std::string& file) {
  return std::string(SONIC_SOURCE_DIR "/configs/") + file;
}

/// A comparison of two networks on SONIC, CrossLight and two electronic machines. What is published is in another order
/// than the accelerators.
inline std::string small_plan() {
  return "name: small\n"
         "networks:\n"
         "  mnist: {model: " +
         shipped("workloads/mnist.onnx") +
         ", dataset: mnist}\n"
         "  svhn: {model: " +
         shipped("workloads/svhn_standin.onnx") +
         "}\n"
         "reference: sonic\n"
         "accelerators:\n"
         "  sonic: {configuration: " +
         shipped("sonic.yaml") +
         "}\n"
         "  crosslight: {configuration: " +
         shipped("baselines/crosslight.yaml") +
         "}\n"
         "  nullhop: {electronic: " +
         shipped("baselines/nullhop_fpga.yaml") +
         "}\n"
         "  rsnn: {electronic: " +
         shipped("baselines/rsnn.yaml") +
         "}\n"
         "published:\n"
         "  nullhop:\n"
         "    energy_per_bit: {value: 8.4, kind: published, source: a paper}\n"
         "    fps_per_watt: {value: 5.81, kind: published, source: a paper}\n"
         "  crosslight:\n"
         "    fps_per_watt: {value: 2.94, kind: published, source: a paper}\n"
         "    hangs_on: converters\n"
         "absolute:\n"
         "  own: {accelerator: nullhop, gop_per_s_per_watt: {value: 3000, kind: published, source: a paper}}\n"
         "assumptions:\n"
         "  gating:\n"
         "    choices:\n"
         "      both: {about: as the file}\n"
         "      none: {set: {sonic: {gating: none}}}\n"
         "  step:\n"
         "    choices:\n"
         "      pipelined: {}\n"
         "      serial: {set: {photonic: {step.mode: serial}}}\n"
         "  point:\n"
         "    choices:\n"
         "      fpga: {}\n"
         "      asic: {file: {nullhop: " +
         shipped("baselines/nullhop_asic.yaml") +
         "}}\n"
         "  bits:\n"
         "    choices:\n"
         "      operand: {energy_per_bit: operand}\n"
         "      parameter: {energy_per_bit: parameter}\n"
         "  average:\n"
         "    choices:\n"
         "      ratios: {average: ratios}\n"
         "      means: {average: means}\n"
         "  zeros:\n"
         "    choices:\n"
         "      measured: {}\n"
         "      half: {activation_zeros: 0.5}\n";
}

} // namespace sonic::tests
