// SPDX-License-Identifier: Apache-2.0
// The composition root: constructs the blocks of the floorplan from the configuration and binds them.
#include "sonic/accelerator.h"

#include "sonic/chip/block_time.h"
#include "sonic/chip/control/command_processor.h"
#include "sonic/chip/control/dma_engine.h"
#include "sonic/chip/control/tuning_controller.h"
#include "sonic/chip/decode/index_decoder.h"
#include "sonic/chip/memory/activation_buffer.h"
#include "sonic/chip/memory/global_buffer.h"
#include "sonic/chip/memory/partial_sum_buffer.h"
#include "sonic/chip/memory/weight_buffer.h"
#include "sonic/chip/observe/busy_signals.h"
#include "sonic/chip/observe/layer_recorder.h"
#include "sonic/chip/optics/vdu_array.h"
#include "sonic/chip/post/accumulator.h"
#include "sonic/chip/post/post_processor.h"
#include "sonic/chip/settings.h"
#include "sonic/config/architecture.h"
#include "sonic/config/damage.h"
#include "sonic/core/error.h"
#include "sonic/imperfections_of.h"

namespace sonic {

namespace {

using transport::array_kind;

/// Converts nanoseconds to simulated time; everything takes none under functional timing.
class clockwork {
public:
  explicit clockwork(config::timing_mode timing) : timed_(timing != config::timing_mode::functional) {}
  [[nodiscard]] sc_core::sc_time operator()(double nanoseconds) const {
    return timed_ ? sc_core::sc_time(nanoseconds, sc_core::SC_NS) : sc_core::SC_ZERO_TIME;
  }
  /// Nanoseconds per piece, still to be multiplied: rounding comes after that.
  [[nodiscard]] double rate(double nanoseconds) const { return timed_ ? nanoseconds : 0.0; }

private:
  bool timed_;
};

chip::step_timing step_of(const config::architecture& a, config::array_kind kind, const clockwork& time) {
  chip::step_timing step;
  step.interval = time(a.initiation_interval_ns(kind));
  step.retune = time(a.retune_ns());
  step.pipeline = time(a.fill_latency_ns(kind));
  step.streaming_dac = time(a.streaming_dac(kind).latency_ns);
  step.vcsel = time(a.modulation_latency_ns());
  step.photodetector = time(a.devices.photodetector.latency_ns);
  step.adc = time(a.devices.adc.latency_ns);
  step.imprint_every_symbol = a.step != config::step_mode::pipelined;
  return step;
}

chip::settings settings_of(const config::architecture& a, const config::damage& damage, const clockwork& time,
                           const std::shared_ptr<const chip::ring_drift>& drift) {
  chip::settings s;
  s.conv_units = static_cast<std::size_t>(a.conv_array.vdus);
  s.fc_units = static_cast<std::size_t>(a.fc_array.vdus);
  s.conv_lanes = static_cast<std::uint32_t>(a.conv_array.lanes);
  s.fc_lanes = static_cast<std::uint32_t>(a.fc_array.lanes);
  s.conv_step = step_of(a, config::array_kind::conv, time);
  s.fc_step = step_of(a, config::array_kind::fc, time);
  s.gate_lanes = a.gating != config::gating_mode::none;
  s.ring_levels = config::largest_code(a.devices.broadband_microring.bits);
  s.full_code = static_cast<float>(config::largest_code(a.devices.adc.bits - 1));
  if (a.run.optics == config::optics_mode::physical) {
    const auto pool = std::make_shared<const physics::noise_pool>(a.run.seed);
    s.conv_light = imperfections_of(a, config::array_kind::conv, damage.conv, pool, drift);
    s.fc_light = imperfections_of(a, config::array_kind::fc, damage.fc, pool, drift);
  }
  return s;
}

chip::command_processor::parameters control_of(const config::architecture& a, const clockwork& time) {
  chip::command_processor::parameters p;
  p.tiles = plan::tile_limits_of(a.buffers.global_buffer.bytes, a.buffers.weight_buffer.bytes,
                                 a.buffers.activation_buffer.bytes, a.buffers.partial_sum_buffer.bytes);
  p.latencies.global_buffer = time(a.buffers.global_buffer.latency_ns);
  p.latencies.partial_sum_buffer = time(a.buffers.partial_sum_buffer.latency_ns);
  p.program.exact_optics = a.run.optics == config::optics_mode::ideal;
  p.program.codebook_levels = config::largest_code(a.devices.weight_dac.bits) + 1;
  p.program.codebook_levels += a.compression == config::compression_mode::none ? 1 : 0; // zero: no light
  p.program.ring_levels = config::largest_code(a.devices.broadband_microring.bits);
  p.program.full_code = config::largest_code(a.devices.adc.bits - 1);
  p.pipelined = a.run.timing == config::timing_mode::approximately_timed;
  p.conv_vdus = static_cast<std::uint32_t>(a.conv_array.vdus);
  p.conv_lanes = static_cast<std::uint32_t>(a.conv_array.lanes);
  p.fc_vdus = static_cast<std::uint32_t>(a.fc_array.vdus);
  p.fc_lanes = static_cast<std::uint32_t>(a.fc_array.lanes);
  if (a.run.optics == config::optics_mode::physical) {
    p.weight_emission = emission_of(a, a.devices.weight_dac);
  }
  return p;
}

chip::index_decoder::parameters decoder_of(const config::architecture& a, const config::damage& damage,
                                           const twins& with, digital::accumulators& adders) {
  chip::index_decoder::parameters p;
  p.rows = {static_cast<std::uint32_t>(a.index_decoder.lanes), static_cast<std::uint32_t>(a.index_decoder.count),
            with.index_decoder.get()};
  p.adders = &adders;
  p.working = {damage.conv.working, damage.fc.working};
  p.flips = {a.faults.weight_buffer_flips, a.faults.activation_buffer_flips, a.faults.partial_sum_buffer_flips,
             a.run.seed};
  p.conv_units = static_cast<std::uint32_t>(a.conv_array.vdus);
  p.conv_lanes = static_cast<std::uint32_t>(a.conv_array.lanes);
  p.fc_units = static_cast<std::uint32_t>(a.fc_array.vdus);
  p.fc_lanes = static_cast<std::uint32_t>(a.fc_array.lanes);
  p.keep_zeros = a.compression == config::compression_mode::none;
  p.slice_packing = a.packing == config::packing_mode::kernel_slice;
  constexpr double bits_per_byte = 8.0;
  p.activation_bytes = a.devices.activation_dac.bits / bits_per_byte;
  p.weight_bytes = a.devices.weight_dac.bits / bits_per_byte;
  p.emission.full = static_cast<float>(config::largest_code(a.devices.activation_dac.bits));
  p.emission.physical = a.run.optics == config::optics_mode::physical;
  if (p.emission.physical) {
    p.emission.law = emission_of(a, a.devices.activation_dac);
  }
  return p;
}

chip::buffer_timing timing_of(const config::architecture& a, const config::buffer_parameters& b,
                              const clockwork& time) {
  return {time(b.latency_ns), time.rate(a.ns_per_byte(b)), static_cast<std::uint64_t>(b.banks),
          static_cast<std::uint64_t>(b.ports)};
}

chip::dma_engine::parameters dma_of(const config::architecture& a, const clockwork& time) {
  return {a.dma.transaction_bytes, static_cast<std::size_t>(a.dma.outstanding),
          timing_of(a, a.buffers.global_buffer, time).ns_per_byte};
}

void refuse_coarse_time(const std::string& name) {
  if (sc_core::sc_get_time_resolution() > sc_core::sc_time(1.0, sc_core::SC_PS)) {
    throw core::user_error(name, "the simulation's time resolution is coarser than 1 ps",
                           "expected sc_set_time_resolution of 1 ps or finer");
  }
}

void refuse_missing_twin(const std::string& name, const config::architecture& a, const twins& with) {
  const auto check = [&name](const config::counted_block& block, std::string_view section, bool given) {
    if (block.model != config::block_model::transaction && !given) {
      throw core::user_error(name, std::string(section) + ".model asks for RTL, and the accelerator was given none",
                             "expected twins with this block, or the model transaction");
    }
  };
  check(a.index_decoder, "index_decoder", with.index_decoder != nullptr);
  check(a.accumulator, "accumulator", with.accumulator != nullptr);
  check(a.post_processor, "post_processor", with.post_processor != nullptr);
}

chip::post_processor::parameters post_of(const config::architecture& a, const twins& with, const clockwork& time) {
  return {time.rate(1.0 / (a.digital.clock_ghz * a.digital.post_processor_lanes)),
          time.rate(1.0 / a.digital.clock_ghz),
          {static_cast<std::uint32_t>(a.post_processor.lanes), static_cast<std::uint32_t>(a.post_processor.count),
           with.post_processor.get()}};
}

digital::accumulators::parameters adders_of(const config::architecture& a, const twins& with) {
  return {static_cast<std::uint32_t>(a.accumulator.lanes), static_cast<std::uint32_t>(a.accumulator.count),
          with.accumulator.get()};
}

} // namespace

struct accelerator::implementation {
  implementation(const config::architecture& a, const config::damage& damage, const clockwork& time, twins with)
      : own_twins(std::move(with)), adders(adders_of(a, own_twins)),
        drift(a.run.optics == config::optics_mode::physical ? std::make_shared<chip::ring_drift>() : nullptr),
        settings(settings_of(a, damage, time, drift)), command_processor("command_processor", control_of(a, time)),
        tuning_controller("tuning_controller", time(a.devices.thermo_optic_tuning.latency_ns), drift_of(a), drift),
        dma_engine("dma_engine", dma_of(a, time)),
        global_buffer("global_buffer", a.buffers.global_buffer.bytes, timing_of(a, a.buffers.global_buffer, time)),
        weight_buffer("weight_buffer", a.buffers.weight_buffer.bytes, timing_of(a, a.buffers.weight_buffer, time),
                      time(a.buffers.global_buffer.latency_ns)),
        activation_buffer("activation_buffer", a.buffers.activation_buffer.bytes,
                          timing_of(a, a.buffers.activation_buffer, time), time(a.buffers.global_buffer.latency_ns)),
        index_decoder("index_decoder", decoder_of(a, damage, own_twins, adders)),
        decoder_time("decoder_time", time.rate(1.0 / a.digital.clock_ghz)),
        accumulator_time("accumulator_time", time.rate(1.0 / a.digital.clock_ghz)),
        conv_vdu_array("conv_vdu_array", array_kind::conv, settings),
        fc_vdu_array("fc_vdu_array", array_kind::fc, settings), accumulator("accumulator", adders),
        partial_sum_buffer("partial_sum_buffer", a.buffers.partial_sum_buffer.bytes,
                           timing_of(a, a.buffers.partial_sum_buffer, time)),
        busy("busy"), post_processor("post_processor", post_of(a, own_twins, time)) {
    auto& ports = command_processor.ports;
    ports.dma.socket.bind(dma_engine.control);
    ports.weight_fill.socket.bind(weight_buffer.port);
    ports.activation_fill.socket.bind(activation_buffer.port);
    ports.decode.socket.bind(index_decoder.control);
    ports.post.socket.bind(post_processor.control);
    ports.global.socket.bind(global_buffer.port);
    dma_engine.global.socket.bind(global_buffer.port);
    weight_buffer.upstream.socket.bind(global_buffer.port);
    activation_buffer.upstream.socket.bind(global_buffer.port);
    index_decoder.weights.socket.bind(weight_buffer.port);
    index_decoder.activations.socket.bind(activation_buffer.port);
    index_decoder.sums.socket.bind(partial_sum_buffer.port);
    auto& dispatch = index_decoder.dispatch;
    dispatch.supply.weights.socket.bind(weight_buffer.port);
    dispatch.supply.activations.socket.bind(activation_buffer.port);
    dispatch.supply.sums.socket.bind(partial_sum_buffer.port);
    dispatch.supply.rows.socket.bind(decoder_time.in);
    dispatch.supply.additions.socket.bind(accumulator_time.in);
    accumulator.sums.socket.bind(partial_sum_buffer.port);
    bind_units(dispatch.conv, conv_vdu_array);
    bind_units(dispatch.fc, fc_vdu_array);
    post_processor.sums.socket.bind(partial_sum_buffer.port);
    post_processor.global.socket.bind(global_buffer.port);
    post_processor.sums_read.socket.bind(partial_sum_buffer.port);
    command_processor.set_calibration(tuning_controller);
    command_processor.subscribe(recorder);
    dma_engine.subscribe(recorder);
    post_processor.subscribe(recorder);
    accumulator.subscribe(recorder);
    accumulator.subscribe(command_processor);
  }

