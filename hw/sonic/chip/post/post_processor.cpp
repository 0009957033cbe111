// SPDX-License-Identifier: Apache-2.0
#include "sonic/chip/post/post_processor.h"

#include "sonic/chip/post/pool_window.h"
#include "sonic/chip/post/post_arithmetic.h"

#include <algorithm>
#include <limits>
#include <span>

namespace sonic::chip {

namespace {

struct code16_traits {
  using element = std::uint16_t;
  using sum = std::int32_t;
  using wide = std::uint64_t; ///< sum of a pool's window
  using record = regs::parameters_code16;
  using post = code16_post;
  static auto mean(wide total, std::uint64_t count) { return mean_q16(total, count); }
  static element pad(const regs::descriptor& layer) { return static_cast<element>(layer.pad_value); }
  static constexpr element lowest = 0;
};

struct float32_traits {
  using element = float;
  using sum = double;
  using wide = double;
  using record = regs::parameters_float32;
  using post = float32_post;
  static auto mean(wide total, std::uint64_t count) { return total / static_cast<double>(count); }
  static element pad(const regs::descriptor& layer) { return std::bit_cast<float>(layer.pad_value); }
  static constexpr element lowest = -std::numeric_limits<float>::infinity();
};

} // namespace

post_processor::post_processor(const sc_core::sc_module_name& name, double ns_per_element)
    : sc_module(name), control("control"), sums("sums"), global("global"), sums_read("sums_read"),
      ns_per_element_(ns_per_element), phases_([this](auto& payload, auto& phase, auto& delay) {
        return control->nb_transport_bw(payload, phase, delay);
      }) {
  control.register_b_transport(this, &post_processor::b_transport);
  control.register_nb_transport_fw(this, &post_processor::nb_transport_fw);
  sums_read.on_answered = [this](const transport::stream_job&) { reads_.pop_front(); };
}

void post_processor::b_transport(::tlm::tlm_generic_payload& payload, sc_core::sc_time& delay) {
  auto* job = transport::job_of<transport::post_job>(payload);
  if (job == nullptr) {
    payload.set_response_status(::tlm::TLM_COMMAND_ERROR_RESPONSE);
    return;
  }
  job->layer->element == 0 ? run<code16_traits>(*job) : run<float32_traits>(*job);
  elements_ += job->channels * job->inner;

  // Channels flow in from `available` on; the last one is complete at `delay`, and only its elements come after that.
  const auto now = sc_core::sc_time_stamp();
  const sc_core::sc_time whole(ns_per_element_ * static_cast<double>(job->channels * job->inner), sc_core::SC_NS);
  const sc_core::sc_time last(ns_per_element_ * static_cast<double>(job->inner), sc_core::SC_NS);
  job->started = busy_.begin(job->available, job->epoch);
  const auto streamed = job->started + whole;
  const auto ended = std::max(now + delay + last, streamed);
  busy_.take_until(ended);
  job->ended = ended;
  for (auto* observer : observers_) {
    observer->post_done(*job);
  }
  delay = ended - now;
  payload.set_response_status(::tlm::TLM_OK_RESPONSE);
}

::tlm::tlm_sync_enum post_processor::nb_transport_fw(::tlm::tlm_generic_payload& payload, ::tlm::tlm_phase& phase,
                                                     sc_core::sc_time& /*delay*/) {
  if (phase != ::tlm::BEGIN_REQ) {
    phases_.ended();
    return ::tlm::TLM_COMPLETED;
  }
  sc_core::sc_time taken;
  b_transport(payload, taken);
  const auto& job = *transport::job_of<transport::post_job>(payload);
  if (job.source == transport::post_source::partial_sums) {
    // What the units read and write of the next tile's sums waits while these are read.
    auto& read = reads_.emplace_back();
    read.bytes = static_cast<double>(job.channels * job.inner * sizeof(std::int32_t));
    read.requesters = 0;
    read.first = true;
    read.epoch = job.epoch;
    read.asked = sc_core::sc_time_stamp();
    sums_read.send(read);
  }
  phases_.respond_at(payload, job.ended);
  phase = ::tlm::END_REQ;
  return ::tlm::TLM_UPDATED;
}

template <class traits>
void post_processor::run(const transport::post_job& job) {
  switch (job.source) {
  case transport::post_source::partial_sums:
    finish_sums<traits>(job);
    break;
  case transport::post_source::max_pool:
  case transport::post_source::average_pool:
    pool<traits>(job);
    break;
  case transport::post_source::elementwise:
    elementwise<traits>(job);
    break;
  case transport::post_source::fill:
    fill<traits>(job);
    break;
  }
}

template <class value>
std::vector<value> post_processor::read(transport::byte_initiator& from, std::uint64_t offset, std::uint64_t count) {
  std::vector<value> values(count);
  from.read_hidden(offset, {reinterpret_cast<std::uint8_t*>(values.data()), values.size() * sizeof(value)});
  return values;
}

template <class value>
void post_processor::write(std::uint64_t offset, const std::vector<value>& values) {
  global.write_hidden(offset, {reinterpret_cast<const std::uint8_t*>(values.data()), values.size() * sizeof(value)});
}

template <class record>
std::vector<record> post_processor::read_parameters(const transport::post_job& job) {
  if (job.layer->parameter_records == 1) {
    return std::vector<record>(job.channels, read<record>(global, job.parameter_offset, 1).front());
  }
  return read<record>(global, job.parameter_offset, job.channels);
}

template <class traits>
void post_processor::finish_sums(const transport::post_job& job) {
  const auto parameters = read_parameters<typename traits::record>(job);
  const auto totals = read<typename traits::sum>(sums, job.sums_offset, job.channels * job.inner);
  const typename traits::post post(*job.layer);
  std::vector<typename traits::element> out(totals.size());
  for (std::uint64_t c = 0; c < job.channels; ++c) {
    const auto& channel = parameters[c];
    for (std::uint64_t i = c * job.inner; i < (c + 1) * job.inner; ++i) {
      out[i] = post(totals[i], 0, channel);
    }
  }
  write(job.output_offset, out);
}

template <class traits>
void post_processor::pool(const transport::post_job& job) {
  using element = typename traits::element;
  const auto& layer = *job.layer;
  const auto parameters = read_parameters<typename traits::record>(job);
  const auto plane = static_cast<std::uint64_t>(job.input.area());
  const auto cells = read<element>(global, job.input_offset, job.channels * plane);
  const typename traits::post post(layer);
  const bool maximum = job.source == transport::post_source::max_pool;
  const bool count_padding = (layer.flags & regs::flag_count_include_pad) != 0;
  std::vector<element> out(job.channels * job.inner);
  std::size_t position = 0;
  for (std::int64_t r = job.output.row_begin; r < job.output.row_end; ++r) {
    for (std::int64_t c = job.output.column_begin; c < job.output.column_end; ++c, ++position) {
      const pool_window w = pool_window_at(layer, r, c);
      const auto inside = static_cast<std::uint64_t>((w.row_end - w.row_begin) * (w.column_end - w.column_begin));
      const std::uint64_t divisor = count_padding ? w.padded_cells : inside;
      for (std::uint64_t channel = 0; channel < job.channels; ++channel) {
        element largest = traits::lowest;
        typename traits::wide total = 0;
        for (std::int64_t kr = w.row_begin; kr < w.row_end; ++kr) {
          const std::int64_t row = w.row_first + kr * layer.dilation_height - job.input.row_begin;
          const element* line = cells.data() + channel * plane + static_cast<std::uint64_t>(row * job.input.columns());
          for (std::int64_t kc = w.column_begin; kc < w.column_end; ++kc) {
            const element cell = line[w.column_first + kc * layer.dilation_width - job.input.column_begin];
            largest = std::max(largest, cell);
            total += cell;
          }
        }
        element& target = out[channel * job.inner + position];
        if (maximum) {
          target = post(largest, 0, parameters[channel]);
        } else {
          total += static_cast<typename traits::wide>(divisor - inside) * traits::pad(layer);
          target = post(traits::mean(total, std::max<std::uint64_t>(divisor, 1)), 0, parameters[channel]);
        }
      }
    }
  }
  write(job.output_offset, out);
}

template <class traits>
void post_processor::elementwise(const transport::post_job& job) {
  using element = typename traits::element;
  const auto parameters = read_parameters<typename traits::record>(job);
  const std::uint64_t count = job.channels * job.inner;
  const auto a = read<element>(global, job.input_offset, count);
  const bool has_second = (job.layer->flags & regs::flag_has_second) != 0;
  const auto b = has_second ? read<element>(global, job.second_offset, count) : std::vector<element>(count);
  const typename traits::post post(*job.layer);
  std::vector<element> out(count);
  for (std::uint64_t c = 0; c < job.channels; ++c) {
    for (std::uint64_t i = c * job.inner; i < (c + 1) * job.inner; ++i) {
      out[i] = post(a[i], b[i], parameters[c]);
    }
  }
  write(job.output_offset, out);
}

template <class traits>
void post_processor::fill(const transport::post_job& job) {
  write(job.output_offset, std::vector<typename traits::element>(job.channels * job.inner, traits::pad(*job.layer)));
}

} // namespace sonic::chip
