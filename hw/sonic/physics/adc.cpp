// SPDX-License-Identifier: Apache-2.0
#include "sonic/physics/adc.h"

#include "sonic/physics/dot_product.h"

namespace sonic::physics {

adc::adc(const adc_parameters& parameters, double full_scale)
    : full_code_((std::int32_t{1} << static_cast<unsigned>(parameters.bits - 1)) - 1),
      inverse_lsb_(static_cast<float>(full_code_ / full_scale)), lsb_(full_scale / full_code_) {}

std::int32_t adc::code(float sum) const {
  std::int32_t code = 0;
  convert(&sum, 1, {1.0F, inverse_lsb_, static_cast<float>(full_code_)}, &code);
  return code;
}

} // namespace sonic::physics
