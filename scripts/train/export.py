# SPDX-License-Identifier: Apache-2.0
"""ONNX with the weights as they are shared: unsigned bytes of codes and a small codebook, joined by standard operators.

For a weight "conv1.weight": conv1.codes (uint8, 0 = removed) -> Cast -> conv1.indices -> Gather in conv1.codebook ->
conv1.weight.
"""
import io
import json

import numpy as np
import onnx
import torch
from onnx import TensorProto, helper, numpy_helper

OPSET = 13
INPUT = "image"
WEIGHT_NODES = ("Cast", "Gather")


def to_onnx(network: torch.nn.Module, name: str, example: torch.Tensor) -> onnx.ModelProto:
    """The network in inference mode, its first axis open, tensors named after the modules that make them."""
    network.eval()
    file = io.BytesIO()
    # PRESERVE keeps batch norms as nodes of their own; EVAL would fold them into the convolutions before them.
    torch.onnx.export(network, example, file, opset_version=OPSET, training=torch.onnx.TrainingMode.PRESERVE,
                      do_constant_folding=False, input_names=[INPUT], output_names=["scores"],
                      dynamic_axes={INPUT: {0: "batch"}, "scores": {0: "batch"}})
    model = onnx.load_from_string(file.getvalue())
    renamed = {}
    for node in model.graph.node:
        for tensor in node.output:
            # "/conv1/Conv_output_0" is the one result of the module conv1.
            parts = tensor.strip("/").split("/")
            if tensor.startswith("/") and len(parts) > 1:
                short = "/".join(parts[:-1])
                renamed[tensor] = short if short not in renamed.values() else tensor
    for node in model.graph.node:
        node.input[:] = [renamed.get(tensor, tensor) for tensor in node.input]
        node.output[:] = [renamed.get(tensor, tensor) for tensor in node.output]
        node.name = node.output[0]
    model.graph.ClearField("value_info")
    model.graph.name = name
    model.producer_name, model.producer_version = "sonic-tlm", ""
    model.ir_version = 7
    return model


def share_weights(model: onnx.ModelProto, layers: dict, codes: dict, codebooks: dict):
    """Replaces weights in place. `layers` maps a layer to its weight's tensor, `codes` and `codebooks` are by layer."""
    made, parts, replaced = [], [], set()
    for layer, tensor in layers.items():
        stem = tensor[:-len(".weight")] if tensor.endswith(".weight") else tensor
        replaced.add(tensor)
        book = np.asarray(codebooks[layer], dtype=np.float32)
        parts += [numpy_helper.from_array(codes[layer], f"{stem}.codes"),
                  numpy_helper.from_array(book, f"{stem}.codebook")]
        made += [helper.make_node("Cast", [f"{stem}.codes"], [f"{stem}.indices"], f"{stem}.cast", to=TensorProto.INT32),
                 helper.make_node("Gather", [f"{stem}.codebook", f"{stem}.indices"], [tensor], f"{stem}.gather",
                                  axis=0)]
    graph = model.graph
    nodes = made + list(graph.node)
    tensors = parts + [tensor for tensor in graph.initializer if tensor.name not in replaced]
    missing = replaced - {tensor.name for tensor in graph.initializer}
    if missing:
        raise ValueError(f"{sorted(missing)[0]} is no weight of the exported network")
    for field, content in (("node", nodes), ("initializer", tensors)):
        content = [type(entry).FromString(entry.SerializeToString()) for entry in content]
        graph.ClearField(field)
        getattr(graph, field).extend(content)
    onnx.checker.check_model(model, full_check=True)


def set_metadata(model, metadata: dict):
    """Stores each entry as JSON, which for a number is the number itself; None removes it."""
    props = {entry.key: entry.value for entry in model.metadata_props if entry.key not in metadata}
    props.update({key: json.dumps(value, sort_keys=True) for key, value in metadata.items() if value is not None})
    helper.set_model_props(model, props)


def activation_ranges(network, batches) -> dict:
    """{tensor: [minimum, maximum]} of the input and of each node's result of an OnnxModule, over batches of images."""
    ranges = {}
    with torch.no_grad():
        for batch in batches:
            for name, value in network.every_tensor(batch).items():
                if value.is_floating_point():
                    seen = (float(value.min()), float(value.max()))
                    before = ranges.get(name, seen)
                    ranges[name] = [min(before[0], seen[0]), max(before[1], seen[1])]
    return ranges
