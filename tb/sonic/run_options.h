// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace sonic::command {

/// The command line of `sonic run`.
struct run_options {
  std::string model;
  std::vector<std::string> inputs; ///< FILE or NAME=FILE
  std::string data;                ///< folder with a labelled test set
  std::string dataset;             ///< which test set of the folder: mnist or cifar10; empty: as the input shape says
  std::vector<double> mean, std;   ///< of the test set's pixels / 255, by channel or one for all; empty: as they are
  std::optional<std::uint64_t> synthetic_seed; ///< of `count` synthetic images, where there is neither input nor data
  std::string labels;                          ///< file of labels for the input
  std::string calibration; ///< inputs that set ranges and converter scales; empty: the run's own inputs
  std::string output;      ///< .npz for the network's outputs
  std::string json;
  std::string html;
  std::string vcd;
  std::string waves; ///< of RTL and model together
  std::string trace; ///< what each part of the chip did in the first run, for a trace viewer
  std::string architecture;
  std::vector<std::string> overrides; ///< key.path=value
  std::optional<std::string> optics, timing, accounting;
  std::optional<std::uint64_t> seed;
  std::int64_t count = 0;    ///< frames to run; 0 = all
  std::int64_t compare = -1; ///< frames to compare layer by layer; -1 = all
  bool quiet = false;        ///< shows no progress
  int jobs = 1;              ///< processes, each with a chip of its own
};

} // namespace sonic::command
