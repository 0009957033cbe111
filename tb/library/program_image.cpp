// SPDX-License-Identifier: Apache-2.0
#include "sonic/program_image.h"

#include "sonic/config/architecture.h"
#include "sonic/core/error.h"
#include "tb/host/chip_view.h"
#include "tb/library/image_builder.h"
#include "tb/reference/calibrate.h"
#include "tb/workload/compile.h"
#include "tb/workload/compile_host.h"
#include "tb/workload/lower.h"
#include "tb/workload/onnx_import.h"
#include "tb/workload/operation_name.h"

#include <cstring>
#include <utility>

namespace sonic {

namespace {

workload::slot slot_of(const image_tensor& t) {
  workload::slot s;
  s.scale = t.scale;
  s.zero_point = t.zero_point;
  return s;
}

/// The calibration's arrays in the shapes of the network's inputs.
std::vector<reference::input_set> tensors_of(const workload::graph& network,
                                             const std::vector<program_image::input_set>& calibration) {
  std::vector<reference::input_set> sets;
  for (const auto& given : calibration) {
    if (given.size() != network.inputs.size()) {
      throw core::user_error("calibration", std::to_string(given.size()) + " arrays are given",
                             "expected one for each of the network's " + std::to_string(network.inputs.size()) +
                                 " inputs");
    }
    auto& set = sets.emplace_back();
    for (std::size_t i = 0; i < given.size(); ++i) {
      const auto& value = network.values[network.inputs[i]];
      if (static_cast<std::int64_t>(given[i].size()) != workload::element_count(value.extents, value.name)) {
        throw core::user_error("calibration",
                               "the array for '" + value.name + "' has " + std::to_string(given[i].size()) + " numbers",
                               "expected " + workload::to_string(value.extents));
      }
      set.push_back({value.extents, given[i]});
    }
  }
  return sets;
}

} // namespace

std::size_t image_tensor::elements() const {
  return bytes / (kind == element::code16 ? sizeof(std::uint16_t) : sizeof(float));
}

std::vector<std::uint8_t> image_tensor::encode(const std::vector<float>& values) const {
  if (values.size() != elements()) {
    throw core::user_error("tensor " + name, std::to_string(values.size()) + " numbers are given",
                           "expected " + std::to_string(elements()));
  }
  std::vector<std::uint8_t> memory(bytes);
  if (kind == element::code16) {
    const auto codes = workload::encode({extents, values}, slot_of(*this), bits);
    std::memcpy(memory.data(), codes.data(), memory.size());
  } else {
    std::memcpy(memory.data(), values.data(), memory.size());
  }
  return memory;
}

std::vector<float> image_tensor::decode(const std::vector<std::uint8_t>& memory) const {
  if (memory.size() != bytes) {
    throw core::user_error("tensor " + name, std::to_string(memory.size()) + " bytes are given",
                           "expected " + std::to_string(bytes));
  }
  if (kind == element::code16) {
    std::vector<std::uint16_t> codes(elements());
    std::memcpy(codes.data(), memory.data(), memory.size());
    return workload::decode(codes, slot_of(*this), extents).values;
  }
  std::vector<float> values(elements());
  std::memcpy(values.data(), memory.data(), memory.size());
  return values;
}

program_image program_image::lower(const std::string& onnx_file, const configuration& chip,
                                   const std::vector<input_set>& calibration) {
  const auto& architecture = chip.inside();
  const auto network = workload::import_onnx(onnx_file);
  const auto how = host::numerics_of(architecture);
  const auto lowered = how.element == workload::element_kind::float32
                           ? workload::compile(network, how, {})
                           : reference::quantise(network, how, tensors_of(network, calibration));
  return image_builder().of(network, lowered, workload::lower(lowered, host::layout_of(architecture)));
}

std::vector<float> program_image::host_work(const image_step& step, const std::vector<float>& input) const {
  if (step.what != image_step::kind::softmax) {
    throw core::user_error("program image", "the step is the accelerator's", "expected one of kind softmax");
  }
  const auto& from = tensors_.at(step.input);
  if (input.size() != from.elements()) {
    throw core::user_error("tensor " + from.name, std::to_string(input.size()) + " numbers are given",
                           "expected " + std::to_string(from.elements()));
  }
  return workload::softmax_of({from.extents, input}, {step.first_axis, step.last_axis, step.logarithm}).values;
}

program_image image_builder::of(const workload::graph& network, const workload::program& lowered,
                                workload::memory_image&& image) {
  for (const auto slot : lowered.inputs) {
    built_.inputs_.push_back(tensor(network, lowered, image, slot));
  }
  for (const auto slot : lowered.outputs) {
    built_.outputs_.push_back(tensor(network, lowered, image, slot));
  }
  add_steps(network, lowered, image);
  built_.size_ = image.size;
  built_.bytes_ = std::move(image.bytes);
  return std::move(built_);
}

std::size_t image_builder::tensor(const workload::graph& network, const workload::program& lowered,
                                  const workload::memory_image& image, workload::slot_id slot) {
  const auto [place, fresh] = tensors_.emplace(slot, built_.tensors_.size());
  if (fresh) {
    const auto& s = lowered.slots[slot];
    auto& t = built_.tensors_.emplace_back();
    t.name = network.values[s.origin].name;
    t.extents = network.values[s.origin].extents;
    t.address = image.slot_addresses[slot];
    t.bytes = workload::slot_bytes(lowered, s);
    t.kind = lowered.element == workload::element_kind::code16 ? image_tensor::element::code16
                                                               : image_tensor::element::float32;
    t.bits = lowered.activation_bits;
    t.scale = s.scale;
    t.zero_point = s.zero_point;
  }
  return place->second;
}

void image_builder::add_steps(const workload::graph& network, const workload::program& lowered,
                              const workload::memory_image& image) {
  std::size_t next_run = 0;
  bool in_run = false;
  for (const auto& work : lowered.steps) {
    if (const auto* layer = std::get_if<workload::step>(&work)) {
      built_.layers_.push_back({layer->name, workload::operation_name(layer->kind)});
      if (!in_run) {
        const auto& run = image.runs.at(next_run++);
        image_step step;
        step.address = run.address;
        step.count = run.count;
        built_.steps_.push_back(step);
      }
      in_run = true;
      continue;
    }
    in_run = false;
    const auto& host = std::get<workload::host_step>(work);
    const auto& how = std::get<workload::softmax>(network.nodes[host.node].op);
    image_step step;
    step.what = image_step::kind::softmax;
    step.input = tensor(network, lowered, image, host.input);
    step.output = tensor(network, lowered, image, host.output);
    step.first_axis = how.first_axis;
    step.last_axis = how.last_axis;
    step.logarithm = how.logarithm;
    built_.steps_.push_back(step);
  }
}

} // namespace sonic
