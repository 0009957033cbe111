// SPDX-License-Identifier: Apache-2.0
#include "tb/cosim/rtl_row_decoder.h"

#include <algorithm>
#include <cstring>
#include <span>

#include <fmt/format.h>

namespace sonic::cosim {

rtl_row_decoder::pins::pins(const contract& block)
    : row_ready(block.index_of("row_ready")), row_csr(block.index_of("row_csr")), row_wide(block.index_of("row_wide")),
      row_nonzeros(block.index_of("row_nonzeros")), row_code_bits(block.index_of("row_code_bits")),
      row_first_bit(block.index_of("row_first_bit")), index_data(block.index_of("index_data")),
      index_last(block.index_of("index_last")), value_data(block.index_of("value_data")),
      value_last(block.index_of("value_last")), out_count(block.index_of("out_count")),
      out_index(block.index_of("out_index")), out_code(block.index_of("out_code")),
      out_last(block.index_of("out_last")) {}

class rtl_row_decoder::row_beat : public beat_source {
public:
  row_beat(const sparse::packed_row& row, const pins& at) : row_(row), at_(at) {}
  [[nodiscard]] bool any() const override { return !taken_; }
  void show(rtl_block& block) const override {
    block.set(at_.row_csr, row_.layout == sparse::format::csr ? 1 : 0);
    block.set(at_.row_wide, row_.wide ? 1 : 0);
    block.set(at_.row_nonzeros, row_.nonzeros);
    block.set(at_.row_code_bits, row_.code_bits);
    block.set(at_.row_first_bit, row_.first_bit);
  }
  void drop() override { taken_ = true; }

private:
  const sparse::packed_row& row_;
  const pins& at_;
  bool taken_ = false;
};

/// Bytes as words of 64 bits, with zeros behind the last one.
class rtl_row_decoder::word_beats : public beat_source {
public:
  word_beats(std::span<const std::uint8_t> bytes, std::size_t data, std::size_t last)
      : left_(bytes), data_(data), last_(last) {}
  [[nodiscard]] bool any() const override { return !left_.empty(); }
  void show(rtl_block& block) const override {
    std::uint64_t word = 0;
    std::memcpy(&word, left_.data(), std::min(sizeof(word), left_.size()));
    block.set(data_, word);
    block.set(last_, left_.size() <= sizeof(word) ? 1 : 0);
  }
  void drop() override { left_ = left_.subspan(std::min(sizeof(std::uint64_t), left_.size())); }

private:
  std::span<const std::uint8_t> left_;
  std::size_t data_, last_; ///< ports
};

rtl_row_decoder::rtl_row_decoder(unsigned lanes, const std::filesystem::path& library, const stalls& with)
    : lanes_(lanes), loop_(index_decoder_contract(lanes), library, with), at_(loop_.block().ports()) {}

void rtl_row_decoder::take_beat(const sparse::packed_row& row, sparse::decoded_row& into) {
  const auto& block = loop_.block();
  const auto count = static_cast<unsigned>(block.get(at_.out_count));
  if (count > lanes_) {
    loop_.stop(fmt::format("out_count is {} with {} lanes", count, lanes_));
  }
  for (unsigned l = 0; l < count; ++l) {
    const auto column = block.get(at_.out_index, 32 * l, 32);
    if (column >= row.columns || (!into.columns.empty() && column <= into.columns.back())) {
      loop_.stop(fmt::format("pair {} has column {} of {}{}", into.columns.size(), column, row.columns,
                             into.columns.empty() ? "" : fmt::format(", behind column {}", into.columns.back())));
    }
    into.columns.push_back(column);
    into.codes.push_back(static_cast<std::uint16_t>(block.get(at_.out_code, 8 * l, 8)));
  }
}

std::optional<std::uint32_t> rtl_row_decoder::decode(const sparse::packed_row& row, sparse::decoded_row& into) {
  into.columns.clear();
  into.codes.clear();
  into.values.clear();
  row_beat rows(row, at_);
  word_beats index(row.index, at_.index_data, at_.index_last), values(row.codes, at_.value_data, at_.value_last);
  loop_.begin({{"row", &rows, false}, {"index", &index}, {"value", &values}},
              1000 + 64 * (std::uint64_t{row.nonzeros} + row.index.size()),
              [&] { return fmt::format("row of {} pairs, of which {} came", row.nonzeros, into.columns.size()); });
  const auto& block = loop_.block();
  std::uint32_t taken = 0; // cycles until the next row could come
  bool accepted = false, complete = false, free_again = false;
  std::uint64_t accepted_at = 0;
  while (!complete || !free_again) {
    loop_.show();
    // A block may accept the next row early: what counts is when it is through with this one's words.
    if (accepted && !free_again && !index.any() && !values.any() && block.get(at_.row_ready) != 0) {
      free_again = true;
      taken = static_cast<std::uint32_t>(block.cycles() - accepted_at);
    }
    if (loop_.passes("out")) {
      if (!accepted || complete) {
        loop_.stop("a beat came that belongs to no row");
      }
      take_beat(row, into);
      complete = block.get(at_.out_last) != 0;
      if (complete && !free_again) {
        free_again = true; // in the next cycle; row_ready may wait for row_valid
        taken = static_cast<std::uint32_t>(block.cycles() + 1 - accepted_at);
      }
    }
    if (!accepted && loop_.passes("row")) {
      accepted = true;
      accepted_at = block.cycles();
    }
    loop_.advance();
  }
  if (into.columns.size() != row.nonzeros || index.any() || values.any()) {
    loop_.stop(fmt::format("out_last came with pair {} of {}{}", into.columns.size(), row.nonzeros,
                           index.any() || values.any() ? ", before all words were taken" : ""));
  }
  return taken;
}

} // namespace sonic::cosim
