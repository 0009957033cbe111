// SPDX-License-Identifier: Apache-2.0
#include "sonic/chip/post/post_processor.h"

#include "sonic/chip/post/pooling.h"
#include "sonic/digital/post_arithmetic.h"
#include "sonic/plan/times.h"

#include <algorithm>
#include <limits>
#include <vector>

namespace sonic::chip {

namespace {

struct code16_traits {
  using element = std::uint16_t;
  using sum = std::int32_t;
  using wide = std::uint64_t; ///< sum of a pool's window
  using record = regs::parameters_code16;
  using post = digital::code16_post;
  static auto mean(wide total, std::uint64_t count) { return digital::mean_q16(total, count); }
  static element pad(const regs::descriptor& layer) { return static_cast<element>(layer.pad_value); }
  static constexpr element lowest = 0;
};

struct float32_traits {
  using element = float;
  using sum = double;
  using wide = double;
  using record = regs::parameters_float32;
  using post = digital::float32_post;
  static auto mean(wide total, std::uint64_t count) { return total / static_cast<double>(count); }
  static element pad(const regs::descriptor& layer) { return std::bit_cast<float>(layer.pad_value); }
  static constexpr element lowest = -std::numeric_limits<float>::infinity();
};

} // namespace

/// A job's channel records: one for each channel, or one for all.
template <class record>
class post_processor::channel_records {
public:
  channel_records(post_processor& of, const transport::post_job& job)
      : step_(job.layer->parameter_records == 1 ? 0 : 1),
        records_(of.operand<record>(of.global, job.parameter_offset, step_ == 0 ? 1 : job.channels)) {}
  const record& operator[](std::uint64_t channel) const { return records_[channel * step_]; }

private:
  std::uint64_t step_;
  const record* records_;
};

post_processor::post_processor(const sc_core::sc_module_name& name, const parameters& chip)
    : sc_module(name), control("control"), sums("sums"), global("global"), sums_read("sums_read"), chip_(chip),
      counted_(chip.counted), phases_([this](auto& payload, auto& phase, auto& delay) {
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
  const std::uint64_t elements = job->channels * job->inner;
  double whole_ns = chip_.ns_per_element * static_cast<double>(elements);
  double last_ns = chip_.ns_per_element * static_cast<double>(job->inner);
  job->error = regs::error_code::none;
  job->cycles = 0;
  if (counted_.active() && job->source != transport::post_source::fill) {
    const auto taken = run_counted(*job);
    whole_ns = chip_.ns_per_cycle * static_cast<double>(taken.most);
    last_ns = chip_.ns_per_cycle * static_cast<double>(taken.last);
    job->cycles = taken.sum;
  }
  if (!counted_.has_twin() || job->source == transport::post_source::fill) {
    job->layer->element == 0 ? run<code16_traits>(*job) : run<float32_traits>(*job);
  }
  elements_ += elements;

  // Channels flow in from `available` on; the last one is complete at `delay`, and only its elements come after that.
  const auto now = sc_core::sc_time_stamp();
  const sc_core::sc_time whole(whole_ns, sc_core::SC_NS), last(last_ns, sc_core::SC_NS);
  job->started = busy_.begin(job->available, job->epoch);
  const auto ended = plan::finished(job->started, now + delay, whole, last);
  busy_.take_until(ended);
  job->ended = ended;
  for (auto* observer : observers_) {
    observer->post_done(*job);
  }
  delay = ended - now;
  payload.set_response_status(::tlm::TLM_OK_RESPONSE);
}

::tlm::tlm_sync_enum post_processor::nb_transport_fw(::tlm::tlm_generic_payload& payload, ::tlm::tlm_phase& phase,
                                                     sc_core::sc_time& delay) {
  if (phases_.ended_by(payload, phase, delay)) {
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

counted_post::cycles post_processor::run_counted(transport::post_job& job) {
  using transport::post_source;
  const std::uint64_t elements = job.channels * job.inner;
  const bool pools = job.source == post_source::max_pool || job.source == post_source::average_pool;
  counted_post::operands with;
  with.records = operand<regs::parameters_code16>(global, job.parameter_offset,
                                                  job.layer->parameter_records == 1 ? 1 : job.channels);
  if (job.source == post_source::partial_sums) {
    with.sums = operand<std::int32_t>(sums, job.sums_offset, elements);
  } else {
    const auto cells = pools ? job.channels * static_cast<std::uint64_t>(job.input.area()) : elements;
    with.first = operand<std::uint16_t>(global, job.input_offset, cells);
  }
  if (job.source == post_source::elementwise && (job.layer->flags & regs::flag_has_second) != 0) {
    with.second = operand<std::uint16_t>(global, job.second_offset, elements);
  }
  with.out = result<std::uint16_t>(job);
  const auto taken = counted_.run(job, with);
  job.error = taken ? regs::error_code::none : regs::error_code::block_failed;
  return taken.value_or(counted_post::cycles{});
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
const value* post_processor::operand(transport::byte_initiator& from, std::uint64_t offset, std::uint64_t count) {
  const auto bytes = from.direct(offset, count * sizeof(value));
  return reinterpret_cast<const value*>(bytes.data());
}

template <class value>
value* post_processor::result(const transport::post_job& job) {
  const auto bytes = global.direct(job.output_offset, job.channels * job.inner * sizeof(value));
  return reinterpret_cast<value*>(bytes.data());
}

template <class traits>
void post_processor::finish_sums(const transport::post_job& job) {
  const auto* totals = operand<typename traits::sum>(sums, job.sums_offset, job.channels * job.inner);
  const channel_records<typename traits::record> records(*this, job);
  auto* out = result<typename traits::element>(job);
  const typename traits::post post(*job.layer);
  for (std::uint64_t c = 0; c < job.channels; ++c) {
    post(totals + c * job.inner, job.inner, records[c], out + c * job.inner);
  }
}

template <class traits>
void post_processor::pool(const transport::post_job& job) {
  using element = typename traits::element;
  const auto& layer = *job.layer;
  const auto plane = static_cast<std::uint64_t>(job.input.area());
  const auto* cells = operand<element>(global, job.input_offset, job.channels * plane);
  const channel_records<typename traits::record> records(*this, job);
  auto* out = result<element>(job);
  const typename traits::post post(layer);
  const plan::pool_windows windows(layer, job.output);
  if (job.source == transport::post_source::max_pool) {
    for (std::uint64_t c = 0; c < job.channels; ++c) {
      element* largest = out + c * job.inner;
      std::fill_n(largest, job.inner, traits::lowest);
      pool_plane(
          windows, job.input, cells + c * plane, [](element x, element y) { return std::max(x, y); }, largest);
      post(largest, nullptr, job.inner, records[c], largest);
    }
    return;
  }
  using wide = typename traits::wide;
  const plan::window_sizes sizes(windows, layer);
  std::vector<wide> totals(job.inner);
  for (std::uint64_t c = 0; c < job.channels; ++c) {
    std::fill(totals.begin(), totals.end(), wide{});
    pool_plane(
        windows, job.input, cells + c * plane, [](wide sum, element x) { return sum + x; }, totals.data());
    for (std::uint64_t i = 0; i < job.inner; ++i) {
      const wide total = totals[i] + static_cast<wide>(sizes.divisor[i] - sizes.inside[i]) * traits::pad(layer);
      out[c * job.inner + i] = post(traits::mean(total, std::max<std::uint64_t>(sizes.divisor[i], 1)), 0, records[c]);
    }
  }
}

template <class traits>
void post_processor::elementwise(const transport::post_job& job) {
  using element = typename traits::element;
  const std::uint64_t count = job.channels * job.inner;
  const auto* a = operand<element>(global, job.input_offset, count);
  const bool has_second = (job.layer->flags & regs::flag_has_second) != 0;
  const auto* b = has_second ? operand<element>(global, job.second_offset, count) : nullptr;
  const channel_records<typename traits::record> records(*this, job);
  auto* out = result<element>(job);
  const typename traits::post post(*job.layer);
  for (std::uint64_t c = 0; c < job.channels; ++c) {
    const std::uint64_t at = c * job.inner;
    post(a + at, has_second ? b + at : nullptr, job.inner, records[c], out + at);
  }
}

template <class traits>
void post_processor::fill(const transport::post_job& job) {
  std::fill_n(result<typename traits::element>(job), job.channels * job.inner, traits::pad(*job.layer));
}

} // namespace sonic::chip
