// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <tlm>

namespace sonic::platform {

/// Tells a target which initiator of the bus asks. The bus adds it to blocking accesses; everyone else may ignore it.
struct initiator_number : ::tlm::tlm_extension<initiator_number> {
  int number = 0; ///< in the order of binding

  [[nodiscard]] ::tlm::tlm_extension_base* clone() const override { return new initiator_number(*this); }
  void copy_from(const ::tlm::tlm_extension_base& other) override {
    number = static_cast<const initiator_number&>(other).number;
  }
};

} // namespace sonic::platform
