// SPDX-License-Identifier: Apache-2.0
#include "sonic/chip/decode/read_flips.h"

#include "sonic/physics/bit_flips.h"
#include "sonic/sparse/matrix_image.h"

namespace sonic::chip {

namespace {

enum which_buffer : std::uint32_t { weight_buffer, activation_buffer, partial_sum_buffer };

constexpr std::uint64_t bits_per_byte = 8;

void flip(std::uint8_t* bytes, std::uint64_t bit) {
  bytes[bit / bits_per_byte] ^= static_cast<std::uint8_t>(1U << (bit % bits_per_byte));
}

} // namespace

std::span<const std::uint8_t> read_flips::weights(const transport::decode_job& job,
                                                  std::span<const std::uint8_t> bytes) {
  std::uint64_t first = 0, bits = 0;
  try {
    const sparse::matrix_image image(bytes);
    first = image.value_offset() * bits_per_byte;
    bits = std::uint64_t{image.nonzeros()} * image.code_bits();
  } catch (const sparse::image_error&) {
    return bytes; // refused where it is decoded
  }
  const auto flipped = physics::flipped_bits(rates_.weights, bits, rates_.seed, {weight_buffer, job.program, job.step});
  if (flipped.empty()) {
    return bytes;
  }
  weights_.assign(bytes.begin(), bytes.end());
  for (const auto bit : flipped) {
    flip(weights_.data(), first + bit);
  }
  return weights_;
}

std::span<const std::uint8_t> read_flips::activations(const transport::decode_job& job,
                                                      std::span<const std::uint8_t> bytes) {
  const auto flipped = physics::flipped_bits(rates_.activations, bytes.size() * bits_per_byte, rates_.seed,
                                             {activation_buffer, job.program, job.step});
  if (flipped.empty()) {
    return bytes;
  }
  activations_.assign(bytes.begin(), bytes.end());
  for (const auto bit : flipped) {
    flip(activations_.data(), bit);
  }
  return activations_;
}

void read_flips::partial_sums(const transport::decode_job& job, std::span<std::uint8_t> bytes) const {
  for (const auto bit : physics::flipped_bits(rates_.partial_sums, bytes.size() * bits_per_byte, rates_.seed,
                                              {partial_sum_buffer, job.program, job.step})) {
    flip(bytes.data(), bit);
  }
}

} // namespace sonic::chip
