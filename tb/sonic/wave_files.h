// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sonic/config/architecture.h"
#include "tb/cosim/chip_twins.h"
#include "tb/host/testbench.h"
#include "tb/sonic/run_options.h"

#include <filesystem>
#include <string>

namespace sonic::command {

/// The waveforms that the options ask for, of one run: begun here, written by finish().
class wave_files {
public:
  /// Nothing if the options ask for none.
  wave_files(const run_options& options, const config::architecture& chip, host::testbench& bench,
             cosim::chip_twins& twins);
  wave_files(const wave_files&) = delete;
  wave_files& operator=(const wave_files&) = delete;
  ~wave_files();

  /// @throws core::user_error if they cannot be written
  void finish();

private:
  const run_options& options_;
  host::testbench& bench_;
  cosim::chip_twins& twins_;
  std::filesystem::path folder_; ///< for files on the way; empty: no waves are asked for
};

} // namespace sonic::command
