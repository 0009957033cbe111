# SPDX-License-Identifier: Apache-2.0
"""What is trained, and how: every number that decides the result."""
from dataclasses import asdict, dataclass, field
from typing import Callable, Dict, Tuple

from torch import nn

import data
import network
import pictures
import standin


@dataclass(frozen=True)
class Schedule:
    """The way of one network from random weights to a codebook."""

    # Stochastic gradient descent with Nesterov momentum, linear warm-up, then a cosine down to zero.
    batch_size: int
    learning_rate: float
    warm_up_steps: int
    momentum: float
    l2: float  # on weights, not on biases and batch norms

    # Dense epochs first; then the same network continues twice: dense (the baseline) and with pruning.
    dense_epochs: int
    prune_epochs: int
    fine_tune_epochs: int

    # Gradual magnitude pruning (Zhu and Gupta, arXiv 1710.01878). Zeros are counted over all parameters: biases are in
    # the count but never removed. The layers' targets are scaled together to meet the total exactly; a layer that is
    # not named is protected.
    total_sparsity: float
    layer_sparsity: Dict[str, float] = field(default_factory=dict)
    mask_interval_steps: int = 32

    # Weight sharing (Han et al., arXiv 1510.00149): different weights a layer besides zero, and exceptions by layer.
    clusters: int = 63
    layer_clusters: Dict[str, int] = field(default_factory=dict)
    lloyd_iterations: int = 60
    centroid_steps: int = 300
    centroid_learning_rate: float = 1e-4

    # Whether pruning and centroids are trained on the dense network's scores instead of the labels.
    learn_from_dense: bool = False


@dataclass(frozen=True)
class Recipe:
    """A network, its data and its schedule."""

    name: str
    network: Callable[[], nn.Sequential]
    read: Callable  # folder -> data.Dataset
    schedule: Schedule
    shift_pixels: int  # each training image is moved by up to this many pixels
    flip: bool = False  # and mirrored half of the times
    calibration_images: int = 1000
    drawn_digits: bool = False  # also measured on the digits that ship with the network

    def layers(self) -> list:
        return [f"{name}: {module}" for name, module in self.network().named_children()]

    def describe(self) -> dict:
        """The recipe as plain data, for the card and the model's metadata."""
        return {"name": self.name, "layers": self.layers(), "shift_pixels": self.shift_pixels, "flip": self.flip,
                "calibration_images": self.calibration_images, **asdict(self.schedule)}

    def identity(self, dataset) -> dict:
        """What decides the training besides the schedule and the seed."""
        return {"layers": self.layers(), "shift_pixels": self.shift_pixels, "flip": self.flip, "data": dataset.sha256}


def same(sparsity: float, *layers: str) -> Dict[str, float]:
    return {layer: sparsity for layer in layers}


VGG_LAYERS: Tuple[str, ...] = ("conv1", "conv2", "conv3", "conv4", "conv5", "conv6", "fc1")

MNIST = Recipe(
    name="mnist", network=network.mnist, read=data.mnist, shift_pixels=2,
    drawn_digits=True,
    schedule=Schedule(
        batch_size=128, learning_rate=0.05, warm_up_steps=100, momentum=0.9, l2=5e-4,
        dense_epochs=2, prune_epochs=2, fine_tune_epochs=1,
        total_sparsity=0.5, layer_sparsity=same(0.5, "conv1", "conv2", "fc1", "fc2"),
    ),
)

CIFAR10 = Recipe(
    name="cifar10", network=lambda: network.vgg((3, 32, 32), (32, 64, 128), 128, norm_hidden=True), read=data.cifar10,
    shift_pixels=4, flip=True,
    schedule=Schedule(
        batch_size=128, learning_rate=0.1, warm_up_steps=400, momentum=0.9, l2=5e-4,
        dense_epochs=8, prune_epochs=5, fine_tune_epochs=5,
        # Seven layers pruned, as published. With half of every layer gone this network lost 0.83 points, so the layers
        # that the rest depends on lose fewer, and the one that has half of all parameters loses more.
        total_sparsity=0.5, layer_sparsity={"conv1": 0.1, "conv2": 0.2, "conv3": 0.25, "conv4": 0.3, "conv5": 0.42,
                                            "conv6": 0.42, "fc1": 0.65},
        clusters=15, centroid_steps=1500, centroid_learning_rate=1e-3, learn_from_dense=True,
    ),
)

# Shape and figures of the paper's SVHN network; trained on a stand-in, see standin.py. Five layers pruned, as published.
SVHN = Recipe(
    name="svhn_standin", network=lambda: network.vgg((3, 32, 32), (32, 64, 128), 128, norm_hidden=False),
    read=standin.svhn, shift_pixels=2,
    schedule=Schedule(
        batch_size=128, learning_rate=0.05, warm_up_steps=400, momentum=0.9, l2=5e-4,
        dense_epochs=2, prune_epochs=2, fine_tune_epochs=2,
        total_sparsity=0.4, layer_sparsity=same(0.4, *VGG_LAYERS[2:]),
        centroid_steps=300,
    ),
)

# A network of the STL-10 network's input and kind, small enough to train on 5,000 images.
STL10_SMALL = Recipe(
    name="stl10_small", network=lambda: network.vgg((3, 96, 96), (16, 32, 64), 64, norm_hidden=True),
    read=pictures.stl10, shift_pixels=8, flip=True,
    schedule=Schedule(
        batch_size=64, learning_rate=0.05, warm_up_steps=100, momentum=0.9, l2=1e-3,
        dense_epochs=12, prune_epochs=4, fine_tune_epochs=4,
        total_sparsity=0.4, layer_sparsity=same(0.4, *VGG_LAYERS[2:]),
        centroid_steps=300,
    ),
)

RECIPES = {recipe.name: recipe for recipe in (MNIST, CIFAR10, SVHN, STL10_SMALL)}
