// SPDX-License-Identifier: Apache-2.0
#include "sonic/chip/optics/microring_bank.h"

#include <algorithm>

namespace sonic::chip {

microring_bank::microring_bank(const sc_core::sc_module_name& name, bool imprint_every_symbol,
                               const imperfections* light, std::size_t unit)
    : optical_stage(name, sc_core::SC_ZERO_TIME), imprint_every_symbol_(imprint_every_symbol) {
  if (light == nullptr) {
    return;
  }
  const auto broken = light->damage_of(unit).lanes;
  if (const auto& banks = broken.none() ? light->banks : light->damaged_banks; banks != nullptr) {
    const auto errors = light->ring_errors.empty() ? physics::ring_errors{} : light->ring_errors.at(unit);
    rings_ = std::make_unique<physics::stationary_bank>(banks, errors, broken);
    full_ = light->full_stationary;
    drift_ = light->drift;
    remembers_ = light->remembers;
  }
}

void microring_bank::follow_drift() {
  if (drift_ != nullptr && drift_->nm != drifted_nm_) {
    drifted_nm_ = drift_->nm;
    rings_->drift_to(drifted_nm_);
    remembered_.clear();
    remembered_lanes_ = 0;
    passing_ = {};
  }
}

void microring_bank::imprint(transport::burst& work) {
  // The same step of the next image brings the same kernels to the same unit.
  constexpr std::size_t most_remembered = std::size_t{1} << 16U;
  std::size_t lanes = 0, blocks = 0;
  for (const auto& s : work.sequences) {
    lanes += s.lanes();
    blocks += s.blocks;
  }
  const std::uint64_t step = (std::uint64_t{work.random_address[1]} << 32U) | work.random_address[2];
  auto found = remembered_.find(step);
  if (remembers_ && found == remembered_.end() && remembered_lanes_ + lanes <= most_remembered) {
    found = remembered_.emplace(step, imprinted{}).first;
  }
  auto& of = found == remembered_.end() ? passing_ : found->second;
  if (found != remembered_.end()) {
    remembered_lanes_ += lanes - of.held.size();
  }
  const bool fits = of.held.size() == lanes && of.ends.size() == blocks;
  of.wanted.resize(lanes);
  of.held.resize(lanes);
  of.ends.resize(blocks);
  std::size_t lane = 0, block = 0;
  for (auto& s : work.sequences) {
    const std::size_t count = s.lanes();
    const float* const wanted = s.stationary + s.first_lane;
    std::uint32_t* const ends = of.ends.data() + block;
    const bool same = fits && std::equal(wanted, wanted + count, of.wanted.data() + lane) &&
                      std::equal(ends, ends + s.blocks, s.ends,
                                 [first = s.first_lane](std::uint32_t a, std::uint32_t b) { return a == b - first; });
    if (!same) {
      // What is held lies here, so that lanes count from 0.
      std::transform(s.ends, s.ends + s.blocks, ends,
                     [first = s.first_lane](std::uint32_t end) { return end - first; });
      std::copy_n(wanted, count, of.wanted.data() + lane);
      rings_->imprint(wanted, {ends, s.blocks}, full_, of.held.data() + lane);
    }
    s.stationary = of.held.data() + lane;
    s.rows += s.first_lane;
    s.ends = ends;
    s.first_lane = 0;
    lane += count;
    block += s.blocks;
  }
}

void microring_bank::process(transport::burst& work) {
  if (rings_ != nullptr) {
    follow_drift();
    imprint(work);
  }
  auto& actions = work.actions;
  for (const auto& s : work.sequences) {
    actions.blocks += s.blocks;
    const std::uint64_t symbols = std::uint64_t{s.blocks} * s.symbols;
    actions.symbols += symbols;
    if (imprint_every_symbol_) {
      actions.retunes += symbols;
      actions.imprinted_rings += std::uint64_t{s.lanes()} * s.symbols;
    } else {
      const bool held = s.stationary_key == imprinted_key_; // the first block's values are still there
      actions.retunes += s.blocks - (held ? 1 : 0);
      actions.imprinted_rings += s.lanes() - (held ? s.lanes_of_first() : 0);
    }
    imprinted_key_ = s.stationary_key + s.blocks - 1;
  }
}

} // namespace sonic::chip
