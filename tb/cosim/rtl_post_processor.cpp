// SPDX-License-Identifier: Apache-2.0
#include "tb/cosim/rtl_post_processor.h"

#include <algorithm>
#include <stdexcept>

#include <fmt/format.h>

namespace sonic::cosim {

rtl_post_processor::pins::pins(const contract& block)
    : layer_operation(block.index_of("layer_operation")), layer_negative_slope(block.index_of("layer_negative_slope")),
      layer_zero_point(block.index_of("layer_zero_point")), layer_clip_low(block.index_of("layer_clip_low")),
      layer_clip_high(block.index_of("layer_clip_high")), channel_multiplier_a(block.index_of("channel_multiplier_a")),
      channel_multiplier_b(block.index_of("channel_multiplier_b")), channel_offset(block.index_of("channel_offset")),
      channel_shift(block.index_of("channel_shift")), channel_last(block.index_of("channel_last")),
      element_a(block.index_of("element_a")), element_b(block.index_of("element_b")),
      element_keep(block.index_of("element_keep")), element_count(block.index_of("element_count")),
      element_first(block.index_of("element_first")), element_last(block.index_of("element_last")),
      element_channel_last(block.index_of("element_channel_last")), out_count(block.index_of("out_count")),
      out_code(block.index_of("out_code")), out_last(block.index_of("out_last")) {}

class rtl_post_processor::layer_beat : public beat_source {
public:
  layer_beat(const digital::post_stream& job, const pins& at) : job_(job), at_(at) {}
  [[nodiscard]] bool any() const override { return !taken_; }
  void show(rtl_block& block) const override {
    const auto bits = [](std::int32_t value) { return static_cast<std::uint32_t>(value); };
    constexpr std::uint32_t slope_mask = (std::uint32_t{1} << slope_bits) - 1;
    block.set(at_.layer_operation, static_cast<std::uint64_t>(job_.operation));
    block.set(at_.layer_negative_slope, bits(job_.layer.negative_slope) & slope_mask);
    block.set(at_.layer_zero_point, bits(job_.layer.output_zero_point));
    block.set(at_.layer_clip_low, bits(job_.layer.clip_low));
    block.set(at_.layer_clip_high, bits(job_.layer.clip_high));
  }
  void drop() override { taken_ = true; }

private:
  const digital::post_stream& job_;
  const pins& at_;
  bool taken_ = false;
};

class rtl_post_processor::channel_beats : public beat_source {
public:
  channel_beats(const digital::post_stream& job, const pins& at) : left_(job.channels), at_(at) {}
  [[nodiscard]] bool any() const override { return !left_.empty(); }
  void show(rtl_block& block) const override {
    const auto& record = left_.front();
    block.set(at_.channel_multiplier_a, static_cast<std::uint32_t>(record.multiplier_a));
    block.set(at_.channel_multiplier_b, static_cast<std::uint32_t>(record.multiplier_b));
    block.set(at_.channel_offset, static_cast<std::uint64_t>(record.offset));
    block.set(at_.channel_shift, record.shift);
    block.set(at_.channel_last, left_.size() == 1 ? 1 : 0);
  }
  void drop() override { left_ = left_.subspan(1); }

private:
  std::span<const regs::parameters_code16> left_;
  const pins& at_;
};

class rtl_post_processor::element_beats : public beat_source {
public:
  element_beats(const digital::post_stream& job, const pins& at) : job_(job), at_(at) {}
  [[nodiscard]] bool any() const override { return next_ < job_.beats.size(); }
  void show(rtl_block& block) const override {
    const auto& beat = job_.beats[next_];
    const auto lanes = [this](const std::vector<std::uint32_t>& words) {
      return std::span(words).subspan(next_ * job_.lanes, job_.lanes);
    };
    block.set(at_.element_a, lanes(job_.a));
    block.set(at_.element_b, lanes(job_.b));
    block.set(at_.element_keep, beat.keep);
    block.set(at_.element_count, beat.count);
    block.set(at_.element_first, beat.first ? 1 : 0);
    block.set(at_.element_last, beat.last ? 1 : 0);
    block.set(at_.element_channel_last, beat.channel_last ? 1 : 0);
  }
  void drop() override { ++next_; }

private:
  const digital::post_stream& job_;
  const pins& at_;
  std::size_t next_ = 0;
};

rtl_post_processor::rtl_post_processor(unsigned lanes, const std::filesystem::path& library, const stalls& with)
    : lanes_(lanes), loop_(post_processor_contract(lanes), library, with), at_(loop_.block().ports()) {}

void rtl_post_processor::take_beat(const digital::post_beat& group, std::span<std::uint16_t> out, std::size_t done) {
  const auto& block = loop_.block();
  const auto count = block.get(at_.out_count);
  if (count != group.count) {
    loop_.stop(fmt::format("out_count is {} behind element {}, where a group of {} comes", count, done, group.count));
  }
  for (unsigned l = 0; l < lanes_; ++l) {
    const auto code = block.get(at_.out_code, code_bits * l, code_bits);
    if (l < count) {
      out[done + l] = static_cast<std::uint16_t>(code);
    } else if (code != 0) {
      loop_.stop(fmt::format("out_code is {} in lane {}, which holds no element", code, l));
    }
  }
}

std::optional<std::uint64_t> rtl_post_processor::run(const digital::post_stream& job, std::span<std::uint16_t> out) {
  if (job.lanes != lanes_ || out.size() != job.elements() || out.empty()) {
    throw std::logic_error("a job for another block");
  }
  layer_beat layer(job, at_);
  channel_beats channels(job, at_);
  element_beats elements(job, at_);
  std::size_t done = 0;
  loop_.begin({{"layer", &layer, false}, {"channel", &channels}, {"element", &elements}},
              1000 + 16 * digital::post_cycles(job),
              [&] { return fmt::format("job of {} elements, of which {} came", out.size(), done); });
  const auto& block = loop_.block();
  const auto is_last = [](const digital::post_beat& beat) { return beat.last; };
  auto group = std::find_if(job.beats.begin(), job.beats.end(), is_last);
  std::optional<std::uint64_t> accepted_at;
  for (bool complete = false; !complete; loop_.advance()) {
    loop_.show();
    if (loop_.passes("out")) {
      if (!accepted_at || group == job.beats.end()) {
        loop_.stop("a beat came that belongs to no job");
      }
      take_beat(*group, out, done);
      done += group->count;
      group = std::find_if(group + 1, job.beats.end(), is_last);
      complete = block.get(at_.out_last) != 0;
    }
    if (!accepted_at && loop_.passes("layer")) {
      accepted_at = block.cycles();
    }
  }
  if (done != out.size() || channels.any() || elements.any()) {
    loop_.stop(fmt::format("out_last came with element {} of {}{}", done, out.size(),
                           channels.any() || elements.any() ? ", before all beats were taken" : ""));
  }
  return block.cycles() - *accepted_at;
}

} // namespace sonic::cosim
