// SPDX-License-Identifier: Apache-2.0
// What each part of the chip did when, for those who want to see it. C++17.
#pragma once

#include <cstdint>

namespace sonic::core {

enum class chip_part : std::uint8_t { layer, conv_unit, fc_unit, post_processor, dma_load, dma_store };

/// One occupation of one part. Those of the same part and unit do not overlap.
struct timeline_event {
  chip_part part = chip_part::layer;
  std::uint32_t unit = 0;     ///< of an array
  std::uint64_t begin_ps = 0; ///< since the simulation began
  std::uint64_t end_ps = 0;
  std::uint64_t amount =
      0; ///< units: symbols; post_processor: elements; dma: bytes; layer: its descriptor's layer number
};

/// Told of every occupation once it is known. The event of a layer comes after all others of that layer.
class timeline {
public:
  timeline() = default;
  timeline(const timeline&) = delete;
  timeline& operator=(const timeline&) = delete;
  virtual ~timeline() = default;
  virtual void happened(const timeline_event& event) = 0;
  /// Approximately timed: loads, stores and layers as they begin; the event with their end follows. @p amount: of a
  /// layer its descriptor's index, else the event's.
  virtual void began(chip_part /*part*/, std::uint32_t /*unit*/, std::uint64_t /*amount*/) {}
  /// A reset: what was going to happen will not.
  virtual void abandoned() {}
};

} // namespace sonic::core
