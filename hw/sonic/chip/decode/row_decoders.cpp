// SPDX-License-Identifier: Apache-2.0
#include "sonic/chip/decode/row_decoders.h"

namespace sonic::chip {

void row_decoders::count(const sparse::matrix_image& image, std::uint32_t row) {
  cycles_ = timed() ? sparse::decoder_cycles(image.packed(row), how_.lanes) : 0;
}

bool row_decoders::decode_by_twin(const sparse::packed_row& row, const sparse::level_table& levels,
                                  sparse::decoded_row& into) {
  const auto taken = how_.twin->decode(row, into);
  if (!taken) {
    return false;
  }
  cycles_ = timed() ? *taken : 0;
  into.values.clear();
  for (const auto code : into.codes) {
    if (code >= levels.codebook().size()) {
      return false;
    }
    into.values.push_back(levels.codebook()[code]);
  }
  return true;
}

bool row_decoders::decode(const sparse::matrix_image& image, std::uint32_t row, const sparse::level_table& levels,
                          sparse::decoded_row& into) {
  if (how_.twin != nullptr) {
    return decode_by_twin(image.packed(row), levels, into);
  }
  count(image, row);
  return image.decode_row(row, levels, into);
}

bool row_decoders::expand(const sparse::matrix_image& image, std::uint32_t row, const sparse::level_table& levels,
                          std::vector<float>& room, float* dense, std::uint32_t& zeros) {
  if (how_.twin == nullptr) {
    count(image, row);
    return image.expand_row(row, levels, room, dense, zeros);
  }
  if (!decode_by_twin(image.packed(row), levels, row_)) {
    return false;
  }
  std::fill_n(dense, image.columns(), 0.0F);
  zeros = image.columns();
  for (std::size_t i = 0; i < row_.columns.size(); ++i) {
    dense[row_.columns[i]] = row_.values[i];
    zeros -= row_.values[i] != 0.0F ? 1U : 0U;
  }
  return true;
}

} // namespace sonic::chip
