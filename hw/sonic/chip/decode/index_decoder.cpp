// SPDX-License-Identifier: Apache-2.0
#include "sonic/chip/decode/index_decoder.h"

#include "sonic/chip/element_sizes.h"
#include "sonic/chip/limits.h"

#include <algorithm>
#include <bit>
#include <cstring>

namespace sonic::chip {

namespace {

using regs::error_code;
using transport::array_kind;

} // namespace

index_decoder::index_decoder(const sc_core::sc_module_name& name, const parameters& chip)
    : sc_module(name), control("control"), weights("weights"), activations("activations"), sums("sums"),
      dispatch({chip.conv_units, chip.conv_lanes, chip.activation_bytes, chip.weight_bytes},
               {chip.fc_units, chip.fc_lanes, chip.weight_bytes, chip.activation_bytes}),
      chip_(chip), kernels_(chip.conv_lanes, chip.slice_packing),
      phases_(
          [this](auto& payload, auto& phase, auto& delay) { return control->nb_transport_bw(payload, phase, delay); }) {
  control.register_b_transport(this, &index_decoder::b_transport);
  control.register_nb_transport_fw(this, &index_decoder::nb_transport_fw);
  dispatch.on_passed = [this](transport::decode_job& job) { passed(job); };
  SC_HAS_PROCESS(index_decoder);
  SC_THREAD(serve);
}

void index_decoder::b_transport(::tlm::tlm_generic_payload& payload, sc_core::sc_time& delay) {
  auto* job = transport::job_of<transport::decode_job>(payload);
  if (job == nullptr) {
    payload.set_response_status(::tlm::TLM_COMMAND_ERROR_RESPONSE);
    return;
  }
  decode(*job, sc_core::sc_time_stamp() + delay);
  delay = job->ended - sc_core::sc_time_stamp();
  payload.set_response_status(::tlm::TLM_OK_RESPONSE);
}

void index_decoder::decode(transport::decode_job& job, const sc_core::sc_time& ready) {
  job.error = error_code::none;
  job.deleted = 0;
  job.light.clear();
  job.started = job.taken = job.ended = ready;
  if (job.layer->operation == static_cast<std::uint8_t>(regs::operation::convolution)) {
    decode_convolution(job, ready);
  } else {
    decode_fully_connected(job, ready);
  }
}

::tlm::tlm_sync_enum index_decoder::nb_transport_fw(::tlm::tlm_generic_payload& payload, ::tlm::tlm_phase& phase,
                                                    sc_core::sc_time& /*delay*/) {
  if (phase != ::tlm::BEGIN_REQ) {
    phases_.ended();
    return ::tlm::TLM_COMPLETED;
  }
  arrived_.push_back(&payload);
  arrival_.notify();
  return ::tlm::TLM_ACCEPTED;
}

void index_decoder::serve() {
  while (true) {
    while (arrived_.empty()) {
      wait(arrival_);
    }
    auto& payload = *arrived_.front();
    arrived_.pop_front();
    auto& job = *transport::job_of<transport::decode_job>(payload);
    auto& mine = tiles_.emplace_back();
    mine.payload = &payload;
    mine.job = &job;
    payload.set_response_status(::tlm::TLM_OK_RESPONSE);
    serving_ = &mine;
    decode(job, sc_core::sc_time_stamp());
    serving_ = nullptr;
    phases_.accept_at(payload, sc_core::sc_time_stamp());
    mine.decoded = true;
    answer_complete();
  }
}

void index_decoder::passed(transport::decode_job& job) {
  std::find_if(tiles_.begin(), tiles_.end(), [&job](const tile& t) { return t.job == &job; })->passes--;
  answer_complete();
}

void index_decoder::answer_complete() {
  while (!tiles_.empty() && tiles_.front().decoded && tiles_.front().passes == 0) {
    phases_.respond_at(*tiles_.front().payload, sc_core::sc_time_stamp());
    tiles_.pop_front();
  }
}

void index_decoder::begin(array_kind array, transport::decode_job& job, const pass_size& size,
                          const sc_core::sc_time& ready) {
  if (serving_ == nullptr) {
    dispatch.begin(array, job, size, ready);
    return;
  }
  serving_->passes++; // before: the units may be through before the last one of them begins
  dispatch.begin(array, job, size, std::nullopt);
}

void index_decoder::end() {
  if (!dispatch.end() && serving_ != nullptr) {
    serving_->passes--;
  }
}

std::uint8_t* index_decoder::sums_of(const transport::decode_job& job, std::uint64_t rows, std::uint64_t columns) {
  return sums.direct(job.sums_offset, rows * columns * sum_bytes(*job.layer)).data();
}

std::optional<sparse::matrix_image> index_decoder::open_weights(transport::decode_job& job) {
  const auto& layer = *job.layer;
  // A copy: approximately timed, the next panel may come while this one waits for the units.
  const auto bytes = weights.direct(0, job.panel.bytes);
  weight_bytes_.assign(bytes.begin(), bytes.end());
  try {
    sparse::matrix_image image(weight_bytes_);
    const bool exact = layer.element == 1;
    if (image.rows() == job.panel.rows && image.columns() == job.panel.columns &&
        (image.code_bits() == sparse::float_bits) == exact) {
      return image;
    }
  } catch (const sparse::image_error&) {
    // The chip reports what is wrong with a program by its error code alone.
  }
  job.error = error_code::bad_weights;
  return std::nullopt;
}

void index_decoder::decode_convolution(transport::decode_job& job, const sc_core::sc_time& ready) {
  const auto& layer = *job.layer;
  const auto& kernels = kernels_.decode(job, weights.direct(0, job.panel.bytes));
  if (kernels.error != error_code::none) {
    job.error = kernels.error;
    return;
  }
  const std::size_t input_bytes = static_cast<std::size_t>(job.input.area()) * layer.in_channels * element_bytes(layer);
  patches_.load(layer, job.input, job.output, activations.direct(0, input_bytes));

  const auto symbols = static_cast<std::uint32_t>(job.output.area());
  const std::size_t row_bytes = symbols * sum_bytes(layer);
  std::uint8_t* sums_of_tile = sums_of(job, job.panel.rows, symbols);
  std::memset(sums_of_tile, 0, row_bytes * job.panel.rows);
  job.deleted += kernels.deleted * symbols;
  offsets_.resize(kernels.patches.size());
  zeros_before_.resize(kernels.patches.size() + 1);
  std::uint64_t zeros = 0;
  for (std::size_t i = 0; i < offsets_.size(); ++i) {
    const auto& row = patches_.row(kernels.patches[i]);
    offsets_[i] = row.offset;
    zeros_before_[i] = zeros;
    zeros += row.zeros;
  }
  zeros_before_.back() = zeros;
  begin(array_kind::conv, job, {kernels.chunk_ends.size(), kernels.patches.size(), symbols}, ready);
  transport::block_sequence of_kernel;
  of_kernel.stationary = kernels.stationary.data();
  of_kernel.streams = patches_.values();
  of_kernel.offsets = offsets_.data();
  of_kernel.ends = kernels.chunk_ends.data();
  of_kernel.symbols = symbols;
  std::size_t chunk = 0;
  for (const auto& kernel : kernels.kernels) {
    of_kernel.blocks = static_cast<std::uint32_t>(kernel.end - chunk);
    of_kernel.stationary_key = next_key_;
    of_kernel.ring_level = job.ring_levels[kernel.row];
    of_kernel.partial_sums = sums_of_tile + kernel.row * row_bytes;
    dispatch.add(of_kernel, zeros_before_.data());
    next_key_ += of_kernel.blocks;
    of_kernel.first_lane = of_kernel.ends[of_kernel.blocks - 1];
    of_kernel.ends += of_kernel.blocks;
    chunk = kernel.end;
  }
  this->end();
}

void index_decoder::decode_fully_connected(transport::decode_job& job, const sc_core::sc_time& ready) {
  const auto& layer = *job.layer;
  const auto image = open_weights(job);
  if (!image) {
    return;
  }
  const std::uint32_t columns = job.panel.columns;
  if (job.first_panel) {
    std::memset(sums_of(job, 1, columns), 0, columns * sum_bytes(layer));
    kept_activations_.clear();
    kept_rows_.clear();
    kept_zeros_.clear();
    chunks_of_sum_ = 0;
  }
  const auto bytes = activations.direct(0, job.panel.rows * element_bytes(layer));
  for (std::uint32_t r = 0; r < job.panel.rows; ++r) {
    float value = 0.0F;
    if (layer.element == 0) {
      std::uint16_t code = 0;
      std::memcpy(&code, bytes.data() + std::size_t{r} * sizeof(code), sizeof(code));
      value = code;
    } else {
      std::memcpy(&value, bytes.data() + std::size_t{r} * sizeof(value), sizeof(value));
    }
    if (value == 0.0F) {
      job.deleted += columns;
      continue;
    }
    image->decode_row(r, row_);
    if (!levels_of(row_, job.codebook, layer.element == 1, values_)) {
      job.error = error_code::bad_weights;
      return;
    }
    kept_activations_.push_back(value);
    const std::size_t start = kept_rows_.size();
    kept_rows_.resize(start + columns, 0.0F);
    for (std::size_t i = 0; i < values_.size(); ++i) {
      kept_rows_[start + row_.columns[i]] = values_[i];
    }
    kept_zeros_.push_back(count_zeros({kept_rows_.data() + start, columns}));
    if (kept_rows_.size() >= tile_limits::decoded_values) {
      send_fully_connected(job, ready, false);
    }
  }
  send_fully_connected(job, ready, job.last_panel);
}

void index_decoder::send_fully_connected(transport::decode_job& job, const sc_core::sc_time& ready, bool all) {
  // Whole blocks of `lanes` activations, and what is left at the end of the sums.
  const std::uint32_t columns = job.panel.columns;
  const std::size_t waiting = kept_activations_.size();
  const std::size_t taken = all ? waiting : waiting / chip_.fc_lanes * chip_.fc_lanes;
  if (taken == 0) {
    return;
  }
  const std::size_t chunks = (taken + chip_.fc_lanes - 1) / chip_.fc_lanes;
  chunks_of_sum_ += chunks;
  if (chunks_of_sum_ > most_chunks_per_sum) {
    job.error = error_code::too_large;
    return;
  }
  offsets_.resize(taken);
  zeros_before_.resize(taken + 1);
  zeros_before_[0] = 0;
  for (std::size_t i = 0; i < taken; ++i) {
    offsets_[i] = static_cast<std::uint32_t>(i * columns);
    zeros_before_[i + 1] = zeros_before_[i] + kept_zeros_[i];
  }
  chunk_ends_.resize(chunks);
  for (std::size_t i = 0; i < chunks; ++i) {
    chunk_ends_[i] = static_cast<std::uint32_t>(std::min<std::size_t>((i + 1) * chip_.fc_lanes, taken));
  }
  begin(array_kind::fc, job, {chunks, taken, columns}, ready);
  transport::block_sequence all_blocks;
  all_blocks.stationary = kept_activations_.data();
  all_blocks.streams = kept_rows_.data();
  all_blocks.offsets = offsets_.data();
  all_blocks.ends = chunk_ends_.data();
  all_blocks.blocks = static_cast<std::uint32_t>(chunks);
  all_blocks.symbols = columns;
  all_blocks.stationary_key = next_key_;
  all_blocks.partial_sums = sums_of(job, 1, columns);
  dispatch.add(all_blocks, zeros_before_.data());
  next_key_ += chunks;
  this->end();
  const auto drop = [taken](auto& values, std::size_t width) {
    values.erase(values.begin(), values.begin() + static_cast<std::ptrdiff_t>(taken * width));
  };
  drop(kept_activations_, 1);
  drop(kept_rows_, columns);
  drop(kept_zeros_, 1);
}

} // namespace sonic::chip
