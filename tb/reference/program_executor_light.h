// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tb/workload/compile.h"
#include "tb/workload/program.h"

#include <cstdint>
#include <vector>

namespace sonic::reference {

/// A convolution or fully connected layer of a code16 program, with its weights prepared for running.
class light_layer {
public:
  virtual ~light_layer() = default;
  light_layer(const light_layer&) = delete;
  light_layer& operator=(const light_layer&) = delete;

  /// @param input codes of the step's input slot
  /// @param output of the output slot, sized
  virtual void run(const std::vector<std::uint16_t>& input, std::vector<std::uint16_t>& output) const = 0;
  /// Largest |sum * t| over all partial sums.
  [[nodiscard]] virtual float analog_peak(const std::vector<std::uint16_t>& input) const = 0;

protected:
  light_layer() = default;
};

/// Both keep references to all parameters.
class convolution_layer : public light_layer {
public:
  convolution_layer(const workload::program& source, const workload::step& s, const workload::numerics& how);
  void run(const std::vector<std::uint16_t>& input, std::vector<std::uint16_t>& output) const override;
  [[nodiscard]] float analog_peak(const std::vector<std::uint16_t>& input) const override;

private:
  struct tile;
  template <class sink>
  void walk(const std::vector<std::uint16_t>& input, sink& take) const;
  void gather(const std::vector<std::uint16_t>& input, const tile& part, std::vector<float>& patches) const;

  const workload::program& program_;
  const workload::step& step_;
  const workload::numerics& how_;
  std::vector<float> levels_;            ///< non-zero weights of all kernels, one kernel after the other
  std::vector<std::uint32_t> rows_;      ///< patch row of each
  std::vector<std::size_t> block_ends_;  ///< in levels_
  std::vector<std::size_t> kernel_ends_; ///< in block_ends_, per output channel
};

class fully_connected_layer : public light_layer {
public:
  fully_connected_layer(const workload::program& source, const workload::step& s, const workload::numerics& how);
  void run(const std::vector<std::uint16_t>& input, std::vector<std::uint16_t>& output) const override;
  [[nodiscard]] float analog_peak(const std::vector<std::uint16_t>& input) const override;

private:
  template <class sink>
  void walk(const std::vector<std::uint16_t>& input, sink& take) const;

  const workload::step& step_;
  const workload::numerics& how_;
  std::vector<float> level_of_; ///< by code + 1; a layer's weights may be most of a network, so they stay codes
};

} // namespace sonic::reference
