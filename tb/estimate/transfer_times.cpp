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
    const std::uint64_t rows_of_bank = 1 + path.transaction_bytes / (path.dram.banks * path.dram.row_bytes);
    lead_ps_ = path.dram.latency_ps + rows_of_bank * path.dram.row_miss_ps;
  }

  void close_rows() {
    dram_.close_rows();
    free_ps_ = 0;
  }

  /// How long a transfer takes after the one before.
  double move(const plan::transfer_pattern& pattern) {
    began_ps_ = free_ps_;
    window_.begin(began_ps_);
    if (streams(pattern)) {
      stream(pattern);
    } else {
      pattern.each_run([&](std::uint64_t address) {
        move_run(address, pattern.piece_bytes);
        return true;
      });
    }
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
  /// A pattern where the bus alone counts once the first bytes have come.
  void stream(const plan::transfer_pattern& pattern) {
    const std::uint64_t whole = pattern.total_bytes();
    const std::uint64_t runs = whole / pattern.piece_bytes;
    std::uint64_t left = whole, number = 0;
    pattern.each_run([&](std::uint64_t address) {
      std::uint64_t bytes = pattern.piece_bytes;
      while (bytes > 0 && window_.ended() < began_ps_ + lead_ps_) {
        const std::uint64_t length = std::min(bytes, path_.transaction_bytes);
        move_transaction(address, length);
        address += length;
        bytes -= length;
        left -= length;
      }
      // Rows that are open behind it matter to the next transfer: those of the last runs.
      if (bytes > 0 && ++number + path_.dram.banks > runs) {
        window_.done(dram_.stream(store_, address, bytes), 0);
        left -= bytes;
      }
      return true;
    });
    window_.done(window_.ended() + bus_ps(left), 0);
    dram_.wait(store_, window_.ended());
  }
  /// Whether the bus alone bounds a pattern: transactions are asked for so much earlier than their turn that latency
  /// and opening a row are over by then, banks have time to open one row after the other, and the port is no slower.
  [[nodiscard]] bool streams(const plan::transfer_pattern& pattern) const {
    if (path_.ns_per_byte > 0) {
      return false;
    }
    // A window of transactions holds so many runs, or so many whole transactions of one.
    const std::uint64_t piece = pattern.piece_bytes;
    const std::uint64_t transactions = (piece + path_.transaction_bytes - 1) / path_.transaction_bytes;
    const std::uint64_t runs = (path_.outstanding - 1) / transactions;
    const bool one_run = pattern.total_bytes() == piece;
    const std::uint64_t in_window =
        one_run ? (path_.outstanding - 1) * std::min(piece, path_.transaction_bytes) : runs * piece;
    return bus_ps(in_window) >= lead_ps_ && bus_ps(between_rows(pattern)) >= path_.dram.row_miss_ps;
  }
  /// Bytes of a pattern that are moved between two rows of one bank, at least.
  [[nodiscard]] std::uint64_t between_rows(const plan::transfer_pattern& pattern) const {
    const std::uint64_t around = path_.dram.banks * path_.dram.row_bytes; // to a bank's next row
    std::uint64_t least = around;
    std::uint64_t bytes = pattern.piece_bytes; // of all inner loops
    for (std::size_t axis = pattern.counts.size(); axis-- > 0;) {
      if (pattern.counts[axis] > 1 && pattern.strides[axis] > 0) {
        const std::uint64_t steps = std::max<std::uint64_t>(around / pattern.strides[axis], 1);
        least = std::min(least, steps >= pattern.counts[axis] ? least : steps * bytes);
        bytes *= pattern.counts[axis];
      }
    }
    return least;
  }
  [[nodiscard]] std::uint64_t bus_ps(std::uint64_t bytes) const {
    return static_cast<std::uint64_t>(static_cast<double>(bytes) * path_.dram.ps_per_byte);
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
  std::uint64_t lead_ps_ = 0;                ///< between asking and the first byte, at most
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
