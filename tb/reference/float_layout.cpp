// SPDX-License-Identifier: Apache-2.0
// Pools, and the operations that only move elements.
#include "tb/reference/float_kernels.h"

#include <algorithm>
#include <limits>

namespace sonic::reference {

std::int64_t product(const workload::shape& extents, std::size_t first, std::size_t last) {
  std::int64_t count = 1;
  for (std::size_t axis = first; axis < last; ++axis) {
    count *= extents[axis];
  }
  return count;
}

image_extents::image_extents(const workload::shape& extents)
    : batch(extents[0]), channels(extents[1]), height(extents.size() == 4 ? extents[2] : 1), width(extents.back()) {}

walk::walk(const workload::shape& output, std::vector<std::int64_t> strides, std::int64_t start)
    : extents_(output), strides_(std::move(strides)), start_(start), count_(product(output, 0, output.size())) {}

std::vector<std::int64_t> strides_of(const workload::shape& extents, bool broadcasting) {
  std::vector<std::int64_t> strides(extents.size());
  std::int64_t stride = 1;
  for (std::size_t axis = extents.size(); axis-- > 0;) {
    strides[axis] = broadcasting && extents[axis] == 1 ? 0 : stride;
    stride *= extents[axis];
  }
  return strides;
}

namespace {

/// The cells of one pooling window, clipped to the input, and how many the padded input would have.
struct pooled_window {
  double sum = 0.0;
  float largest = -std::numeric_limits<float>::infinity();
  std::int64_t inside = 0;
  std::int64_t inside_padded = 0;
};

pooled_window look(const workload::window& w, const image_extents& in, const float* channel, std::int64_t oh,
                   std::int64_t ow) {
  pooled_window seen;
  for (std::int64_t kh = 0; kh < w.kernel[0]; ++kh) {
    const std::int64_t ih = oh * w.strides[0] + kh * w.dilations[0] - w.pads_begin[0];
    for (std::int64_t kw = 0; kw < w.kernel[1]; ++kw) {
      const std::int64_t iw = ow * w.strides[1] + kw * w.dilations[1] - w.pads_begin[1];
      seen.inside_padded += ih < in.height + w.pads_end[0] && iw < in.width + w.pads_end[1] ? 1 : 0;
      if (ih >= 0 && ih < in.height && iw >= 0 && iw < in.width) {
        const float cell = channel[ih * in.width + iw];
        seen.sum += static_cast<double>(cell);
        seen.largest = std::max(seen.largest, cell);
        ++seen.inside;
      }
    }
  }
  return seen;
}

} // namespace

void run(const workload::pool& op, const tensor& x, tensor& out) {
  const image_extents in(x.extents);
  const image_extents made(out.extents);
  float* target = out.values.data();
  for (std::int64_t plane = 0; plane < in.batch * in.channels; ++plane) {
    const float* channel = x.values.data() + plane * in.height * in.width;
    for (std::int64_t oh = 0; oh < made.height; ++oh) {
      for (std::int64_t ow = 0; ow < made.width; ++ow) {
        const pooled_window seen = look(op.geometry, in, channel, oh, ow);
        const auto divisor = static_cast<double>(op.count_include_pad ? seen.inside_padded : seen.inside);
        *target++ = op.kind == workload::pool_kind::maximum ? seen.largest : static_cast<float>(seen.sum / divisor);
      }
    }
  }
}

void run(const workload::transpose& op, const tensor& x, tensor& out) {
  const std::vector<std::int64_t> source = strides_of(x.extents);
  std::vector<std::int64_t> strides;
  for (const std::int64_t axis : op.permutation) {
    strides.push_back(source[static_cast<std::size_t>(axis)]);
  }
  walk(out.extents, strides).each([&](std::size_t to, std::size_t from) { out.values[to] = x.values[from]; });
}

void run(const workload::concat& op, const std::vector<const tensor*>& parts, tensor& out) {
  const auto axis = static_cast<std::size_t>(op.axis);
  const auto blocks = static_cast<std::size_t>(product(out.extents, 0, axis));
  const std::size_t whole = out.values.size() / blocks;
  std::size_t offset = 0;
  for (const tensor* part : parts) {
    const std::size_t run_length = part->values.size() / blocks;
    for (std::size_t block = 0; block < blocks; ++block) {
      std::copy_n(part->values.data() + block * run_length, run_length, out.values.data() + block * whole + offset);
    }
    offset += run_length;
  }
}

void run(const workload::pad& op, const tensor& x, tensor& out) {
  std::fill(out.values.begin(), out.values.end(), static_cast<float>(op.value));
  const std::vector<std::int64_t> source = strides_of(x.extents);
  const std::vector<std::int64_t> target = strides_of(out.extents);
  workload::shape kept = x.extents; // what of the input stays
  std::int64_t from = 0;
  std::int64_t to = 0;
  for (std::size_t axis = 0; axis < kept.size(); ++axis) {
    kept[axis] += std::min<std::int64_t>(op.begin[axis], 0) + std::min<std::int64_t>(op.end[axis], 0);
    from += std::max<std::int64_t>(-op.begin[axis], 0) * source[axis];
    to += std::max<std::int64_t>(op.begin[axis], 0) * target[axis];
  }
  std::vector<std::size_t> places;
  walk(kept, target, to).each([&](std::size_t, std::size_t place) { places.push_back(place); });
  walk(kept, source, from).each([&](std::size_t i, std::size_t place) { out.values[places[i]] = x.values[place]; });
}

} // namespace sonic::reference
