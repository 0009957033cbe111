// SPDX-License-Identifier: Apache-2.0
#include "tb/cosim/pin_loop.h"

#include "sonic/core/error.h"

#include <algorithm>
#include <cassert>
#include <utility>

#include <fmt/format.h>

namespace sonic::cosim {

pin_loop::pin_loop(contract block, const std::filesystem::path& library, const stalls& with)
    : stalls_(with), random_(with.seed), block_(std::move(block), library), checker_(block_) {}

void pin_loop::begin(const std::vector<input>& inputs, std::uint64_t cycles, std::function<std::string()> progress) {
  inputs_.clear();
  for (const auto& i : inputs) {
    inputs_.push_back({index_of(i.stream), i.beats, i.may_stall, false});
  }
  constexpr unsigned most = 99;
  patience_ = block_.cycles() +
              cycles * 100 / (100 - std::min(stalls_.inputs, most)) * 100 / (100 - std::min(stalls_.outputs, most));
  progress_ = std::move(progress);
  stalled_cycles_ = 0;
}

void pin_loop::show() {
  if (block_.cycles() > patience_) {
    stop("it makes no progress: " + progress_());
  }
  bool waits = false;
  for (auto& i : inputs_) {
    const bool any = i.beats->any();
    i.shown = any && (i.shown || !i.may_stall || !stalled(stalls_.inputs));
    waits = waits || (any && !i.shown);
    const auto& stream = block_.ports().streams[i.stream];
    block_.set(stream.valid, i.shown ? 1 : 0);
    if (i.shown) {
      i.beats->show(block_);
    } else {
      for (const auto port : stream.data) {
        block_.clear(port);
      }
    }
  }
  for (const auto& s : block_.ports().streams) {
    if (s.output) {
      const bool ready = !stalled(stalls_.outputs);
      waits = waits || !ready;
      block_.set(s.ready, ready ? 1 : 0);
    }
  }
  stalled_cycles_ += waits ? 1U : 0U;
  block_.settle();
  if (const auto broken = checker_.check()) {
    stop(*broken);
  }
}

void pin_loop::advance() {
  for (auto& i : inputs_) {
    if (i.shown && passes(i.stream)) {
      i.beats->drop();
      i.shown = false;
    }
  }
  block_.clock();
}

void pin_loop::stop(const std::string& problem) const {
  throw core::user_error(fmt::format("the RTL of {}, cycle {}", block_.ports().module, block_.cycles()), problem,
                         fmt::format("expected what {} says", block_.ports().page));
}

std::size_t pin_loop::index_of(std::string_view stream) const {
  const auto& streams = block_.ports().streams;
  const auto found = std::find_if(streams.begin(), streams.end(), [&](const auto& s) { return s.name == stream; });
  assert(found != streams.end());
  return static_cast<std::size_t>(found - streams.begin());
}

bool pin_loop::passes(std::size_t stream) const {
  const auto& s = block_.ports().streams[stream];
  return block_.get(s.valid) != 0 && block_.get(s.ready) != 0;
}

bool pin_loop::stalled(unsigned percent) {
  return percent > 0 && random_() % 100 < percent;
}

} // namespace sonic::cosim
