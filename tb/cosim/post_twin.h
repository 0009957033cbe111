// SPDX-License-Identifier: Apache-2.0
// The RTL post_processor as a twin of the chip's, alone or in lock step with the plain arithmetic.
#pragma once

#include "tb/cosim/lock_step.h"
#include "tb/cosim/rtl_post_processor.h"
#include "tb/cosim/twin.h"

#include <cstdint>
#include <deque>
#include <filesystem>
#include <memory>
#include <string>

namespace sonic::cosim {

/// Finishes elements by RTL; compares each job with digital::run_post in lock step, where RTL does it a second time
/// with inputs and outputs that stall at random.
class post_twin : public digital::post_block, public twin {
public:
  /// @throws core::user_error as build_rtl()
  /// @param waves whether it can write waveforms
  explicit post_twin(const config::architecture& architecture, bool waves = false);

  /// @return none after a failure
  std::optional<std::uint64_t> run(const digital::post_stream& job, std::span<std::uint16_t> out) override;

private:
  rtl_block& rtl() override { return rtl_.block(); }
  struct copied_job {
    digital::post_stream job;
    std::uint64_t number = 0; ///< of the job in the run: the seed of its stalls
  };
  std::uint64_t run_in_lock_step(const digital::post_stream& job, std::span<std::uint16_t> out);
  std::uint64_t compare(const digital::post_stream& job, std::span<std::uint16_t> out, rtl_post_processor& rtl,
                        const stalls& with);
  [[noreturn]] void stop(const digital::post_stream& job, const std::string& difference, const stalls& with);
  void draw_waves(const std::filesystem::path& path, const stalls& with);

  unsigned lanes_;
  double clock_ghz_;
  rtl_request request_;
  std::filesystem::path library_;
  rtl_post_processor rtl_;
  std::unique_ptr<rtl_post_processor> stalled_; ///< in lock step, else null
  std::deque<copied_job> history_;              ///< in lock step: the last jobs, this one behind
};

} // namespace sonic::cosim
