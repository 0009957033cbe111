// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sonic/chip/optics/adc.h"
#include "sonic/chip/optics/broadband_microring.h"
#include "sonic/chip/optics/dac_bank.h"
#include "sonic/chip/optics/microring_bank.h"
#include "sonic/chip/optics/photodetector.h"
#include "sonic/chip/optics/stage.h"
#include "sonic/chip/optics/vcsel_bank.h"
#include "sonic/chip/settings.h"
#include "sonic/protocol/target_phases.h"
#include "sonic/tlm/block.h"
#include "sonic/tlm/busy_time.h"

#include <systemc>

namespace sonic::chip {

/// Vector-dot-product unit: the path of the light from converters to converter, and the unit's own time.
///
/// A burst occupies the unit for `retunes x retune + symbols x initiation interval`, from the moment that its operands
/// are ready and the unit is free; its last partial sum leaves one pipeline latency after the last symbol entered.
///
/// By nb_transport, END_REQ comes when the unit begins with the burst and BEGIN_RESP with its last partial sum.
class vdu : public sc_core::sc_module {
public:
  /// @param unit of the array
  vdu(const sc_core::sc_module_name& name, transport::array_kind array, std::size_t unit, const settings& chip);

  tlm_utils::simple_target_socket<vdu> in;         ///< bursts from the decoder
  tlm_utils::simple_initiator_socket<vdu> results; ///< bursts with their partial sums, to the accumulator

private:
  void b_transport(::tlm::tlm_generic_payload& payload, sc_core::sc_time& delay);
  ::tlm::tlm_sync_enum nb_transport_fw(::tlm::tlm_generic_payload& payload, ::tlm::tlm_phase& phase,
                                       sc_core::sc_time& delay);
  void forward(::tlm::tlm_generic_payload& payload, sc_core::sc_time& delay);

  step_timing timing_;
  tlm_utils::simple_initiator_socket<vdu> light_; ///< into the optical path
  tlm_utils::simple_target_socket<vdu> codes_;    ///< out of it
  dac_bank streaming_dac_bank_;
  vcsel_bank vcsel_bank_;
  dac_bank stationary_dac_bank_;
  microring_bank microring_bank_;
  broadband_microring broadband_microring_;
  photodetector photodetector_;
  adc adc_;
  transport::busy_time busy_;
  protocol::target_phases phases_;
};

} // namespace sonic::chip
