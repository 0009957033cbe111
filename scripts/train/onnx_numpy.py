# SPDX-License-Identifier: Apache-2.0
"""Runs an ONNX model with numpy, by the ONNX definition of each operator that these models use: the check that a file
says what the trained network says, without PyTorch."""
import numpy as np
from onnx import numpy_helper


def windows(x, height: int, width: int, stride: int):
    """Windows of (batch, channels, rows, columns), as (batch, channels, out rows, out columns, height, width)."""
    view = np.lib.stride_tricks.sliding_window_view(x, (height, width), axis=(2, 3))
    return view[:, :, ::stride, ::stride]


def conv(x, weight, bias):
    batch, outputs = x.shape[0], weight.shape[0]
    patches = windows(x, *weight.shape[2:], 1).transpose(0, 2, 3, 1, 4, 5)
    rows, columns = patches.shape[1:3]
    product = patches.reshape(batch * rows * columns, -1) @ weight.reshape(outputs, -1).T + bias
    return np.ascontiguousarray(product.reshape(batch, rows, columns, outputs).transpose(0, 3, 1, 2))


OPERATORS = {
    "Cast": lambda inputs, _: inputs[0].astype(np.int32),
    "Gather": lambda inputs, _: inputs[0][inputs[1]],
    "Conv": lambda inputs, _: conv(*inputs),
    "Relu": lambda inputs, _: np.maximum(inputs[0], 0),
    "MaxPool": lambda inputs, given: windows(inputs[0], *given["kernel_shape"], given["strides"][0]).max(axis=(4, 5)),
    "Flatten": lambda inputs, _: inputs[0].reshape(len(inputs[0]), -1),
    "Gemm": lambda inputs, _: inputs[0] @ inputs[1].T + inputs[2],
}

# What the operators above take for granted; any other attribute or value is refused rather than ignored.
ATTRIBUTES = {
    "Cast": {"to": [6]},
    "Gather": {"axis": [0]},
    "Gemm": {"transB": [1]},
    "MaxPool": {"kernel_shape": None, "strides": None},
}


def attributes(node) -> dict:
    given = {a.name: (list(a.ints) if a.ints else a.i) for a in node.attribute}
    for name, value in given.items():
        known = ATTRIBUTES.get(node.op_type, {})
        if name not in known or known[name] is not None and value not in known[name]:
            raise ValueError(f"{node.name}: {node.op_type} with {name} = {value} is not supported here")
    return given


def run(model, image) -> dict:
    """Every tensor of the graph by name, for one batch of float32 images. All are kept: give some hundred at a time."""
    values = {t.name: numpy_helper.to_array(t) for t in model.graph.initializer}
    values[model.graph.input[0].name] = image
    for node in model.graph.node:
        values[node.output[0]] = OPERATORS[node.op_type]([values[name] for name in node.input], attributes(node))
    return values


def correct_answers(model, images, labels, batch_size: int = 100) -> int:
    """How many images (count, height, width) of unsigned bytes the model reads as labelled."""
    correct = 0
    for first in range(0, len(images), batch_size):
        batch = images[first:first + batch_size, None].astype(np.float32) / np.float32(255)
        scores = run(model, batch)[model.graph.output[0].name]
        correct += int((scores.argmax(1) == labels[first:first + batch_size]).sum())
    return correct
