// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sonic/config/architecture.h"
#include "sonic_regs/regs.h"
#include "tb/workload/compile.h"
#include "tb/workload/program.h"

#include <cstdint>
#include <string>
#include <vector>

namespace sonic::estimate {

/// Which elements of a matrix are not zero, a bit each; rows begin at whole words.
class bit_matrix {
public:
  bit_matrix() = default;
  bit_matrix(std::size_t rows, std::size_t columns)
      : columns_(columns), words_((columns + 63) / 64), bits_(rows * words_) {}

  void set(std::size_t row, std::size_t column) {
    bits_[row * words_ + column / 64] |= std::uint64_t{1} << (column % 64);
  }
  [[nodiscard]] bool operator()(std::size_t row, std::size_t column) const {
    return (bits_[row * words_ + column / 64] >> (column % 64) & 1U) != 0;
  }
  /// Bits set among columns [first, first + count) of a row.
  [[nodiscard]] std::uint64_t count(std::size_t row, std::size_t first, std::size_t count) const;
  [[nodiscard]] std::size_t columns() const { return columns_; }
  /// The words of a row, the first column in the least bit.
  [[nodiscard]] const std::uint64_t* row(std::size_t index) const { return bits_.data() + index * words_; }

private:
  std::size_t columns_ = 0, words_ = 0;
  std::vector<std::uint64_t> bits_;
};

/// What one descriptor asks for.
struct layer_profile {
  regs::descriptor descriptor{}; ///< its addresses and number of panels depend on the chip and mean nothing here
  std::string name;
  bool begins_run = false;                       ///< the host works before it: the memory's rows are closed
  std::size_t input = 0, second = 0, output = 0; ///< slots
  std::uint64_t parameter_bytes = 0;
  std::uint64_t codebook_bytes = 0;

  // Of convolutions and fully connected layers.
  bit_matrix weights;                      ///< not zero; rows and columns as workload::weight_matrix has them
  std::vector<std::uint32_t> row_nonzeros; ///< of each row of weights
  std::uint64_t nonzeros = 0;              ///< of all of them
  std::uint32_t code_bits = 0;             ///< of a weight in memory
  std::vector<std::uint32_t> ring_levels;  ///< convolutions: of each kernel
  std::uint64_t streamed_zeros = 0;        ///< zeros that stream past the rings, all frames together
  bit_matrix present; ///< fully connected layers: activations that are not deleted, a row per frame
};

/// Where a tensor lies.
struct slot_profile {
  std::uint64_t bytes = 0;
  std::size_t storage = 0; ///< the slot whose memory it is
};

/// What a network asks of any chip, for the inputs of one run: all that its time and energy depend on beside the
/// configuration. Blocks of any length and packing follow from the weights' places, so that arrays, buffers, memory,
/// clocks and devices may all be others.
///
/// It holds for the numerics that the program was compiled with: bits of the converters, place of batch normalisation,
/// headroom (holds_for). Blocks of another length round other sums in the ADC, by half a step each, and so may make or
/// unmake a few zeros among the activations: those that were found are taken for all lengths.
struct network_profile {
  workload::numerics numerics;
  std::vector<layer_profile> layers;
  std::vector<slot_profile> slots;
  std::vector<std::pair<std::size_t, std::uint64_t>> constants; ///< slots with their bytes, in the order of the memory
};

/// Profiles a program.
/// @param how    numerics that it was compiled with
/// @param inputs of one run: one tensor per program input. The golden model runs them.
/// @throws core::user_error if the program is not code16
network_profile profile_of(const workload::graph& network, const workload::program& program,
                           const workload::numerics& how, const std::vector<workload::tensor>& inputs);

/// Whether a profile says what this chip would do: the numerics agree but for lanes and packing, and optics are
/// quantised and no device is broken.
bool holds_for(const network_profile& profile, const config::architecture& a);

} // namespace sonic::estimate
