// SPDX-License-Identifier: Apache-2.0
#include "tb/workload/dataset.h"

#include "sonic/core/error.h"
#include "tb/workload/array_formats.h"

#include <algorithm>
#include <new>

namespace sonic::workload {

namespace {

namespace fs = std::filesystem;

constexpr std::string_view images_suffix = "-images-idx3-ubyte";
constexpr std::string_view labels_suffix = "-labels-idx1-ubyte";

/// "t10k" for t10k-images-idx3-ubyte or t10k-images-idx3-ubyte.gz; empty for another name.
std::string set_name(const fs::path& file) {
  std::string name = file.filename().string();
  if (file.extension() == ".gz") {
    name.resize(name.size() - 3);
  }
  const std::size_t at = name.rfind(images_suffix);
  return at != std::string::npos && at + images_suffix.size() == name.size() ? name.substr(0, at) : "";
}

/// The images file that a path means.
fs::path find_images(const fs::path& path) {
  std::error_code error;
  if (!fs::is_directory(path, error)) {
    return path;
  }
  std::vector<fs::path> found;
  for (const auto& entry : fs::directory_iterator(path, error)) {
    if (!set_name(entry.path()).empty()) {
      found.push_back(entry.path());
    }
  }
  std::sort(found.begin(), found.end());
  const auto test =
      std::find_if(found.begin(), found.end(), [](const fs::path& file) { return set_name(file) == "t10k"; });
  const bool one_set = std::all_of(found.begin(), found.end(),
                                   [&](const fs::path& file) { return set_name(file) == set_name(found.front()); });
  if (found.empty() || (test == found.end() && !one_set)) {
    throw core::user_error(path.string(),
                           found.empty() ? "the folder holds no images" : "the folder holds several sets of images",
                           "name the file NAME" + std::string(images_suffix) + ", or .gz");
  }
  return test != found.end() ? *test : found.front();
}

std::vector<std::int64_t> integers(const tensor& labels) {
  return {labels.values.begin(), labels.values.end()};
}

labelled_images load_mnist(const fs::path& path, std::int64_t most) {
  const fs::path images_file = find_images(path);
  const std::string name = set_name(images_file);
  if (name.empty()) {
    throw core::user_error(images_file.string(), "the name does not say which file holds the labels",
                           "name it NAME" + std::string(images_suffix) + ", or .gz");
  }
  fs::path labels_file = images_file.parent_path() / (name + std::string(labels_suffix));
  std::error_code error;
  if (!fs::exists(labels_file, error)) {
    labels_file += ".gz";
  }
  labelled_images set{decode_idx(read_bytes(images_file, true), images_file.string(), most), {}};
  const tensor labels = decode_idx(read_bytes(labels_file, true), labels_file.string(), most);
  if (set.images.extents.size() != 4 || labels.extents.size() != 1) {
    throw core::user_error((set.images.extents.size() != 4 ? images_file : labels_file).string(),
                           "it has the wrong rank", "images have three axes, labels one");
  }
  set.labels = integers(labels);
  if (set.images.extents[0] != labels.extents[0]) {
    throw core::user_error(images_file.string(),
                           "it holds " + std::to_string(set.images.extents[0]) + " images, but its labels file " +
                               std::to_string(labels.extents[0]) + " labels",
                           "");
  }
  return set;
}

labelled_images load_cifar10(const fs::path& path, std::int64_t most) {
  std::error_code error;
  const fs::path file = fs::is_directory(path, error) ? path / "test_batch.bin" : path;
  const file_head head =
      read_head(file, true, std::min(most, max_file_bytes / cifar10_record_bytes) * cifar10_record_bytes);
  std::vector<named_tensor> arrays = decode_cifar10(head.bytes, head.size, file.string());
  return {std::move(arrays[0].second), integers(arrays[1].second)};
}

} // namespace

labelled_images load_images_with_labels(const fs::path& path, dataset_kind kind, std::int64_t most) {
  try {
    return kind == dataset_kind::mnist ? load_mnist(path, most) : load_cifar10(path, most);
  } catch (const std::bad_alloc&) {
    throw core::user_error(path.string(), "it does not fit into memory", "");
  }
}

} // namespace sonic::workload
