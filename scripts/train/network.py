# SPDX-License-Identifier: Apache-2.0
"""The paper's networks in PyTorch, and what the flow needs to know of any network: its weights, by name.

Sizes are fits of the published parameter counts; docs/workloads.md says how sure each is."""
from collections import OrderedDict

import torch
from torch import nn
from torch.nn import functional


class PointwiseLinear(nn.Linear):
    """nn.Linear computed as a 1x1 convolution: with Debian's reference BLAS that is several times faster."""

    def forward(self, x):
        if torch.onnx.is_in_onnx_export():
            return super().forward(x)
        return functional.conv2d(x[:, :, None, None], self.weight[:, :, None, None], self.bias).flatten(1)


def mnist() -> nn.Sequential:
    """(batch, 1, 28, 28) pixels / 255 to 10 scores; 1,498,730 parameters."""
    return nn.Sequential(OrderedDict([
        ("conv1", nn.Conv2d(1, 128, 5)), ("relu1", nn.ReLU()), ("pool1", nn.MaxPool2d(2)),
        ("conv2", nn.Conv2d(128, 96, 5)), ("relu2", nn.ReLU()), ("pool2", nn.MaxPool2d(2)),
        ("flatten", nn.Flatten()), ("fc1", PointwiseLinear(1536, 768)), ("relu3", nn.ReLU()),
        ("fc2", PointwiseLinear(768, 10)),
    ]))


def vgg(input_shape, widths, hidden: int, norm_hidden: bool, classes: int = 10) -> nn.Sequential:
    """Pairs of 3x3 convolutions, each followed by batch norm and ReLU, a maximum over 2x2 after each pair, then two fully
    connected layers. `widths` are the channels of the pairs; `norm_hidden` puts a batch norm behind the hidden layer."""
    (channels, height, width), layers = input_shape, []
    for pair, outputs in enumerate(widths, 1):
        for index in (2 * pair - 1, 2 * pair):
            layers += [(f"conv{index}", nn.Conv2d(channels, outputs, 3, padding=1)),
                       (f"norm{index}", nn.BatchNorm2d(outputs)), (f"relu{index}", nn.ReLU(inplace=True))]
            channels = outputs
        layers.append((f"pool{pair}", nn.MaxPool2d(2)))
        height, width = height // 2, width // 2
    last = 2 * len(widths) + 1
    layers += [("flatten", nn.Flatten()), ("fc1", PointwiseLinear(channels * height * width, hidden))]
    if norm_hidden:
        layers.append((f"norm{last}", nn.BatchNorm1d(hidden)))
    layers += [(f"relu{last}", nn.ReLU(inplace=True)), ("fc2", PointwiseLinear(hidden, classes))]
    return nn.Sequential(OrderedDict(layers))


def weighted(network: nn.Module) -> dict:
    """The modules with a weight matrix or kernel, which may be pruned and shared, by name, in order."""
    return {name: module for name, module in network.named_modules()
            if isinstance(getattr(module, "weight", None), nn.Parameter) and module.weight.dim() > 1}


def parameter_count(network: nn.Module) -> int:
    """Every number that the network stores, the running statistics of batch norms among them, as the paper counts."""
    statistics = [buffer for name, buffer in network.named_buffers() if name.endswith(("running_mean", "running_var"))]
    return sum(array.numel() for array in [*network.parameters(), *statistics])
