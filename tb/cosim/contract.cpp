// SPDX-License-Identifier: Apache-2.0
#include "tb/cosim/contract.h"

#include <algorithm>
#include <cassert>
#include <initializer_list>

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

} // namespace sonic::cosim
