// SPDX-License-Identifier: Apache-2.0
#include "tb/cosim/accumulator_twin.h"

#include "sonic/core/error.h"

#include <algorithm>

#include <fmt/format.h>

namespace sonic::cosim {

std::uint64_t accumulator_twin::words_of(const config::architecture& a) {
  const std::uint64_t word_bytes = static_cast<std::uint64_t>(a.accumulator.lanes) * sizeof(std::int32_t);
  return std::max<std::uint64_t>(2, (a.buffers.partial_sum_buffer.bytes + word_bytes - 1) / word_bytes);
}

accumulator_twin::accumulator_twin(const config::architecture& a, bool waves)
    : lanes_(static_cast<unsigned>(a.accumulator.lanes)), words_(words_of(a)), clock_ghz_(a.digital.clock_ghz),
      request_(request_of(a, "accumulator", a.accumulator, waves)),
      library_(build_rtl(accumulator_contract(lanes_, words_), request_)), rtl_(lanes_, words_, library_) {
  if (a.accumulator.model == config::block_model::lock_step) {
    stalled_ = std::make_unique<rtl_accumulator>(lanes_, words_, library_, some_stalls);
    sums_.resize(words_ * lanes_);
  }
}

std::optional<std::uint64_t> accumulator_twin::clear(std::uint64_t first, std::uint64_t count) {
  return guarded<std::uint64_t>([&] { return run({what::clear, first, count, 0, transactions()}, {}, {}); });
}

std::optional<std::uint64_t> accumulator_twin::add(std::uint64_t first, std::span<const std::int32_t> codes) {
  return guarded<std::uint64_t>([&] { return run({what::add, first, codes.size(), 0, transactions()}, codes, {}); });
}

std::optional<std::uint64_t> accumulator_twin::read(std::uint64_t first, std::span<std::int32_t> into) {
  return guarded<std::uint64_t>([&] { return run({what::read, first, into.size(), 0, transactions()}, {}, into); });
}

std::uint64_t accumulator_twin::run(const call& next, std::span<const std::int32_t> codes,
                                    std::span<std::int32_t> into) {
  return stalled_ ? run_in_lock_step(next, codes, into) : run(rtl_, next, codes, into);
}

std::uint64_t accumulator_twin::run(rtl_accumulator& rtl, const call& next, std::span<const std::int32_t> codes,
                                    std::span<std::int32_t> into) {
  return next.does == what::clear ? *rtl.clear(next.first, next.count)
         : next.does == what::add ? *rtl.add(next.first, codes)
                                  : *rtl.read(next.first, into);
}

std::uint64_t accumulator_twin::run_in_lock_step(const call& next, std::span<const std::int32_t> codes,
                                                 std::span<std::int32_t> into) {
  remember(next, codes);
  add_plainly(next, codes);
  stalled_->seed(next.number);
  compare(next, codes, into, *stalled_, some_stalls);
  return compare(next, codes, into, rtl_, {});
}

void accumulator_twin::remember(const call& next, std::span<const std::int32_t> codes) {
  if (next.does == what::clear) {
    history_.clear();
    remembered_.clear();
  }
  history_.push_back(next);
  history_.back().codes = remembered_.size();
  remembered_.insert(remembered_.end(), codes.begin(), codes.end());
}

void accumulator_twin::add_plainly(const call& next, std::span<const std::int32_t> codes) {
  const auto sums = std::span(sums_).subspan(next.first, next.count);
  if (next.does == what::clear) {
    std::fill(sums.begin(), sums.end(), 0U);
  } else if (next.does == what::add) {
    std::transform(sums.begin(), sums.end(), codes.begin(), sums.begin(),
                   [](std::uint32_t sum, std::int32_t code) { return sum + static_cast<std::uint32_t>(code); });
  }
}

std::uint64_t accumulator_twin::compare(const call& next, std::span<const std::int32_t> codes,
                                        std::span<std::int32_t> into, rtl_accumulator& rtl, const stalls& with) {
  std::uint64_t cycles = 0;
  try {
    cycles = run(rtl, next, codes, into);
  } catch (const core::user_error& error) {
    stop(next, error.what(), with);
  }
  for (std::size_t i = 0; i < into.size(); ++i) {
    const auto model = static_cast<std::int32_t>(sums_[next.first + i]);
    if (into[i] != model) {
      stop(next, fmt::format("sum {}: RTL {}, model {}", next.first + i, into[i], model), with);
    }
  }
  if (const auto difference =
          difference_of_cycles(cycles, digital::accumulator_cycles(next.first, next.count, lanes_), request_, with);
      !difference.empty()) {
    stop(next, difference, with);
  }
  return cycles;
}

void accumulator_twin::stop(const call& at, const std::string& difference, const stalls& with) {
  const auto text = [](const call& c) {
    return fmt::format("{} sums {} to {}",
                       c.does == what::clear ? "clear"
                       : c.does == what::add ? "add to"
                                             : "read",
                       c.first, c.first + c.count - 1);
  };
  const std::size_t shown = std::min<std::size_t>(history_.size(), 5);
  std::string calls;
  for (std::size_t i = history_.size() - shown; i < history_.size(); ++i) {
    calls += fmt::format("{}{}", calls.empty() ? "" : ", ", text(history_[i]));
  }
  stop_in_lock_step("accumulator", fmt::format("call {} of the run, {}", at.number, text(at)), difference,
                    fmt::format("{} calls since sums were cleared, the last ones: {}", history_.size(), calls),
                    [&](const std::filesystem::path& path) { draw_waves(path, with); });
}

void accumulator_twin::draw_waves(const std::filesystem::path& path, const stalls& with) {
  auto request = request_;
  request.waves = true;
  rtl_accumulator again(lanes_, words_, build_rtl(accumulator_contract(lanes_, words_), request), with);
  std::vector<std::int32_t> unused;
  draw_history(again.block(), path, clock_ghz_, [&] {
    for (const auto& each : history_) {
      again.seed(each.number);
      unused.resize(each.does == what::read ? each.count : 0);
      const std::size_t codes = each.does == what::add ? each.count : 0;
      run(again, each, std::span(remembered_).subspan(codes > 0 ? each.codes : 0, codes), unused);
    }
  });
}

} // namespace sonic::cosim
