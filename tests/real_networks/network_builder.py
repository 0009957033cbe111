# SPDX-License-Identifier: Apache-2.0
"""Builds an ONNX graph and, beside it, the same network's outputs in PyTorch."""
import numpy as np
import onnx
import torch
import torch.nn.functional as functional
from onnx import TensorProto, helper, numpy_helper


class network_builder:
    """Each operation adds its ONNX node and computes its value for all images at once.

    The graph takes one image per run. A value is a pair (name in the graph, torch tensor of all images).
    """

    def __init__(self, name, images):
        self.name_ = name
        self.images_ = torch.from_numpy(images)
        self.nodes_ = []
        self.constants_ = []
        self.input = ("image", self.images_)

    def constant(self, array):
        name = f"constant_{len(self.constants_)}"
        self.constants_.append(numpy_helper.from_array(np.ascontiguousarray(array, np.float32), name))
        return name

    def add_node(self, operator, inputs, value, **attributes):
        name = f"{operator.lower()}_{len(self.nodes_)}"
        self.nodes_.append(helper.make_node(operator, inputs, [name], name=name, **attributes))
        return name, value

    def scale(self, x, factor, offset=None):
        """x * factor + offset, each one number per channel or one for all."""
        shape = (1, -1, 1, 1)
        factor = np.reshape(np.asarray(factor, np.float32), shape)
        x = self.add_node("Mul", [x[0], self.constant(factor)], x[1] * torch.from_numpy(factor))
        if offset is None:
            return x
        offset = np.reshape(np.asarray(offset, np.float32), shape)
        return self.add_node("Add", [x[0], self.constant(offset)], x[1] + torch.from_numpy(offset))

    def conv(self, x, weights, bias=None, stride=1, pads=(0, 0, 0, 0)):
        """weights (out, in, height, width); pads (top, left, bottom, right) of zeros."""
        top, left, bottom, right = pads
        padded = functional.pad(x[1], (left, right, top, bottom))
        value = functional.conv2d(padded, torch.tensor(weights), None if bias is None else torch.tensor(bias), stride)
        inputs = [x[0], self.constant(weights)] + ([] if bias is None else [self.constant(bias)])
        return self.add_node("Conv", inputs, value, strides=[stride, stride], pads=list(pads))

    def batch_norm(self, x, gamma, beta, mean, variance, epsilon):
        parts = [np.asarray(p, np.float32) for p in (gamma, beta, mean, variance)]
        g, b, m, v = (torch.tensor(p) for p in parts)
        value = functional.batch_norm(x[1], m, v, g, b, eps=epsilon)
        return self.add_node("BatchNormalization", [x[0]] + [self.constant(p) for p in parts], value, epsilon=epsilon)

    def relu(self, x):
        return self.add_node("Relu", [x[0]], torch.relu(x[1]))

    def add(self, x, y):
        return self.add_node("Add", [x[0], y[0]], x[1] + y[1])

    def max_pool(self, x, kernel, stride):
        """Every window lies inside the image."""
        value = functional.max_pool2d(x[1], kernel, stride)
        return self.add_node("MaxPool", [x[0]], value, kernel_shape=[kernel, kernel], strides=[stride, stride])

    def global_average(self, x):
        return self.add_node("GlobalAveragePool", [x[0]], x[1].mean((2, 3), keepdim=True))

    def pad_channels(self, x, before, after):
        """Channels of zeros before and after."""
        value = functional.pad(x[1], (0, 0, 0, 0, before, after))
        pads = numpy_helper.from_array(np.array([0, before, 0, 0, 0, after, 0, 0], np.int64), f"pads_{len(self.nodes_)}")
        self.constants_.append(pads)
        return self.add_node("Pad", [x[0], pads.name], value)

    def flatten(self, x):
        return self.add_node("Flatten", [x[0]], x[1].flatten(1))

    def dense(self, x, weights, bias):
        """weights (out, in)."""
        value = functional.linear(x[1], torch.tensor(weights), torch.tensor(bias))
        return self.add_node("Gemm", [x[0], self.constant(weights), self.constant(bias)], value, transB=1)

    def softmax(self, x):
        return self.add_node("Softmax", [x[0]], torch.softmax(x[1], 1), axis=1)

    def save(self, output, file):
        """Writes the model; returns PyTorch's outputs, one row per image."""
        describe = lambda name, value: helper.make_tensor_value_info(name, TensorProto.FLOAT, [1, *value.shape[1:]])
        graph = helper.make_graph(self.nodes_, self.name_, [describe(*self.input)], [describe(*output)], self.constants_)
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)])
        model.ir_version = 7
        onnx.checker.check_model(model)
        onnx.save(model, file)
        return output[1].numpy()
