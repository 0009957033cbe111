// SPDX-License-Identifier: Apache-2.0
#include "sonic/chip/optics/microring_bank.h"

namespace sonic::chip {

microring_bank::microring_bank(const sc_core::sc_module_name& name, bool imprint_every_symbol)
    : optical_stage(name, sc_core::SC_ZERO_TIME), imprint_every_symbol_(imprint_every_symbol) {}

void microring_bank::process(transport::burst& work) {
  auto& actions = work.actions;
  for (const auto& s : work.sequences) {
    actions.blocks += s.blocks;
    const std::uint64_t symbols = std::uint64_t{s.blocks} * s.symbols;
    actions.symbols += symbols;
    if (imprint_every_symbol_) {
      actions.retunes += symbols;
      actions.imprinted_rings += std::uint64_t{s.lanes()} * s.symbols;
    } else {
      const bool held = s.stationary_key == imprinted_key_; // the first block's values are still there
      actions.retunes += s.blocks - (held ? 1 : 0);
      actions.imprinted_rings += s.lanes() - (held ? s.lanes_of_first() : 0);
    }
    imprinted_key_ = s.stationary_key + s.blocks - 1;
  }
}

} // namespace sonic::chip
