# SPDX-License-Identifier: Apache-2.0
"""What is trained, and how: every number that decides the result."""
from dataclasses import asdict, dataclass, field
from typing import Dict, Tuple

from network import Conv, Dense, Flatten, Layer, MaxPool, Relu


@dataclass(frozen=True)
class Recipe:
    """One network and its way from random weights to a codebook. Shapes are (channels, height, width)."""

    name: str
    input_shape: Tuple[int, int, int]
    layers: Tuple[Layer, ...]

    # Stochastic gradient descent with Nesterov momentum, linear warm-up, then a cosine down to zero.
    batch_size: int
    learning_rate: float
    warm_up_steps: int
    momentum: float
    l2: float  # on weights, not on biases
    shift_pixels: int  # each training image is moved by up to this many pixels

    # Dense epochs first; then the same network continues twice: dense (the baseline) and with pruning.
    dense_epochs: int
    prune_epochs: int
    fine_tune_epochs: int

    # Gradual magnitude pruning (Zhu and Gupta, arXiv 1710.01878). Zeros are counted over all parameters: biases are in
    # the count but never removed. The layers' targets are scaled together to meet the total exactly.
    total_sparsity: float
    layer_sparsity: Dict[str, float] = field(default_factory=dict)
    mask_interval_steps: int = 32

    # Weight sharing (Han et al., arXiv 1510.00149).
    clusters: int = 63  # besides zero
    lloyd_iterations: int = 60
    centroid_steps: int = 300
    centroid_learning_rate: float = 1e-4

    calibration_images: int = 1000

    def describe(self) -> dict:
        """The recipe as plain data, for the card and the model's metadata."""
        plain = asdict(self)
        plain["layers"] = [layer.describe() for layer in self.layers]
        return plain


MNIST = Recipe(
    name="mnist",
    input_shape=(1, 28, 28),
    layers=(
        Conv("conv1", channels=128, kernel=5), Relu("relu1"), MaxPool("pool1", kernel=2),
        Conv("conv2", channels=96, kernel=5), Relu("relu2"), MaxPool("pool2", kernel=2),
        Flatten("flatten"), Dense("fc1", outputs=768), Relu("relu3"), Dense("fc2", outputs=10),
    ),
    batch_size=128,
    learning_rate=0.05,
    warm_up_steps=100,
    momentum=0.9,
    l2=5e-4,
    shift_pixels=2,
    dense_epochs=2,
    prune_epochs=2,
    fine_tune_epochs=1,
    total_sparsity=0.5,
    layer_sparsity={"conv1": 0.5, "conv2": 0.5, "fc1": 0.5, "fc2": 0.5},
)

RECIPES = {recipe.name: recipe for recipe in (MNIST,)}
