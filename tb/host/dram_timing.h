// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <vector>

namespace sonic::host {

/// When a DRAM has moved bytes: banks of rows behind a data bus, plain C++. Rows lie across the banks, one after the
/// other.
///
/// An access to the row that its bank has open brings its first byte after `latency`; any other first closes and opens
/// a row. The bus moves bytes at the bandwidth, in the order of the accesses; a row may be opened while the bus is
/// busy. Reads and writes have a bus and rows of their own, so that accesses may be made in any order of their times as
/// long as those of one direction are in order. If `shared`, both have one bus and one set of rows, and all accesses
/// must be made in order.
class dram_timing {
public:
  struct parameters {
    std::uint64_t latency_ps = 0;  ///< from a request to its first byte, row open
    std::uint64_t row_miss_ps = 0; ///< to close a row and to open another
    double ps_per_byte = 0.0;
    std::uint64_t banks = 1;
    std::uint64_t row_bytes = 1;
    bool shared = false; ///< one bus and one set of open rows for both directions
  };
  explicit dram_timing(const parameters& figures) : figures_(figures) { close_rows(); }

  /// @param asked_ps  time of the request
  /// @returns time at which the last byte has been moved
  std::uint64_t access(bool write, std::uint64_t address, std::uint64_t bytes, std::uint64_t asked_ps);

  /// What access() gives, but for the rounding of each row's part, for bytes that come right behind what the bus moves
  /// now: asked for so early that their rows are open by then.
  std::uint64_t stream(bool write, std::uint64_t address, std::uint64_t bytes);

  /// The bus moves something else until then.
  void wait(bool write, std::uint64_t until_ps) {
    directions_[write && !figures_.shared ? 1 : 0].bus_free_ps = until_ps;
  }

  /// As after a refresh: every row is closed and both buses are free.
  void close_rows();

  [[nodiscard]] std::uint64_t row_misses() const { return row_misses_; }
  /// If shared: accesses that waited for the other direction's bytes, or found a row opened or closed by it, where they
  /// would not have done so alone.
  [[nodiscard]] std::uint64_t contended() const { return contended_; }

private:
  struct bank {
    bool written = false;                                                        ///< the row was opened for a write
    std::array<std::uint64_t, 2> last_row{~std::uint64_t{0}, ~std::uint64_t{0}}; ///< read, and written
    std::uint64_t open_row = ~std::uint64_t{0};
    std::uint64_t ready_ps = 0; ///< from when on the open row can be read or written
  };
  struct direction {
    std::uint64_t bus_free_ps = 0;
    bool written = false; ///< what moved last
    std::vector<bank> banks;
  };

  parameters figures_;
  std::array<direction, 2> directions_;
  std::uint64_t row_misses_ = 0;
  std::uint64_t contended_ = 0;
};

} // namespace sonic::host
