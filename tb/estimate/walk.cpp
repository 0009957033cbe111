// SPDX-License-Identifier: Apache-2.0
#include "tb/estimate/walk.h"

#include "sonic/plan/times.h"
#include "tb/estimate/picoseconds.h"

#include <algorithm>
#include <array>

namespace sonic::estimate {

namespace {

using use = plan::operand_load::use;

/// When the units of an array are free. As long as they all did the same kinds of passes since they last began
/// together, that is known without looking at each.
class unit_times {
public:
  unit_times(const chip_times::array& array, std::span<const unit_work> work, std::vector<double>& room)
      : array_(array), work_(work), free_(room) {}

  struct pass_times {
    double started, taken, ended; ///< of the first unit to begin, of the last one, and of the last partial sum
  };

  pass_times pass(const pass_kind& of, double may_begin) {
    const auto& shares = of.shares;
    const double last = work(shares.last_imprints, shares.last);
    const double most = shares.units > 1 ? std::max(work(shares.most_imprints, shares.symbols), last) : last;
    const double least = shares.units > 1 ? std::min(work(shares.least_imprints, shares.symbols), last) : last;
    if (may_begin >= latest_) {
      apart_ = false;
      together_ = may_begin;
      of_ = &of;
      times_ = 1;
      latest_ = may_begin + most;
      return {may_begin, may_begin, end_of(latest_)};
    }
    if (!apart_ && of_->shares.alike(shares) && may_begin <= together_ + times_ * least) {
      const pass_times found{together_ + times_ * least, latest_, end_of(latest_ + most)};
      ++times_;
      latest_ += most;
      return found;
    }
    return look_at_each(of, may_begin);
  }

private:
  [[nodiscard]] double end_of(double freed) const {
    return plan::burst_end(freed, 0.0, 0.0, array_.interval_ps, array_.pipeline_ps).ended;
  }

  [[nodiscard]] double work(std::uint64_t imprints, std::uint64_t symbols) const {
    return static_cast<double>(imprints) * array_.retune_ps + static_cast<double>(symbols) * array_.interval_ps;
  }
  [[nodiscard]] std::span<const unit_work> kinds_in(const pass_kind& of) const {
    return work_.subspan(of.first_work, of.unit_kinds);
  }

  pass_times look_at_each(const pass_kind& of, double may_begin) {
    if (!apart_) {
      apart_ = true;
      free_.assign(of.unit_kinds, 0.0);
      const auto did = kinds_in(*of_);
      for (std::size_t kind = 0; kind < did.size(); ++kind) {
        free_[kind] = did[kind].symbols > 0 ? together_ + times_ * work(did[kind].imprints, did[kind].symbols) : 0.0;
      }
    }
    pass_times found{latest_, 0, 0};
    double freed = 0;
    const auto does = kinds_in(of);
    for (std::size_t kind = 0; kind < does.size(); ++kind) {
      if (does[kind].symbols > 0) {
        const double started = std::max(may_begin, free_[kind]);
        free_[kind] = started + work(does[kind].imprints, does[kind].symbols);
        found.started = std::min(found.started, started);
        found.taken = std::max(found.taken, started);
        freed = std::max(freed, free_[kind]);
      }
    }
    latest_ = std::max(latest_, freed);
    found.ended = end_of(freed);
    return found;
  }

  const chip_times::array& array_;
  std::span<const unit_work> work_;
  std::vector<double>& free_; ///< if each kind of unit is looked at
  bool apart_ = false;
  double latest_ = 0;             ///< when all units are free
  const pass_kind* of_ = nullptr; ///< else: what they did since they began together, and how often
  double together_ = 0, times_ = 0;
};

/// The buffers, decoders and accumulators beside the units: each does one pass after the other.
class supply {
public:
  supply(const chip_times& times, bool conv) : times_(times), conv_(conv) {}

