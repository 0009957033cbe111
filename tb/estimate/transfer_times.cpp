// SPDX-License-Identifier: Apache-2.0
#include "tb/estimate/transfer_times.h"

#include "sonic/plan/transfer_window.h"
#include "tb/estimate/picoseconds.h"

#include <algorithm>
#include <bit>

namespace sonic::estimate {

namespace {

/// One direction of the dma_engine and its memory.
class direction {
public:
  direction(const memory_path& path, bool store)
      : path_(path), dram_(path.dram), window_(path.outstanding), store_(store) {
    whole_ps_ = passing_ps(path.transaction_bytes);
    judge();
  }

  void close_rows() {
    dram_.close_rows();
    free_ps_ = 0;
  }

  /// How long a transfer takes after the one before.
  double move(const plan::transfer_pattern& pattern) {
    began_ps_ = free_ps_;
    window_.begin(began_ps_);
    const bool one_run = pattern.total_bytes() == pattern.piece_bytes;
    pattern.each_run([&](std::uint64_t address) {
      one_run&& streams_ ? stream_run(address, pattern.piece_bytes) : move_run(address, pattern.piece_bytes);
      return true;
    });
    free_ps_ = window_.ended();
    return static_cast<double>(free_ps_ - began_ps_);
  }

private:
  void move_transaction(std::uint64_t address, std::uint64_t length) {
    window_.done(dram_.access(store_, address, length, window_.asks()),
                 length == path_.transaction_bytes ? whole_ps_ : passing_ps(length));
  }
  void move_run(std::uint64_t address, std::uint64_t bytes) {
    while (bytes > 0) {
      const std::uint64_t length = std::min(bytes, path_.transaction_bytes);
      move_transaction(address, length);
      address += length;
      bytes -= length;
    }
  }
  /// A run where only the bus counts once the first bytes have come.
  void stream_run(std::uint64_t address, std::uint64_t bytes) {
    while (bytes > 0 && window_.ended() < began_ps_ + lead_ps_) {
      const std::uint64_t length = std::min(bytes, path_.transaction_bytes);
      move_transaction(address, length);
      address += length;
      bytes -= length;
    }
    if (bytes > 0) {
      window_.done(dram_.stream(store_, address, bytes), 0);
    }
  }
  /// Whether the bus alone bounds a long run: transactions are asked for so much earlier than their turn that latency
  /// and opening a row are over by then, banks have time to open one row after the other, and the port is no slower.
  void judge() {
    const auto moving_ps = [this](std::uint64_t bytes) { return static_cast<double>(bytes) * path_.dram.ps_per_byte; };
    const std::uint64_t around = path_.dram.banks * path_.dram.row_bytes; // until a bank's next row
    const std::uint64_t rows_of_bank = 1 + path_.transaction_bytes / around;
    lead_ps_ = path_.dram.latency_ps + rows_of_bank * path_.dram.row_miss_ps;
    streams_ = path_.ns_per_byte == 0 &&
               static_cast<double>(path_.outstanding - 1) * moving_ps(path_.transaction_bytes) >=
                   static_cast<double>(lead_ps_) &&
               moving_ps(around) >= static_cast<double>(path_.dram.row_miss_ps);
  }
  [[nodiscard]] std::uint64_t passing_ps(std::uint64_t bytes) const {
    return static_cast<std::uint64_t>(ps_of(path_.ns_per_byte * static_cast<double>(bytes)));
  }

  memory_path path_;
  host::dram_timing dram_;
  plan::transfer_window<std::uint64_t> window_;
  bool store_;
  std::uint64_t whole_ps_ = 0;
  std::uint64_t free_ps_ = 0, began_ps_ = 0; ///< end of the last transfer, begin of this one
  bool streams_ = false;
  std::uint64_t lead_ps_ = 0; ///< between asking and the first byte, at most
};

} // namespace

bool memory_path::operator==(const memory_path& other) const {
  return dram.latency_ps == other.dram.latency_ps && dram.row_miss_ps == other.dram.row_miss_ps &&
         dram.ps_per_byte == other.dram.ps_per_byte && dram.banks == other.dram.banks &&
         dram.row_bytes == other.dram.row_bytes && transaction_bytes == other.transaction_bytes &&
         outstanding == other.outstanding && ns_per_byte == other.ns_per_byte;
}

std::size_t memory_path::hash() const {
  return mixed({dram.latency_ps, dram.row_miss_ps, std::bit_cast<std::uint64_t>(dram.ps_per_byte), dram.banks,
                dram.row_bytes, transaction_bytes, outstanding, std::bit_cast<std::uint64_t>(ns_per_byte)});
}

std::vector<transfer_times> transfer_times_of(const network_profile& profile, const chip_plan& plan,
                                              const memory_path& path) {
  std::vector<transfer_times> found(plan.layers.size());
  direction loads(path, false);
  direction stores(path, true);
  for (std::size_t i = 0; i < plan.layers.size(); ++i) {
    const auto& layer = plan.layers[i];
    if (profile.layers[i].begins_run) {
      loads.close_rows();
      stores.close_rows();
    }
    for (const auto& pattern : layer.preparation) {
      found[i].preparation_ps += loads.move(pattern);
    }
    for (const auto& step : layer.steps) {
      for (std::uint32_t l = 0; l < step.loads; ++l) {
        found[i].loads.push_back(loads.move(layer.loads[step.first_load + l].pattern));
      }
      found[i].stores.push_back(step.finishes ? stores.move(step.store) : 0.0);
    }
  }
  return found;
}

} // namespace sonic::estimate
