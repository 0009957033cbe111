// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sonic/sparse/row_decoder.h"
#include "tb/cosim/pin_checker.h"
#include "tb/cosim/rtl_block.h"

#include <cstdint>
#include <filesystem>
#include <random>
#include <string>

namespace sonic::cosim {

/// How often the decoder's neighbours make it wait, in percent of the cycles.
struct stalls {
  unsigned inputs = 0;  ///< a word that is there is not shown
  unsigned outputs = 0; ///< a beat is not taken
  std::uint64_t seed = 1;
};

/// RTL decodes rows: the transactor between a row and the pins of the contract index_decoder.
class rtl_row_decoder : public sparse::row_decoder {
public:
  /// @param lanes   of the contract
  /// @param library that build_rtl() gave
  rtl_row_decoder(unsigned lanes, const std::filesystem::path& library, const stalls& with = {});

  /// @return always the cycles: from the row's acceptance until the next one could be accepted, all words of this one
  ///         being taken
  /// @throws core::user_error if the RTL breaks the rule of its streams, gives another number of pairs than the row
  ///         has, or makes no progress
  std::optional<std::uint32_t> decode(const sparse::packed_row& row, sparse::decoded_row& into) override;

  /// Cycles so far, of all rows: from each row's acceptance to its last beat.
  /// Stalls from now on are those of this seed.
  void seed(std::uint64_t value) { random_.seed(value); }

  [[nodiscard]] std::uint64_t cycles() const { return block_.cycles(); }
  rtl_block& block() { return block_; }

private:
  class words;
  struct pins {
    std::size_t row_valid, row_ready, row_csr, row_wide, row_nonzeros, row_code_bits, row_first_bit;
    std::size_t index_valid, index_ready, index_data, index_last, value_valid, value_ready, value_data, value_last;
    std::size_t out_valid, out_ready, out_count, out_index, out_code, out_last;
  };
  static pins pins_of(const contract& block);
  void show_row(const sparse::packed_row& row);
  void take_beat(const sparse::packed_row& row, sparse::decoded_row& into);
  [[noreturn]] void stop(const std::string& problem) const;
  bool stalled(unsigned percent);

  unsigned lanes_;
  stalls stalls_;
  std::mt19937_64 random_;
  rtl_block block_;
  pins at_;
  pin_checker checker_;
};

} // namespace sonic::cosim
