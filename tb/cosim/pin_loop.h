// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tb/cosim/pin_checker.h"
#include "tb/cosim/rtl_block.h"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <random>
#include <string>
#include <vector>

namespace sonic::cosim {

/// How often the block's neighbours make it wait, in percent of the cycles.
struct stalls {
  unsigned inputs = 0;  ///< a beat that is there is not shown
  unsigned outputs = 0; ///< a beat is not taken
  std::uint64_t seed = 1;
};

/// The beats of one job that wait to go into the block through one stream.
class beat_source {
public:
  beat_source() = default;
  beat_source(const beat_source&) = delete;
  beat_source& operator=(const beat_source&) = delete;
  virtual ~beat_source() = default;

  [[nodiscard]] virtual bool any() const = 0;
  /// Sets the stream's data to the first beat's, if there is any.
  virtual void show(rtl_block& block) const = 0;
  /// The first beat was taken.
  virtual void drop() = 0;
};

/// What every transactor does in each cycle of a job: show beats at the pins, or make the block wait; hold it to the
/// rule of its streams and to some progress; see what passes.
class pin_loop {
public:
  struct input {
    std::string_view stream; ///< of the contract
    beat_source* beats = nullptr;
    bool may_stall = true;
  };

  /// @param library that build_rtl() gave
  pin_loop(contract block, const std::filesystem::path& library, const stalls& with);

  /// A job begins.
  /// @param inputs   must stay until it ends
  /// @param cycles   far more than it takes when nothing stalls: a block that waits longer waits forever
  /// @param progress what is said then of the job: how much there is of it, and how much came
  void begin(const std::vector<input>& inputs, std::uint64_t cycles, std::function<std::string()> progress);

  /// One cycle: pins are set and settle ...
  void show();
  /// ... what passes in it can be asked ...
  [[nodiscard]] bool passes(std::string_view stream) const { return passes(index_of(stream)); }
  /// ... beats that passed are dropped, and the clock rises.
  void advance();

  /// Of this job so far: cycles in which a beat was held back or the output was not ready.
  [[nodiscard]] std::uint64_t stalled_cycles() const { return stalled_cycles_; }
  /// Stalls from now on are those of this seed.
  void seed(std::uint64_t value) { random_.seed(value); }

  rtl_block& block() { return block_; }
  [[nodiscard]] const rtl_block& block() const { return block_; }

  /// @throws core::user_error always: what is wrong in this cycle
  [[noreturn]] void stop(const std::string& problem) const;

private:
  struct shown_input {
    std::size_t stream = 0;
    beat_source* beats = nullptr;
    bool may_stall = true;
    bool shown = false; ///< a beat that is shown stays
  };
  [[nodiscard]] std::size_t index_of(std::string_view stream) const;
  [[nodiscard]] bool passes(std::size_t stream) const;
  bool stalled(unsigned percent);

  stalls stalls_;
  std::mt19937_64 random_;
  rtl_block block_;
  pin_checker checker_;
  std::vector<shown_input> inputs_;
  std::uint64_t patience_ = 0; ///< cycle in which it ends
  std::function<std::string()> progress_;
  std::uint64_t stalled_cycles_ = 0;
};

} // namespace sonic::cosim
