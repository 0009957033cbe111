// SPDX-License-Identifier: Apache-2.0
#include "sonic/physics/operand_crosstalk.h"

namespace sonic::physics {

std::vector<double> effective_operand(const square_matrix& crosstalk, std::span<const double> operand) {
  return multiply(crosstalk, operand);
}

std::vector<double> predistort(const square_matrix& crosstalk, std::span<const double> wanted) {
  return solve(crosstalk, wanted);
}

compensated_imprint imprint_compensated(const ring_bank& bank, std::span<const double> wanted, double tolerance,
                                        int largest_iterations) {
  std::vector<double> operand(wanted.begin(), wanted.end());
  compensated_imprint result;
  for (;;) {
    result.detunings_nm = bank.imprint(operand);
    const std::vector<double> left = bank.through(result.detunings_nm);
    result.residual = largest_difference(left, wanted);
    if (result.residual <= tolerance || result.iterations == largest_iterations) {
      return result;
    }
    ++result.iterations;
    for (std::size_t lane = 0; lane < operand.size(); ++lane) {
      const double taken_by_others = left[lane] / operand[lane];
      operand[lane] = wanted[lane] / taken_by_others;
    }
  }
}

} // namespace sonic::physics
