// SPDX-License-Identifier: Apache-2.0
// What RTL in the place of a block must look like from outside: its ports, and which of them form streams.
#pragma once

#include <cstddef>
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

struct contract {
  std::string_view module;
  std::string_view page; ///< of docs/, where it is written
  std::vector<std::pair<std::string_view, unsigned>> parameters;
  std::vector<port> ports;
  std::vector<stream> streams;

  /// @param name of a port that it has
  [[nodiscard]] std::size_t index_of(std::string_view name) const;
};

/// docs/rtl/index_decoder.md.
/// @param lanes 1 to 8
contract index_decoder_contract(unsigned lanes);

} // namespace sonic::cosim
