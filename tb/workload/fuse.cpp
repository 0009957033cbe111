// SPDX-License-Identifier: Apache-2.0
#include "tb/workload/fuse.h"

#include <algorithm>
#include <optional>

namespace sonic::workload {

namespace {

bool all_equal(const std::vector<double>& entries) {
  return std::all_of(entries.begin(), entries.end(), [&](double e) { return e == entries.front(); });
}

/// Finds the layers of one graph.
class fuser {
public:
  explicit fuser(const graph& network) : network_(network), taken_(network.nodes.size()), uses_(network.values.size()) {
    for (std::size_t i = 0; i < network.nodes.size(); ++i) {
      for (const value_id v : network.nodes[i].inputs) {
        ++uses_[v].count;
        uses_[v].last_consumer = i;
      }
    }
    for (const value_id v : network.outputs) {
      ++uses_[v].count; // an output stays, whoever else reads it
      uses_[v].last_consumer = network.nodes.size();
    }
  }

  std::vector<fused_layer> run() {
    std::vector<fused_layer> layers;
    for (std::size_t i = 0; i < network_.nodes.size(); ++i) {
      if (!taken_[i]) {
        layers.push_back(start(i));
      }
    }
    return layers;
  }

private:
  struct use {
    std::size_t count = 0;
    std::size_t last_consumer = 0;
  };

  fused_layer start(std::size_t index) {
    const node& head = network_.nodes[index];
    fused_layer layer;
    append(layer, index);
    bool takes_lines = true;
    std::size_t axis = 1;
    if (std::holds_alternative<convolution>(head.op) || std::holds_alternative<matrix_multiply>(head.op)) {
      axis = std::holds_alternative<convolution>(head.op) ? 1 : network_.values[head.output].extents.size() - 1;
      if (head.inputs.size() > 2) {
        const auto& bias = network_.values[head.inputs[2]].constant->values;
        layer.shift.assign(bias.begin(), bias.end());
      }
    } else if (const auto* line = std::get_if<scale_shift>(&head.op)) {
      layer.gain = line->scale;
      layer.shift = line->shift;
    } else if (const auto* function = std::get_if<activation>(&head.op)) {
      layer.function = *function;
      return layer;
    } else if (std::holds_alternative<add>(head.op)) {
      takes_lines = false; // its operands broadcast: there is no channel axis
    } else {
      return layer;
    }
    absorb(layer, axis, takes_lines);
    return layer;
  }

  void absorb(fused_layer& layer, std::size_t axis, bool takes_lines) {
    while (uses_[layer.output].count == 1 && uses_[layer.output].last_consumer < network_.nodes.size()) {
      const std::size_t index = uses_[layer.output].last_consumer;
      const node& next = network_.nodes[index];
      if (const auto* function = std::get_if<activation>(&next.op)) {
        layer.function = *function;
        append(layer, index);
        return;
      }
      const auto line = takes_lines ? line_of(next, layer.output, axis) : std::nullopt;
      if (!line) {
        return;
      }
      layer.scaled = layer.scaled || std::holds_alternative<scale_shift>(next.op);
      apply(layer, *line);
      append(layer, index);
    }
  }

  /// The node as a scale and a shift along @p axis of its input @p x, if it is one.
  [[nodiscard]] std::optional<scale_shift> line_of(const node& next, value_id x, std::size_t axis) const {
    const shape& extents = network_.values[x].extents;
    if (const auto* line = std::get_if<scale_shift>(&next.op)) {
      if (axis == 1) {
        return *line;
      }
      if (all_equal(line->scale) && all_equal(line->shift)) {
        return scale_shift{{line->scale.front()}, {line->shift.front()}};
      }
      return std::nullopt;
    }
    if (!std::holds_alternative<add>(next.op) || network_.values[next.output].extents != extents) {
      return std::nullopt;
    }
    const value& other = network_.values[next.inputs[0] == x ? next.inputs[1] : next.inputs[0]];
    if (!other.constant || other.extents.size() > extents.size()) {
      return std::nullopt;
    }
    const std::size_t lead = extents.size() - other.extents.size();
    for (std::size_t i = 0; i < other.extents.size(); ++i) {
      if (other.extents[i] != 1 && lead + i != axis) {
        return std::nullopt;
      }
    }
    const auto& addend = other.constant->values;
    return scale_shift{{1.0}, {addend.begin(), addend.end()}};
  }

  static void apply(fused_layer& layer, const scale_shift& line) {
    const std::size_t channels =
        std::max({layer.gain.size(), layer.shift.size(), line.scale.size(), line.shift.size()});
    std::vector<double> gain(channels);
    std::vector<double> shift(channels);
    for (std::size_t c = 0; c < channels; ++c) {
      const double scale = channel_entry(line.scale, c);
      gain[c] = scale * channel_entry(layer.gain, c);
      shift[c] = scale * channel_entry(layer.shift, c) + channel_entry(line.shift, c);
    }
    layer.gain = std::move(gain);
    layer.shift = std::move(shift);
  }

  void append(fused_layer& layer, std::size_t index) {
    layer.nodes.push_back(index);
    layer.output = network_.nodes[index].output;
    taken_[index] = true;
  }

  const graph& network_;
  std::vector<bool> taken_;
  std::vector<use> uses_;
};

} // namespace

std::vector<fused_layer> fuse(const graph& network) {
  return fuser(network).run();
}

} // namespace sonic::workload
