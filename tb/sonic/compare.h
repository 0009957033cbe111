// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tb/host/inference.h"
#include "tb/reference/program_executor.h"
#include "tb/report/run_report.h"
#include "tb/workload/compile.h"

#include <memory>
#include <optional>
#include <vector>

namespace sonic::command {

/// Largest error under ideal optics, relative to the tensor's largest magnitude: float32 storage between layers gives
/// about 1e-7 per layer.
inline constexpr double ideal_tolerance = 1e-5;

/// Compares every slot that a step wrote with the golden model: floats of the network under ideal optics, codes of the
/// program under quantised optics.
class comparer {
public:
  /// @param repeated several runs are compared: what the golden model prepares for one is kept for the next
  /// @param measured deviations are asked for, not judged: signal and noise are summed
  comparer(const workload::graph& network, const workload::program& program, const workload::numerics& how,
           bool repeated, bool measured)
      : network_(network), program_(program), how_(how), repeated_(repeated), measured_(measured) {}

  /// Runs the golden model on the same inputs.
  void prepare(const std::vector<workload::tensor>& inputs);

  /// Compares one slot and adds the outcome to @p check.
  void compare(host::inference& chip, workload::slot_id slot, report::layer_check& check) const;

  /// Float values of the network, per graph value (after prepare).
  [[nodiscard]] const std::vector<workload::tensor>& floats() const { return floats_; }

private:
  const workload::graph& network_;
  const workload::program& program_;
  const workload::numerics& how_;
  bool repeated_, measured_;
  std::unique_ptr<reference::program_executor> quantised_; ///< code16 programs, once something is compared
  std::vector<workload::tensor> floats_;
  std::optional<reference::code_memory> codes_;
};

} // namespace sonic::command
