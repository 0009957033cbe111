# SPDX-License-Identifier: Apache-2.0
"""ONNX with the weights as they are shared: unsigned bytes of codes and a small codebook, joined by standard operators.

For a layer "conv1": conv1.codes (uint8, 0 = removed) -> Cast -> conv1.indices -> Gather in conv1.codebook ->
conv1.weight.
"""
import json

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from network import Conv, Dense, Flatten, MaxPool, Relu

INPUT = "image"


def weight_nodes(name, codes, codebook, bias):
    """The nodes and initialisers that give NAME.weight and NAME.bias."""
    tensors = {"codes": codes, "codebook": codebook.astype(np.float32), "bias": bias.astype(np.float32)}
    initialisers = [numpy_helper.from_array(array, f"{name}.{part}") for part, array in tensors.items()]
    nodes = [
        helper.make_node("Cast", [f"{name}.codes"], [f"{name}.indices"], f"{name}.cast", to=TensorProto.INT32),
        helper.make_node("Gather", [f"{name}.codebook", f"{name}.indices"], [f"{name}.weight"], f"{name}.gather",
                         axis=0),
    ]
    return nodes, initialisers


def layer_node(layer, source: str):
    parameters = [f"{layer.name}.weight", f"{layer.name}.bias"]
    if isinstance(layer, Conv):
        return helper.make_node("Conv", [source, *parameters], [layer.name], layer.name)
    if isinstance(layer, Dense):
        return helper.make_node("Gemm", [source, *parameters], [layer.name], layer.name, transB=1)
    if isinstance(layer, Relu):
        return helper.make_node("Relu", [source], [layer.name], layer.name)
    if isinstance(layer, MaxPool):
        size = [layer.kernel] * 2
        return helper.make_node("MaxPool", [source], [layer.name], layer.name, kernel_shape=size, strides=size)
    if isinstance(layer, Flatten):
        return helper.make_node("Flatten", [source], [layer.name], layer.name)
    raise TypeError(f"{layer} is no layer that this exporter knows")


def make_model(recipe, shared, biases: dict) -> onnx.ModelProto:
    """A checked model of opset 13; each activation tensor has the name of the layer that makes it."""
    nodes, initialisers, source = [], [], INPUT
    for layer in recipe.layers:
        if layer.name in shared.codes:
            made, tensors = weight_nodes(layer.name, shared.codes[layer.name], shared.codebooks[layer.name].numpy(),
                                         biases[layer.name])
            nodes += made
            initialisers += tensors
        nodes.append(layer_node(layer, source))
        source = layer.name
    image = helper.make_tensor_value_info(INPUT, TensorProto.FLOAT, ["batch", *recipe.input_shape])
    scores = helper.make_tensor_value_info(source, TensorProto.FLOAT, ["batch", recipe.layers[-1].outputs])
    graph = helper.make_graph(nodes, recipe.name, [image], [scores], initialisers)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)], ir_version=7,
                              producer_name="sonic-tlm")
    onnx.checker.check_model(model, full_check=True)
    return model


def set_metadata(model, metadata: dict):
    """Stores each entry as JSON, which for a number is the number itself."""
    helper.set_model_props(model, {key: json.dumps(value, sort_keys=True) for key, value in metadata.items()})


def activation_ranges(model, batches, run) -> dict:
    """{tensor: [minimum, maximum]} of the graph input and of each layer's output, over batches of images.
    `run` computes every tensor of a batch by name."""
    weights = {name for node in model.graph.node if node.op_type in ("Cast", "Gather") for name in node.output}
    names = [INPUT] + [name for node in model.graph.node for name in node.output if name not in weights]
    ranges = {}
    for batch in batches:
        values = run(model, batch)
        for name in names:
            seen = (float(values[name].min()), float(values[name].max()))
            before = ranges.get(name, seen)
            ranges[name] = [min(before[0], seen[0]), max(before[1], seen[1])]
    return ranges
