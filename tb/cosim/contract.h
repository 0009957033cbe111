// SPDX-License-Identifier: Apache-2.0
// What RTL in the place of a block must look like from outside: its ports, and which of them form streams.
#pragma once

#include "sonic_regs/regs.h"

#include <bit>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace sonic::cosim {

struct port {
  std::string_view name;
  bool output = false;
  unsigned width = 1; ///< bits
};

/// A beat passes at a rising clock edge where valid and ready are high. Until then valid stays and the data do not
/// change.
struct stream {
  std::string_view name;
  std::size_t valid = 0, ready = 0; ///< ports
  std::vector<std::size_t> data;    ///< ports
  bool output = false;              ///< valid and data are the block's
};

/// A file of hw/rtl, or made from hw/regs, that this program carries.
struct embedded_source {
  std::string_view file; ///< its name
  std::string_view text;
  bool is_block = true; ///< else a package that a user's block in its place can use, too
};

struct contract {
  std::string_view module;
  std::string_view page; ///< of docs/, where it is written
  std::vector<std::pair<std::string_view, std::uint64_t>> parameters;
  std::vector<embedded_source> own; ///< the block of hw/rtl, in the order in which it is read
  std::vector<port> ports;
  std::vector<stream> streams;

  /// @param name of a port that it has
  [[nodiscard]] std::size_t index_of(std::string_view name) const;
};

/// docs/rtl/index_decoder.md.
/// @param lanes 1 to 8
contract index_decoder_contract(unsigned lanes);
/// docs/rtl/accumulator.md.
/// @param lanes 1 to 16
/// @param words of partial_sum_buffer, at least 2
contract accumulator_contract(unsigned lanes, std::uint64_t words);

/// docs/rtl/post_processor.md.
/// @param lanes 1 to digital::most_post_lanes
contract post_processor_contract(unsigned lanes);

/// Widths of its ports.
inline constexpr unsigned code_bits = std::bit_width(static_cast<unsigned>(regs::largest_code));
inline constexpr unsigned shift_bits = std::bit_width(static_cast<unsigned>(regs::largest_shift));
inline constexpr unsigned slope_bits =
    std::bit_width(static_cast<unsigned>(regs::largest_slope)) + 1; ///< with its sign

} // namespace sonic::cosim
