// SPDX-License-Identifier: Apache-2.0
#include "sonic/chip/decode/weight_rows.h"

#include "sonic/chip/limits.h"

#include <algorithm>

namespace sonic::chip {

namespace {

using regs::error_code;

/// Limits of the model's own memory, in values: of one panel that is remembered, and of all of them.
constexpr std::size_t most_of_panel = std::size_t{1} << 22;
constexpr std::size_t most_held = std::size_t{1} << 24;

std::size_t values_of(const regs::panel& panel) {
  return std::size_t{panel.rows} * panel.columns;
}

} // namespace

error_code weight_rows::open(const transport::decode_job& job, std::span<const std::uint8_t> bytes) {
  const std::uint64_t place = panel_identity::place_of(job);
  if (const auto found = entries_.find(place); found != entries_.end()) {
    if (found->second.what.is(job, bytes)) {
      open_ = &found->second;
      return error_code::none;
    }
    held_ -= values_of(found->second.what.panel);
    entries_.erase(found);
  }
  open_ = &passing_;
  passing_.what.assign(job, bytes);
  try {
    passing_.image.emplace(passing_.what.bytes);
  } catch (const sparse::image_error&) {
    return error_code::bad_weights; // the chip reports what is wrong with a program by its error code alone
  }
  const auto& image = *passing_.image;
  if (image.rows() != job.panel.rows || image.columns() != job.panel.columns ||
      (image.code_bits() == sparse::float_bits) != (job.layer->element == 1)) {
    return error_code::bad_weights;
  }
  forget();
  const std::size_t values = values_of(job.panel);
  passing_.values.reserve(
      std::min<std::size_t>(values, tile_limits::decoded_values)); // what is not needed is not touched
  if (values <= most_of_panel && held_ + values <= most_held) {
    open_ = &entries_.emplace(place, std::move(passing_)).first->second; // its bytes stay where they are
    held_ += values;
  }
  return error_code::none;
}

void weight_rows::forget() {
  if (open_ == &passing_) {
    passing_.offsets.assign(passing_.what.panel.rows, unknown);
    passing_.zeros.assign(passing_.what.panel.rows, 0);
    passing_.values.clear();
  }
}

bool weight_rows::need(std::uint32_t index) {
  auto& of = *open_;
  if (of.offsets[index] != unknown) {
    return true;
  }
  of.image->decode_row(index, row_);
  const std::size_t offset = of.values.size();
  const std::uint32_t columns = of.what.panel.columns;
  of.values.resize(offset + columns, 0.0F);
  float* const values = of.values.data() + offset;
  auto zeros = columns - static_cast<std::uint32_t>(row_.columns.size());
  const auto place = [&](std::size_t i, float value) {
    values[row_.columns[i]] = value;
    zeros += value == 0.0F ? 1U : 0U;
  };
  if (of.what.element == 1) {
    for (std::size_t i = 0; i < row_.columns.size(); ++i) {
      place(i, row_.values[i]);
    }
  } else {
    for (std::size_t i = 0; i < row_.columns.size(); ++i) {
      if (row_.codes[i] >= of.what.codebook.size()) {
        of.values.resize(offset); // nothing is left of it
        return false;
      }
      place(i, of.what.codebook[row_.codes[i]]);
    }
  }
  of.offsets[index] = static_cast<std::uint32_t>(offset);
  of.zeros[index] = zeros;
  return true;
}

} // namespace sonic::chip
