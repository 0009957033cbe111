// SPDX-License-Identifier: Apache-2.0
#include "sonic/chip/decode/work_dispatch.h"

#include "sonic/chip/decode/patch_gather.h"
#include "sonic/chip/decode/work_partition.h"
#include "sonic/chip/element_sizes.h"
#include "sonic/tlm/picoseconds.h"

#include <algorithm>
#include <string>

namespace sonic::chip {

namespace {

using transport::array_kind;

void add_sockets(std::deque<transport::job_initiator<transport::burst>>& to, const char* name, std::uint64_t units) {
  for (std::uint64_t i = 0; i < units; ++i) {
    to.emplace_back((std::string(name) + "_" + std::to_string(i)).c_str());
  }
}

} // namespace

work_dispatch::work_dispatch(const operand_supply::parameters& conv_needs, const operand_supply::parameters& fc_needs)
    : conv_needs_(conv_needs), fc_needs_(fc_needs) {
  add_sockets(conv, "conv", conv_needs.units);
  add_sockets(fc, "fc", fc_needs.units);
  for (auto* units : {&conv, &fc}) {
    for (auto& unit : *units) {
      unit.on_accepted = [this](transport::burst& work) { begun(static_cast<sent_burst&>(work)); };
      unit.on_answered = [this](transport::burst& work) { finished(static_cast<sent_burst&>(work)); };
    }
  }
  for (auto* buffer : {&supply.weights, &supply.activations, &supply.sums}) {
    buffer->on_answered = [this](transport::stream_job& done) { finish_one(*static_cast<sent_stream&>(done).of); };
  }
}

transport::block work_dispatch::piece_of(const transport::block& whole, std::uint32_t begin, std::uint32_t end,
                                         std::size_t bytes_of_sum) {
  auto& streams = split_streams_.emplace_back(whole.streams, whole.streams + whole.lanes);
  transport::block b = whole;
  b.symbols = end - begin;
  b.zeros = 0;
  for (auto*& stream : streams) {
    stream += begin;
    b.zeros += count_zeros({stream, b.symbols});
  }
  b.streams = streams.data();
  b.partial_sums = static_cast<std::uint8_t*>(whole.partial_sums) + begin * bytes_of_sum;
  return b;
}

void work_dispatch::partition(array_kind array, const transport::decode_job& job,
                              const std::vector<transport::block>& blocks,
                              const std::function<void(std::uint32_t, std::vector<transport::block>&)>& share) {
  const std::size_t bytes = sum_bytes(*job.layer);
  const auto& needs = array == array_kind::conv ? conv_needs_ : fc_needs_;
  split_streams_.clear();
  partition_work(
      blocks, static_cast<std::uint32_t>(needs.units),
      [&](const transport::block& whole, std::uint32_t begin, std::uint32_t end) {
        return piece_of(whole, begin, end, bytes);
      },
      share);
}

void work_dispatch::prepare(transport::burst& work, array_kind array, const transport::decode_job& job,
                            std::uint32_t unit, std::vector<transport::block>& share) {
  work.array = array;
  work.vdu = unit;
  work.layer = job.layer->layer;
  work.epoch = job.epoch;
  work.exact = job.layer->element == 1;
  work.inverse_lsb = job.inverse_lsb;
  work.blocks.swap(share);
  work.actions = {};
}

void work_dispatch::run(array_kind array, transport::decode_job& job, const std::vector<transport::block>& blocks,
                        const sc_core::sc_time& ready) {
  auto& units = array == array_kind::conv ? conv : fc;
  const auto may_begin = std::max(ready, job.taken);
  bool first = true;
  sc_core::sc_time started, ended, retuned; // the last of the unit that ends last
  partition(array, job, blocks, [&](std::uint32_t unit, std::vector<transport::block>& share) {
    prepare(burst_, array, job, unit, share);
    burst_.issued = may_begin;
    sc_core::sc_time delay = may_begin - sc_core::sc_time_stamp();
    units[unit].run(burst_, delay);
    started = first ? burst_.started : std::min(started, burst_.started);
    job.taken = std::max(job.taken, burst_.started);
    if (burst_.ended > ended) {
      ended = burst_.ended;
      retuned = burst_.retuned;
    }
    first = false;
  });
  if (first) {
    return; // every position was deleted
  }
  auto streams =
      operand_supply::streams_of(array == array_kind::conv ? conv_needs_ : fc_needs_, blocks, started, job.epoch);
  std::array<sc_core::sc_time, operand_supply::count> fed;
  for (std::size_t i = 0; i < streams.size(); ++i) {
    sc_core::sc_time unused;
    supply.port_of(array, i).run(streams[i], unused);
    fed[i] = streams[i].ended;
  }
  conclude(job, started, ended, retuned, fed);
}

void work_dispatch::conclude(transport::decode_job& job, const sc_core::sc_time& started, const sc_core::sc_time& ended,
                             const sc_core::sc_time& retuned,
                             const std::array<sc_core::sc_time, operand_supply::count>& fed) {
  const auto operands = std::max(fed[operand_supply::streaming], fed[operand_supply::stationary]);
  const auto sums = fed[operand_supply::partial_sums];
  const auto complete = std::max({ended, operands, sums});
  const auto waited = transport::picoseconds(complete) - transport::picoseconds(ended);
  const bool for_sums = sums > operands;
  job.started = job.light.empty() ? started : std::min(job.started, started);
  job.ended = std::max(job.ended, complete);
  job.light.push_back({transport::picoseconds(started), transport::picoseconds(complete),
                       transport::picoseconds(retuned), for_sums ? 0 : waited, for_sums ? waited : 0});
}

bool work_dispatch::send(array_kind array, transport::decode_job& job, const std::vector<transport::block>& blocks) {
  auto& units = array == array_kind::conv ? conv : fc;
  auto& mine = *passes_.emplace_back(std::make_unique<pass>());
  mine.job = &job;
  mine.array = array;
  const auto now = sc_core::sc_time_stamp();
  // What a unit is sent it evaluates at once, so that the blocks need not outlive this call; its time it takes later.
  const auto streams =
      operand_supply::streams_of(array == array_kind::conv ? conv_needs_ : fc_needs_, blocks, now, job.epoch);
  for (std::size_t i = 0; i < streams.size(); ++i) {
    static_cast<transport::stream_job&>(mine.streams[i]) = streams[i];
    mine.streams[i].of = &mine;
  }
  partition(array, job, blocks, [&](std::uint32_t unit, std::vector<transport::block>& share) {
    auto& work = mine.bursts.emplace_back();
    work.of = &mine;
    prepare(work, array, job, unit, share);
    work.issued = now;
    ++mine.asked;
    ++mine.unfinished;
    units[unit].send(work);
  });
  if (mine.bursts.empty()) {
    passes_.pop_back();
    return false;
  }
  while (mine.asked > 0) {
    sc_core::wait(all_begun_);
  }
  job.taken = sc_core::sc_time_stamp();
  return true;
}

void work_dispatch::begun(sent_burst& work) {
  auto& mine = *work.of;
  --mine.asked;
  if (!mine.begun) {
    mine.begun = true;
    mine.started = sc_core::sc_time_stamp();
    mine.unfinished += mine.streams.size();
    for (std::size_t i = 0; i < mine.streams.size(); ++i) {
      mine.streams[i].asked = mine.started;
      supply.port_of(mine.array, i).send(mine.streams[i]);
    }
  }
  if (mine.asked == 0) {
    all_begun_.notify();
  }
}

void work_dispatch::finished(sent_burst& work) {
  auto& mine = *work.of;
  const bool last = work.ended > mine.ended || (work.ended == mine.ended && work.vdu < mine.last_unit);
  if (last) {
    mine.ended = work.ended;
    mine.retuned = work.retuned;
    mine.last_unit = work.vdu;
  }
  finish_one(mine);
}

void work_dispatch::finish_one(pass& of) {
  if (--of.unfinished > 0) {
    return;
  }
  std::array<sc_core::sc_time, operand_supply::count> fed;
  for (std::size_t i = 0; i < of.streams.size(); ++i) {
    fed[i] = of.streams[i].ended;
  }
  const auto complete = sc_core::sc_time_stamp();
  const bool held_up = of.ended < complete && std::any_of(of.streams.begin(), of.streams.end(), [&](const auto& s) {
                         return s.ended == complete && s.held_up > sc_core::SC_ZERO_TIME;
                       });
  contended_ += held_up ? 1 : 0;
  auto& job = *of.job;
  conclude(job, of.started, of.ended, of.retuned, fed);
  passes_.erase(
      std::find_if(passes_.begin(), passes_.end(), [&of](const auto& candidate) { return candidate.get() == &of; }));
  on_passed(job);
}

} // namespace sonic::chip