  /// When everything that the pass reads and writes is done.
  double pass(const pass_kind& of, double started) {
    const auto& array = conv_ ? times_.conv : times_.fc;
    if (of.size.blocks != size_.blocks || of.size.lanes != size_.lanes || of.size.symbols != size_.symbols) {
      size_ = of.size;
      const auto needs = plan::needs_of(array.needs, size_);
      for (std::size_t i = 0; i < needs.size(); ++i) {
        taken_[i] = ps_of(needs[i].bytes * array.stream_ns_per_byte[i]);
      }
    }
    double end = 0;
    for (std::size_t i = 0; i < taken_.size(); ++i) {
      end = std::max(end, take(i, taken_[i], started));
    }
    if (of.size.decoding > 0) {
      end = std::max(end, take(3, ps_of(times_.ns_per_cycle * static_cast<double>(of.size.decoding)), started));
    }
    if (of.accumulating > 0) {
      end = std::max(end, take(4, ps_of(times_.ns_per_cycle * static_cast<double>(of.accumulating)), started));
    }
    return end;
  }

private:
  double take(std::size_t which, double taken, double asked) {
    free_[which] = std::max(asked, free_[which]) + taken;
    return free_[which];
  }

  const chip_times& times_;
  bool conv_;
  std::array<double, 5> free_{};
  plan::pass_size size_; ///< of the last pass, and what it took of the buffers
  std::array<double, 3> taken_{};
};

double first_word_ps(const chip_times& times, plan::post_source source) {
  return source == plan::post_source::partial_sums ? times.sums.latency_ps
         : source == plan::post_source::fill       ? 0.0
                                                   : times.global_latency_ps;
}

} // namespace

double walk(const layer_parts& layer, const chip_times& times, walk_room& room) {
  const bool conv = layer.plan->descriptor.operation == static_cast<std::uint8_t>(regs::operation::convolution);
  unit_times units(conv ? times.conv : times.fc, layer.work, room.unit_free_ps);
  supply streams(times, conv);
  double cursor = layer.transfers->preparation_ps;
  double ended = cursor, post_free = 0, store_free = 0;
  std::array<double, 2> finished{}, stored{}; // of both places
  const auto& steps = layer.plan->steps;
  std::size_t next = 0; // pass
  for (std::size_t i = 0; i < steps.size(); ++i) {
    const auto& s = steps[i];
    cursor = std::max(cursor, finished[s.half]);
    const double began = cursor;
    double at = cursor, ready = cursor;
    for (std::uint32_t l = s.first_load; l < s.first_load + s.loads; ++l) {
      const auto& load = layer.plan->loads[l];
      const double from = at;
      at += layer.transfers->loads[l];
      if (load.into == use::weights || load.into == use::activations) {
        const auto& buffer = load.into == use::weights ? times.weights : times.activations;
        const double writing = ps_of(buffer.ns_per_byte * static_cast<double>(load.bytes));
        ready = std::max(ready, plan::filled(from, at, writing, times.global_latency_ps + buffer.latency_ps));
      }
    }
    ready = std::max(ready, at);
    double complete = ready;
    cursor = ready;
    if (s.light) {
      for (; next < layer.passes.size() && layer.passes[next].step == i; ++next) {
        const auto& pass = layer.kinds[layer.passes[next].kind];
        const auto units_did = units.pass(pass, cursor);
        cursor = std::max(cursor, units_did.taken);
        complete = std::max({complete, units_did.ended, streams.pass(pass, units_did.started)});
      }
    }
    if (!s.finishes) {
      continue;
    }
    const double flowing = s.light ? ready : began;
    complete = std::max(complete, stored[s.half]);
    const double available = std::max(s.flows ? flowing : complete, stored[s.half]);
    double whole = 0, last = 0;
    if (layer.post != nullptr && s.source != plan::post_source::fill) {
      whole = ps_of(times.ns_per_cycle * static_cast<double>((*layer.post)[i].most));
      last = ps_of(times.ns_per_cycle * static_cast<double>((*layer.post)[i].last));
    } else {
      whole = ps_of(times.ns_per_element * static_cast<double>(s.channels * s.inner));
      last = ps_of(times.ns_per_element * static_cast<double>(s.inner));
    }
    post_free = plan::finished(std::max(available, post_free), complete + first_word_ps(times, s.source), whole, last);
    finished[s.half] = post_free;
    store_free = std::max(post_free + times.global_latency_ps, store_free) + layer.transfers->stores[i];
    stored[s.half] = store_free;
    ended = std::max(ended, store_free);
  }
  return ended;
}

} // namespace sonic::estimate
