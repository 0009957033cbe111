// SPDX-License-Identifier: Apache-2.0
// The chip's public face: a SystemC module with three doors and a reset. C++17; everything else is inside.
#pragma once

#include "sonic/configuration.h"
#include "sonic/core/activity.h"
#include "sonic/core/export.h"
#include "sonic/core/timeline.h"

#include <cstdint>
#include <memory>
#include <vector>

#include <systemc>
#include <tlm>

namespace sonic {

using core::activity;
using core::layer_record;

namespace sparse {
class row_decoder;
}
namespace digital {
class accumulator_block;
class post_block;
} // namespace digital

/// What stands in the place of blocks of the model: RTL behind plain C++. Null: the model's own.
struct twins {
  std::shared_ptr<sparse::row_decoder> index_decoder;      ///< decodes the rows of weights
  std::shared_ptr<digital::accumulator_block> accumulator; ///< keeps partial sums and adds to them
  std::shared_ptr<digital::post_block> post_processor;     ///< finishes sums and codes
};

/// SONIC: a target for registers, an initiator for memory, an interrupt, and a reset that needs no clock.
/// Programs are descriptors in memory (docs/registers.md). No access and no program stops the simulation.
class SONIC_EXPORT accelerator : public sc_core::sc_module {
public:
  /// Builds the chip with the optics and timing of architecture.run; the architecture is not needed afterwards.
  /// @throws core::user_error if the simulation's time resolution is coarser than 1 ps, for optics or timing that
  ///         this version does not have, if faults leave an array without units that work, or if the architecture asks
  ///         for RTL in the place of a block that @p with does not have
  accelerator(const sc_core::sc_module_name& name, const config::architecture& architecture, twins with = {});
  /// The same of a configuration.
  accelerator(const sc_core::sc_module_name& name, const configuration& chosen) : accelerator(name, chosen.inside()) {}
  accelerator(const accelerator&) = delete;
  accelerator& operator=(const accelerator&) = delete;
  ~accelerator() override;

  tlm::tlm_target_socket<32> cfg;    ///< registers, 0x200 bytes
  tlm::tlm_initiator_socket<32> mem; ///< DMA
  sc_core::sc_out<bool> irq;         ///< high while an enabled interrupt is pending
  sc_core::sc_in<bool> reset;        ///< rising edge abandons the program and resets the registers

  /// Finished descriptors since the last call of clear_records, in order.
  const std::vector<layer_record>& records() const;
  /// Since the last call of clear_records: programs before which the heaters were set anew, under physical optics.
  unsigned int recalibrations() const;
  /// What that takes each time, and the first time, before any program: one pass of the heaters.
  double calibration_ns() const;

  /// Drops them; the times of later ones count from the next descriptor's begin.
  void clear_records();

  /// Approximately timed: how many tiles ended later because something else went first at a buffer, since the
  /// beginning.
  std::uint64_t contended() const;

  /// From now on @p observer, which must outlive its use, is told what each part does; nullptr ends that.
  void watch(core::timeline* observer);

  /// Adds what works at each moment to a trace file (VCD): whether a layer runs, the number of units of each array that
  /// are busy, the DMA engine's directions, the post-processor. Before the simulation begins.
  void trace(sc_core::sc_trace_file* file);

private:
  struct implementation;
  std::unique_ptr<implementation> inside_;
};

} // namespace sonic
