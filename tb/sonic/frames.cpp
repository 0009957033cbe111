// SPDX-License-Identifier: Apache-2.0
#include "tb/sonic/frames.h"

#include "sonic/core/error.h"
#include "tb/workload/array_io.h"
#include "tb/workload/dataset.h"
#include "tb/workload/onnx_import.h"
#include "tb/workload/synthetic_images.h"

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <map>
#include <optional>

namespace sonic::command {

namespace {

namespace fs = std::filesystem;
using core::user_error;
using workload::tensor;

/// Frames used to calibrate where no calibration inputs are given.
constexpr std::int64_t calibration_runs = 32;

std::string quoted_inputs(const workload::graph& network) {
  std::string names;
  for (const auto id : network.inputs) {
    names += (names.empty() ? "" : ", ") + network.values[id].name + " (" +
             workload::to_string(network.values[id].extents) + ")";
  }
  return names;
}

/// The arrays given on the command line, one per graph input.
std::vector<tensor> named_inputs(const workload::graph& network, const std::vector<std::string>& given) {
  std::map<std::string, tensor> by_name;
  const auto known = [&](const std::string& name) {
    return std::any_of(network.inputs.begin(), network.inputs.end(),
                       [&](auto id) { return network.values[id].name == name; });
  };
  for (const auto& text : given) {
    // NAME=FILE, unless the whole text is a file or the network has no input of that name.
    const auto equals = text.find('=');
    std::string name;
    std::string file = text;
    if (equals != std::string::npos && !fs::exists(text)) {
      name = text.substr(0, equals);
      file = text.substr(equals + 1);
      if (!known(name)) {
        throw user_error("--input " + text, "the network has no input '" + name + "'",
                         "expected one of " + quoted_inputs(network));
      }
    }
    auto arrays = workload::load_arrays(file);
    if (arrays.empty()) {
      throw user_error(file, "holds no array", "expected one array per network input");
    }
    if (arrays.size() == 1 || network.inputs.size() == 1) {
      if (name.empty()) {
        if (network.inputs.size() > 1 && !known(arrays.front().first)) {
          throw user_error("--input " + text, "the network has several inputs",
                           "expected --input NAME=FILE with one of " + quoted_inputs(network));
        }
        name = network.inputs.size() == 1 ? network.values[network.inputs.front()].name : arrays.front().first;
      }
      // CIFAR-10 files hold labels beside the images; a .npz may name the input among others.
      const auto same = std::find_if(arrays.begin(), arrays.end(), [&](const auto& a) { return a.first == name; });
      by_name[name] = std::move((same == arrays.end() ? arrays.begin() : same)->second);
    } else {
      for (auto& [array_name, array] : arrays) {
        by_name[array_name] = std::move(array);
      }
    }
  }
  std::vector<tensor> inputs;
  for (const auto id : network.inputs) {
    const auto found = by_name.find(network.values[id].name);
    if (found == by_name.end()) {
      throw user_error("--input", "nothing is given for the network's input '" + network.values[id].name + "'",
                       "expected " + quoted_inputs(network));
    }
    inputs.push_back(std::move(found->second));
  }
  return inputs;
}

std::vector<std::int64_t> load_labels(const std::string& file) {
  auto arrays = workload::load_arrays(file);
  if (arrays.empty()) {
    throw user_error(file, "holds no array", "expected labels");
  }
  const auto named = std::find_if(arrays.begin(), arrays.end(), [](const auto& a) { return a.first == "labels"; });
  const tensor& array = (named == arrays.end() ? arrays.front() : *named).second;
  std::vector<std::int64_t> labels;
  for (const float v : array.values) {
    constexpr float most = 1e9F;
    if (v < 0.0F || v > most || v != std::floor(v)) {
      throw user_error(file, "a label is " + std::to_string(v), "expected whole numbers from 0");
    }
    labels.push_back(static_cast<std::int64_t>(v));
  }
  return labels;
}

/// Where a test set lies in a data folder: in a folder of its name, or in the folder itself.
fs::path folder_of(const std::string& data, workload::dataset_kind kind) {
  const fs::path inside = fs::path(data) / (kind == workload::dataset_kind::mnist ? "mnist" : "cifar10");
  return fs::is_directory(inside) ? inside : fs::path(data);
}

/// Pixels / 255 become (pixel / 255 - mean) / std, by channel.
void normalise(tensor& images, const run_options& options) {
  if (images.extents.size() != 4) {
    throw user_error("--mean, --std", "the input has no channels",
                     "expected images: (frames, channels, height, width)");
  }
  const auto channels = static_cast<std::size_t>(images.extents[1]);
  const auto check = [&](const char* option, const std::vector<double>& values) {
    if (values.size() > 1 && values.size() != channels) {
      throw user_error(option, std::to_string(values.size()) + " numbers are given",
                       "expected one, or one for each of the " + std::to_string(channels) + " channels");
    }
  };
  check("--mean", options.mean);
  check("--std", options.std);
  const auto pick = [](const std::vector<double>& values, std::size_t channel, double otherwise) {
    return values.empty() ? otherwise : values[values.size() == 1 ? 0 : channel];
  };
  const auto plane = static_cast<std::size_t>(images.extents[2] * images.extents[3]);
  for (std::size_t first = 0; first < images.values.size(); first += plane) {
    const std::size_t channel = first / plane % channels;
    const auto mean = static_cast<float>(pick(options.mean, channel, 0.0));
    const auto deviation = static_cast<float>(pick(options.std, channel, 1.0));
    for (std::size_t i = first; i < first + plane; ++i) {
      images.values[i] = (images.values[i] - mean) / deviation;
    }
  }
}

/// The labelled test set of a data folder: the one that is asked for, or the one that has the network's channels.
workload::labelled_images load_test_set(const run_options& options, const workload::graph& network) {
  if (!fs::exists(options.data)) {
    throw user_error("--data " + options.data, "there is no such folder", "expected one with a test set");
  }
  constexpr std::int64_t grey = 1;
  const auto& extents = network.values[network.inputs.front()].extents;
  const bool is_grey = extents.size() == 4 && extents[1] == grey;
  const bool is_mnist = options.dataset.empty() ? is_grey : options.dataset == "mnist";
  const auto kind = is_mnist ? workload::dataset_kind::mnist : workload::dataset_kind::cifar10;
  auto set = options.count > 0 ? workload::load_images_with_labels(folder_of(options.data, kind), kind, options.count)
                               : workload::load_images_with_labels(folder_of(options.data, kind), kind);
  if (!options.mean.empty() || !options.std.empty()) {
    normalise(set.images, options);
  }
  return set;
}

/// True if the array is @p runs times the extents along axis 0.
bool fits(const workload::shape& array, const workload::shape& wanted, std::int64_t runs) {
  if (array.size() != wanted.size() || wanted.empty()) {
    return array == wanted && runs == 1;
  }
  return array[0] == wanted[0] * runs && std::equal(array.begin() + 1, array.end(), wanted.begin() + 1);
}

tensor slice(const tensor& all, std::int64_t run, std::int64_t runs) {
  tensor part{all.extents, {}};
  if (runs > 1) {
    part.extents[0] /= runs;
  }
  const auto size = static_cast<std::ptrdiff_t>(all.values.size() / static_cast<std::size_t>(runs));
  part.values.assign(all.values.begin() + run * size, all.values.begin() + (run + 1) * size);
  return part;
}

void keep_first(tensor& array, std::int64_t count) {
  if (!array.extents.empty() && array.extents[0] > count) {
    array.values.resize(array.values.size() / static_cast<std::size_t>(array.extents[0]) *
                        static_cast<std::size_t>(count));
    array.extents[0] = count;
  }
}

void check_fit(const workload::graph& network, const std::vector<tensor>& inputs, std::int64_t runs) {
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    const auto& wanted = network.values[network.inputs[i]];
    if (!fits(inputs[i].extents, wanted.extents, runs)) {
      throw user_error("--input", "the array for '" + wanted.name + "' is " + workload::to_string(inputs[i].extents),
                       "expected " + workload::to_string(wanted.extents) +
                           (network.batch_separable ? ", or a multiple of it along the first axis" : ""));
    }
  }
}

std::vector<tensor> slices(const std::vector<tensor>& inputs, std::int64_t run, std::int64_t runs) {
  std::vector<tensor> parts;
  parts.reserve(inputs.size());
  for (const auto& input : inputs) {
    parts.push_back(slice(input, run, runs));
  }
  return parts;
}

/// Labels count the scores that the first output gives for a frame.
void check_labels(const frame_set& set) {
  std::int64_t classes = 1;
  for (const auto extent : set.network.values[set.network.outputs.front()].extents) {
    classes *= extent;
  }
  classes /= set.frames_per_run;
  for (const auto label : set.labels) {
    if (label >= classes) {
      throw user_error("--labels", "a label is " + std::to_string(label),
                       "expected 0 to " + std::to_string(classes - 1) + ", as the network's first output tells " +
                           std::to_string(classes) + " classes apart");
    }
  }
}

} // namespace

