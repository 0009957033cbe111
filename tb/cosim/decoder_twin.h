// SPDX-License-Identifier: Apache-2.0
// The RTL index_decoder as a twin of the chip's, alone or in lock step with the plain decoder.
#pragma once

#include "sonic/config/architecture.h"
#include "tb/cosim/lock_step.h"
#include "tb/cosim/rtl_row_decoder.h"
#include "tb/cosim/twin.h"

#include <cstdint>
#include <deque>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

namespace sonic::cosim {

/// Decodes by RTL; compares with the plain decoder in lock step, where RTL decodes each row a second time with inputs
/// and outputs that stall at random.
class decoder_twin : public sparse::row_decoder, public twin {
public:
  /// @throws core::user_error as build_rtl()
  /// @param waves whether it can write waveforms
  explicit decoder_twin(const config::architecture& architecture, bool waves = false);

  /// @return none after a failure
  std::optional<std::uint32_t> decode(const sparse::packed_row& row, sparse::decoded_row& into) override;

private:
  rtl_block& rtl() override { return rtl_.block(); }
  struct copied_row {
    sparse::packed_row row;
    std::vector<std::uint8_t> index, codes; ///< its bytes
    std::uint64_t number = 0;               ///< of the row in the run: the seed of its stalls
  };
  std::uint32_t decode_in_lock_step(const sparse::packed_row& row, sparse::decoded_row& into);
  std::uint32_t compare(const sparse::packed_row& row, rtl_row_decoder& rtl, const stalls& with,
                        sparse::decoded_row& by_rtl);
  void remember(const sparse::packed_row& row);
  [[noreturn]] void stop(const sparse::packed_row& row, const std::string& difference, const stalls& with);
  void draw_waves(const std::filesystem::path& path, const stalls& with);

  unsigned lanes_;
  double clock_ghz_;
  rtl_request request_;
  std::filesystem::path library_;
  rtl_row_decoder rtl_;
  std::unique_ptr<rtl_row_decoder> stalled_; ///< in lock step, else null
  std::deque<copied_row> history_;           ///< in lock step: the last rows, this one behind
};

} // namespace sonic::cosim
