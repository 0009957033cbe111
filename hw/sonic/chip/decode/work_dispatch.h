// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sonic/chip/decode/operand_supply.h"
#include "sonic/digital/accumulators.h"
#include "sonic/tlm/block.h"
#include "sonic/tlm/job_initiator.h"
#include "sonic/tlm/jobs.h"

#include <array>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include <systemc>

namespace sonic::chip {

/// Hands the blocks of a tile to the units of an array, and the streams that feed them to the buffers: one pass. A pass
/// is over when the last unit is, and when the buffers have delivered and taken everything.
///
/// The blocks, in order, are cut into as many contiguous shares as there are units, each of ceil(total symbols / units)
/// symbols (the last one what is left). A block that straddles two shares is cut between symbols and imprinted in both
/// units. So a pass takes exactly ceil(operations / units) steps. Units left out get nothing, and do not count.
class work_dispatch {
public:
  /// Units that get work, in ascending order; none: all.
  struct working_units {
    std::vector<std::uint32_t> conv, fc;
  };

  /// @param adders that count cycles of the blocks that units evaluate; must outlive it
  work_dispatch(const operand_supply::parameters& conv_needs, const operand_supply::parameters& fc_needs,
                digital::accumulators& adders, const working_units& working = {});

  std::deque<transport::job_initiator<transport::burst>> conv, fc; ///< to each unit
  operand_supply supply;                                           ///< to the buffers

  /// Begins a pass. All its blocks follow by add(), then flush() and end().
  /// @param ready loosely timed: absolute time from which the units may begin; approximately timed, which begins now:
  ///              nothing
  void begin(transport::array_kind array, transport::decode_job& job, const pass_size& size,
             const std::optional<sc_core::sc_time>& ready);
  /// The next blocks, which units evaluate before flush() returns.
  /// @param zeros of each row of the streams, among `symbols` values
  void add(const transport::block_sequence& next, const std::uint32_t* zeros);
  /// The units evaluate what is left of the blocks.
  void flush();
  /// Behind flush(). Approximately timed, from a thread: returns when every unit has begun.
  /// @returns whether there was work; approximately timed, `on_passed` will be told of it
  bool end();
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
    bool complete = false; ///< all blocks are sent: what their streams ask for is known
    sc_core::sc_time started, ended, retuned;
    std::uint32_t last_unit = 0; ///< that ended last
  };

  [[nodiscard]] const operand_supply::parameters& needs_of(transport::array_kind array) const {
    return array == transport::array_kind::conv ? conv_needs_ : fc_needs_;
  }
  /// That the share at hand is for.
  [[nodiscard]] std::uint32_t unit() const {
    return (array_ == transport::array_kind::conv ? working_.conv : working_.fc)[share_number_];
  }
  void add_piece(transport::block_sequence block, std::uint32_t begin, std::uint32_t end);
  void took(std::uint64_t symbols);
  void hand_out();
  void prepare(transport::burst& work);
  void run_share();
  void send_share();
  void ask(pass& of);
  void begun(sent_burst& work);
  void finished(sent_burst& work);
  void finish_one(pass& of);
  static void conclude(transport::decode_job& job, const sc_core::sc_time& started, const sc_core::sc_time& ended,
                       const sc_core::sc_time& retuned, const std::array<sc_core::sc_time, operand_supply::count>& fed);

  operand_supply::parameters conv_needs_, fc_needs_;
  digital::accumulators& adders_;
  working_units working_;

  // The pass whose blocks come.
  transport::array_kind array_ = transport::array_kind::conv;
  transport::decode_job* job_ = nullptr;
  std::uint32_t pass_ = 0; ///< of the job
  pass_size size_;
  std::vector<transport::block_sequence> share_; ///< so far of the next unit
  std::uint32_t share_number_ = 0;               ///< of the next one
  std::uint64_t quota_ = 0;                      ///< symbols of a share
  std::uint64_t room_ = 0;                       ///< symbols that the share still takes

  // Loosely timed.
  std::optional<sc_core::sc_time> may_begin_;
  transport::burst burst_;
  sc_core::sc_time started_, ended_, retuned_; ///< the last of the unit that ends last

  // Approximately timed.
  std::deque<std::unique_ptr<pass>> passes_; ///< under way
  sc_core::sc_event all_begun_;
  std::uint64_t contended_ = 0;
};

} // namespace sonic::chip
