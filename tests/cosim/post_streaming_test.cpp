// SPDX-License-Identifier: Apache-2.0
// Jobs of all kinds that follow one another without a pause, which the transactor does not do.
#include "tb/cosim/build_rtl.h"
#include "tb/cosim/pin_loop.h"
#include "tests/digital/random_job.h"

#include <catch2/catch.hpp>

#include <deque>
#include <utility>

using namespace sonic;
using namespace sonic::cosim;

namespace {

/// Beats in the order of the contract's ports, each port's words.
class listed_beats : public beat_source {
public:
  explicit listed_beats(const stream& of) : of_(of) {}
  void add(std::vector<std::vector<std::uint32_t>> beat) { waiting_.push_back(std::move(beat)); }
  [[nodiscard]] bool any() const override { return !waiting_.empty(); }
  void show(rtl_block& block) const override {
    for (std::size_t i = 0; i < of_.data.size(); ++i) {
      const auto& words = waiting_.front()[i];
      const auto port = of_.data[i];
      block.ports().ports[port].width > 32 ? block.set(port, words) : block.set(port, std::uint64_t{words[0]});
    }
  }
  void drop() override { waiting_.pop_front(); }

private:
  const stream& of_;
  std::deque<std::vector<std::vector<std::uint32_t>>> waiting_;
};

std::uint32_t bits(std::int32_t value) {
  return static_cast<std::uint32_t>(value);
}

void add_job(const digital::post_stream& job, listed_beats& layers, listed_beats& channels, listed_beats& elements) {
  constexpr std::uint32_t slope_mask = (1U << slope_bits) - 1;
  layers.add({{static_cast<std::uint32_t>(job.operation)},
              {bits(job.layer.negative_slope) & slope_mask},
              {bits(job.layer.output_zero_point)},
              {bits(job.layer.clip_low)},
              {bits(job.layer.clip_high)}});
  for (std::size_t c = 0; c < job.channels.size(); ++c) {
    const auto& r = job.channels[c];
    channels.add({{bits(r.multiplier_a)},
                  {bits(r.multiplier_b)},
                  {static_cast<std::uint32_t>(r.offset), static_cast<std::uint32_t>(r.offset >> 32)},
                  {r.shift},
                  {c + 1 == job.channels.size() ? 1U : 0U}});
  }
  for (std::size_t i = 0; i < job.beats.size(); ++i) {
    const auto& beat = job.beats[i];
    const auto lanes = [&](const std::vector<std::uint32_t>& words) {
      const auto part = std::span(words).subspan(i * job.lanes, job.lanes);
      return std::vector<std::uint32_t>(part.begin(), part.end());
    };
    elements.add({lanes(job.a),
                  lanes(job.b),
                  {beat.keep},
                  {beat.count},
                  {beat.first ? 1U : 0U},
                  {beat.last ? 1U : 0U},
                  {beat.channel_last ? 1U : 0U}});
  }
}

} // namespace

TEST_CASE("jobs without a pause between them: none overtakes a mean, and without means there is no gap") {
  constexpr unsigned lanes = 5;
  const auto library = build_rtl(post_processor_contract(lanes), {});
  std::uint64_t total_elements = 0;
  for (std::uint64_t seed = 1; seed <= 60; ++seed) {
    for (const auto& with : {stalls{}, stalls{35, 35, seed}, stalls{0, 95, seed}}) {
      for (const bool means : {true, false}) {
        CAPTURE(seed, with.inputs, with.outputs, means);
        tests::random_source random(seed);
        pin_loop loop(post_processor_contract(lanes), library, with);
        const auto& block = loop.block();
        const auto& streams = block.ports().streams;
        listed_beats layers(streams[0]), channels(streams[1]), elements(streams[2]);
        std::vector<std::uint16_t> wanted, found;
        std::uint64_t jobs = 6, beats = 0;
        for (std::uint64_t j = 0; j < jobs; ++j) {
          const auto job = tests::draw_job(
              random, lanes, tests::post_operations[static_cast<std::size_t>(random.integer(0, means ? 3 : 2))]);
          add_job(job, layers, channels, elements);
          std::vector<std::uint16_t> codes(job.elements());
          digital::run_post(job, codes);
          wanted.insert(wanted.end(), codes.begin(), codes.end());
          beats += job.beats.size();
        }
        loop.begin({{"layer", &layers}, {"channel", &channels}, {"element", &elements}}, 100000,
                   [&] { return std::to_string(found.size()) + " of " + std::to_string(wanted.size()) + " elements"; });
        const auto out_count = block.ports().index_of("out_count"), out_code = block.ports().index_of("out_code"),
                   out_last = block.ports().index_of("out_last");
        for (; jobs > 0; loop.advance()) {
          loop.show();
          if (loop.passes("out")) {
            for (unsigned l = 0; l < block.get(out_count); ++l) {
              found.push_back(static_cast<std::uint16_t>(block.get(out_code, code_bits * l, code_bits)));
            }
            jobs -= block.get(out_last) != 0 ? 1U : 0U;
          }
        }
        REQUIRE(found == wanted);
        CHECK((!layers.any() && !channels.any() && !elements.any()));
        if (!means) {
          CHECK(block.cycles() >= digital::post_cycles(beats));
          CHECK(block.cycles() <= digital::post_cycles(beats) + loop.stalled_cycles());
        }
        total_elements += found.size();
      }
    }
  }
  WARN(total_elements << " elements, all equal");
}
