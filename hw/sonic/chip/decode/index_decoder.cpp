// SPDX-License-Identifier: Apache-2.0
#include "sonic/chip/decode/index_decoder.h"

#include "sonic/chip/decode/stream_light.h"
#include "sonic/plan/element_sizes.h"
#include "sonic/plan/limits.h"

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
               {chip.fc_units, chip.fc_lanes, chip.weight_bytes, chip.activation_bytes}, *chip.adders, chip.working),
      chip_(chip), rows_(chip.rows), patches_(chip.emission), kernels_(chip.conv_lanes, chip.slice_packing, rows_),
      flips_(chip.flips), weight_rows_(rows_), phases_([this](auto& payload, auto& phase, auto& delay) {
        return control->nb_transport_bw(payload, phase, delay);
      }) {
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
  job.deleted = job.decoder_cycles = 0;
  job.light.clear();
  job.started = job.taken = job.ended = ready;
  if (job.layer->operation == static_cast<std::uint8_t>(regs::operation::convolution)) {
    decode_convolution(job, ready);
  } else {
    decode_fully_connected(job, ready);
  }
}

::tlm::tlm_sync_enum index_decoder::nb_transport_fw(::tlm::tlm_generic_payload& payload, ::tlm::tlm_phase& phase,
                                                    sc_core::sc_time& delay) {
  if (phases_.ended_by(payload, phase, delay)) {
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

void index_decoder::end(transport::decode_job& job, std::span<std::uint8_t> complete) {
  dispatch.flush();
  read_sums(job, complete);
  if (!dispatch.end() && serving_ != nullptr) {
    serving_->passes--;
  }
}

std::span<std::uint8_t> index_decoder::sums_of(const transport::decode_job& job, std::uint64_t rows,
                                               std::uint64_t columns) {
  return sums.direct(job.sums_offset, rows * columns * plan::sum_bytes(*job.layer));
}

void index_decoder::clear_sums(const transport::decode_job& job, std::span<const std::uint8_t> of_tile) const {
  if (chip_.adders->active()) {
    const std::size_t bytes = plan::sum_bytes(*job.layer);
    chip_.adders->clear(job.sums_offset / bytes, of_tile.size() / bytes);
  }
}

void index_decoder::read_sums(transport::decode_job& job, std::span<std::uint8_t> of_tile) {
  if (chip_.adders->active() && !of_tile.empty()) {
    const std::size_t bytes = plan::sum_bytes(*job.layer);
    chip_.adders->read(job.sums_offset / bytes,
                       {reinterpret_cast<std::int32_t*>(of_tile.data()), of_tile.size() / bytes});
    job.error = chip_.adders->gave_up() ? error_code::block_failed : job.error;
  }
  flips_.partial_sums(job, of_tile);
}

std::span<const std::uint8_t> index_decoder::weights_of(const transport::decode_job& job) {
  const auto bytes = weights.direct(0, job.panel.bytes);
  return flips_.of_weights() ? flips_.weights(job, bytes) : std::span<const std::uint8_t>(bytes);
}

const transport::decode_job& index_decoder::with_all_levels(const transport::decode_job& job) {
  constexpr std::size_t most_levels = 256; // codes have 8 bits at most
  if (!flips_.of_weights() || job.codebook.size() >= most_levels) {
    return job;
  }
  with_levels_ = job;
  with_levels_.codebook.resize(most_levels, 0.0F);
  return with_levels_;
}

void index_decoder::decode_convolution(transport::decode_job& job, const sc_core::sc_time& ready) {
  const auto& layer = *job.layer;
  const auto& kernels = kernels_.decode(with_all_levels(job), weights_of(job));
  if (kernels.error != error_code::none) {
    job.error = kernels.error;
    return;
  }
  const std::size_t input_bytes =
      static_cast<std::size_t>(job.input.area()) * layer.in_channels * plan::element_bytes(layer);
  patches_.load(layer, job.input, job.output, flips_.activations(job, activations.direct(0, input_bytes)));

  const auto symbols = static_cast<std::uint32_t>(job.output.area());
  const std::size_t row_bytes = symbols * plan::sum_bytes(layer);
  const auto sums_of_tile = sums_of(job, job.panel.rows, symbols);
  job.deleted += kernels.deleted * symbols;
  job.decoder_cycles += kernels.decoder_cycles;
  begin(array_kind::conv, job, {kernels.chunk_ends.size(), kernels.patches.size(), symbols, kernels.decoding}, ready);
  clear_sums(job, sums_of_tile);
  transport::block_sequence of_kernel;
  of_kernel.stationary = kernels.stationary.data();
  of_kernel.streams = patches_.values();
  of_kernel.offsets = patches_.offsets();
  of_kernel.rows = kernels.patches.data();
  of_kernel.light = patches_.light();
  of_kernel.ends = kernels.chunk_ends.data();
  of_kernel.symbols = symbols;
  of_kernel.stationary_key = next_key_;
  std::size_t chunk = 0;
  std::uint32_t cleared = 0; // rows of sums
  const auto clear_below = [&](std::uint32_t row) {
    std::memset(sums_of_tile.data() + cleared * row_bytes, 0, (row - cleared) * row_bytes);
    cleared = row;
  };
  for (const auto& kernel : kernels.kernels) {
    clear_below(kernel.row + 1); // just before they are added to: they are in the first-level cache then
    of_kernel.blocks = static_cast<std::uint32_t>(kernel.end - chunk);
    of_kernel.ring_level = job.ring_levels[kernel.row];
    of_kernel.partial_sums = sums_of_tile.data() + kernel.row * row_bytes;
    dispatch.add(of_kernel, patches_.zeros());
    of_kernel.skip(of_kernel.blocks);
    chunk = kernel.end;
  }
  clear_below(job.panel.rows);
  next_key_ = of_kernel.stationary_key;
  end(job, sums_of_tile);
}

void index_decoder::find_activations(transport::decode_job& job) {
  const auto& layer = *job.layer;
  const auto bytes = flips_.activations(job, activations.direct(0, job.panel.rows * plan::element_bytes(layer)));
  present_.resize(job.panel.rows);
  std::size_t count = 0;
  for (std::uint32_t r = 0; r < job.panel.rows; ++r) {
    float value = 0.0F;
    if (layer.element == 0) {
      std::uint16_t code = 0;
      std::memcpy(&code, bytes.data() + std::size_t{r} * sizeof(code), sizeof(code));
      value = code;
    } else {
      std::memcpy(&value, bytes.data() + std::size_t{r} * sizeof(value), sizeof(value));
    }
    present_[count] = {r, value}; // without a jump: written over where it is not wanted
    count += value != 0.0F || chip_.keep_zeros ? 1 : 0;
  }
  present_.resize(count);
  job.deleted += std::uint64_t{job.panel.columns} * (job.panel.rows - present_.size());
}

void index_decoder::decode_fully_connected(transport::decode_job& job, const sc_core::sc_time& ready) {
  const std::uint32_t columns = job.panel.columns;
  if (job.first_panel) {
    const auto cleared = sums_of(job, 1, columns);
    std::fill(cleared.begin(), cleared.end(), std::uint8_t{0});
    clear_sums(job, cleared);
    weight_rows_.restart(with_all_levels(job));
    chunks_of_sum_ = 0;
  }
  job.error = weight_rows_.open(with_all_levels(job), weights_of(job));
  if (job.error != error_code::none) {
    return;
  }
  find_activations(job);
  const std::size_t most_waiting =
      std::max<std::size_t>(plan::tile_limits::decoded_values / columns + 1, chip_.fc_lanes);
  weight_rows_.make_room(std::min(present_.size(), most_waiting));
  for (const auto& [row, activation] : present_) {
    if (!weight_rows_.add(row, activation)) {
      job.error = error_code::bad_weights;
      return;
    }
    if (weight_rows_.waiting() * columns >= plan::tile_limits::decoded_values) {
      send_fully_connected(job, ready, false);
      if (job.error == error_code::none) {
        job.error = weight_rows_.open(with_all_levels(job), weights_of(job)); // time may have passed
      }
      if (job.error != error_code::none) {
        return;
      }
    }
  }
  send_fully_connected(job, ready, job.last_panel);
}

const transport::row_light* index_decoder::measure_light(std::size_t lanes, std::uint32_t columns) {
  for (std::size_t lane = 0; lane < lanes; ++lane) {
    const std::uint32_t slot = weight_rows_.slots()[lane];
    light_.resize(std::max<std::size_t>(light_.size(), std::size_t{slot} + 1));
    light_[slot] = light_of({weight_rows_.values() + weight_rows_.offsets()[slot], columns}, 1.0F);
  }
  return light_.data();
}

void index_decoder::send_fully_connected(transport::decode_job& job, const sc_core::sc_time& ready, bool all) {
  // Whole blocks of `lanes` activations, and what is left at the end of the sums.
  const std::uint32_t columns = job.panel.columns;
  const std::size_t lanes = chip_.fc_lanes;
  const std::size_t waiting = weight_rows_.waiting();
  const std::size_t taken = all ? waiting : waiting / lanes * lanes;
  const auto complete = all ? sums_of(job, 1, columns) : std::span<std::uint8_t>();
  if (taken == 0) {
    read_sums(job, complete); // zeros, or what the panels before have left nothing to add to
    return;
  }
  const std::size_t chunks = (taken + lanes - 1) / lanes;
  chunks_of_sum_ += chunks;
  if (chunks_of_sum_ > most_chunks_per_sum) {
    job.error = error_code::too_large;
    return;
  }
  chunk_ends_.resize(chunks);
  for (std::size_t i = 0; i < chunks; ++i) {
    chunk_ends_[i] = static_cast<std::uint32_t>(std::min((i + 1) * lanes, taken));
  }
  const auto decoding = weight_rows_.take_decoding();
  job.decoder_cycles += decoding.sum;
  begin(array_kind::fc, job, {chunks, taken, columns, decoding.most}, ready);
  transport::block_sequence blocks;
  blocks.stationary = weight_rows_.activations();
  blocks.streams = weight_rows_.values();
  blocks.offsets = weight_rows_.offsets();
  blocks.rows = weight_rows_.slots();
  blocks.ends = chunk_ends_.data();
  blocks.blocks = static_cast<std::uint32_t>(chunks);
  blocks.symbols = columns;
  blocks.stationary_key = next_key_;
  blocks.partial_sums = sums_of(job, 1, columns).data();
  if (chip_.emission.physical) {
    blocks.light = measure_light(taken, columns);
  }
  dispatch.add(blocks, weight_rows_.zeros());
  next_key_ += chunks;
  end(job, complete);
  weight_rows_.drop(taken);
}

} // namespace sonic::chip
