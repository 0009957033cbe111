// SPDX-License-Identifier: Apache-2.0
// What the twins of the chip's blocks have in common.
#pragma once

#include "sonic/config/architecture.h"
#include "tb/cosim/build_rtl.h"
#include "tb/cosim/rtl_block.h"

#include <cstdint>
#include <exception>
#include <filesystem>
#include <functional>
#include <optional>
#include <string_view>
#include <utility>

namespace sonic::cosim {

/// Whether RTL is asked for.
inline bool has_rtl(const config::counted_block& block) {
  return block.model != config::block_model::transaction;
}

/// The RTL that the configuration asks for in the place of a block.
/// @param section of the configuration
/// @param waves   whether the library can write waveforms
/// @throws core::user_error for a file that is not there
rtl_request request_of(const config::architecture& architecture, std::string_view section,
                       const config::counted_block& block, bool waves);

/// Something in the place of one of the chip's blocks. What goes wrong in it must not leave through SystemC's stacks:
/// it is kept for whoever runs the chip.
class twin {
public:
  twin() = default;
  twin(const twin&) = delete;
  twin& operator=(const twin&) = delete;
  virtual ~twin() = default;

  /// @throws core::user_error what went wrong, if anything did; core::mismatch where lock step found a difference
  void rethrow() const {
    if (failure_) {
      std::rethrow_exception(failure_);
    }
  }
  /// Draws what the RTL does from now on, each transaction from the time on at which the chip has it.
  /// @param now simulated time in picoseconds
  void open_waves(const std::filesystem::path& path, double clock_ghz, std::function<std::uint64_t()> now) {
    rtl().open_waves(path, clock_ghz);
    now_ = std::move(now);
  }
  void close_waves() {
    rtl().close_waves();
    now_ = nullptr;
  }
  /// Rows, calls or jobs so far.
  [[nodiscard]] std::uint64_t transactions() const { return transactions_; }

protected:
  /// That works for the chip.
  virtual rtl_block& rtl() = 0;

  /// @return what @p work gives; none from the first failure on
  template <class result, class function>
  std::optional<result> guarded(function&& work) {
    if (failure_) {
      return {};
    }
    try {
      ++transactions_;
      if (now_) {
        rtl().begin_at(now_());
      }
      return std::forward<function>(work)();
    } catch (...) {
      failure_ = std::current_exception();
      return {};
    }
  }

private:
  std::uint64_t transactions_ = 0;
  std::exception_ptr failure_;
  std::function<std::uint64_t()> now_; ///< with waves
};

} // namespace sonic::cosim
