# SPDX-License-Identifier: Apache-2.0
"""The training loop and the accuracy of a network."""
import math
import sys
import time

import torch
from torch.nn import functional

from data import to_tensor


class Progress:
    """One line that rewrites itself on a terminal; elsewhere a line every 100 steps."""

    def __init__(self, title: str, steps: int):
        self.title_, self.steps_, self.start_ = title, steps, time.monotonic()
        self.terminal_ = sys.stderr.isatty()

    def show(self, step: int, loss: float):
        last = step == self.steps_
        if not (self.terminal_ or last or step % 100 == 0):
            return
        seconds = time.monotonic() - self.start_
        left = seconds / step * (self.steps_ - step)
        start, end = "\r" if self.terminal_ else "", "\n" if last or not self.terminal_ else "   "
        print(f"{start}{self.title_}: step {step}/{self.steps_}, loss {loss:.4f}, {seconds:.0f} s, {left:.0f} s left",
              end=end, file=sys.stderr, flush=True)


def make_optimiser(network, recipe):
    weights = [p for name, p in network.named_parameters() if name.endswith("weight")]
    biases = [p for name, p in network.named_parameters() if name.endswith("bias")]
    return torch.optim.SGD([{"params": weights, "weight_decay": recipe.l2}, {"params": biases}],
                           lr=recipe.learning_rate, momentum=recipe.momentum, nesterov=True)


def learning_rate(recipe, step: int, total_steps: int) -> float:
    warm = min(1.0, (step + 1) / recipe.warm_up_steps)
    return recipe.learning_rate * warm * 0.5 * (1 + math.cos(math.pi * step / total_steps))


def train(network, optimiser, batches, recipe, title, first_step, last_step, total_steps, pruner=None):
    """Runs the steps [first_step, last_step) of a schedule of `total_steps`; a pruner keeps its masks through them."""
    network.train()
    progress = Progress(title, last_step - first_step)
    for step in range(first_step, last_step):
        for group in optimiser.param_groups:
            group["lr"] = learning_rate(recipe, step, total_steps)
        images, labels = next(batches)
        optimiser.zero_grad()
        loss = functional.cross_entropy(network(images), labels)
        loss.backward()
        optimiser.step()
        if pruner:
            pruner.after_step(step)
        progress.show(step - first_step + 1, loss.item())


def correct_answers(network, images, labels, batch_size: int = 500) -> int:
    """How many images (count, height, width) of unsigned bytes the network reads as labelled."""
    network.eval()
    correct = 0
    with torch.no_grad():
        for first in range(0, len(images), batch_size):
            scores = network(to_tensor(images[first:first + batch_size]))
            correct += int((scores.argmax(1) == labels[first:first + batch_size]).sum())
    return correct
