// SPDX-License-Identifier: Apache-2.0
#include "sonic/chip/optics/microring_bank.h"

namespace sonic::chip {

microring_bank::microring_bank(const sc_core::sc_module_name& name, bool imprint_every_symbol)
    : optical_stage(name, sc_core::SC_ZERO_TIME), imprint_every_symbol_(imprint_every_symbol) {}

void microring_bank::process(transport::burst& work) {
  auto& actions = work.actions;
  actions.blocks += work.blocks.size();
  for (const auto& b : work.blocks) {
    actions.symbols += b.symbols;
    if (imprint_every_symbol_) {
      actions.retunes += b.symbols;
      actions.imprinted_rings += std::uint64_t{b.lanes} * b.symbols;
    } else if (b.stationary_key != imprinted_key_) {
      ++actions.retunes;
      actions.imprinted_rings += b.lanes;
    }
    imprinted_key_ = b.stationary_key;
  }
}

} // namespace sonic::chip
