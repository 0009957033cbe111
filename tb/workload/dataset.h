// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tb/workload/tensor.h"

#include <cstdint>
#include <filesystem>
#include <limits>
#include <vector>

namespace sonic::workload {

enum class dataset_kind { mnist, cifar10 };

struct labelled_images {
  tensor images; ///< (N, C, H, W), pixel / 255
  std::vector<std::int64_t> labels;
};

/// Reads a labelled set of images.
/// @param path mnist: an images file (NAME-images-idx3-ubyte or .gz, whose labels lie beside it as
///             NAME-labels-idx1-ubyte or .gz), or a folder: its t10k set, else its only set.
///             cifar10: a file of binary records, or a folder with test_batch.bin
/// @param most reads the first ones only
/// @throws core::user_error naming the file if it is missing or damaged, or if images and labels differ in number
labelled_images load_images_with_labels(const std::filesystem::path& path, dataset_kind kind,
                                        std::int64_t most = std::numeric_limits<std::int64_t>::max());

} // namespace sonic::workload
