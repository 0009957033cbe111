// SPDX-License-Identifier: Apache-2.0
#include "tb/cosim/contract.h"

#include <algorithm>
#include <bit>
#include <cassert>
#include <initializer_list>

extern const std::string_view sonic_rtl_accumulator;
extern const std::string_view sonic_rtl_index_decoder;
extern const std::string_view sonic_rtl_partial_sum_buffer;
extern const std::string_view sonic_rtl_post_processor;
extern const std::string_view sonic_rtl_regs_pkg;

namespace sonic::cosim {

namespace {

void add_stream(contract& to, std::string_view name, bool output, std::string_view valid, std::string_view ready,
                std::initializer_list<port> data) {
  stream s{name, to.ports.size(), to.ports.size() + 1, {}, output};
  to.ports.push_back({valid, output, 1});
  to.ports.push_back({ready, !output, 1});
  for (const auto& each : data) {
    s.data.push_back(to.ports.size());
    to.ports.push_back({each.name, output, each.width});
  }
  to.streams.push_back(s);
}

} // namespace

std::size_t contract::index_of(std::string_view name) const {
  const auto found = std::find_if(ports.begin(), ports.end(), [name](const port& p) { return p.name == name; });
  assert(found != ports.end());
  return static_cast<std::size_t>(found - ports.begin());
}

contract index_decoder_contract(unsigned lanes) {
  contract c;
  c.module = "index_decoder";
  c.page = "docs/rtl/index_decoder.md";
  c.own = {{"index_decoder.sv", sonic_rtl_index_decoder}};
  c.parameters = {{"LANES", lanes}};
  c.ports = {{"clk", false, 1}, {"rst_n", false, 1}};
  add_stream(c, "row", false, "row_valid", "row_ready",
             {{"row_csr", false, 1},
              {"row_wide", false, 1},
              {"row_nonzeros", false, 32},
              {"row_code_bits", false, 4},
              {"row_first_bit", false, 3}});
  add_stream(c, "index", false, "index_valid", "index_ready", {{"index_data", false, 64}, {"index_last", false, 1}});
  add_stream(c, "value", false, "value_valid", "value_ready", {{"value_data", false, 64}, {"value_last", false, 1}});
  add_stream(
      c, "out", true, "out_valid", "out_ready",
      {{"out_count", true, 4}, {"out_index", true, 32 * lanes}, {"out_code", true, 8 * lanes}, {"out_last", true, 1}});
  return c;
}

contract accumulator_contract(unsigned lanes, std::uint64_t words) {
  const auto word_bits = static_cast<unsigned>(std::bit_width(words - 1));
  contract c;
  c.module = "accumulator";
  c.page = "docs/rtl/accumulator.md";
  c.own = {{"partial_sum_buffer.sv", sonic_rtl_partial_sum_buffer}, {"accumulator.sv", sonic_rtl_accumulator}};
  c.parameters = {{"LANES", lanes}, {"WORDS", words}};
  c.ports = {{"clk", false, 1}, {"rst_n", false, 1}};
  add_stream(c, "code", false, "code_valid", "code_ready",
             {{"code_word", false, word_bits},
              {"code_keep", false, lanes},
              {"code_replace", false, 1},
              {"code_data", false, 16 * lanes}});
  add_stream(c, "read", false, "read_valid", "read_ready", {{"read_word", false, word_bits}});
  add_stream(c, "sum", true, "sum_valid", "sum_ready", {{"sum_data", true, 32 * lanes}});
  return c;
}

contract post_processor_contract(unsigned lanes) {
  contract c;
  c.module = "post_processor";
  c.page = "docs/rtl/post_processor.md";
  c.own = {{"sonic_regs_pkg.sv", sonic_rtl_regs_pkg, false}, {"post_processor.sv", sonic_rtl_post_processor}};
  c.parameters = {{"LANES", lanes}};
  c.ports = {{"clk", false, 1}, {"rst_n", false, 1}};
  add_stream(c, "layer", false, "layer_valid", "layer_ready",
             {{"layer_operation", false, 2},
              {"layer_negative_slope", false, slope_bits},
              {"layer_zero_point", false, code_bits},
              {"layer_clip_low", false, code_bits},
              {"layer_clip_high", false, code_bits}});
  add_stream(c, "channel", false, "channel_valid", "channel_ready",
             {{"channel_multiplier_a", false, 32},
              {"channel_multiplier_b", false, 32},
              {"channel_offset", false, 64},
              {"channel_shift", false, shift_bits},
              {"channel_last", false, 1}});
  add_stream(c, "element", false, "element_valid", "element_ready",
             {{"element_a", false, 32 * lanes},
              {"element_b", false, 32 * lanes},
              {"element_keep", false, lanes},
              {"element_count", false, 5},
              {"element_first", false, 1},
              {"element_last", false, 1},
              {"element_channel_last", false, 1}});
  add_stream(c, "out", true, "out_valid", "out_ready",
             {{"out_count", true, 5}, {"out_code", true, code_bits * lanes}, {"out_last", true, 1}});
  return c;
}

} // namespace sonic::cosim
