// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sonic/plan/operand_needs.h"
#include "sonic/tlm/job_initiator.h"
#include "sonic/tlm/jobs.h"

#include <array>
#include <cstdint>

namespace sonic::chip {

using plan::pass_size;

/// What the blocks of a tile read of weights and activations and update of partial sums, as one stream for each buffer,
/// the decoding of its rows and the accumulators' work: whether buffers, decoders and accumulators keep up with the
/// units.
class operand_supply {
public:
  using parameters = plan::array_needs;

  /// The first three as plan::needs_of has them.
  enum stream : std::uint8_t { streaming, stationary, partial_sums, decoding, accumulating, count };

  /// Of blocks that count cycles. What takes none need not be asked for.
  static constexpr bool counts_cycles(std::size_t which) { return which == decoding || which == accumulating; }

  /// The streams of a tile, all asked for at @p started.
  static std::array<transport::stream_job, count> streams_of(const parameters& array, const pass_size& pass,
                                                             const sc_core::sc_time& started, unsigned int epoch);

  /// The socket through which a stream of the array goes.
  transport::job_initiator<transport::stream_job>& port_of(transport::array_kind array, std::size_t which);

  transport::job_initiator<transport::stream_job> weights{"weight_stream"};         ///< to the weight buffer
  transport::job_initiator<transport::stream_job> activations{"activation_stream"}; ///< to the activation buffer
  transport::job_initiator<transport::stream_job> sums{"sum_stream"};               ///< to the partial-sum buffer
  transport::job_initiator<transport::stream_job> rows{"row_stream"};               ///< to the decoders of rows
  transport::job_initiator<transport::stream_job> additions{"addition_stream"};     ///< to the accumulators
};

} // namespace sonic::chip
