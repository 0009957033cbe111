// SPDX-License-Identifier: Apache-2.0
#include "tb/sonic/network_list.h"

#include "sonic/core/error.h"

#include <algorithm>
#include <array>
#include <utility>

namespace sonic::command {

namespace {

namespace fs = std::filesystem;

std::string file_of(const config::config_map& entry, std::string_view key, const fs::path& folder) {
  if (!entry.has(key)) {
    return {};
  }
  const auto path = (folder / entry.text(key)).lexically_normal();
  std::error_code ignored;
  if (!fs::is_regular_file(path, ignored)) {
    entry.refuse(key, "there is no file " + config::in_quotes(entry.text(key)),
                 "expected a file, relative to the folder of this one");
  }
  return path.string();
}

/// If a folder has a test set, in a folder of its name or by itself.
bool holds(const fs::path& folder, const std::string& dataset) {
  static constexpr std::array<std::pair<std::string_view, std::string_view>, 3> files{
      {{"mnist", "t10k-images-idx3-ubyte"}, {"mnist", "t10k-images-idx3-ubyte.gz"}, {"cifar10", "test_batch.bin"}}};
  std::error_code ignored;
  return std::any_of(files.begin(), files.end(), [&](const auto& each) {
    return each.first == dataset && (fs::is_regular_file(folder / each.second, ignored) ||
                                     fs::is_regular_file(folder / dataset / each.second, ignored));
  });
}

std::string input_given(const frame_source& from, const std::string& network) {
  for (const auto& text : from.inputs) {
    if (text.starts_with(network + "=")) {
      return text.substr(network.size() + 1);
    }
  }
  return {};
}

} // namespace

std::vector<network_entry> read_networks(const config::config_map& list, std::string_view key, const fs::path& folder) {
  std::vector<network_entry> networks;
  for (const auto& entry : list.sections(key, {"model", "dataset", "input", "labels"})) {
    network_entry n;
    n.name = entry.name();
    if (!entry.has("model")) {
      entry.refuse("model", "missing", "expected an ONNX file, relative to the folder of this one");
    }
    n.model = file_of(entry, "model", folder);
    n.input = file_of(entry, "input", folder);
    n.labels = file_of(entry, "labels", folder);
    if (!n.labels.empty() && n.input.empty()) {
      entry.refuse("labels", "belong to no input", "expected input beside them");
    }
    if (entry.has("dataset")) {
      static const std::vector<std::string_view> known{"mnist", "cifar10"};
      n.dataset = known.at(entry.choice("dataset", known));
    }
    networks.push_back(std::move(n));
  }
  if (networks.empty()) {
    list.refuse(key, "names no network", "expected a map such as mnist: {model: mnist.onnx}");
  }
  return networks;
}

std::string choose_frames(run_options& run, const network_entry& network, const frame_source& from) {
  run.count = from.count;
  if (auto given = input_given(from, network.name); !given.empty() || !network.input.empty()) {
    const std::string file = given.empty() ? network.input : given;
    run.inputs = {file};
    run.labels = given.empty() ? network.labels : "";
    return fs::path(file).filename().string();
  }
  if (!network.dataset.empty()) {
    const auto folder = std::find_if(from.data.begin(), from.data.end(),
                                     [&](const std::string& each) { return holds(each, network.dataset); });
    if (folder != from.data.end()) {
      run.data = *folder;
      run.dataset = network.dataset;
      return network.dataset + " test images";
    }
  }
  run.synthetic_seed = from.seed;
  return std::string(synthetic_frames);
}

void check_inputs(const frame_source& from, const std::vector<network_entry>& networks) {
  for (const auto& text : from.inputs) {
    const auto equals = text.find('=');
    const auto name = text.substr(0, equals);
    const bool known =
        equals != std::string::npos &&
        std::any_of(networks.begin(), networks.end(), [&](const network_entry& n) { return n.name == name; });
    if (!known) {
      std::string names;
      for (const auto& n : networks) {
        names += (names.empty() ? "" : ", ") + n.name;
      }
      throw core::user_error("--input " + text, "names no network", "expected NAME=FILE with one of " + names);
    }
  }
}

} // namespace sonic::command
