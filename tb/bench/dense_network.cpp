// SPDX-License-Identifier: Apache-2.0
#include "tb/bench/dense_network.h"

#include <cstring>
#include <stdexcept>
#include <unordered_map>
#include <variant>

#include <omp.h>
#include <oneapi/dnnl/dnnl.hpp>

namespace sonic::bench {

namespace {

using dnnl::memory;
using tag = memory::format_tag;
constexpr auto f32 = memory::data_type::f32;

/// What the compiled primitive reads and writes.
using arguments = std::unordered_map<int, memory>;

memory::dims dims_of(const workload::shape& extents) {
  return {extents.begin(), extents.end()};
}

dnnl::primitive_attr with_relu(bool wanted) {
  dnnl::primitive_attr attributes;
  if (wanted) {
    dnnl::post_ops after;
    after.append_eltwise(1.0F, dnnl::algorithm::eltwise_relu, 0.0F, 0.0F);
    attributes.set_post_ops(after);
  }
  return attributes;
}

} // namespace

struct dense_network::plan {
  dnnl::engine engine{dnnl::engine::kind::cpu, 0};
  dnnl::stream stream{engine};
  std::vector<std::pair<dnnl::primitive, arguments>> steps;
  memory input, last;

  [[nodiscard]] memory plain(const memory::dims& dims, tag layout) const { return {{dims, f32, layout}, engine}; }

  /// `from` in the layout of `wanted`, reordered at each run.
  memory as(const memory& from, const memory::desc& wanted) {
    if (from.get_desc() == wanted) {
      return from;
    }
    memory to(wanted, engine);
    steps.emplace_back(dnnl::reorder(from, to), arguments{{DNNL_ARG_FROM, from}, {DNNL_ARG_TO, to}});
    return to;
  }
  /// Weights in the layout of `wanted`, reordered once.
  memory fixed(const workload::tensor& weights, const memory::dims& dims, tag layout, const memory::desc& wanted) {
    memory from = plain(dims, layout);
    std::memcpy(from.get_data_handle(), weights.values.data(), weights.values.size() * sizeof(float));
    memory to(wanted, engine);
    dnnl::reorder(from, to).execute(stream, from, to);
    stream.wait();
    return to;
  }

  void convolve(const workload::convolution& c, const workload::tensor& w, const workload::shape& out, bool relu) {
    const auto& g = c.geometry;
    const auto any = [](const memory::dims& dims) { return memory::desc(dims, f32, tag::any); };
    const dnnl::convolution_forward::desc wanted(dnnl::prop_kind::forward_inference, dnnl::algorithm::convolution_auto,
                                                 any(last.get_desc().dims()), any(dims_of(w.extents)),
                                                 any(dims_of(out)), {g.strides[0], g.strides[1]},
                                                 {g.pads_begin[0], g.pads_begin[1]}, {g.pads_end[0], g.pads_end[1]});
    const dnnl::convolution_forward::primitive_desc chosen(wanted, with_relu(relu), engine);
    add(chosen, w, tag::oihw);
  }

  void multiply(const workload::tensor& w, bool relu) {
    const auto inputs = w.extents[0];
    const auto outputs = w.extents[1];
    // The features in the order of the network, whatever the layout of the layer before.
    auto from =
        as(last, memory::desc(last.get_desc().dims(), f32, last.get_desc().dims().size() == 4 ? tag::nchw : tag::nc));
    last = memory({{1, inputs}, f32, tag::nc}, engine, from.get_data_handle());
    const dnnl::inner_product_forward::desc wanted(dnnl::prop_kind::forward_inference, {{1, inputs}, f32, tag::any},
                                                   {{outputs, inputs}, f32, tag::any},
                                                   memory::desc({1, outputs}, f32, tag::any));
    const dnnl::inner_product_forward::primitive_desc chosen(wanted, with_relu(relu), engine);
    kept.push_back(from);
    add(chosen, w, tag::io);
  }

  void pool(const workload::pool& p, const workload::shape& out) {
    const auto& g = p.geometry;
    const dnnl::pooling_forward::desc wanted(dnnl::prop_kind::forward_inference, dnnl::algorithm::pooling_max,
                                             last.get_desc(), memory::desc(dims_of(out), f32, tag::any),
                                             {g.strides[0], g.strides[1]}, {g.kernel[0], g.kernel[1]},
                                             {g.pads_begin[0], g.pads_begin[1]}, {g.pads_end[0], g.pads_end[1]});
    const dnnl::pooling_forward::primitive_desc chosen(wanted, engine);
    memory to(chosen.dst_desc(), engine);
    steps.emplace_back(dnnl::pooling_forward(chosen), arguments{{DNNL_ARG_SRC, last}, {DNNL_ARG_DST, to}});
    last = to;
  }

  template <class description>
  void add(const description& chosen, const workload::tensor& w, tag layout) {
    const auto from = as(last, chosen.src_desc());
    const auto weights = fixed(w, chosen.weights_desc().dims(), layout, chosen.weights_desc());
    memory to(chosen.dst_desc(), engine);
    steps.emplace_back(dnnl::primitive(chosen),
                       arguments{{DNNL_ARG_SRC, from}, {DNNL_ARG_WEIGHTS, weights}, {DNNL_ARG_DST, to}});
    last = to;
  }

  std::vector<memory> kept; ///< whose bytes another memory uses
};

dense_network::dense_network(const workload::graph& network) : plan_(std::make_unique<plan>()) {
  omp_set_num_threads(1);
  auto& p = *plan_;
  p.input = p.last = p.plain(dims_of(network.values[network.inputs.at(0)].extents), tag::nchw);
  for (std::size_t i = 0; i < network.nodes.size(); ++i) {
    const auto& n = network.nodes[i];
    const auto& out = network.values[n.output].extents;
    const bool relu =
        i + 1 < network.nodes.size() && std::holds_alternative<workload::activation>(network.nodes[i + 1].op);
    if (const auto* c = std::get_if<workload::convolution>(&n.op)) {
      p.convolve(*c, *network.values[n.inputs[1]].constant, out, relu);
    } else if (std::holds_alternative<workload::matrix_multiply>(n.op)) {
      p.multiply(*network.values[n.inputs[1]].constant, relu);
    } else if (const auto* window = std::get_if<workload::pool>(&n.op)) {
      p.pool(*window, out);
    } else if (!std::holds_alternative<workload::activation>(n.op) &&
               !std::holds_alternative<workload::relabel>(n.op)) {
      throw std::invalid_argument(n.name + ": this operation is not part of the benchmark");
    }
  }
  p.last = p.as(p.last, memory::desc(p.last.get_desc().dims(), f32, tag::nc));
}

dense_network::~dense_network() = default;

std::vector<float> dense_network::run(const workload::tensor& image) {
  auto& p = *plan_;
  std::memcpy(p.input.get_data_handle(), image.values.data(), image.values.size() * sizeof(float));
  for (auto& [step, used] : p.steps) {
    step.execute(p.stream, used);
  }
  p.stream.wait();
  const auto* begin = static_cast<const float*>(p.last.get_data_handle());
  return {begin, begin + p.last.get_desc().dims().back()};
}

} // namespace sonic::bench
