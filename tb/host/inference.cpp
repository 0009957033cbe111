// SPDX-License-Identifier: Apache-2.0
#include "tb/host/inference.h"

#include "tb/workload/codes.h"
#include "tb/workload/compile_host.h"

#include <algorithm>
#include <cstring>

namespace sonic::host {

namespace {

template <class element>
std::vector<element> copy_out(std::span<const std::uint8_t> memory, std::uint64_t address, std::size_t count) {
  std::vector<element> content(count);
  std::memcpy(content.data(), memory.data() + address, count * sizeof(element));
  return content;
}

template <class element>
void copy_in(std::span<std::uint8_t> memory, std::uint64_t address, const std::vector<element>& content) {
  std::memcpy(memory.data() + address, content.data(), content.size() * sizeof(element));
}

std::size_t count_of(const workload::slot& s) {
  std::size_t count = 1;
  for (const auto extent : s.extents) {
    count *= static_cast<std::size_t>(extent);
  }
  return count;
}

} // namespace

inference::inference(testbench& bench, const workload::graph& network, const workload::program& program,
                     const workload::memory_image& image)
    : bench_(bench), network_(network), program_(program), image_(image) {
  std::copy(image.bytes.begin(), image.bytes.end(), bench.bytes().begin());
}

std::vector<std::uint16_t> inference::codes(workload::slot_id slot) {
  return copy_out<std::uint16_t>(bench_.bytes(), image_.slot_addresses[slot], count_of(program_.slots[slot]));
}

workload::tensor inference::values(workload::slot_id slot) {
  const auto& s = program_.slots[slot];
  const auto& extents = network_.values[s.origin].extents;
  if (program_.element == workload::element_kind::code16) {
    return workload::decode(codes(slot), s, extents);
  }
  return {extents, copy_out<float>(bench_.bytes(), image_.slot_addresses[slot], count_of(s))};
}

void inference::write(workload::slot_id slot, const workload::tensor& content) {
  const std::uint64_t address = image_.slot_addresses[slot];
  if (program_.element == workload::element_kind::code16) {
    copy_in(bench_.bytes(), address, workload::encode(content, program_.slots[slot], program_.activation_bits));
  } else {
    copy_in(bench_.bytes(), address, content.values);
  }
}

inference_result inference::run(const std::vector<workload::tensor>& inputs, std::optional<std::int64_t> frame) {
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    write(program_.inputs[i], inputs[i]);
  }
  inference_result result;
  bench_.chip().clear_records();
  std::size_t run_index = 0;
  bool in_run = false;
  for (const auto& work : program_.steps) {
    if (const auto* host = std::get_if<workload::host_step>(&work)) {
      write(host->output,
            workload::softmax_of(values(host->input), std::get<workload::softmax>(network_.nodes[host->node].op)));
      in_run = false;
      continue;
    }
    if (in_run) {
      continue;
    }
    in_run = true;
    std::optional<std::uint32_t> number;
    if (frame) {
      number = static_cast<std::uint32_t>(static_cast<std::uint64_t>(*frame) * image_.runs.size() + run_index);
    }
    const auto& run = image_.runs[run_index++];
    const auto ended = bench_.start(run.address, run.count, number);
    const auto& records = bench_.chip().records();
    result.recalibrations += bench_.chip().recalibrations();
    result.latency_ns += bench_.chip().recalibrations() * bench_.chip().calibration_ns();
    if (!records.empty()) {
      result.latency_ns += records.back().end_ns - records.front().start_ns;
    }
    for (auto record : records) {
      record.index += run.first;
      result.layers.push_back(record);
    }
    bench_.chip().clear_records();
    if (!ended.done) {
      result.error_code = ended.error_code;
      result.error_index = run.first + ended.error_index;
      return result;
    }
  }
  return result;
}

} // namespace sonic::host
