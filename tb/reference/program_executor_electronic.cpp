// SPDX-License-Identifier: Apache-2.0
#include "tb/reference/program_executor_electronic.h"

#include "tb/reference/program_executor_post.h"

#include <algorithm>

namespace sonic::reference {

namespace {

/// A window's cells over one plane.
struct window_cells {
  std::uint16_t largest = 0;
  std::uint64_t sum = 0;
  std::uint64_t inside = 0; ///< cells in the image
  std::uint64_t padded = 0; ///< cells in the image and its padding
};

window_cells look_at(const std::uint16_t* plane, const workload::window& g, std::int64_t height, std::int64_t width,
                     std::int64_t row, std::int64_t column) {
  window_cells cells;
  for (std::int64_t kr = 0; kr < g.kernel[0]; ++kr) {
    const std::int64_t r = row * g.strides[0] - g.pads_begin[0] + kr * g.dilations[0];
    for (std::int64_t kc = 0; kc < g.kernel[1]; ++kc) {
      const std::int64_t c = column * g.strides[1] - g.pads_begin[1] + kc * g.dilations[1];
      if (r >= height + g.pads_end[0] || c >= width + g.pads_end[1]) {
        continue; // a window may hang over the end of the padding
      }
      ++cells.padded;
      if (r >= 0 && r < height && c >= 0 && c < width) {
        const std::uint16_t code = plane[r * width + c];
        cells.largest = std::max(cells.largest, code);
        cells.sum += code;
        ++cells.inside;
      }
    }
  }
  return cells;
}

std::int64_t mean_q16(const window_cells& cells, const workload::step& s) {
  std::uint64_t sum = cells.sum;
  std::uint64_t count = cells.inside;
  if (s.count_include_pad) {
    sum += (cells.padded - cells.inside) * static_cast<std::uint64_t>(s.pad_code);
    count = cells.padded;
  }
  count = std::max<std::uint64_t>(count, 1);
  return static_cast<std::int64_t>((sum * 65536 + count / 2) / count);
}

/// Calls visit(channel, positions...) for every element of an iteration; a position is where an access lies.
template <class visitor>
void walk(const workload::step& s, const visitor& visit) {
  const auto at = [](const workload::access& a, std::int64_t n, std::int64_t c, std::int64_t h, std::int64_t w) {
    return static_cast<std::size_t>(a.offset + n * a.strides[0] + c * a.strides[1] + h * a.strides[2] +
                                    w * a.strides[3]);
  };
  for (std::int64_t n = 0; n < s.iteration[0]; ++n) {
    for (std::int64_t c = 0; c < s.iteration[1]; ++c) {
      for (std::int64_t h = 0; h < s.iteration[2]; ++h) {
        for (std::int64_t w = 0; w < s.iteration[3]; ++w) {
          visit(c, at(s.read, n, c, h, w), at(s.read_second, n, c, h, w), at(s.write, n, c, h, w));
        }
      }
    }
  }
}

} // namespace

void run_pool(const workload::program& source, const workload::step& s, const codes& input, codes& output) {
  const auto& in = source.slots[s.input].extents;
  const auto& out = source.slots[s.output].extents;
  const bool maximum = s.kind == workload::step_kind::max_pool;
  std::size_t position = 0;
  for (std::int64_t plane = 0; plane < out[0] * out[1]; ++plane) {
    const auto& channel = channel_of(s, plane % out[1]);
    for (std::int64_t r = 0; r < out[2]; ++r) {
      for (std::int64_t c = 0; c < out[3]; ++c) {
        const auto cells = look_at(input.data() + plane * in[2] * in[3], s.geometry, in[2], in[3], r, c);
        const std::int64_t pooled = maximum ? std::int64_t{cells.largest} : mean_q16(cells, s);
        output[position++] = post_process(pooled, 0, channel, s);
      }
    }
  }
}

void run_elementwise(const workload::step& s, const codes& input, const codes& second, codes& output) {
  walk(s, [&](std::int64_t c, std::size_t read, std::size_t read_second, std::size_t write) {
    const std::int64_t b = s.has_second ? std::int64_t{second[read_second]} : 0;
    output[write] = post_process(input[read], b, channel_of(s, c), s);
  });
}

void run_fill(const workload::step& s, codes& output) {
  walk(s, [&](std::int64_t, std::size_t, std::size_t, std::size_t write) {
    output[write] = static_cast<std::uint16_t>(s.pad_code);
  });
}

} // namespace sonic::reference