std::vector<tensor> frame_set::run_inputs(std::int64_t run) const {
  return slices(inputs, run, runs);
}

frame_set load_frames(const run_options& options) {
  frame_set set;
  set.network = workload::import_onnx(options.model);
  if (!options.data.empty()) {
    auto images = load_test_set(options, set.network);
    set.labels = std::move(images.labels);
    set.inputs.push_back(std::move(images.images));
    if (set.network.inputs.size() != 1) {
      throw user_error("--data", "the network has several inputs", "expected --input NAME=FILE for each");
    }
  } else if (options.synthetic_seed && options.inputs.empty()) {
    for (const auto id : set.network.inputs) {
      set.inputs.push_back(workload::synthetic_images(
          set.network.values[id].extents, std::max<std::int64_t>(options.count, 1), *options.synthetic_seed));
    }
  } else {
    set.inputs = named_inputs(set.network, options.inputs);
  }
  if (!options.labels.empty()) {
    set.labels = load_labels(options.labels);
  }
  if (options.count > 0) {
    for (auto& input : set.inputs) {
      keep_first(input, options.count);
    }
    if (static_cast<std::int64_t>(set.labels.size()) > options.count) {
      set.labels.resize(static_cast<std::size_t>(options.count));
    }
  }
  const auto& first = set.inputs.front().extents;
  const auto wanted = set.network.values[set.network.inputs.front()].extents;
  set.runs = 1;
  if (first.size() == wanted.size() && !wanted.empty() && first[0] != wanted[0] && first[0] % wanted[0] == 0) {
    if (set.network.batch_separable) {
      set.runs = first[0] / wanted[0];
    } else if (set.network.symbolic_batch > 0) {
      set.network = workload::import_onnx(options.model, first[0]);
    }
  }
  check_fit(set.network, set.inputs, set.runs);
  set.frames_per_run = set.network.batch_separable && !wanted.empty() ? wanted[0] : 1;
  if (!set.labels.empty() && static_cast<std::int64_t>(set.labels.size()) != set.runs * set.frames_per_run) {
    throw user_error("--labels", std::to_string(set.labels.size()) + " labels are given",
                     "expected one for each of the " + std::to_string(set.runs * set.frames_per_run) + " frames");
  }
  check_labels(set);
  return set;
}

std::vector<std::vector<tensor>> load_calibration(const run_options& options, const frame_set& frames) {
  std::vector<tensor> loaded;
  std::int64_t runs = frames.runs;
  if (!options.calibration.empty()) {
    loaded = named_inputs(frames.network, {options.calibration});
    const auto& wanted = frames.network.values[frames.network.inputs.front()].extents;
    const auto& given = loaded.front().extents;
    runs = wanted.empty() || given.empty() ? 1 : std::max<std::int64_t>(given[0] / wanted[0], 1);
    check_fit(frames.network, loaded, runs);
    if (!options.mean.empty() || !options.std.empty()) {
      normalise(loaded.front(), options);
    }
  }
  std::vector<std::vector<tensor>> sets;
  for (std::int64_t run = 0; run < std::min(runs, calibration_runs); ++run) {
    sets.push_back(slices(options.calibration.empty() ? frames.inputs : loaded, run, runs));
  }
  return sets;
}

} // namespace sonic::command
