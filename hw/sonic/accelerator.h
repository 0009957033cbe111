// SPDX-License-Identifier: Apache-2.0
// The chip's public face: a SystemC module with three doors and a reset. C++17; everything else is inside.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include <systemc>
#include <tlm>

namespace sonic {

namespace config {
struct architecture;
}

/// Counted actions of a layer, or of a whole run.
struct activity {
  struct array {
    std::uint64_t blocks = 0;
    std::uint64_t retunes = 0;         ///< imprints of a ring bank
    std::uint64_t imprinted_rings = 0; ///< rings given a new value
    std::uint64_t ring_retunes = 0;    ///< new levels of broadband rings
    std::uint64_t symbols = 0;         ///< dot products: detections, conversions, additions
    std::uint64_t steps = 0;           ///< symbols of the unit that had most of them, tile by tile
    std::uint64_t stream_lane_symbols = 0;
    std::uint64_t gated_lane_symbols = 0;
    std::uint64_t held_lane_symbols = 0;
    double busy_ns = 0.0; ///< sum of the units' busy times
  };
  array conv, fc;
  std::uint64_t deleted_products = 0; ///< multiplications that compression skipped
  std::uint64_t bytes_loaded = 0;     ///< from memory
  std::uint64_t bytes_stored = 0;     ///< to memory
  std::uint64_t post_elements = 0;

  activity& operator+=(const activity& other);
};

/// One finished descriptor.
struct layer_record {
  std::uint32_t index = 0; ///< of the descriptor in its program
  std::uint32_t layer = 0; ///< the descriptor's layer number
  std::uint8_t operation = 0;
  double start_ns = 0.0; ///< since the simulation's beginning
  double end_ns = 0.0;
  double light_start_ns = 0.0; ///< first imprint and last partial sum; equal where no light was used
  double light_end_ns = 0.0;
  activity done;
};

/// SONIC: a target for registers, an initiator for memory, an interrupt, and a reset that needs no clock.
/// Programs are descriptors in memory (docs/registers.md). No access and no program stops the simulation.
class accelerator : public sc_core::sc_module {
public:
  /// Builds the chip with the optics and timing of architecture.run; the architecture is not needed afterwards.
  /// @throws core::user_error if the simulation's time resolution is coarser than 1 ps, or for optics or timing that
  ///         this version does not have
  accelerator(const sc_core::sc_module_name& name, const config::architecture& architecture);
  accelerator(const accelerator&) = delete;
  accelerator& operator=(const accelerator&) = delete;
  ~accelerator() override;

  tlm::tlm_target_socket<32> cfg;    ///< registers, 0x200 bytes
  tlm::tlm_initiator_socket<32> mem; ///< DMA
  sc_core::sc_out<bool> irq;         ///< high while an enabled interrupt is pending
  sc_core::sc_in<bool> reset;        ///< rising edge abandons the program and resets the registers

  /// Finished descriptors since the last call of clear_records, in order.
  const std::vector<layer_record>& records() const;
  void clear_records();

private:
  struct implementation;
  std::unique_ptr<implementation> inside_;
};

} // namespace sonic
