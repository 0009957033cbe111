// SPDX-License-Identifier: Apache-2.0
#include "sonic/chip/decode/kernel_cache.h"

#include "sonic/sparse/compression.h"

namespace sonic::chip {

namespace {

using regs::error_code;

/// The model's own memory for panels that it remembers.
constexpr std::size_t most_held = std::size_t{64} << 20;

} // namespace

const decoded_kernels& kernel_cache::decode(const transport::decode_job& job, std::span<const std::uint8_t> bytes) {
  const std::uint64_t place = panel_identity::place_of(job);
  const auto found = entries_.find(place);
  if (found != entries_.end()) {
    if (found->second.what.is(job, bytes)) {
      return found->second.found;
    }
    held_ -= bytes_of(found->second);
    entries_.erase(found);
  }
  if (held_ > most_held) {
    entries_.clear();
    held_ = 0;
  }
  auto& e = entries_[place];
  e.what.assign(job, bytes);
  decode(e.what, e.found);
  held_ += bytes_of(e);
  return e.found;
}

std::size_t kernel_cache::bytes_of(const entry& e) {
  return e.what.bytes.size() + e.found.stationary.size() * (sizeof(float) + sizeof(std::uint32_t)) +
         e.found.chunk_ends.size() * sizeof(std::uint32_t);
}

void kernel_cache::decode(const panel_identity& what, decoded_kernels& into) {
  const bool exact = what.element == 1;
  try {
    const sparse::matrix_image image(what.bytes);
    if (image.rows() != what.panel.rows || image.columns() != what.panel.columns ||
        (image.code_bits() == sparse::float_bits) != exact) {
      into.error = error_code::bad_weights;
      return;
    }
    const sparse::level_table levels(what.codebook);
    into.stationary.reserve(image.nonzeros());
    into.patches.reserve(image.nonzeros());
    dealt_rows dealt(decoders_.decoders());
    for (std::uint32_t r = 0; r < what.panel.rows; ++r) {
      if (!decoders_.decode(image, r, levels, row_)) {
        into.error = error_code::bad_weights;
        return;
      }
      dealt.add(decoders_.cycles());
      const std::size_t group_offset =
          std::size_t{(what.panel.first_row + r) / what.kernels_per_group} * what.panel.columns;
      const std::size_t first_chunk = into.chunk_ends.size();
      sparse::cut_kernel(row_.columns, lanes_, slice_packing_ ? what.slice : what.panel.columns,
                         static_cast<std::uint32_t>(into.stationary.size()), into.chunk_ends);
      for (std::size_t i = 0; i < row_.values.size(); ++i) {
        into.stationary.push_back(row_.values[i]);
        into.patches.push_back(static_cast<std::uint32_t>(group_offset + row_.columns[i]));
      }
      const std::size_t chunks = into.chunk_ends.size() - first_chunk;
      if (chunks > most_chunks_per_sum) {
        into.error = error_code::too_large;
        return;
      }
      if (chunks > 0) {
        into.kernels.push_back({r, into.chunk_ends.size()});
      }
      into.deleted += what.panel.columns - row_.values.size();
    }
    into.decoding = dealt.most();
    into.decoder_cycles = dealt.sum();
  } catch (const sparse::image_error&) {
    into.error = error_code::bad_weights; // the chip reports what is wrong with a program by its error code alone
  }
}

} // namespace sonic::chip
