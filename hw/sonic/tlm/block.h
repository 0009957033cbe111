// SPDX-License-Identifier: Apache-2.0
// The natural transaction of the chip: a block is L stationary values and S symbols of L streaming values, giving S
// partial sums. Blocks travel in bursts: all the work that one vector-dot-product unit gets of one tile.
//
// In the analog domain nothing is materialised. A block describes the light: what the rings transmit, what the lasers
// emit, how the broadband ring scales it. The ADC, which samples it, evaluates the description.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include <systemc>

namespace sonic::transport {

enum class array_kind : std::uint8_t { conv, fc };

/// Light of one row of the streams, over a lane's full light: the mean over its symbols, and of its square.
struct row_light {
  float mean = 0.0F, mean_square = 0.0F;
};

/// Blocks one behind the other that add to the same partial sums: of one kernel, or of one vector of activations. Their
/// lanes are counted through; block i has those from where the block before ends to ends[i].
struct block_sequence {
  const float* stationary = nullptr;      ///< of every lane, for the rings
  const float* streams = nullptr;         ///< for the lasers: `symbols` values from streams[offsets[rows[lane]]] on
  const std::uint32_t* offsets = nullptr; ///< of every row of the streams
  const std::uint32_t* rows = nullptr;    ///< of every lane
  const std::uint32_t* ends = nullptr;    ///< of every block
  std::uint32_t first_lane = 0;           ///< of the first block
  std::uint32_t blocks = 0;               ///< at least 1
  std::uint32_t symbols = 0;              ///< of each block
  std::uint32_t ring_level = 0;           ///< broadband ring's converter level, 0 = full transmission
  float scale = 1.0F;                     ///< transmission of the broadband ring, set by it
  /// Of the first block; each following one has the next. Same key, same stationary values: no new imprint.
  std::uint64_t stationary_key = 0;
  const row_light* light = nullptr; ///< of every row of the streams; only under physical optics
  std::uint64_t zeros = 0;          ///< among the streaming values of all blocks
  /// First of `symbols` partial sums that the conversions add to, lent by the partial-sum buffer as DMI lends memory:
  /// std::int32_t for quantised elements, double for exact ones.
  void* partial_sums = nullptr;

  /// Begins behind the first @p count blocks, at least one; how many follow is the caller's to say.
  void skip(std::uint32_t count) {
    first_lane = ends[count - 1];
    ends += count;
    stationary_key += count;
  }
  [[nodiscard]] std::uint32_t lanes_of_first() const { return ends[0] - first_lane; }
  [[nodiscard]] std::uint32_t lanes() const { return ends[blocks - 1] - first_lane; } ///< of all blocks
};

/// What a burst did, counted by the devices that it passed.
struct burst_actions {
  std::uint64_t blocks = 0;
  std::uint64_t retunes = 0;             ///< imprints of a ring bank
  std::uint64_t imprinted_rings = 0;     ///< rings given a new value
  std::uint64_t ring_retunes = 0;        ///< new levels of the broadband ring
  std::uint64_t symbols = 0;             ///< dot products, each one detection and one conversion
  std::uint64_t stream_lane_symbols = 0; ///< streaming values presented
  std::uint64_t gated_lane_symbols = 0;  ///< of these, zeros whose laser was not driven
  std::uint64_t held_lane_symbols = 0;   ///< stationary lanes times symbols
};

struct burst {
  array_kind array = array_kind::conv;
  std::uint32_t vdu = 0;
  std::uint32_t layer = 0;
  unsigned int epoch = 0;   ///< counts programs and resets: what an older epoch left busy is free
  bool exact = false;       ///< float32 elements: sums in double, no conversion
  float inverse_lsb = 1.0F; ///< ADC codes per unit of the analog sum
  std::vector<block_sequence> sequences;
  /// What the conversions give is not added to the partial sums, but comes here: the codes of each block, one behind
  /// the other.
  bool keeps_codes = false;
  std::vector<std::int32_t> codes;
  /// Where random numbers of this burst are found: program, step with light, and pass and unit.
  std::array<std::uint32_t, 3> random_address{};

  burst_actions actions;    ///< filled on the way
  sc_core::sc_time issued;  ///< absolute time at which the operands are ready
  sc_core::sc_time retuned; ///< of the time from started to ended, spent on imprints
  sc_core::sc_time started; ///< absolute time of the first imprint
  sc_core::sc_time freed;   ///< absolute time at which the unit can begin another burst
  sc_core::sc_time ended;   ///< absolute time of the last partial sum
};

/// Told of every burst after its last partial sum. The datapath does not know who listens.
class burst_observer {
public:
  burst_observer() = default;
  burst_observer(const burst_observer&) = delete;
  burst_observer& operator=(const burst_observer&) = delete;
  virtual ~burst_observer() = default;
  virtual void burst_done(const burst& done) = 0;
};

} // namespace sonic::transport
