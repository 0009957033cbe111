// SPDX-License-Identifier: Apache-2.0
// One plain loop per operation of graph.h. Each fills @p out, whose extents are set and whose values have their size.
#pragma once

#include "tb/workload/graph.h"

namespace sonic::reference {

using workload::tensor;

void run(const workload::convolution& op, const tensor& x, const tensor& weights, const tensor* bias, tensor& out);
void run(const workload::matrix_multiply& op, const tensor& x, const tensor& weights, const tensor* bias, tensor& out);
void run(const workload::add& op, const tensor& a, const tensor& b, tensor& out);
void run(const workload::scale_shift& op, const tensor& x, tensor& out);
void run(const workload::activation& op, const tensor& x, tensor& out);
void run(const workload::pool& op, const tensor& x, tensor& out);
void run(const workload::transpose& op, const tensor& x, tensor& out);
void run(const workload::concat& op, const std::vector<const tensor*>& parts, tensor& out);
void run(const workload::pad& op, const tensor& x, tensor& out);
void run(const workload::softmax& op, const tensor& x, tensor& out);

/// Product of the extents [first, last).
std::int64_t product(const workload::shape& extents, std::size_t first, std::size_t last);

/// The extents (N, C, H, W) of an (N, C, L) or (N, C, H, W) tensor; H is 1 where there is none.
struct image_extents {
  explicit image_extents(const workload::shape& extents);

  std::int64_t batch, channels, height, width;
};

/// Where each element of an output lies in a source: per axis of the output a stride, from a start.
class walk {
public:
  walk(const workload::shape& output, std::vector<std::int64_t> strides, std::int64_t start = 0);

  /// Calls visit(output index, source index) for every element of the output, in order.
  template <typename visitor>
  void each(visitor visit) const {
    std::vector<std::int64_t> position(extents_.size(), 0);
    std::int64_t source = start_;
    for (std::int64_t index = 0; index < count_; ++index) {
      visit(static_cast<std::size_t>(index), static_cast<std::size_t>(source));
      for (std::size_t axis = extents_.size(); axis-- > 0;) {
        source += strides_[axis];
        if (++position[axis] < extents_[axis]) {
          break;
        }
        source -= strides_[axis] * extents_[axis];
        position[axis] = 0;
      }
    }
  }

private:
  workload::shape extents_;
  std::vector<std::int64_t> strides_;
  std::int64_t start_;
  std::int64_t count_;
};

/// Strides of a dense tensor; 0 along extents of 1 if @p broadcasting.
std::vector<std::int64_t> strides_of(const workload::shape& extents, bool broadcasting = false);

} // namespace sonic::reference
