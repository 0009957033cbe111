// SPDX-License-Identifier: Apache-2.0
#include "tb/cosim/decoder_twin.h"

#include "sonic/core/error.h"

#include <algorithm>
#include <span>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace sonic::cosim {

namespace {

constexpr std::size_t rows_remembered = 8;

/// The first bytes, in hexadecimal.
std::string text_of(std::span<const std::uint8_t> bytes) {
  constexpr std::size_t most = 40;
  return fmt::format("{:02x}{}", fmt::join(bytes.first(std::min(most, bytes.size())), " "),
                     bytes.size() > most ? fmt::format(" ... ({} bytes)", bytes.size()) : "");
}

/// What plain C++ makes of the row.
sparse::decoded_row plain_decode(const sparse::packed_row& row) {
  sparse::decoded_row into;
  if (row.layout == sparse::format::bitmask) {
    for (std::size_t i = 0; i < row.index.size() * 8; ++i) {
      if ((row.index[i / 8] >> i % 8 & 1) != 0) {
        into.columns.push_back(static_cast<std::uint32_t>(i));
      }
    }
  } else {
    const std::size_t bytes = row.wide ? 4 : 2;
    for (std::size_t at = 0; at < row.index.size(); at += bytes) {
      std::uint32_t column = 0;
      for (std::size_t b = 0; b < bytes; ++b) {
        column |= std::uint32_t{row.index[at + b]} << 8 * b;
      }
      into.columns.push_back(column);
    }
  }
  for (std::uint32_t i = 0; i < row.nonzeros; ++i) {
    std::uint32_t code = 0;
    for (std::uint32_t b = 0; b < row.code_bits; ++b) {
      const std::size_t bit = row.first_bit + std::size_t{i} * row.code_bits + b;
      code |= (row.codes[bit / 8] >> bit % 8 & 1U) << b;
    }
    into.codes.push_back(static_cast<std::uint16_t>(code));
  }
  return into;
}

std::string text_of(const sparse::packed_row& row) {
  return fmt::format("{}, {} pairs, {}-bit codes from bit {}, index {}, codes {}",
                     row.layout == sparse::format::bitmask ? "bitmask"
                     : row.wide                            ? "CSR of 32-bit columns"
                                                           : "CSR",
                     row.nonzeros, row.code_bits, row.first_bit, text_of(row.index), text_of(row.codes));
}

} // namespace

decoder_twin::decoder_twin(const config::architecture& a, bool waves)
    : lanes_(static_cast<unsigned>(a.index_decoder.lanes)), clock_ghz_(a.digital.clock_ghz),
      request_(request_of(a, "index_decoder", a.index_decoder, waves)),
      library_(build_rtl(index_decoder_contract(lanes_), request_)), rtl_(lanes_, library_),
      stalled_(a.index_decoder.model == config::block_model::lock_step
                   ? std::make_unique<rtl_row_decoder>(lanes_, library_, some_stalls)
                   : nullptr) {}

std::optional<std::uint32_t> decoder_twin::decode(const sparse::packed_row& row, sparse::decoded_row& into) {
  return guarded<std::uint32_t>([&] { return stalled_ ? decode_in_lock_step(row, into) : *rtl_.decode(row, into); });
}

std::uint32_t decoder_twin::decode_in_lock_step(const sparse::packed_row& row, sparse::decoded_row& into) {
  remember(row);
  stalled_->seed(transactions());
  compare(row, *stalled_, some_stalls, into);
  return compare(row, rtl_, {}, into);
}

void decoder_twin::remember(const sparse::packed_row& row) {
  if (history_.size() == rows_remembered) {
    history_.pop_front();
  }
  history_.push_back({row, {row.index.begin(), row.index.end()}, {row.codes.begin(), row.codes.end()}, transactions()});
  history_.back().row.index = history_.back().index;
  history_.back().row.codes = history_.back().codes;
}

std::uint32_t decoder_twin::compare(const sparse::packed_row& row, rtl_row_decoder& rtl, const stalls& with,
                                    sparse::decoded_row& by_rtl) {
  std::uint32_t cycles = 0;
  try {
    cycles = *rtl.decode(row, by_rtl);
  } catch (const core::user_error& error) {
    stop(row, error.what(), with);
  }
  const auto plain = plain_decode(row);
  for (std::size_t i = 0; i < plain.columns.size(); ++i) {
    if (by_rtl.columns[i] != plain.columns[i] || by_rtl.codes[i] != plain.codes[i]) {
      stop(row,
           fmt::format("pair {}: RTL column {} code {}, model column {} code {}", i, by_rtl.columns[i], by_rtl.codes[i],
                       plain.columns[i], plain.codes[i]),
           with);
    }
  }
  if (const auto difference = difference_of_cycles(cycles, sparse::decoder_cycles(row, lanes_), request_, with);
      !difference.empty()) {
    stop(row, difference, with);
  }
  return cycles;
}

void decoder_twin::stop(const sparse::packed_row& row, const std::string& difference, const stalls& with) {
  stop_in_lock_step("index_decoder", fmt::format("row {} of the run", transactions()), difference,
                    fmt::format("the row: {}; its waveform is the last of {}", text_of(row), history_.size()),
                    [&](const std::filesystem::path& path) { draw_waves(path, with); });
}

void decoder_twin::draw_waves(const std::filesystem::path& path, const stalls& with) {
  auto request = request_;
  request.waves = true;
  rtl_row_decoder again(lanes_, build_rtl(index_decoder_contract(lanes_), request), with);
  sparse::decoded_row unused;
  draw_history(again.block(), path, clock_ghz_, [&] {
    for (const auto& each : history_) {
      again.seed(each.number);
      again.decode(each.row, unused);
    }
  });
}

} // namespace sonic::cosim
