// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sonic/chip/decode/operand_supply.h"
#include "sonic/tlm/block.h"
#include "sonic/tlm/job_initiator.h"
#include "sonic/tlm/jobs.h"

#include <array>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <vector>

#include <systemc>

namespace sonic::chip {

/// Hands the blocks of a tile to the units of an array, and the streams that feed them to the buffers: one pass. A pass
/// is over when the last unit is, and when the buffers have delivered and taken everything.
class work_dispatch {
public:
  work_dispatch(const operand_supply::parameters& conv_needs, const operand_supply::parameters& fc_needs);

  std::deque<transport::job_initiator<transport::burst>> conv, fc; ///< to each unit
  operand_supply supply;                                           ///< to the buffers

  /// Loosely timed: the whole pass at once.
  /// @param ready absolute time from which the units may begin
  void run(transport::array_kind array, transport::decode_job& job, const std::vector<transport::block>& blocks,
           const sc_core::sc_time& ready);

  /// Approximately timed, from a thread: returns when every unit has begun, or at once without any work.
  /// @returns whether there was work; `on_passed` will be told of it
  bool send(transport::array_kind array, transport::decode_job& job, const std::vector<transport::block>& blocks);
  std::function<void(transport::decode_job&)> on_passed;

  /// Approximately timed: passes that ended later because something else went first at a buffer.
  [[nodiscard]] std::uint64_t contended() const { return contended_; }

private:
  struct pass;
  struct sent_burst : transport::burst {
    pass* of = nullptr;
  };
  struct sent_stream : transport::stream_job {
    pass* of = nullptr;
  };
  struct pass {
    transport::decode_job* job = nullptr;
    transport::array_kind array = transport::array_kind::conv;
    std::deque<sent_burst> bursts;
    std::array<sent_stream, operand_supply::count> streams;
    std::size_t asked = 0;      ///< bursts that their units have not begun
    std::size_t unfinished = 0; ///< bursts and streams
    bool begun = false;
    sc_core::sc_time started, ended, retuned;
    std::uint32_t last_unit = 0; ///< that ended last
  };

  transport::block piece_of(const transport::block& whole, std::uint32_t begin, std::uint32_t end,
                            std::size_t bytes_of_sum);
  void prepare(transport::burst& work, transport::array_kind array, const transport::decode_job& job,
               std::uint32_t unit, std::vector<transport::block>& share);
  void partition(transport::array_kind array, const transport::decode_job& job,
                 const std::vector<transport::block>& blocks,
                 const std::function<void(std::uint32_t, std::vector<transport::block>&)>& share);
  void begun(sent_burst& work);
  void finished(sent_burst& work);
  void finish_one(pass& of);
  static void conclude(transport::decode_job& job, const sc_core::sc_time& started, const sc_core::sc_time& ended,
                       const sc_core::sc_time& retuned, const std::array<sc_core::sc_time, operand_supply::count>& fed);

  operand_supply::parameters conv_needs_, fc_needs_;
  std::deque<std::vector<const float*>> split_streams_; ///< of blocks that are split between units
  transport::burst burst_;
  std::deque<std::unique_ptr<pass>> passes_; ///< under way
  sc_core::sc_event all_begun_;
  std::uint64_t contended_ = 0;
};

} // namespace sonic::chip
