// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sonic/digital/accumulator_block.h"
#include "tb/cosim/pin_loop.h"

#include <cstdint>
#include <filesystem>

namespace sonic::cosim {

/// RTL accumulates: the transactor between ranges of sums and the pins of the contract accumulator.
class rtl_accumulator : public digital::accumulator_block {
public:
  /// @param lanes, words of the contract
  /// @param library that build_rtl() gave
  rtl_accumulator(unsigned lanes, std::uint64_t words, const std::filesystem::path& library, const stalls& with = {});

  /// @return always the cycles: until the last word is accepted
  /// @throws core::user_error if the RTL breaks the rule of its streams, gives words that nobody asked for, or makes no
  ///         progress
  std::optional<std::uint64_t> clear(std::uint64_t first, std::uint64_t count) override;
  std::optional<std::uint64_t> add(std::uint64_t first, std::span<const std::int32_t> codes) override;
  std::optional<std::uint64_t> read(std::uint64_t first, std::span<std::int32_t> into) override;

  /// Stalls from now on are those of this seed.
  void seed(std::uint64_t value) { loop_.seed(value); }
  /// Of the last call: cycles in which a beat was held back or the output was not ready.
  [[nodiscard]] std::uint64_t stalled_cycles() const { return loop_.stalled_cycles(); }
  rtl_block& block() { return loop_.block(); }

private:
  struct pins {
    explicit pins(const contract& block);
    std::size_t code_word, code_keep, code_replace, code_data, read_word, sum_data;
  };
  struct range;
  class code_beats;
  class read_beats;
  std::uint64_t send(const range& sums, bool replace, const std::int32_t* codes);

  unsigned lanes_;
  pin_loop loop_;
  pins at_;
};

} // namespace sonic::cosim
