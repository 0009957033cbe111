// SPDX-License-Identifier: Apache-2.0
// The RTL index_decoder as a twin of the chip's, alone or in lock step with the plain decoder.
#pragma once

#include "sonic/config/architecture.h"
#include "tb/cosim/build_rtl.h"
#include "tb/cosim/rtl_row_decoder.h"

#include <cstdint>
#include <deque>
#include <exception>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

namespace sonic::cosim {

/// Decodes by RTL; compares with the plain decoder in lock step, where RTL decodes each row a second time with inputs
/// and outputs that stall at random. What goes wrong must not leave through SystemC's stacks: it is kept for whoever
/// runs the chip.
class decoder_twin : public sparse::row_decoder {
public:
  /// @throws core::user_error as build_rtl()
  explicit decoder_twin(const config::architecture& architecture);

  /// @return none after a failure
  std::optional<std::uint32_t> decode(const sparse::packed_row& row, sparse::decoded_row& into) override;

  /// @throws core::user_error what went wrong, if anything did
  void rethrow() const;
  [[nodiscard]] std::uint64_t rows() const { return rows_; }

private:
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
  std::filesystem::path draw_waves(const stalls& with);

  unsigned lanes_;
  double clock_ghz_;
  rtl_request request_;
  std::filesystem::path library_;
  rtl_row_decoder rtl_;
  std::unique_ptr<rtl_row_decoder> stalled_; ///< in lock step, else null
  std::uint64_t rows_ = 0;
  std::deque<copied_row> history_; ///< in lock step: the last rows, this one behind
  std::exception_ptr failure_;
};

/// Builds what a twin will load, so that several processes need not; nothing if the architecture asks for none.
/// @throws core::user_error as build_rtl()
void prepare_decoder_twin(const config::architecture& architecture);

/// Null if the architecture asks for none.
/// @throws core::user_error as build_rtl()
std::shared_ptr<decoder_twin> decoder_twin_of(const config::architecture& architecture);

} // namespace sonic::cosim
