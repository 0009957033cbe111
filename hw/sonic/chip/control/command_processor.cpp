// SPDX-License-Identifier: Apache-2.0
#include "sonic/chip/control/command_processor.h"

#include "sonic/chip/control/descriptor_check.h"
#include "sonic/chip/control/loose_sequencer.h"
#include "sonic/chip/control/pipelined_sequencer.h"

#include <algorithm>
#include <cmath>

namespace sonic::chip {

namespace at = regs::at;
using regs::error_code;

namespace {

std::unique_ptr<layer_sequencer> make_sequencer(control_ports& ports, const command_processor::parameters& chip) {
  if (chip.pipelined) {
    return std::make_unique<pipelined_sequencer>("sequencer", ports, chip.tiles, chip.latencies, chip.weight_emission);
  }
  return std::make_unique<loose_sequencer>(ports, chip.tiles, chip.latencies, chip.weight_emission);
}

} // namespace

command_processor::command_processor(const sc_core::sc_module_name& name, const parameters& chip)
    : sc_module(name), cfg("cfg"), irq("irq"), reset("reset"), chip_(chip),
      registers_([this](std::uint32_t offset, std::uint32_t value) { register_written(offset, value); }),
      answers_([this](auto& payload, auto& phase, auto& delay) { return cfg->nb_transport_bw(payload, phase, delay); }),
      requests_(this, &command_processor::request_due), sequencer_(make_sequencer(ports, chip)) {
  registers_.set_constant(at::conv_vdus, chip.conv_vdus);
  registers_.set_constant(at::conv_lanes, chip.conv_lanes);
  registers_.set_constant(at::fc_vdus, chip.fc_vdus);
  registers_.set_constant(at::fc_lanes, chip.fc_lanes);
  registers_.set_constant(at::weight_buffer_bytes, static_cast<std::uint32_t>(chip.tiles.weight_panel));
  registers_.set_constant(at::elements, chip.program.exact_optics ? 2 : 1);
  cfg.register_b_transport(this, &command_processor::b_transport);
  cfg.register_nb_transport_fw(this, &command_processor::nb_transport_fw);
  cfg.register_transport_dbg(this, &command_processor::transport_dbg);
  SC_HAS_PROCESS(command_processor);
  SC_THREAD(run);
  SC_METHOD(drive_irq);
  sensitive << irq_changed_;
  SC_METHOD(watch_reset);
  sensitive << reset.pos();
  dont_initialize();
}

void command_processor::b_transport(::tlm::tlm_generic_payload& payload, sc_core::sc_time& /*delay*/) {
  registers_.access(payload);
}

::tlm::tlm_sync_enum command_processor::nb_transport_fw(::tlm::tlm_generic_payload& payload, ::tlm::tlm_phase& phase,
                                                        sc_core::sc_time& delay) {
  if (phase == ::tlm::BEGIN_REQ) { // accepted as it comes, so that others may follow
    requests_.notify(payload, phase, delay);
    phase = ::tlm::END_REQ;
    return ::tlm::TLM_UPDATED;
  }
  return answers_.ended_by(payload, phase, delay) ? ::tlm::TLM_COMPLETED : ::tlm::TLM_ACCEPTED;
}

void command_processor::request_due(::tlm::tlm_generic_payload& payload, const ::tlm::tlm_phase& /*begin_req*/) {
  registers_.access(payload);
  answers_.respond_at(payload, sc_core::sc_time_stamp());
}

unsigned int command_processor::transport_dbg(::tlm::tlm_generic_payload& payload) {
  return registers_.debug_access(payload);
}

void command_processor::register_written(std::uint32_t offset, std::uint32_t value) {
  if (offset == at::control) {
    if ((value & at::control_reset) != 0) {
      abandon();
    } else if ((value & at::control_start) != 0 && (registers_.get(at::status) & at::status_busy) == 0) {
      registers_.set(at::status, at::status_busy);
      asked_ = {registers_.get_wide(at::memory_base_low, at::memory_base_high),
                registers_.get_wide(at::memory_size_low, at::memory_size_high),
                registers_.get_wide(at::descriptor_address_low, at::descriptor_address_high),
                registers_.get(at::descriptor_count), registers_.get(at::program_number)};
      start_asked_ = true;
      start_.notify(sc_core::SC_ZERO_TIME);
    }
  } else if (offset == at::irq_status || offset == at::irq_enable) {
    irq_changed_.notify(sc_core::SC_ZERO_TIME);
  }
}

void command_processor::abandon() {
  ++generation_;
  sequencer_->abandon();
  start_asked_ = false;
  for (auto* observer : observers_) {
    observer->program_abandoned();
  }
  registers_.reset();
  abandon_.notify();
  irq_changed_.notify(sc_core::SC_ZERO_TIME);
  if (calibration_ != nullptr) {
    calibration_->restart();
  }
}

void command_processor::burst_done(const transport::burst& done) {
  symbols_ += done.actions.symbols;
  retunes_ += done.actions.retunes;
}

void command_processor::watch_reset() {
  abandon();
}

void command_processor::drive_irq() {
  irq.write((registers_.get(at::irq_status) & registers_.get(at::irq_enable)) != 0);
}

error_code command_processor::fetch_descriptor(std::uint64_t address, regs::descriptor& into, sc_core::sc_time& when) {
  const bool read = sequencer_->fetch(address, {reinterpret_cast<std::uint8_t*>(&into), sizeof(into)}, when);
  return read ? error_code::none : error_code::bus_error;
}

error_code command_processor::run_program(std::uint32_t& index, sc_core::sc_time& ended) {
  auto limits = chip_.program;
  const auto [base, memory_size, first, count, number] = asked_;
  limits.memory_size = memory_size;
  const std::uint64_t bytes = std::uint64_t{count} * sizeof(regs::descriptor);
  if (limits.memory_size > ~std::uint64_t{0} - base || first % 8 != 0 || first > limits.memory_size ||
      bytes > limits.memory_size - first) {
    return error_code::bad_address;
  }
  const unsigned int mine = generation_;
  for (index = 0; index < count; ++index) {
    regs::descriptor layer{};
    transport::layer_event done;
    done.started = ended;
    done.index = index;
    if (chip_.pipelined) {
      for (auto* observer : observers_) {
        observer->layer_begun(done);
      }
    }
    auto result = fetch_descriptor(base + first + index * sizeof(layer), layer, ended);
    if (result == error_code::none) {
      result = check_descriptor(layer, limits);
    }
    if (result != error_code::none || mine != generation_) {
      return result;
    }
    done.layer = &layer;
    done.ended = ended;
    result = sequencer_->run(layer, base, limits, done);
    ended = std::max(ended, done.ended);
    if (result != error_code::none || mine != generation_) {
      return result;
    }
    for (auto* observer : observers_) {
      observer->layer_done(done);
    }
    registers_.set(at::descriptors_done, index + 1);
  }
  return error_code::none;
}

void command_processor::run() {
  while (true) {
    while (!start_asked_) {
      wait(start_);
    }
    start_asked_ = false;
    const unsigned int mine = generation_;
    while (calibration_ != nullptr && !calibration_->calibrated() && mine == generation_) {
      wait(calibration_->done() | abandon_);
    }
    if (mine != generation_) {
      continue;
    }
    const auto started = sc_core::sc_time_stamp();
    const std::uint32_t number = asked_.number;
    if (calibration_ != nullptr && calibration_->begin_program(number)) {
      wait(calibration_->done() | abandon_);
      if (mine != generation_) {
        continue;
      }
    }
    auto ended = sc_core::sc_time_stamp();
    std::uint32_t index = 0;
    symbols_ = retunes_ = 0;
    sequencer_->restart(number);
    registers_.set(at::descriptors_done, 0);
    const auto result = run_program(index, ended);
    if (mine == generation_ && ended > sc_core::sc_time_stamp()) {
      wait(ended - sc_core::sc_time_stamp(), abandon_);
    }
    if (mine != generation_) {
      continue;
    }
    const bool failed = result != error_code::none;
    if (failed && chip_.pipelined) {
      for (auto* observer : observers_) {
        observer->program_abandoned(); // the layer that has begun does not end
      }
    }
    registers_.set(at::program_number, number + 1);
    registers_.set(at::error_code, static_cast<std::uint32_t>(result));
    registers_.set(at::error_index, failed ? index : 0);
    registers_.set_wide(at::time_ns_low, at::time_ns_high,
                        static_cast<std::uint64_t>(std::llround((ended - started).to_seconds() * 1e9)));
    registers_.set_wide(at::symbols_low, at::symbols_high, symbols_);
    registers_.set(at::retunes, static_cast<std::uint32_t>(retunes_));
    registers_.set(at::status, failed ? at::status_error : at::status_done);
    registers_.set(at::irq_status,
                   registers_.get(at::irq_status) | (failed ? at::irq_status_error : at::irq_status_done));
    irq_changed_.notify(sc_core::SC_ZERO_TIME);
  }
}

} // namespace sonic::chip
