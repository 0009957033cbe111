// SPDX-License-Identifier: Apache-2.0
// Networks that a file names, and the images that they run on.
#pragma once

#include "sonic/config/config_map.h"
#include "tb/sonic/run_options.h"

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace sonic::command {

/// One network of a list: `NAME: {model: FILE, dataset: mnist | cifar10, input: FILE, labels: FILE}`; all but the model
/// may be left out, and labels belong to an input. Files are relative to the folder of the list.
struct network_entry {
  std::string name;
  std::string model;
  std::string dataset; ///< whose images it runs on, if a data folder has them; or empty
  std::string input;   ///< array of its frames, or empty
  std::string labels;  ///< array of the labels of that input, or empty
};

/// The maps below @p key.
/// @throws core::user_error where an entry is wrong, where there is none, or where a file is not there
std::vector<network_entry> read_networks(const config::config_map& list, std::string_view key,
                                         const std::filesystem::path& folder);

/// Where frames come from, beside what the list says.
struct frame_source {
  std::vector<std::string> data;   ///< folders with test sets
  std::vector<std::string> inputs; ///< NAME=FILE: frames of a network
  std::int64_t count = 1;          ///< of each network
  std::uint64_t seed = 1;          ///< of synthetic images
};

/// What reports call frames that stand in for images.
inline constexpr std::string_view synthetic_frames = "synthetic images";

/// Sets what a network runs on: its own input, else its data set, else synthetic images.
/// @returns what that is, for reports, such as "cifar10 test images" or "synthetic images"
std::string choose_frames(run_options& run, const network_entry& network, const frame_source& from);

/// @throws core::user_error if an entry of `inputs` names no network of the list
void check_inputs(const frame_source& from, const std::vector<network_entry>& networks);

} // namespace sonic::command
