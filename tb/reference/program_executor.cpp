// SPDX-License-Identifier: Apache-2.0
#include "tb/reference/program_executor.h"

#include "sonic/core/error.h"
#include "tb/reference/program_executor_electronic.h"
#include "tb/reference/program_executor_light.h"
#include "tb/workload/compile_host.h"

namespace sonic::reference {

using workload::slot_id;
using workload::step_kind;

code_memory::code_memory(const workload::program& source) : codes_(source.slots.size()) {
  for (slot_id s = 0; s < source.slots.size(); ++s) {
    storage_.push_back(source.slots[s].storage);
    if (storage_[s] == s) {
      std::size_t count = 1;
      for (const std::int64_t extent : source.slots[s].extents) {
        count *= static_cast<std::size_t>(extent);
      }
      codes_[s].resize(count);
    }
  }
}

const std::vector<std::uint16_t>& code_memory::operator[](slot_id s) const {
  return codes_[storage_[s]];
}
std::vector<std::uint16_t>& code_memory::operator[](slot_id s) {
  return codes_[storage_[s]];
}

program_executor::program_executor(const workload::graph& network, const workload::program& source,
                                   const workload::numerics& how)
    : network_(network), program_(source), how_(how), light_(source.steps.size()) {
  if (source.element != workload::element_kind::code16) {
    throw core::user_error("network " + network.name, "its program has float32 elements",
                           "the golden model of programs runs quantised ones");
  }
}

program_executor::~program_executor() = default;

const light_layer& program_executor::prepared(std::size_t index) const {
  auto& layer = light_[index];
  if (!layer) {
    const auto& s = std::get<workload::step>(program_.steps[index]);
    if (s.kind == step_kind::convolution) {
      layer = std::make_unique<convolution_layer>(program_, s, how_);
    } else {
      layer = std::make_unique<fully_connected_layer>(program_, s, how_);
    }
  }
  return *layer;
}

void program_executor::release(std::size_t index) {
  light_[index].reset();
}

code_memory program_executor::load(const std::vector<workload::tensor>& inputs) const {
  if (inputs.size() != program_.inputs.size()) {
    throw core::user_error("network " + network_.name, "was given " + std::to_string(inputs.size()) + " inputs",
                           "expected " + std::to_string(program_.inputs.size()));
  }
  code_memory memory(program_);
  for (const auto& constant : program_.constants) {
    memory[constant.slot] = encode({{}, constant.values}, program_.slots[constant.slot], how_.activation_bits);
  }
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    const auto& s = program_.slots[program_.inputs[i]];
    auto& target = memory[program_.inputs[i]];
    if (inputs[i].values.size() != target.size()) {
      throw core::user_error("input " + s.name, "has " + std::to_string(inputs[i].values.size()) + " elements",
                             "expected " + std::to_string(target.size()));
    }
    target = encode(inputs[i], s, how_.activation_bits);
  }
  return memory;
}

void program_executor::run_step(std::size_t index, code_memory& memory) const {
  if (const auto* host = std::get_if<workload::host_step>(&program_.steps[index])) {
    const auto& in = program_.slots[host->input];
    const auto reals = decode(memory[host->input], in, network_.values[in.origin].extents);
    const auto& how = std::get<workload::softmax>(network_.nodes[host->node].op);
    memory[host->output] = encode(softmax_of(reals, how), program_.slots[host->output], how_.activation_bits);
    return;
  }
  const auto& s = std::get<workload::step>(program_.steps[index]);
  switch (s.kind) {
  case step_kind::convolution:
  case step_kind::fully_connected:
    return prepared(index).run(memory[s.input], memory[s.output]);
  case step_kind::max_pool:
  case step_kind::average_pool:
    return run_pool(program_, s, memory[s.input], memory[s.output]);
  case step_kind::elementwise:
    return run_elementwise(s, memory[s.input], memory[s.second], memory[s.output]);
  case step_kind::fill:
    return run_fill(s, memory[s.output]);
  }
}

float program_executor::analog_peak(std::size_t index, const code_memory& memory) const {
  const auto* s = std::get_if<workload::step>(&program_.steps[index]);
  const bool lit = s != nullptr && (s->kind == step_kind::convolution || s->kind == step_kind::fully_connected);
  return lit ? prepared(index).analog_peak(memory[s->input]) : 0.0F;
}

code_memory program_executor::run(const std::vector<workload::tensor>& inputs) const {
  code_memory memory = load(inputs);
  for (std::size_t i = 0; i < program_.steps.size(); ++i) {
    run_step(i, memory);
  }
  return memory;
}

program_result run_program(const workload::graph& network, const workload::program& source,
                           const workload::numerics& how, const std::vector<workload::tensor>& inputs,
                           bool record_analog_peaks) {
  program_executor executor(network, source, how);
  program_result result;
  code_memory memory = executor.load(inputs);
  for (std::size_t i = 0; i < source.steps.size(); ++i) {
    if (record_analog_peaks) {
      result.analog_peaks.push_back(executor.analog_peak(i, memory));
    }
    executor.run_step(i, memory);
    executor.release(i);
  }
  for (slot_id s = 0; s < source.slots.size(); ++s) {
    result.codes.push_back(memory[s]);
  }
  return result;
}

} // namespace sonic::reference
