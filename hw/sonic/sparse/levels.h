// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

namespace sonic::sparse {

/// What codes stand for, as unpack_levels() reads it.
class level_table {
public:
  level_table() = default;
  /// @param codebook is not copied
  explicit level_table(std::span<const float> codebook);

  [[nodiscard]] std::span<const float> codebook() const { return codebook_; }

  static constexpr std::size_t most_padded = 64;
  /// The codebook with zeros behind it, if it has at most so many levels.
  [[nodiscard]] const std::array<float, most_padded>& padded() const { return padded_; }

private:
  std::span<const float> codebook_;
  alignas(64) std::array<float, most_padded> padded_{};
};

/// Reads codes as unpack() does and what each of them stands for. Runs with the best instructions that the processor
/// has.
/// @param values receives as many as it has room for; all their codes must lie in the section
/// @return false if a code is outside the codebook; @p values then hold anything
[[nodiscard]] bool unpack_levels(std::span<const std::uint8_t> section, std::uint64_t first, std::uint32_t code_bits,
                                 const level_table& levels, std::span<float> values);

} // namespace sonic::sparse
