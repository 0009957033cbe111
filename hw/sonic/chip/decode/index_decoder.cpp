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

void index_decoder::send(array_kind array, transport::decode_job& job, const sc_core::sc_time& ready) {
  if (serving_ == nullptr) {
    dispatch.run(array, job, blocks_, ready);
    return;
  }
  serving_->passes++; // before: the units may be through before the last one of them begins
  if (!dispatch.send(array, job, blocks_)) {
    serving_->passes--;
  }
}

std::span<const std::uint8_t> index_decoder::read(transport::byte_initiator& from, std::uint64_t bytes,
                                                  std::vector<std::uint8_t>& into) {
  if (into.size() < bytes) {
    into.resize(bytes); // grows only: what is read over need not be cleared
  }
  const std::span<std::uint8_t> here(into.data(), bytes);
  from.read_hidden(0, here);
  return here;
}

std::uint8_t* index_decoder::sum_memory() {
  if (sum_memory_ == nullptr) {
    ::tlm::tlm_generic_payload payload;
    ::tlm::tlm_dmi dmi;
    [[maybe_unused]] const bool granted = sums.socket->get_direct_mem_ptr(payload, dmi);
    sc_assert(granted);
    sum_memory_ = dmi.get_dmi_ptr();
  }
  return sum_memory_;
}

std::optional<sparse::matrix_image> index_decoder::open_weights(transport::decode_job& job) {
  const auto& layer = *job.layer;
  try {
    sparse::matrix_image image(read(weights, job.panel.bytes, weight_bytes_));
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
  const auto& kernels = kernels_.decode(job, read(weights, job.panel.bytes, weight_bytes_));
  if (kernels.error != error_code::none) {
    job.error = kernels.error;
    return;
  }
  const std::size_t input_bytes = static_cast<std::size_t>(job.input.area()) * layer.in_channels * element_bytes(layer);
  patches_.load(layer, job.input, job.output, read(activations, input_bytes, activation_bytes_));

  const auto symbols = static_cast<std::uint32_t>(job.output.area());
  const std::size_t row_bytes = symbols * sum_bytes(layer);
  std::uint8_t* sums_of_tile = sum_memory() + job.sums_offset;
  std::memset(sums_of_tile, 0, row_bytes * job.panel.rows);
  job.deleted += kernels.deleted * symbols;
  streams_.resize(kernels.patches.size());
  for (std::size_t i = 0; i < streams_.size(); ++i) {
    streams_[i] = patches_.row(kernels.patches[i]);
  }
  blocks_.clear();
  std::size_t kernel = 0;
  std::uint32_t begin = 0;
  for (std::size_t chunk = 0; chunk < kernels.chunk_ends.size(); ++chunk) {
    while (kernel + 1 < kernels.kernels.size() && kernels.kernels[kernel + 1].first <= chunk) {
      ++kernel;
    }
    const std::uint32_t r = kernels.kernels[kernel].second;
    const std::uint32_t end = kernels.chunk_ends[chunk];
    auto& b = blocks_.emplace_back();
    b.stationary = kernels.stationary.data() + begin;
    b.streams = streams_.data() + begin;
    b.lanes = end - begin;
    b.symbols = symbols;
    b.stationary_key = next_key_++;
    for (; begin < end; ++begin) {
      b.zeros += patches_.zeros(kernels.patches[begin]);
    }
    b.ring_level = job.ring_levels[r];
    b.partial_sums = sums_of_tile + r * row_bytes;
  }
  send(array_kind::conv, job, ready);
}

void index_decoder::decode_fully_connected(transport::decode_job& job, const sc_core::sc_time& ready) {
  const auto& layer = *job.layer;
  const auto image = open_weights(job);
  if (!image) {
    return;
  }
  const std::uint32_t columns = job.panel.columns;
  if (job.first_panel) {
    std::memset(sum_memory() + job.sums_offset, 0, columns * sum_bytes(layer));
    kept_activations_.clear();
    kept_rows_.clear();
    kept_zeros_.clear();
    chunks_of_sum_ = 0;
  }
  const auto bytes = read(activations, job.panel.rows * element_bytes(layer), activation_bytes_);
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
  clear_blocks();
  for (std::size_t i = 0; i < taken; ++i) {
    stationary_.push_back(kept_activations_[i]);
    streams_.push_back(kept_rows_.data() + i * columns);
    stream_zeros_.push_back(kept_zeros_[i]);
    if ((i + 1) % chip_.fc_lanes == 0 || i + 1 == taken) {
      chunk_ends_.push_back(static_cast<std::uint32_t>(i + 1));
    }
  }
  chunks_of_sum_ += chunk_ends_.size();
  if (chunks_of_sum_ > most_chunks_per_sum) {
    job.error = error_code::too_large;
    return;
  }
  for (std::size_t chunk = 0; chunk < chunk_ends_.size(); ++chunk) {
    auto b = block_of(chunk, columns);
    b.partial_sums = sum_memory() + job.sums_offset;
    blocks_.push_back(b);
  }
  send(array_kind::fc, job, ready);
  const auto drop = [taken](auto& values, std::size_t width) {
    values.erase(values.begin(), values.begin() + static_cast<std::ptrdiff_t>(taken * width));
  };
  drop(kept_activations_, 1);
  drop(kept_rows_, columns);
  drop(kept_zeros_, 1);
}

void index_decoder::clear_blocks() {
  stationary_.clear();
  streams_.clear();
  stream_zeros_.clear();
  chunk_ends_.clear();
  blocks_.clear();
}

transport::block index_decoder::block_of(std::size_t chunk, std::uint32_t symbols) {
  const std::uint32_t begin = chunk == 0 ? 0 : chunk_ends_[chunk - 1];
  transport::block b;
  b.stationary = stationary_.data() + begin;
  b.streams = streams_.data() + begin;
  b.lanes = chunk_ends_[chunk] - begin;
  b.symbols = symbols;
  b.stationary_key = next_key_++;
  for (std::uint32_t i = begin; i < chunk_ends_[chunk]; ++i) {
    b.zeros += stream_zeros_[i];
  }
  return b;
}

} // namespace sonic::chip
