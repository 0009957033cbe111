// SPDX-License-Identifier: Apache-2.0
// Convolutions and matrix products. The innermost loops run over contiguous outputs, so that a compiler vectorises
// them while each output's sum keeps its order; terms with a zero factor are left out, which changes no sum.
#include "sonic/core/instruction_sets.h"
#include "tb/reference/float_kernels.h"

#include <algorithm>

namespace sonic::reference {

namespace {

/// One term of a sum: a factor and the row of cells that it multiplies.
struct term {
  double factor;
  std::size_t row;
};

/// sums[i] += factor * rows[row][i] for each term, in order.
SONIC_EACH_INSTRUCTION_SET
void accumulate(const std::vector<term>& terms, const float* rows, std::size_t length, double* sums) {
  std::size_t t = 0;
  for (; t + 4 <= terms.size(); t += 4) { // four terms for one load and store of the sum
    const double f0 = terms[t].factor, f1 = terms[t + 1].factor, f2 = terms[t + 2].factor, f3 = terms[t + 3].factor;
    const float* r0 = rows + terms[t].row * length;
    const float* r1 = rows + terms[t + 1].row * length;
    const float* r2 = rows + terms[t + 2].row * length;
    const float* r3 = rows + terms[t + 3].row * length;
    for (std::size_t i = 0; i < length; ++i) {
      double sum = sums[i];
      sum += f0 * static_cast<double>(r0[i]);
      sum += f1 * static_cast<double>(r1[i]);
      sum += f2 * static_cast<double>(r2[i]);
      sum += f3 * static_cast<double>(r3[i]);
      sums[i] = sum;
    }
  }
  for (; t < terms.size(); ++t) {
    const double factor = terms[t].factor;
    const float* row = rows + terms[t].row * length;
    for (std::size_t i = 0; i < length; ++i) {
      sums[i] += factor * static_cast<double>(row[i]);
    }
  }
}

/// The non-zero factors of a row, in order.
void collect(const float* factors, std::size_t count, std::vector<term>& terms) {
  // Without a branch on zeros, which lie anywhere: each is written behind the last one, and then is kept or not.
  terms.resize(count + 1);
  std::size_t kept = 0;
  for (std::size_t i = 0; i < count; ++i) {
    terms[kept] = {static_cast<double>(factors[i]), i};
    kept += factors[i] != 0.0F ? 1U : 0U;
  }
  terms.resize(kept);
}

/// One output row of one kernel position: cells[ow] = x[ih][ow * stride + offset], 0 outside.
void gather_row(const float* channel, const image_extents& in, std::int64_t ih, std::int64_t offset,
                std::int64_t stride, std::int64_t width, float* cells) {
  if (ih < 0 || ih >= in.height) {
    std::fill_n(cells, width, 0.0F);
    return;
  }
  const float* row = channel + ih * in.width;
  const std::int64_t first = std::clamp<std::int64_t>((-offset + stride - 1) / stride, 0, width);
  const std::int64_t last = std::clamp<std::int64_t>((in.width - offset + stride - 1) / stride, first, width);
  std::fill(cells, cells + first, 0.0F);
  for (std::int64_t ow = first; ow < last; ++ow) {
    cells[ow] = row[ow * stride + offset];
  }
  std::fill(cells + last, cells + width, 0.0F);
}

} // namespace

void run(const workload::convolution& op, const tensor& x, const tensor& weights, const tensor* bias, tensor& out) {
  const image_extents in(x.extents);
  const image_extents made(out.extents);
  const workload::window& w = op.geometry;
  const std::int64_t group_inputs = weights.extents[1];
  const std::int64_t group_outputs = made.channels / op.groups;
  const std::int64_t taps = w.kernel[0] * w.kernel[1];
  const auto depth = static_cast<std::size_t>(group_inputs * taps);
  constexpr std::int64_t patch_cells = 1 << 17; // 512 KiB stay in the cache
  const std::int64_t rows_at_once = std::clamp<std::int64_t>(
      patch_cells / std::max<std::int64_t>(1, group_inputs * taps * made.width), 1, made.height);
  std::vector<float> patch(depth * static_cast<std::size_t>(rows_at_once * made.width));
  std::vector<double> sums(static_cast<std::size_t>(rows_at_once * made.width));
  std::vector<term> terms;

  for (std::int64_t n = 0; n < in.batch; ++n) {
    for (std::int64_t group = 0; group < op.groups; ++group) {
      for (std::int64_t top = 0; top < made.height; top += rows_at_once) {
        const std::int64_t rows = std::min(rows_at_once, made.height - top);
        const std::int64_t length = rows * made.width;
        float* cells = patch.data();
        for (std::int64_t c = 0; c < group_inputs; ++c) {
          const float* channel = x.values.data() + (n * in.channels + group * group_inputs + c) * in.height * in.width;
          for (std::int64_t tap = 0; tap < taps; ++tap) {
            const std::int64_t down = tap / w.kernel[1] * w.dilations[0] - w.pads_begin[0];
            const std::int64_t across = tap % w.kernel[1] * w.dilations[1] - w.pads_begin[1];
            for (std::int64_t oh = top; oh < top + rows; ++oh, cells += made.width) {
              gather_row(channel, in, oh * w.strides[0] + down, across, w.strides[1], made.width, cells);
            }
          }
        }
        for (std::int64_t m = group * group_outputs; m < (group + 1) * group_outputs; ++m) {
          collect(weights.values.data() + m * group_inputs * taps, depth, terms);
          std::fill_n(sums.begin(), length, 0.0);
          accumulate(terms, patch.data(), static_cast<std::size_t>(length), sums.data());
          const double shift = bias != nullptr ? static_cast<double>(bias->values[static_cast<std::size_t>(m)]) : 0.0;
          float* target = out.values.data() + ((n * made.channels + m) * made.height + top) * made.width;
          for (std::int64_t i = 0; i < length; ++i) {
            target[i] = static_cast<float>(sums[static_cast<std::size_t>(i)] + shift);
          }
        }
      }
    }
  }
}

void run(const workload::matrix_multiply&, const tensor& x, const tensor& weights, const tensor* bias, tensor& out) {
  const auto depth = static_cast<std::size_t>(weights.extents[0]);
  const auto columns = static_cast<std::size_t>(weights.extents[1]);
  std::vector<double> sums(columns);
  std::vector<term> terms;
  for (std::size_t row = 0; row * depth < x.values.size(); ++row) {
    collect(x.values.data() + row * depth, depth, terms);
    std::fill(sums.begin(), sums.end(), 0.0);
    accumulate(terms, weights.values.data(), columns, sums.data());
    for (std::size_t i = 0; i < columns; ++i) {
      const double shift = bias != nullptr ? static_cast<double>(bias->values[i]) : 0.0;
      out.values[row * columns + i] = static_cast<float>(sums[i] + shift);
    }
  }
}

} // namespace sonic::reference
