// SPDX-License-Identifier: Apache-2.0
#include "sonic/config/key_rows.h"

#include <fmt/format.h>

#include <utility>

namespace sonic::config {

namespace {

using dimension::bandwidth, dimension::count, dimension::energy, dimension::energy_per_byte, dimension::frequency,
    dimension::power, dimension::size, dimension::time;

constexpr range energy_pj{0, 1e6};
constexpr range buffer_bytes{1024, 1073741824};
constexpr range transfer_bytes{1, 1073741824}; // a payload counts its bytes in 32 bits

/// Keys of a block that RTL can stand for.
struct counted_block_keys {
  std::string section;
  counted_block architecture::*which;
  std::string_view model_text;
  std::string_view count_name; ///< key of how many there are
  range lanes;
  std::string_view usual_lanes, lanes_text, count_text;
};

void add_counted_block(std::vector<key>& rows, const counted_block_keys& of) {
  const auto which = of.which;
  rows.push_back(choice_row<block_model>(
      of.section + ".model", {block_model::transaction, block_model::rtl, block_model::lock_step}, of.model_text,
      [which](architecture& chip) -> block_model& { return (chip.*which).model; }, "transaction"));
  rows.push_back(number_row(
      of.section + ".lanes", count, of.lanes, of.lanes_text,
      [which](architecture& chip) -> int& { return (chip.*which).lanes; }, of.usual_lanes));
  rows.push_back(number_row(
      fmt::format("{}.{}", of.section, of.count_name), count, {0, 4096}, of.count_text,
      [which](architecture& chip) -> int& { return (chip.*which).count; }, "0"));
  rows.push_back(
      {of.section + ".sources",
       "SystemVerilog in the place of the model: ours, hw/rtl, or files, separated by spaces, relative to this one",
       "ours", text_key{[which](architecture& chip, std::string text) { (chip.*which).sources = std::move(text); }}});
}

} // namespace

void add_electronics(std::vector<key>& rows) {
  const auto add_buffer = [&rows](const std::string& section, buffer_parameters buffer_table::*which) {
    const auto field = [which](auto member) {
      return [ which, member ](architecture & chip) -> auto& {
        return (chip.buffers.*which).*member;
      };
    };
    rows.push_back(number_row(section + ".capacity", size, buffer_bytes, "Capacity", field(&buffer_parameters::bytes)));
    rows.push_back(number_row(section + ".banks", count, {1, 4096},
                              "Interleaved banks, which serve accesses side by side",
                              field(&buffer_parameters::banks)));
    rows.push_back(number_row(section + ".ports", count, {1, 16}, "Accesses that one bank serves in a cycle",
                              field(&buffer_parameters::ports)));
    rows.push_back(number_row(section + ".bytes_per_cycle", count, {1, 65536},
                              "Width of one port of one bank, at digital.clock",
                              field(&buffer_parameters::bytes_per_cycle)));
    rows.push_back(number_row(section + ".latency", time, latency_ns, "Time to the first word",
                              field(&buffer_parameters::latency_ns)));
    rows.push_back(number_row(section + ".read_energy", energy_per_byte, energy_pj, "Energy per byte read",
                              field(&buffer_parameters::read_pj_per_byte)));
    rows.push_back(number_row(section + ".write_energy", energy_per_byte, energy_pj, "Energy per byte written",
                              field(&buffer_parameters::write_pj_per_byte)));
    rows.push_back(number_row(section + ".leakage", power, power_mw, "Power of the whole buffer while nothing happens",
                              field(&buffer_parameters::leakage_mw)));
  };
  add_buffer("buffers.global_buffer", &buffer_table::global_buffer);
  add_buffer("buffers.weight_buffer", &buffer_table::weight_buffer);
  add_buffer("buffers.activation_buffer", &buffer_table::activation_buffer);
  add_buffer("buffers.partial_sum_buffer", &buffer_table::partial_sum_buffer);
  rows.push_back(number_row("digital.clock", frequency, {1e-6, 1000}, "Clock of buffers and electronic blocks",
                            [](architecture& chip) -> double& { return chip.digital.clock_ghz; }));
  rows.push_back(number_row("digital.post_processor_lanes", count, {1, 65536},
                            "Elements that the post-processor finishes per cycle",
                            [](architecture& chip) -> int& { return chip.digital.post_processor_lanes; }));
  rows.push_back(number_row("digital.post_processor_energy", energy, energy_pj,
                            "Energy per element: scale, activation function, pooling",
                            [](architecture& chip) -> double& { return chip.digital.post_processor_pj; }));
  rows.push_back(number_row("digital.accumulator_energy", energy, energy_pj, "Energy per partial sum added",
                            [](architecture& chip) -> double& { return chip.digital.accumulator_pj; }));
  rows.push_back(number_row("digital.control_power", power, power_mw,
                            "Command processor, DMA engine, index decoder and interconnect, always on",
                            [](architecture& chip) -> double& { return chip.digital.control_mw; }));
  add_counted_block(rows, {"index_decoder",
                           &architecture::index_decoder,
                           "What decodes the rows of weights. transaction: this model; rtl: SystemVerilog in its "
                           "place; lock_step: both, until they differ",
                           "decoders",
                           {1, 8},
                           "8",
                           "Pairs of a column and a code that a decoder brings out per cycle",
                           "Decoders of rows, which are dealt to them in turn; 0: as many as keep ahead of the units, "
                           "in no time"});
  add_counted_block(rows, {"accumulator",
                           &architecture::accumulator,
                           "What adds codes to partial sums and keeps them. transaction: this model; rtl: "
                           "SystemVerilog in its place; lock_step: both, until they differ",
                           "accumulators",
                           {1, 16},
                           "8",
                           "Partial sums that an accumulator adds to per cycle",
                           "Accumulators, which words of sums are dealt to in turn; 0: as many as keep ahead of the "
                           "units, in no time"});
  add_counted_block(rows, {"post_processor",
                           &architecture::post_processor,
                           "What finishes sums and codes. transaction: this model; rtl: SystemVerilog in its place; "
                           "lock_step: both, until they differ",
                           "processors",
                           {1, 16},
                           "16",
                           "Elements that a post-processor takes per cycle",
                           "Post-processors, which channels are dealt to in turn; 0: together they finish "
                           "digital.post_processor_lanes elements per cycle"});
  rows.push_back(number_row("dma.outstanding", count, {1, 4096}, "Transactions under way at once, in each direction",
                            [](architecture& chip) -> int& { return chip.dma.outstanding; }));
  rows.push_back(number_row("dma.transaction", size, transfer_bytes, "Longest transaction",
                            [](architecture& chip) -> std::uint64_t& { return chip.dma.transaction_bytes; }));
  rows.push_back(number_row("memory.bandwidth", bandwidth, {1e-6, 1e6}, "Bandwidth of the memory outside the chip",
                            [](architecture& chip) -> double& { return chip.memory.bandwidth_gb_per_s; }));
  rows.push_back(number_row("memory.latency", time, latency_ns, "Time to the first byte of a transaction, row open",
                            [](architecture& chip) -> double& { return chip.memory.latency_ns; }));
  rows.push_back(number_row("memory.banks", count, {1, 4096}, "Banks, each with one open row",
                            [](architecture& chip) -> int& { return chip.memory.banks; }));
  rows.push_back(number_row("memory.row", size, transfer_bytes, "Bytes of a row; rows lie across the banks in turn",
                            [](architecture& chip) -> std::uint64_t& { return chip.memory.row_bytes; }));
  rows.push_back(number_row("memory.row_miss", time, latency_ns, "Time to close a row and to open another",
                            [](architecture& chip) -> double& { return chip.memory.row_miss_ns; }));
  rows.push_back(number_row("memory.energy", energy_per_byte, energy_pj, "Energy per byte read or written",
                            [](architecture& chip) -> double& { return chip.memory.energy_pj_per_byte; }));
}

} // namespace sonic::config
