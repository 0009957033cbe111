// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sonic/tlm/block.h"
#include "sonic/tlm/carrier.h"
#include "sonic/tlm/jobs.h"

#include <cstdint>
#include <vector>

#include <systemc>

namespace sonic::chip {

/// Whether the buffers keep up with the units: what the blocks of a tile read of weights and activations and update of
/// partial sums, as one stream for each buffer.
class operand_supply {
public:
  struct parameters {
    std::uint64_t units = 0, lanes = 0;
    double streaming_bytes = 0, stationary_bytes = 0; ///< of one value, as the converters take it
  };

  /// When the last operand has been read and the last partial sum written, if the first is asked for at @p started.
  struct times {
    sc_core::sc_time operands, sums;
  };
  times pass(const parameters& array, transport::array_kind kind, const std::vector<transport::block>& blocks,
             const sc_core::sc_time& started, unsigned int epoch);

  transport::job_initiator<transport::stream_job> weights{"weight_stream"};         ///< to the weight buffer
  transport::job_initiator<transport::stream_job> activations{"activation_stream"}; ///< to the activation buffer
  transport::job_initiator<transport::stream_job> sums{"sum_stream"};               ///< to the partial-sum buffer
};

} // namespace sonic::chip
