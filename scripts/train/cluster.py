# SPDX-License-Identifier: Apache-2.0
"""Post-training weight sharing after Han et al., arXiv 1510.00149: centroids seeded by density, refined by Lloyd's
iterations, then trained with the summed gradient of their weights. Zero stays exactly zero, as code 0."""
import numpy as np
import torch

from fit import Progress, loss_of
from network import weighted


def density_seeds(values: np.ndarray, clusters: int) -> np.ndarray:
    """The middle of each of `clusters` equal-probability regions of the values' cumulative distribution."""
    return np.unique(np.quantile(values, (np.arange(clusters) + 0.5) / clusters))


def nearest(values: np.ndarray, centroids: np.ndarray) -> np.ndarray:
    """Index of the nearest of the ascending centroids, for each value."""
    return np.searchsorted((centroids[1:] + centroids[:-1]) / 2, values)


def lloyd(values: np.ndarray, centroids: np.ndarray, iterations: int) -> np.ndarray:
    """One-dimensional k-means; a centroid without members is dropped."""
    for _ in range(iterations):
        index = nearest(values, centroids)
        count = np.bincount(index, minlength=len(centroids))
        total = np.bincount(index, weights=values, minlength=len(centroids))
        moved = total[count > 0] / count[count > 0]
        if np.array_equal(moved, centroids):
            break
        centroids = moved
    return centroids


class SharedWeights:
    """The codes and the codebook of each layer of a network whose weights are kept equal to codebook[codes]."""

    def __init__(self, network, clusters: int, layer_clusters: dict, iterations: int):
        """At most `clusters` different non-zero weights a layer, or layer_clusters[name]; Lloyd's `iterations`."""
        self.network_ = network
        self.codes = {}  # unsigned bytes in the weight's shape
        self.codebooks = {}  # float32 tensors, entry 0 is zero
        for name, module in weighted(network).items():
            weight = module.weight.detach().numpy().astype(np.float64)
            values = weight[weight != 0]
            seeds = density_seeds(values, layer_clusters.get(name, clusters))
            centroids = lloyd(values, seeds, iterations)
            codes = np.where(weight == 0, 0, nearest(weight, centroids) + 1)
            self.codes[name] = codes.astype(np.uint8)
            self.codebooks[name] = torch.tensor(np.concatenate([[0.0], centroids]), dtype=torch.float32)
        self.write_weights_()

    def write_weights_(self):
        with torch.no_grad():
            for name, module in weighted(self.network_).items():
                if bool((self.codebooks[name][1:] == 0).any()):
                    raise ArithmeticError(f"{name}: a centroid became exactly zero, which is kept for code 0")
                module.weight.copy_(self.codebooks[name][torch.from_numpy(self.codes[name].astype(np.int64))])

    def fine_tune(self, batches, steps: int, learning_rate: float, teacher=None):
        """Adam on centroids, biases and batch norms; the rate falls linearly to zero. Codes do not change. With a
        teacher its scores are learnt instead of the labels."""
        modules = weighted(self.network_)
        others = [parameter for parameter in self.network_.parameters() if parameter.dim() <= 1]
        optimiser = torch.optim.Adam([{"params": list(self.codebooks.values())}, {"params": others}], lr=learning_rate)
        flat_codes = {name: torch.from_numpy(codes.astype(np.int64)).flatten() for name, codes in self.codes.items()}
        self.network_.train()
        progress = Progress("centroids", steps)
        for step in range(steps):
            for group in optimiser.param_groups:
                group["lr"] = learning_rate * (1 - step / steps)
            images, labels = next(batches)
            self.network_.zero_grad()
            loss = loss_of(self.network_, images, labels, teacher)
            loss.backward()
            for name, module in modules.items():
                book = self.codebooks[name]
                book.grad = torch.bincount(flat_codes[name], module.weight.grad.flatten(), len(book)).float()
                book.grad[0] = 0
            optimiser.step()
            self.write_weights_()
            progress.show(step + 1, loss.item())
