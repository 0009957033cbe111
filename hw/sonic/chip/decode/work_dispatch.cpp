// SPDX-License-Identifier: Apache-2.0
#include "sonic/chip/decode/work_dispatch.h"

#include "sonic/core/instruction_sets.h"
#include "sonic/plan/element_sizes.h"
#include "sonic/plan/times.h"
#include "sonic/sparse/dense_row.h"
#include "sonic/tlm/picoseconds.h"

#include <algorithm>
#include <numeric>
#include <string>

namespace sonic::chip {

namespace {

using transport::array_kind;

void add_sockets(std::deque<transport::job_initiator<transport::burst>>& to, const char* name, std::uint64_t units) {
  for (std::uint64_t i = 0; i < units; ++i) {
    to.emplace_back((std::string(name) + "_" + std::to_string(i)).c_str());
  }
}

/// From here on the array is its working units.
void leave_out(std::vector<std::uint32_t>& working, operand_supply::parameters& array) {
  if (working.empty()) {
    working.resize(array.units);
    std::iota(working.begin(), working.end(), 0U);
  }
  array.units = working.size();
}

/// Sum over lanes of what their rows have.
SONIC_EACH_INSTRUCTION_SET
std::uint32_t sum_of_rows(const std::uint32_t* of_row, const std::uint32_t* rows, std::uint32_t lanes) {
  std::uint32_t sum = 0; // of the values that the decoder keeps at once, of which there are fewer
  for (std::uint32_t lane = 0; lane < lanes; ++lane) {
    sum += of_row[rows[lane]];
  }
  return sum;
}

/// Zeros among symbols [begin, end) of a block.
std::uint64_t zeros_of(const transport::block_sequence& block, std::uint32_t begin, std::uint32_t end) {
  std::uint64_t zeros = 0;
  for (std::uint32_t lane = block.first_lane; lane < block.ends[0]; ++lane) {
    zeros += sparse::count_zeros({block.streams + block.offsets[block.rows[lane]] + begin, end - begin});
  }
  return zeros;
}

} // namespace

work_dispatch::work_dispatch(const operand_supply::parameters& conv_needs, const operand_supply::parameters& fc_needs,
                             digital::accumulators& adders, const working_units& working)
    : conv_needs_(conv_needs), fc_needs_(fc_needs), adders_(adders), working_(working) {
  add_sockets(conv, "conv", conv_needs.units);
  add_sockets(fc, "fc", fc_needs.units);
  leave_out(working_.conv, conv_needs_);
  leave_out(working_.fc, fc_needs_);
  for (auto* units : {&conv, &fc}) {
    for (auto& unit : *units) {
      unit.on_accepted = [this](transport::burst& work) { begun(static_cast<sent_burst&>(work)); };
      unit.on_answered = [this](transport::burst& work) { finished(static_cast<sent_burst&>(work)); };
    }
  }
  for (auto* buffer : {&supply.weights, &supply.activations, &supply.sums, &supply.rows, &supply.additions}) {
    buffer->on_answered = [this](transport::stream_job& done) { finish_one(*static_cast<sent_stream&>(done).of); };
  }
}

void work_dispatch::begin(array_kind array, transport::decode_job& job, const pass_size& size,
                          const std::optional<sc_core::sc_time>& ready) {
  array_ = array;
  job_ = &job;
  pass_ = job.passes++;
  size_ = size;
  share_number_ = 0;
  const std::uint64_t units = needs_of(array).units;
  quota_ = room_ = plan::share_of(size.blocks * size.symbols, units);
  share_.clear();
  started_ = ended_ = retuned_ = {};
  if (ready) {
    may_begin_ = std::max(*ready, job.taken);
    return;
  }
  may_begin_.reset();
  auto& mine = *passes_.emplace_back(std::make_unique<pass>());
  mine.job = &job;
  mine.array = array;
  const auto streams = operand_supply::streams_of(needs_of(array), size, sc_core::sc_time_stamp(), job.epoch);
  for (std::size_t i = 0; i < streams.size(); ++i) {
    static_cast<transport::stream_job&>(mine.streams[i]) = streams[i];
    mine.streams[i].of = &mine;
  }
}

void work_dispatch::add(const transport::block_sequence& next, const std::uint32_t* zeros) {
  const auto zeros_of_lanes = [&](const transport::block_sequence& of) {
    return sum_of_rows(zeros, of.rows + of.first_lane, of.lanes());
  };
  auto rest = next;
  std::uint32_t done = 0; // symbols of the first block of the rest
  std::uint64_t zeros_left = 0;
  while (rest.blocks > 0) {
    auto these = rest;
    const std::uint64_t whole = done > 0 ? 0 : std::min<std::uint64_t>(room_ / rest.symbols, rest.blocks);
    if (whole > 0) {
      these.blocks = static_cast<std::uint32_t>(whole);
      these.zeros = zeros_of_lanes(these);
      share_.push_back(these);
      rest.skip(these.blocks);
      rest.blocks -= these.blocks;
      took(whole * these.symbols);
      continue;
    }
    these.blocks = 1;
    const auto end = static_cast<std::uint32_t>(std::min<std::uint64_t>(done + room_, rest.symbols));
    // Of the last piece, the zeros are those that the pieces before do not have.
    zeros_left = done > 0 ? zeros_left : zeros_of_lanes(these);
    these.zeros = end == rest.symbols ? zeros_left : zeros_of(these, done, end);
    zeros_left -= these.zeros;
    add_piece(these, done, end);
    done = end == rest.symbols ? 0 : end;
    if (done == 0) {
      rest.skip(1);
      --rest.blocks;
    }
  }
}

void work_dispatch::add_piece(transport::block_sequence block, std::uint32_t begin, std::uint32_t end) {
  block.symbols = end - begin;
  block.streams += begin;
  block.partial_sums = static_cast<std::uint8_t*>(block.partial_sums) + begin * plan::sum_bytes(*job_->layer);
  share_.push_back(block);
  took(block.symbols);
}

void work_dispatch::took(std::uint64_t symbols) {
  room_ -= symbols;
  if (room_ == 0) {
    hand_out();
  }
}

void work_dispatch::hand_out() {
  may_begin_ ? run_share() : send_share();
  share_.clear();
  ++share_number_;
  room_ = quota_;
}

void work_dispatch::flush() {
  if (!share_.empty()) {
    hand_out();
  }
}

bool work_dispatch::end() {
  const auto accumulating = adders_.take_cycles();
  job_->accumulator_cycles += accumulating.sum;
  const bool any = share_number_ > 0; // else every position was deleted
  if (may_begin_) {
    if (any) {
      auto streams = operand_supply::streams_of(needs_of(array_), size_, started_, job_->epoch);
      streams[operand_supply::accumulating].cycles = accumulating.most;
      std::array<sc_core::sc_time, operand_supply::count> fed;
      for (std::size_t i = 0; i < streams.size(); ++i) {
        if (operand_supply::counts_cycles(i) && streams[i].cycles == 0) {
          fed[i] = started_;
          continue;
        }
        sc_core::sc_time unused;
        supply.port_of(array_, i).run(streams[i], unused);
        fed[i] = streams[i].ended;
      }
      conclude(*job_, started_, ended_, retuned_, fed);
    }
    return any;
  }
  if (!any) {
    passes_.pop_back();
    return false;
  }
  auto& mine = *passes_.back();
  mine.streams[operand_supply::accumulating].cycles = accumulating.most;
  mine.complete = true;
  if (mine.begun) {
    ask(mine);
  }
  while (mine.asked > 0) {
    sc_core::wait(all_begun_);
  }
  job_->taken = sc_core::sc_time_stamp();
  return true;
}

void work_dispatch::prepare(transport::burst& work) {
  work.array = array_;
  work.vdu = unit();
  work.layer = job_->layer->layer;
  work.epoch = job_->epoch;
  work.exact = job_->layer->element == 1;
  work.inverse_lsb = job_->inverse_lsb;
  work.sequences.swap(share_);
  work.keeps_codes = adders_.has_twin();
  work.codes.clear();
  work.actions = {};
  constexpr std::uint32_t unit_bits = 13; // for up to 4096 units, and which of the arrays
  const std::uint32_t unit = work.vdu * 2 + (array_ == array_kind::conv ? 0 : 1);
  work.random_address = {job_->program, job_->step, (pass_ << unit_bits) | unit};
}

void work_dispatch::run_share() {
  auto& units = array_ == array_kind::conv ? conv : fc;
  prepare(burst_);
  burst_.issued = *may_begin_;
  sc_core::sc_time delay = *may_begin_ - sc_core::sc_time_stamp();
  units[unit()].run(burst_, delay);
  started_ = share_number_ == 0 ? burst_.started : std::min(started_, burst_.started);
  job_->taken = std::max(job_->taken, burst_.started);
  if (burst_.ended > ended_) {
    ended_ = burst_.ended;
    retuned_ = burst_.retuned;
  }
}

void work_dispatch::send_share() {
  // What a unit is sent it evaluates at once, so that the blocks need not outlive the pass; its time it takes later.
  auto& units = array_ == array_kind::conv ? conv : fc;
  auto& mine = *passes_.back();
  auto& work = mine.bursts.emplace_back();
  work.of = &mine;
  prepare(work);
  work.issued = sc_core::sc_time_stamp();
  ++mine.asked;
  ++mine.unfinished;
  units[unit()].send(work);
}

void work_dispatch::conclude(transport::decode_job& job, const sc_core::sc_time& started, const sc_core::sc_time& ended,
                             const sc_core::sc_time& retuned,
                             const std::array<sc_core::sc_time, operand_supply::count>& fed) {
  const auto operands =
      std::max({fed[operand_supply::streaming], fed[operand_supply::stationary], fed[operand_supply::decoding]});
  const auto sums = std::max(fed[operand_supply::partial_sums], fed[operand_supply::accumulating]);
  const auto complete = std::max({ended, operands, sums});
  const auto waited = transport::picoseconds(complete) - transport::picoseconds(ended);
  const bool for_sums = sums > operands;
  job.started = job.light.empty() ? started : std::min(job.started, started);
  job.ended = std::max(job.ended, complete);
  job.light.push_back({transport::picoseconds(started), transport::picoseconds(complete),
                       transport::picoseconds(retuned), for_sums ? 0 : waited, for_sums ? waited : 0});
}

void work_dispatch::ask(pass& of) {
  const auto asked_for = [&of](std::size_t i) { return !operand_supply::counts_cycles(i) || of.streams[i].cycles > 0; };
  for (std::size_t i = 0; i < of.streams.size(); ++i) {
    of.streams[i].asked = of.streams[i].ended = of.started;
    of.unfinished += asked_for(i) ? 1U : 0U;
  }
  --of.unfinished;
  for (std::size_t i = 0; i < of.streams.size(); ++i) {
    if (asked_for(i)) {
      supply.port_of(of.array, i).send(of.streams[i]);
    }
  }
}

void work_dispatch::begun(sent_burst& work) {
  auto& mine = *work.of;
  --mine.asked;
  if (!mine.begun) {
    mine.begun = true;
    mine.started = sc_core::sc_time_stamp();
    ++mine.unfinished; // until the streams are asked for
    if (mine.complete) {
      ask(mine);
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
