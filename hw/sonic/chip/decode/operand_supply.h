// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sonic/tlm/job_initiator.h"
#include "sonic/tlm/jobs.h"

#include <array>
#include <cstdint>

namespace sonic::chip {

/// The blocks of a pass, all of as many symbols.
struct pass_size {
  std::uint64_t blocks = 0;
  std::uint64_t lanes = 0; ///< of all of them together
  std::uint32_t symbols = 0;
  std::uint64_t decoding = 0; ///< cycles of the decoder of rows that has most to do for it
};

/// What the blocks of a tile read of weights and activations and update of partial sums, as one stream for each buffer,
/// the decoding of its rows and the accumulators' work: whether buffers, decoders and accumulators keep up with the
/// units.
class operand_supply {
public:
  struct parameters {
    std::uint64_t units = 0, lanes = 0;
    double streaming_bytes = 0, stationary_bytes = 0; ///< of one value, as the converters take it
  };

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
