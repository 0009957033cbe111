// SPDX-License-Identifier: Apache-2.0
// The RTL accumulator as a twin of the chip's, alone or in lock step with plain sums.
#pragma once

#include "tb/cosim/lock_step.h"
#include "tb/cosim/rtl_accumulator.h"
#include "tb/cosim/twin.h"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

namespace sonic::cosim {

/// Accumulates by RTL; compares each sum that is read with plain additions in lock step, where RTL does everything a
/// second time with inputs and outputs that stall at random.
class accumulator_twin : public digital::accumulator_block, public twin {
public:
  /// @throws core::user_error as build_rtl()
  /// @param waves whether it can write waveforms
  explicit accumulator_twin(const config::architecture& architecture, bool waves = false);

  /// @return none after a failure
  std::optional<std::uint64_t> clear(std::uint64_t first, std::uint64_t count) override;
  std::optional<std::uint64_t> add(std::uint64_t first, std::span<const std::int32_t> codes) override;
  std::optional<std::uint64_t> read(std::uint64_t first, std::span<std::int32_t> into) override;

  /// Of the chip's partial_sum_buffer.
  static std::uint64_t words_of(const config::architecture& architecture);

private:
  rtl_block& rtl() override { return rtl_.block(); }
  enum class what : std::uint8_t { clear, add, read };
  struct call {
    what does = what::clear;
    std::uint64_t first = 0, count = 0;
    std::size_t codes = 0;    ///< where those added begin in remembered_
    std::uint64_t number = 0; ///< of the call in the run: the seed of its stalls
  };
  std::uint64_t run(const call& next, std::span<const std::int32_t> codes, std::span<std::int32_t> into);
  static std::uint64_t run(rtl_accumulator& rtl, const call& next, std::span<const std::int32_t> codes,
                           std::span<std::int32_t> into);
  std::uint64_t run_in_lock_step(const call& next, std::span<const std::int32_t> codes, std::span<std::int32_t> into);
  std::uint64_t compare(const call& next, std::span<const std::int32_t> codes, std::span<std::int32_t> into,
                        rtl_accumulator& rtl, const stalls& with);
  void remember(const call& next, std::span<const std::int32_t> codes);
  void add_plainly(const call& next, std::span<const std::int32_t> codes);
  [[noreturn]] void stop(const call& at, const std::string& difference, const stalls& with);
  void draw_waves(const std::filesystem::path& path, const stalls& with);

  unsigned lanes_;
  std::uint64_t words_;
  double clock_ghz_;
  rtl_request request_;
  std::filesystem::path library_;
  rtl_accumulator rtl_;

  // In lock step.
  std::unique_ptr<rtl_accumulator> stalled_; ///< else null
  std::vector<std::uint32_t> sums_;          ///< modulo 2^32
  std::vector<call> history_;                ///< since the last sums were cleared, this one behind
  std::vector<std::int32_t> remembered_;     ///< codes of the history
};

} // namespace sonic::cosim