  void bind_units(std::deque<transport::job_initiator<transport::burst>>& from, chip::vdu_array& array) {
    for (std::size_t i = 0; i < array.units.size(); ++i) {
      from[i].socket.bind(array.units[i].in);
      array.units[i].results.bind(accumulator.in);
    }
  }

  twins own_twins;
  digital::accumulators adders;
  std::shared_ptr<chip::ring_drift> drift; ///< null unless optics are physical
  chip::settings settings;
  chip::command_processor command_processor;
  chip::tuning_controller tuning_controller;
  chip::dma_engine dma_engine;
  chip::global_buffer global_buffer;
  chip::weight_buffer weight_buffer;
  chip::activation_buffer activation_buffer;
  chip::index_decoder index_decoder;
  chip::block_time decoder_time, accumulator_time;
  chip::vdu_array conv_vdu_array;
  chip::vdu_array fc_vdu_array;
  chip::accumulator accumulator;
  chip::partial_sum_buffer partial_sum_buffer;
  chip::busy_signals busy;
  chip::post_processor post_processor;
  chip::layer_recorder recorder;
};

accelerator::accelerator(const sc_core::sc_module_name& name, const config::architecture& architecture, twins with)
    : sc_module(name), cfg("cfg"), mem("mem"), irq("irq"), reset("reset") {
  refuse_coarse_time(this->name());
  refuse_missing_twin(this->name(), architecture, with);
  inside_ = std::make_unique<implementation>(architecture, config::damage_of(architecture),
                                             clockwork(architecture.run.timing), std::move(with));
  cfg.bind(inside_->command_processor.cfg);
  inside_->dma_engine.mem.bind(mem);
  inside_->command_processor.irq.bind(irq);
  inside_->command_processor.reset.bind(reset);
}

accelerator::~accelerator() = default;

const std::vector<layer_record>& accelerator::records() const {
  return inside_->recorder.records();
}

void accelerator::clear_records() {
  inside_->recorder.clear();
  inside_->tuning_controller.clear();
}

unsigned int accelerator::recalibrations() const {
  return inside_->tuning_controller.recalibrations();
}

double accelerator::calibration_ns() const {
  return inside_->tuning_controller.pass().to_seconds() * 1e9;
}

std::uint64_t accelerator::contended() const {
  return inside_->index_decoder.dispatch.contended();
}

void accelerator::watch(core::timeline* observer) {
  inside_->recorder.watch(observer);
}

void accelerator::trace(sc_core::sc_trace_file* file) {
  inside_->recorder.also_watch(inside_->busy);
  inside_->busy.trace(file);
}

} // namespace sonic
