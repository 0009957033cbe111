// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sonic/sparse/row_decoder.h"
#include "tb/cosim/pin_loop.h"

#include <cstdint>
#include <filesystem>

namespace sonic::cosim {

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

  /// Stalls from now on are those of this seed.
  void seed(std::uint64_t value) { loop_.seed(value); }

  /// Of the last row: cycles in which a beat was held back or the output was not ready.
  [[nodiscard]] std::uint64_t stalled_cycles() const { return loop_.stalled_cycles(); }
  /// Cycles so far, of all rows: from each row's acceptance to its last beat.
  [[nodiscard]] std::uint64_t cycles() const { return loop_.block().cycles(); }
  rtl_block& block() { return loop_.block(); }

private:
  struct pins {
    explicit pins(const contract& block);
    std::size_t row_ready, row_csr, row_wide, row_nonzeros, row_code_bits, row_first_bit;
    std::size_t index_data, index_last, value_data, value_last;
    std::size_t out_count, out_index, out_code, out_last;
  };
  class row_beat;
  class word_beats;
  void take_beat(const sparse::packed_row& row, sparse::decoded_row& into);

  unsigned lanes_;
  pin_loop loop_;
  pins at_;
};

} // namespace sonic::cosim
