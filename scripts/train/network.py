# SPDX-License-Identifier: Apache-2.0
"""Layers as plain data, and the PyTorch network made of them."""
from dataclasses import asdict, dataclass

import torch
from torch import nn
from torch.nn import functional


@dataclass(frozen=True)
class Layer:
    name: str

    def describe(self) -> dict:
        return {"type": type(self).__name__, **asdict(self)}


@dataclass(frozen=True)
class Conv(Layer):
    """Square kernel, stride 1, no padding, with bias."""

    channels: int
    kernel: int


@dataclass(frozen=True)
class Relu(Layer):
    pass


@dataclass(frozen=True)
class MaxPool(Layer):
    """Square window, as far apart as it is wide."""

    kernel: int


@dataclass(frozen=True)
class Flatten(Layer):
    pass


@dataclass(frozen=True)
class Dense(Layer):
    """Fully connected, with bias. The weight is stored as (outputs, inputs)."""

    outputs: int


class PointwiseLinear(nn.Linear):
    """nn.Linear computed as a 1x1 convolution: with Debian's reference BLAS that is several times faster."""

    def forward(self, x):
        return functional.conv2d(x[:, :, None, None], self.weight[:, :, None, None], self.bias).flatten(1)


def build(layers, input_shape) -> nn.Sequential:
    """The network with PyTorch's default initialisation; sub-modules carry the layers' names."""
    network = nn.Sequential()
    shape = torch.zeros(1, *input_shape)
    for layer in layers:
        if isinstance(layer, Conv):
            module = nn.Conv2d(shape.shape[1], layer.channels, layer.kernel)
        elif isinstance(layer, Relu):
            module = nn.ReLU()
        elif isinstance(layer, MaxPool):
            module = nn.MaxPool2d(layer.kernel)
        elif isinstance(layer, Flatten):
            module = nn.Flatten()
        elif isinstance(layer, Dense):
            module = PointwiseLinear(shape.shape[1], layer.outputs)
        else:
            raise TypeError(f"{layer} is no layer that this network builder knows")
        network.add_module(layer.name, module)
        with torch.no_grad():
            shape = module(shape)
    return network


def weighted(network: nn.Sequential) -> dict:
    """The modules that have weights, by name, in order."""
    return {name: module for name, module in network.named_children() if hasattr(module, "weight")}


def parameter_count(network: nn.Module) -> int:
    return sum(parameter.numel() for parameter in network.parameters())
