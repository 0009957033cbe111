// SPDX-License-Identifier: Apache-2.0
#include "sonic/chip/decode/weight_rows.h"

#include <algorithm>
#include <utility>

namespace sonic::chip {

namespace {

using regs::error_code;

/// Limit of the model's own memory for layers that are remembered, in values: decoding a row takes less time than
/// reading it from memory that no cache holds.
constexpr std::size_t most_held = std::size_t{1} << 20;

/// Slots begin whole cache lines apart, and not a power of two, whose multiples would share a few places of a cache.
std::size_t pitch_of(std::uint32_t columns) {
  constexpr std::size_t line = 64 / sizeof(float);
  return ((columns + line - 1) / line | 1U) * line;
}

} // namespace

void weight_rows::memory::lay_out(std::size_t slots, std::size_t pitch) {
  if (values.size() < slots * pitch) {
    values.resize(slots * pitch);
  }
  zeros.resize(slots);
  cycles.resize(slots);
  offsets.resize(slots);
  for (std::size_t slot = 0; slot < slots; ++slot) {
    offsets[slot] = static_cast<std::uint32_t>(slot * pitch);
  }
}

weight_rows::remembered* weight_rows::find_layer(const transport::decode_job& job) {
  const std::size_t rows = job.layer->in_channels;
  const std::uint64_t key = std::uint64_t{job.layer->layer} << 32U | job.panel.first_column;
  const auto found = layers_.find(key);
  if (found != layers_.end()) {
    auto& of = found->second;
    if (of.known.size() == rows && of.rows.values.size() == rows * pitch_) {
      return &of;
    }
    held_ -= of.rows.values.size();
    layers_.erase(found);
  }
  if (rows > (most_held - held_) / pitch_) {
    return nullptr;
  }
  auto& of = layers_[key];
  of.rows.lay_out(rows, pitch_);
  of.known.assign(rows, 0);
  held_ += rows * pitch_;
  return &of;
}

void weight_rows::restart(const transport::decode_job& job) {
  activations_.clear();
  waiting_.clear();
  dealt_.clear(); // of a program that ended in between
  next_ = 0;
  pitch_ = pitch_of(job.panel.columns);
  layer_ = find_layer(job);
  in_ = layer_ != nullptr ? &layer_->rows : &passing_;
  if (layer_ == nullptr) {
    passing_.lay_out(passing_.values.size() / pitch_, pitch_);
  }
}

error_code weight_rows::open(const transport::decode_job& job, std::span<const std::uint8_t> bytes) {
  const auto& panel = job.panel;
  first_ = panel.first_row;
  bytes_ = bytes;
  levels_ = sparse::level_table(job.codebook);
  image_.reset();
  if (layer_ != nullptr) {
    const auto found = layer_->panels.find(first_);
    if (found != layer_->panels.end() && found->second.is(job, bytes)) {
      return error_code::none;
    }
  }
  try {
    image_.emplace(bytes);
  } catch (const sparse::image_error&) {
    return error_code::bad_weights; // the chip reports what is wrong with a program by its error code alone
  }
  if (image_->rows() != panel.rows || image_->columns() != panel.columns ||
      (image_->code_bits() == sparse::float_bits) != (job.layer->element == 1)) {
    return error_code::bad_weights;
  }
  if (layer_ != nullptr) {
    layer_->panels[first_].assign(job, bytes);
    std::fill_n(layer_->known.begin() + first_, panel.rows, std::uint8_t{0});
  }
  return error_code::none;
}

void weight_rows::make_room(std::size_t rows) {
  const std::size_t waiting = waiting_.size();
  if (layer_ != nullptr || waiting + rows <= passing_.offsets.size()) {
    return;
  }
  memory larger;
  larger.lay_out(waiting + rows, pitch_);
  for (std::uint32_t i = 0; i < waiting; ++i) {
    const std::uint32_t from = waiting_[i];
    std::copy_n(passing_.values.data() + passing_.offsets[from], pitch_, larger.values.data() + larger.offsets[i]);
    larger.zeros[i] = passing_.zeros[from];
    larger.cycles[i] = passing_.cycles[from];
    waiting_[i] = i;
  }
  passing_ = std::move(larger);
  next_ = static_cast<std::uint32_t>(waiting);
}

bool weight_rows::add(std::uint32_t index, float activation) {
  next_ = next_ < passing_.offsets.size() ? next_ : 0;
  const std::uint32_t slot = layer_ != nullptr ? first_ + index : next_++;
  if (layer_ == nullptr || layer_->known[slot] == 0) {
    if (!image_) {
      image_.emplace(bytes_); // it was good when its panel was first opened
    }
    if (!decoders_.expand(*image_, index, levels_, room_, in_->values.data() + in_->offsets[slot], in_->zeros[slot])) {
      return false;
    }
    in_->cycles[slot] = decoders_.cycles();
    if (layer_ != nullptr) {
      layer_->known[slot] = 1;
    }
  }
  if (decoders_.timed()) {
    dealt_.add(in_->cycles[slot]);
  }
  activations_.push_back(activation);
  waiting_.push_back(slot);
  return true;
}

weight_rows::decoding weight_rows::take_decoding() {
  const decoding taken{dealt_.most(), dealt_.sum()};
  dealt_.clear();
  return taken;
}

void weight_rows::drop(std::size_t count) {
  const auto end = static_cast<std::ptrdiff_t>(count);
  activations_.erase(activations_.begin(), activations_.begin() + end);
  waiting_.erase(waiting_.begin(), waiting_.begin() + end);
}

} // namespace sonic::chip
