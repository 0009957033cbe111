// SPDX-License-Identifier: Apache-2.0
// A network as the accelerator runs it: bytes for its memory, and where its inputs and outputs lie. C++17.
#pragma once

#include "sonic/configuration.h"
#include "sonic/core/export.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace sonic {

/// A tensor in the accelerator's memory, dense, row-major, little-endian.
struct SONIC_EXPORT image_tensor {
  enum class element : std::uint8_t { code16 = 0, float32 = 1 };

  std::string name;                  ///< of the network's value
  std::vector<std::int64_t> extents; ///< as the network has them
  std::uint64_t address = 0;         ///< of the first byte, relative to memory_base
  std::uint64_t bytes = 0;
  element kind = element::code16;
  int bits = 16;               ///< code16: a code is 0 to 2^bits - 1
  double scale = 1.0;          ///< code16: real = scale * (code - zero_point)
  std::int32_t zero_point = 0; ///< code16

  [[nodiscard]] std::size_t elements() const;
  /// The bytes that these real numbers have in memory.
  /// @throws core::user_error if their number is not elements()
  [[nodiscard]] std::vector<std::uint8_t> encode(const std::vector<float>& values) const;
  /// The real numbers of as many bytes.
  /// @throws core::user_error if their number is not this tensor's
  [[nodiscard]] std::vector<float> decode(const std::vector<std::uint8_t>& memory) const;
};

/// What is to be done next: a program of the accelerator, or work of the host between two.
struct image_step {
  enum class kind : std::uint8_t { program, softmax };

  kind what = kind::program;
  std::uint64_t address = 0; ///< program: descriptor_address, relative to memory_base
  std::uint32_t count = 0;   ///< program: descriptor_count
  std::size_t input = 0;     ///< softmax: index of the tensor read
  std::size_t output = 0;    ///< softmax: index of the tensor written
  std::int64_t first_axis = 0, last_axis = 0;
  bool logarithm = false;
};

/// One descriptor, in the order of all programs.
struct image_layer {
  std::string name; ///< of the network's nodes that it does, joined by '+'
  std::string operation;
};

/// A network lowered for an accelerator: descriptors, compressed weights, parameters, and room for the tensors.
class SONIC_EXPORT program_image {
public:
  /// Real numbers for each input of the network, in its order, for one run.
  using input_set = std::vector<std::vector<float>>;

  /// Imports an ONNX network (opsets 9 to 17, an open batch axis is 1), quantises it and lays it out for a chip.
  /// @param calibration example inputs, from which ranges and converters' scales follow; not needed for ideal optics
  /// @throws core::user_error naming file, node or tensor, if the network is damaged, not supported, or does not fit
  /// the
  ///         chip, or if the calibration does not fit the network
  static program_image lower(const std::string& onnx_file, const configuration& chip,
                             const std::vector<input_set>& calibration = {});

  /// Reads what save() has written.
  /// @throws core::user_error if it is not such a file, or a damaged one
  static program_image load(const std::string& file);
  /// Writes the image to a temporary file and renames it.
  /// @throws core::user_error if the folder cannot be written
  void save(const std::string& file) const;

  /// To be copied to memory_base before the first run.
  [[nodiscard]] const std::vector<std::uint8_t>& bytes() const { return bytes_; }
  /// Memory needed from memory_base on, with the tensors: the register memory_size.
  [[nodiscard]] std::uint64_t size() const { return size_; }
  /// Inputs, outputs, and what steps of the host read and write.
  [[nodiscard]] const std::vector<image_tensor>& tensors() const { return tensors_; }
  /// Indices of the network's inputs and outputs in tensors(), in the network's order.
  [[nodiscard]] const std::vector<std::size_t>& inputs() const { return inputs_; }
  [[nodiscard]] const std::vector<std::size_t>& outputs() const { return outputs_; }
  /// In order, for each run of the network.
  [[nodiscard]] const std::vector<image_step>& steps() const { return steps_; }
  [[nodiscard]] const std::vector<image_layer>& layers() const { return layers_; }

  /// What the host does in a step that is no program: the output's real numbers from the input's.
  /// @throws core::user_error if the step is a program, or if the values are not the input's
  [[nodiscard]] std::vector<float> host_work(const image_step& step, const std::vector<float>& input) const;

private:
  friend class image_builder;
  program_image() = default;

  std::vector<std::uint8_t> bytes_;
  std::uint64_t size_ = 0;
  std::vector<image_tensor> tensors_;
  std::vector<std::size_t> inputs_, outputs_;
  std::vector<image_step> steps_;
  std::vector<image_layer> layers_;
};

} // namespace sonic
