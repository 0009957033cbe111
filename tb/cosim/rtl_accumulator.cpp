// SPDX-License-Identifier: Apache-2.0
#include "tb/cosim/rtl_accumulator.h"

#include <array>
#include <span>

#include <fmt/format.h>

namespace sonic::cosim {

rtl_accumulator::pins::pins(const contract& block)
    : code_word(block.index_of("code_word")), code_keep(block.index_of("code_keep")),
      code_replace(block.index_of("code_replace")), code_data(block.index_of("code_data")),
      read_word(block.index_of("read_word")), sum_data(block.index_of("sum_data")) {}

/// Sums [first, first + count) in words.
struct rtl_accumulator::range {
  std::uint64_t first = 0, count = 0;
  unsigned lanes = 1;

  [[nodiscard]] std::uint64_t words() const { return digital::accumulator_cycles(first, count, lanes); }
  [[nodiscard]] std::uint64_t word(std::uint64_t number) const { return first / lanes + number; }
  /// Calls @p visit with the lane and the number in the range of each of its sums in a word.
  template <class visitor>
  void each(std::uint64_t number, visitor&& visit) const {
    for (unsigned lane = 0; lane < lanes; ++lane) {
      const std::uint64_t sum = word(number) * lanes + lane;
      if (sum >= first && sum < first + count) {
        visit(lane, static_cast<std::size_t>(sum - first));
      }
    }
  }
};

class rtl_accumulator::code_beats : public beat_source {
public:
  /// @param codes null: zeros
  code_beats(const range& sums, bool replace, const std::int32_t* codes, const pins& at)
      : sums_(sums), replace_(replace), codes_(codes), at_(at), words_(sums.words()) {}
  [[nodiscard]] bool any() const override { return sent_ < words_; }
  void show(rtl_block& block) const override {
    std::uint64_t keep = 0;
    std::array<std::uint32_t, digital::most_accumulator_lanes / 2> data{}; // two codes each
    sums_.each(sent_, [&](unsigned lane, std::size_t number) {
      keep |= std::uint64_t{1} << lane;
      if (codes_ != nullptr) {
        const auto code = static_cast<std::uint16_t>(codes_[number]);
        data[lane / 2] |= std::uint32_t{code} << lane % 2 * 16;
      }
    });
    block.set(at_.code_word, sums_.word(sent_));
    block.set(at_.code_keep, keep);
    block.set(at_.code_replace, replace_ ? 1 : 0);
    if (sums_.lanes <= 4) {
      block.set(at_.code_data, data[0] | std::uint64_t{data[1]} << 32);
    } else {
      block.set(at_.code_data, std::span<const std::uint32_t>(data).first((sums_.lanes + 1) / 2));
    }
  }
  void drop() override { ++sent_; }

private:
  const range& sums_;
  bool replace_;
  const std::int32_t* codes_;
  const pins& at_;
  std::uint64_t words_, sent_ = 0;
};

class rtl_accumulator::read_beats : public beat_source {
public:
  /// @param words to be asked for
  read_beats(const range& sums, std::uint64_t words, const pins& at) : sums_(sums), at_(at), words_(words) {}
  [[nodiscard]] bool any() const override { return asked_ < words_; }
  void show(rtl_block& block) const override { block.set(at_.read_word, sums_.word(asked_)); }
  void drop() override { ++asked_; }
  [[nodiscard]] std::uint64_t asked() const { return asked_; }

private:
  const range& sums_;
  const pins& at_;
  std::uint64_t words_, asked_ = 0;
};

namespace {

/// Far more than any accumulator takes.
std::uint64_t patience(std::uint64_t words) {
  return 1000 + 64 * words;
}

} // namespace

rtl_accumulator::rtl_accumulator(unsigned lanes, std::uint64_t words, const std::filesystem::path& library,
                                 const stalls& with)
    : lanes_(lanes), loop_(accumulator_contract(lanes, words), library, with), at_(loop_.block().ports()) {}

std::uint64_t rtl_accumulator::send(const range& sums, bool replace, const std::int32_t* codes) {
  code_beats beats(sums, replace, codes, at_);
  read_beats none(sums, 0, at_);
  loop_.begin({{"code", &beats}, {"read", &none}}, patience(sums.words()),
              [&] { return fmt::format("it does not take {} words of codes", sums.words()); });
  const std::uint64_t begin = loop_.block().cycles();
  while (beats.any()) {
    loop_.show();
    if (loop_.passes("sum")) {
      loop_.stop("a word of sums came that nobody asked for");
    }
    loop_.advance();
  }
  return loop_.block().cycles() - begin;
}

std::optional<std::uint64_t> rtl_accumulator::clear(std::uint64_t first, std::uint64_t count) {
  return send({first, count, lanes_}, true, nullptr);
}

std::optional<std::uint64_t> rtl_accumulator::add(std::uint64_t first, std::span<const std::int32_t> codes) {
  return send({first, codes.size(), lanes_}, false, codes.data());
}

std::optional<std::uint64_t> rtl_accumulator::read(std::uint64_t first, std::span<std::int32_t> into) {
  const range sums{first, into.size(), lanes_};
  const std::uint64_t words = sums.words();
  const range nothing{first, 0, lanes_};
  code_beats none(nothing, false, nullptr, at_);
  read_beats requests(sums, words, at_);
  std::uint64_t came = 0, taken = 0;
  loop_.begin({{"code", &none}, {"read", &requests}}, patience(words),
              [&] { return fmt::format("{} words asked for, of which {} came", requests.asked(), came); });
  const auto& block = loop_.block();
  const std::uint64_t begin = block.cycles();
  while (came < words) {
    loop_.show();
    const std::uint64_t asked = requests.asked() + (loop_.passes("read") ? 1 : 0);
    if (requests.any()) {
      taken = block.cycles() + 1 - begin;
    }
    if (loop_.passes("sum")) {
      if (came == asked) {
        loop_.stop("a word of sums came that nobody asked for");
      }
      sums.each(came, [&](unsigned lane, std::size_t number) {
        into[number] = static_cast<std::int32_t>(block.get(at_.sum_data, 32 * lane, 32));
      });
      ++came;
    }
    loop_.advance();
  }
  return taken;
}

} // namespace sonic::cosim
