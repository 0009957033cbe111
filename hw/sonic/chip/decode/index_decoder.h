// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sonic/chip/decode/kernel_cache.h"
#include "sonic/chip/decode/patch_gather.h"
#include "sonic/chip/decode/read_flips.h"
#include "sonic/chip/decode/weight_rows.h"
#include "sonic/chip/decode/work_dispatch.h"
#include "sonic/protocol/target_phases.h"
#include "sonic/tlm/byte_initiator.h"
#include "sonic/tlm/jobs.h"

#include <cstdint>
#include <deque>
#include <span>
#include <vector>

#include <systemc>
#include <tlm_utils/simple_target_socket.h>

namespace sonic::chip {

/// Compresses operands as the paper does and sends the blocks to the units.
///
/// CONV: positions of zero kernel weights are deleted from the kernel and from its patch. FC: positions of zero
/// activations are deleted from the activation vector and from the weight rows. What zeros remain in the streaming
/// operand are counted, for the lasers to gate. Decoding and gathering keep ahead of the units, as long as
/// the buffers deliver and take as much as the units of a tile read and write; where they do not, the tile ends later.
///
/// By nb_transport, END_REQ comes when all units have begun with the tile and BEGIN_RESP when it is complete.
class index_decoder : public sc_core::sc_module {
public:
  struct parameters {
    std::uint32_t conv_units = 0, conv_lanes = 0, fc_units = 0, fc_lanes = 0;
    double activation_bytes = 0, weight_bytes = 0; ///< of one value, as the converters take it
    bool keep_zeros = false;   ///< activations of fully connected layers that are zero are not deleted
    bool slice_packing = true; ///< compressed vectors end with each kernel slice of one input channel
    patch_emission emission;   ///< of activations where they stream; whether optics are physical
    work_dispatch::working_units working;
    read_flips::rates flips;
    row_decoders::parameters rows;
    digital::accumulators* adders = nullptr; ///< must outlive it
  };

  index_decoder(const sc_core::sc_module_name& name, const parameters& chip);

  tlm_utils::simple_target_socket<index_decoder> control; ///< transport::decode_job
  transport::byte_initiator weights;                      ///< to the weight buffer
  transport::byte_initiator activations;                  ///< to the activation buffer
  transport::byte_initiator sums;                         ///< to the partial-sum buffer
  work_dispatch dispatch;                                 ///< to the units, and to the same buffers

private:
  void b_transport(::tlm::tlm_generic_payload& payload, sc_core::sc_time& delay);
  ::tlm::tlm_sync_enum nb_transport_fw(::tlm::tlm_generic_payload& payload, ::tlm::tlm_phase& phase,
                                       sc_core::sc_time& delay);
  void serve();
  void passed(transport::decode_job& job);
  void answer_complete();
  void decode(transport::decode_job& job, const sc_core::sc_time& ready);
  void decode_convolution(transport::decode_job& job, const sc_core::sc_time& ready);
  void decode_fully_connected(transport::decode_job& job, const sc_core::sc_time& ready);
  void send_fully_connected(transport::decode_job& job, const sc_core::sc_time& ready, bool all);
  void find_activations(transport::decode_job& job);
  /// Of the rows that these lanes stream, by slot.
  const transport::row_light* measure_light(std::size_t lanes, std::uint32_t columns);
  void begin(transport::array_kind array, transport::decode_job& job, const pass_size& size,
             const sc_core::sc_time& ready);
  /// @param complete the tile's sums, if this pass completes them
  void end(transport::decode_job& job, std::span<std::uint8_t> complete);

  std::span<const std::uint8_t> weights_of(const transport::decode_job& job);
  /// Codes that flips can make have a level, too.
  const transport::decode_job& with_all_levels(const transport::decode_job& job);
  std::span<std::uint8_t> sums_of(const transport::decode_job& job, std::uint64_t rows, std::uint64_t columns);
  /// Of sums that begin with zeros, and of those that are complete, the accumulators are told; what they keep comes
  /// into the buffer's memory.
  void clear_sums(const transport::decode_job& job, std::span<const std::uint8_t> of_tile) const;
  void read_sums(transport::decode_job& job, std::span<std::uint8_t> of_tile);

  parameters chip_;
  row_decoders rows_;
  patch_gather patches_;
  kernel_cache kernels_;
  read_flips flips_;
  transport::decode_job with_levels_;

  std::uint64_t next_key_ = 1; ///< 0 is no stationary vector

  // FC.
  struct present {
    std::uint32_t row; ///< of the panel
    float activation;
  };
  std::vector<present> present_; ///< activations of the panel that are not zero
  weight_rows weight_rows_;
  std::vector<transport::row_light> light_; ///< of slots, under physical optics
  std::vector<std::uint32_t> chunk_ends_;   ///< of each block's lanes
  std::size_t chunks_of_sum_ = 0;           ///< blocks so far of the current outputs

  // Approximately timed.
  struct tile {
    ::tlm::tlm_generic_payload* payload = nullptr;
    transport::decode_job* job = nullptr;
    unsigned int passes = 0; ///< under way
    bool decoded = false;    ///< all its blocks are sent
  };
  std::deque<::tlm::tlm_generic_payload*> arrived_; ///< not yet begun
  std::deque<tile> tiles_;                          ///< under way, in order
  tile* serving_ = nullptr;                         ///< whose blocks are being sent
  sc_core::sc_event arrival_;
  protocol::target_phases phases_;
};

} // namespace sonic::chip
