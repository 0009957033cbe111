// SPDX-License-Identifier: Apache-2.0
#include "tb/cosim/rtl_row_decoder.h"

#include "sonic/core/error.h"

#include <algorithm>
#include <cstring>
#include <span>

#include <fmt/format.h>

namespace sonic::cosim {

/// Bytes as words of 64 bits, with zeros behind the last one.
class rtl_row_decoder::words {
public:
  explicit words(std::span<const std::uint8_t> bytes) : left_(bytes) {}
  [[nodiscard]] bool any() const { return !left_.empty(); }
  [[nodiscard]] bool last() const { return left_.size() <= sizeof(std::uint64_t); }
  [[nodiscard]] std::uint64_t front() const {
    std::uint64_t word = 0;
    std::memcpy(&word, left_.data(), std::min(sizeof(word), left_.size()));
    return word;
  }
  void drop() { left_ = left_.subspan(std::min(sizeof(std::uint64_t), left_.size())); }

private:
  std::span<const std::uint8_t> left_;
};

rtl_row_decoder::pins rtl_row_decoder::pins_of(const contract& block) {
  const auto at = [&block](std::string_view name) { return block.index_of(name); };
  return {at("row_valid"),     at("row_ready"),     at("row_csr"),     at("row_wide"),    at("row_nonzeros"),
          at("row_code_bits"), at("row_first_bit"), at("index_valid"), at("index_ready"), at("index_data"),
          at("index_last"),    at("value_valid"),   at("value_ready"), at("value_data"),  at("value_last"),
          at("out_valid"),     at("out_ready"),     at("out_count"),   at("out_index"),   at("out_code"),
          at("out_last")};
}

rtl_row_decoder::rtl_row_decoder(unsigned lanes, const std::filesystem::path& library, const stalls& with)
    : lanes_(lanes), stalls_(with), random_(with.seed), block_(index_decoder_contract(lanes), library),
      at_(pins_of(block_.ports())), checker_(block_) {}

bool rtl_row_decoder::stalled(unsigned percent) {
  return percent > 0 && random_() % 100 < percent;
}

void rtl_row_decoder::stop(const std::string& problem) const {
  throw core::user_error(fmt::format("the RTL of index_decoder, cycle {}", block_.cycles()), problem,
                         fmt::format("expected what {} says", block_.ports().page));
}

void rtl_row_decoder::show_row(const sparse::packed_row& row) {
  block_.set(at_.row_csr, row.layout == sparse::format::csr ? 1 : 0);
  block_.set(at_.row_wide, row.wide ? 1 : 0);
  block_.set(at_.row_nonzeros, row.nonzeros);
  block_.set(at_.row_code_bits, row.code_bits);
  block_.set(at_.row_first_bit, row.first_bit);
}

void rtl_row_decoder::take_beat(const sparse::packed_row& row, sparse::decoded_row& into) {
  const auto count = static_cast<unsigned>(block_.get(at_.out_count));
  if (count > lanes_) {
    stop(fmt::format("out_count is {} with {} lanes", count, lanes_));
  }
  for (unsigned l = 0; l < count; ++l) {
    const auto column = block_.get(at_.out_index, 32 * l, 32);
    if (column >= row.columns || (!into.columns.empty() && column <= into.columns.back())) {
      stop(fmt::format("pair {} has column {} of {}{}", into.columns.size(), column, row.columns,
                       into.columns.empty() ? "" : fmt::format(", behind column {}", into.columns.back())));
    }
    into.columns.push_back(column);
    into.codes.push_back(static_cast<std::uint16_t>(block_.get(at_.out_code, 8 * l, 8)));
  }
}

std::optional<std::uint32_t> rtl_row_decoder::decode(const sparse::packed_row& row, sparse::decoded_row& into) {
  into.columns.clear();
  into.codes.clear();
  into.values.clear();
  words index(row.index), values(row.codes);
  show_row(row);
  // Far more than any decoder takes: one that waits longer waits forever.
  const std::uint64_t patience = (1000 + 64 * (std::uint64_t{row.nonzeros} + row.index.size())) * 100 /
                                 (100 - std::min(stalls_.inputs, 99U)) * 100 / (100 - std::min(stalls_.outputs, 99U));
  bool shows_row = true, shows_index = false, shows_value = false; // a beat that is shown stays
  std::uint32_t taken = 0;                                         // cycles until the next row could come
  bool accepted = false, complete = false, free_again = false;
  const std::uint64_t begin = block_.cycles();
  std::uint64_t accepted_at = 0;
  while (!complete || !free_again) {
    if (block_.cycles() - begin > patience) {
      stop(fmt::format("it makes no progress: row of {} pairs, of which {} came", row.nonzeros, into.columns.size()));
    }
    shows_index = index.any() && (shows_index || !stalled(stalls_.inputs));
    shows_value = values.any() && (shows_value || !stalled(stalls_.inputs));
    block_.set(at_.row_valid, shows_row ? 1 : 0);
    block_.set(at_.index_valid, shows_index ? 1 : 0);
    block_.set(at_.index_data, shows_index ? index.front() : 0);
    block_.set(at_.index_last, shows_index && index.last() ? 1 : 0);
    block_.set(at_.value_valid, shows_value ? 1 : 0);
    block_.set(at_.value_data, shows_value ? values.front() : 0);
    block_.set(at_.value_last, shows_value && values.last() ? 1 : 0);
    block_.set(at_.out_ready, stalled(stalls_.outputs) ? 0 : 1);
    block_.settle();
    if (const auto broken = checker_.check()) {
      stop(*broken);
    }
    const auto passes = [this](std::size_t valid, std::size_t ready) {
      return block_.get(valid) != 0 && block_.get(ready) != 0;
    };
    // A block may accept the next row early: what counts is when it is through with this one's words.
    if (accepted && !free_again && !index.any() && !values.any() && block_.get(at_.row_ready) != 0) {
      free_again = true;
      taken = static_cast<std::uint32_t>(block_.cycles() - accepted_at);
    }
    if (passes(at_.out_valid, at_.out_ready)) {
      if (!accepted || complete) {
        stop("a beat came that belongs to no row");
      }
      take_beat(row, into);
      complete = block_.get(at_.out_last) != 0;
      if (complete && !free_again) {
        free_again = true; // in the next cycle; row_ready may wait for row_valid
        taken = static_cast<std::uint32_t>(block_.cycles() + 1 - accepted_at);
      }
    }
    if (shows_row && passes(at_.row_valid, at_.row_ready)) {
      shows_row = false;
      accepted = true;
      accepted_at = block_.cycles();
    }
    if (shows_index && passes(at_.index_valid, at_.index_ready)) {
      index.drop();
      shows_index = false;
    }
    if (shows_value && passes(at_.value_valid, at_.value_ready)) {
      values.drop();
      shows_value = false;
    }
    block_.clock();
  }
  if (into.columns.size() != row.nonzeros || index.any() || values.any()) {
    stop(fmt::format("out_last came with pair {} of {}{}", into.columns.size(), row.nonzeros,
                     index.any() || values.any() ? ", before all words were taken" : ""));
  }
  return taken;
}

} // namespace sonic::cosim
