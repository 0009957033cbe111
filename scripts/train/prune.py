# SPDX-License-Identifier: Apache-2.0
"""Layer-wise gradual magnitude pruning during training, after Zhu and Gupta, arXiv 1710.01878."""
import torch

from network import parameter_count, weighted


def zeros_per_layer(network, total_sparsity: float, layer_sparsity: dict) -> dict:
    """How many weights of each layer become zero: the layers' targets, scaled so that the sum is exactly the given
    part of all parameters. The largest layer takes what rounding leaves over. A layer without a target keeps all; the
    zeros that it has already count."""
    modules = weighted(network)
    sizes = {name: module.weight.numel() for name, module in modules.items() if name in layer_sparsity}
    there = sum(int((module.weight == 0).sum()) for name, module in modules.items() if name not in layer_sparsity)
    total = max(round(total_sparsity * parameter_count(network)) - there, 0)
    wanted = sum(layer_sparsity[name] * size for name, size in sizes.items())
    if wanted <= 0:
        raise ValueError(f"{total} weights must go, but the layers' targets are all 0")
    scale = total / wanted
    zeros = {name: round(scale * layer_sparsity[name] * size) for name, size in sizes.items()}
    zeros[max(sizes, key=sizes.get)] += total - sum(zeros.values())
    for name, count in zeros.items():
        if not 0 <= count < sizes[name]:
            raise ValueError(f"{name}: {count} of {sizes[name]} weights cannot be removed; lower the total sparsity")
        already = int((modules[name].weight == 0).sum())
        if already > count:
            raise ValueError(f"{name}: {already} of {sizes[name]} weights are zero already, more than the {count} of its "
                             "target; raise the target or protect the layer")
    return zeros


def cubic(progress: float) -> float:
    """The part of the final zeros that is reached at a part of the pruning phase: fast at first, then ever slower."""
    return 1 - (1 - min(max(progress, 0.0), 1.0)) ** 3


def magnitude_mask(weight: torch.Tensor, zeros: int) -> torch.Tensor:
    """1 for each weight that stays; the `zeros` smallest magnitudes go."""
    # A masked weight is zero and so stays among the smallest; the stable order makes ties repeatable.
    order = torch.argsort(weight.detach().abs().flatten(), stable=True)
    mask = torch.ones(order.numel())
    mask[order[:zeros]] = 0
    return mask.view_as(weight)


class Pruner:
    """A binary mask per layer: the smallest magnitudes are masked until the layer's target of that step is met."""

    def __init__(self, network, zeros: dict, first_step: int, last_step: int, interval_steps: int):
        self.modules_ = {name: weighted(network)[name] for name in zeros}
        self.zeros_ = zeros
        self.first_step_, self.last_step_, self.interval_steps_ = first_step, last_step, interval_steps
        self.masks = {name: torch.ones_like(module.weight) for name, module in self.modules_.items()}

    def after_step(self, step: int):
        done = step + 1 - self.first_step_
        if step < self.last_step_ and (done % self.interval_steps_ == 0 or step + 1 == self.last_step_):
            self.set_masks_(cubic(done / (self.last_step_ - self.first_step_)))
        with torch.no_grad():
            for name, module in self.modules_.items():
                module.weight.mul_(self.masks[name])

    def set_masks_(self, part: float):
        for name, module in self.modules_.items():
            count = self.zeros_[name] if part >= 1 else int(part * self.zeros_[name])
            self.masks[name] = magnitude_mask(module.weight, count)
