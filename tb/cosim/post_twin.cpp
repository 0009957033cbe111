// SPDX-License-Identifier: Apache-2.0
#include "tb/cosim/post_twin.h"

#include "sonic/core/error.h"

#include <array>
#include <string_view>
#include <vector>

#include <fmt/format.h>

namespace sonic::cosim {

namespace {

constexpr std::size_t jobs_remembered = 4;

std::string text_of(const digital::post_stream& job) {
  constexpr std::array<std::string_view, 4> operations{"sums", "codes", "maxima", "means"};
  return fmt::format("{} of {} channels in {} beats", operations[static_cast<std::size_t>(job.operation)],
                     job.channels.size(), job.beats.size());
}

} // namespace

post_twin::post_twin(const config::architecture& a, bool waves)
    : lanes_(static_cast<unsigned>(a.post_processor.lanes)), clock_ghz_(a.digital.clock_ghz),
      request_(request_of(a, "post_processor", a.post_processor, waves)),
      library_(build_rtl(post_processor_contract(lanes_), request_)), rtl_(lanes_, library_),
      stalled_(a.post_processor.model == config::block_model::lock_step
                   ? std::make_unique<rtl_post_processor>(lanes_, library_, some_stalls)
                   : nullptr) {}

std::optional<std::uint64_t> post_twin::run(const digital::post_stream& job, std::span<std::uint16_t> out) {
  return guarded<std::uint64_t>([&] { return stalled_ ? run_in_lock_step(job, out) : *rtl_.run(job, out); });
}

std::uint64_t post_twin::run_in_lock_step(const digital::post_stream& job, std::span<std::uint16_t> out) {
  if (history_.size() == jobs_remembered) {
    history_.pop_front();
  }
  history_.push_back({job, transactions()});
  stalled_->seed(transactions());
  compare(job, out, *stalled_, some_stalls);
  return compare(job, out, rtl_, {});
}

std::uint64_t post_twin::compare(const digital::post_stream& job, std::span<std::uint16_t> out, rtl_post_processor& rtl,
                                 const stalls& with) {
  std::uint64_t cycles = 0;
  try {
    cycles = *rtl.run(job, out);
  } catch (const core::user_error& error) {
    stop(job, error.what(), with);
  }
  std::vector<std::uint16_t> plain(job.elements());
  digital::run_post(job, plain);
  for (std::size_t i = 0; i < plain.size(); ++i) {
    if (out[i] != plain[i]) {
      stop(job, fmt::format("element {}: RTL code {}, model code {}", i, out[i], plain[i]), with);
    }
  }
  if (const auto difference = difference_of_cycles(cycles, digital::post_cycles(job), request_, with);
      !difference.empty()) {
    stop(job, difference, with);
  }
  return cycles;
}

void post_twin::stop(const digital::post_stream& job, const std::string& difference, const stalls& with) {
  stop_in_lock_step("post_processor", fmt::format("job {} of the run, {}", transactions(), text_of(job)), difference,
                    fmt::format("its waveform is the last of {}", history_.size()),
                    [&](const std::filesystem::path& path) { draw_waves(path, with); });
}

void post_twin::draw_waves(const std::filesystem::path& path, const stalls& with) {
  auto request = request_;
  request.waves = true;
  rtl_post_processor again(lanes_, build_rtl(post_processor_contract(lanes_), request), with);
  std::vector<std::uint16_t> unused;
  draw_history(again.block(), path, clock_ghz_, [&] {
    for (const auto& each : history_) {
      again.seed(each.number);
      unused.resize(each.job.elements());
      again.run(each.job, unused);
    }
  });
}

} // namespace sonic::cosim
