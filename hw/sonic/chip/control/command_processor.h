// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sonic/chip/control/layer_sequencer.h"
#include "sonic/plan/limits.h"
#include "sonic/protocol/target_phases.h"
#include "sonic/tlm/calibration.h"
#include "sonic/tlm/register_bank.h"

#include <cstdint>
#include <memory>
#include <vector>

#include <systemc>
#include <tlm_utils/simple_target_socket.h>

namespace sonic::chip {

/// The registers behind `cfg`, and the thread that runs programs: fetch a descriptor, check it, sequence its tiles,
/// raise the interrupt. Whatever a program holds, the chip answers with status and error code; it never stops.
class command_processor : public sc_core::sc_module, public transport::burst_observer {
public:
  struct parameters {
    plan::tile_limits tiles;
    buffer_latencies latencies;
    plan::program_limits program; ///< memory_size comes from the registers
    bool pipelined = false;       ///< approximately timed
    physics::emission_law weight_emission;
    std::uint32_t conv_vdus = 0, conv_lanes = 0, fc_vdus = 0, fc_lanes = 0;
  };

  command_processor(const sc_core::sc_module_name& name, const parameters& chip);

  tlm_utils::simple_target_socket<command_processor> cfg;
  control_ports ports;
  sc_core::sc_out<bool> irq;
  sc_core::sc_in<bool> reset;

  void set_calibration(transport::calibration& gate) { calibration_ = &gate; }
  void subscribe(transport::layer_observer& observer) { observers_.push_back(&observer); }

  /// Counts for the performance registers.
  void burst_done(const transport::burst& done) override;

private:
  void b_transport(::tlm::tlm_generic_payload& payload, sc_core::sc_time& delay);
  ::tlm::tlm_sync_enum nb_transport_fw(::tlm::tlm_generic_payload& payload, ::tlm::tlm_phase& phase,
                                       sc_core::sc_time& delay);
  void request_due(::tlm::tlm_generic_payload& payload, const ::tlm::tlm_phase& phase);
  unsigned int transport_dbg(::tlm::tlm_generic_payload& payload);
  void register_written(std::uint32_t offset, std::uint32_t value);
  void abandon();
  void watch_reset();
  void drive_irq();
  void run();
  regs::error_code run_program(std::uint32_t& index, sc_core::sc_time& ended);
  regs::error_code fetch_descriptor(std::uint64_t address, regs::descriptor& into, sc_core::sc_time& at);

  parameters chip_;
  transport::register_bank registers_;
  protocol::target_phases answers_;
  tlm_utils::peq_with_cb_and_phase<command_processor> requests_; ///< accepted, and not yet due
  std::unique_ptr<layer_sequencer> sequencer_;
  transport::calibration* calibration_ = nullptr;
  std::vector<transport::layer_observer*> observers_;
  sc_core::sc_event start_, abandon_, irq_changed_;
  std::uint64_t symbols_ = 0, retunes_ = 0; ///< of the running program
  unsigned int generation_ = 0;             ///< counts resets: a program of an older generation is abandoned
  /// What the registers said when the program was started, whatever is written during it.
  struct request {
    std::uint64_t base = 0, memory_size = 0, descriptor_address = 0;
    std::uint32_t count = 0, number = 0;
  } asked_;
  bool start_asked_ = false; ///< and not begun
};

} // namespace sonic::chip
