# SPDX-License-Identifier: Apache-2.0
"""The training loop and the accuracy of a network."""
import math
import sys
import time

import torch
from torch.nn import functional


class Progress:
    """One line that rewrites itself on a terminal; elsewhere a line every 100 steps."""

    def __init__(self, title: str, steps: int, done: int = 0):
        self.title_, self.steps_, self.done_, self.start_ = title, steps, done, time.monotonic()
        self.terminal_ = sys.stderr.isatty()

    def show(self, step: int, loss: float):
        last = step == self.steps_
        if not (self.terminal_ or last or step % 100 == 0):
            return
        seconds = time.monotonic() - self.start_
        left = seconds / (step - self.done_) * (self.steps_ - step)
        start, end = "\r" if self.terminal_ else "", "\n" if last or not self.terminal_ else "   "
        print(f"{start}{self.title_}: step {step}/{self.steps_}, loss {loss:.4f}, {seconds:.0f} s, {left:.0f} s left",
              end=end, file=sys.stderr, flush=True)


def make_optimiser(network, schedule):
    """L2 regularisation acts on kernels and matrices only, not on biases and batch norms."""
    weights = [p for p in network.parameters() if p.dim() > 1]
    others = [p for p in network.parameters() if p.dim() <= 1]
    return torch.optim.SGD([{"params": weights, "weight_decay": schedule.l2}, {"params": others}],
                           lr=schedule.learning_rate, momentum=schedule.momentum, nesterov=True)


def learning_rate(schedule, step: int, total_steps: int) -> float:
    warm = min(1.0, (step + 1) / schedule.warm_up_steps)
    return schedule.learning_rate * warm * 0.5 * (1 + math.cos(math.pi * step / total_steps))


TEMPERATURE = 3.0  # how far the teacher's scores are flattened, so that the lesser classes count too


def loss_of(network, images, labels, teacher=None) -> torch.Tensor:
    """Cross-entropy with the labels; or, with a teacher (a network that has the same classes, in evaluation mode), with
    what the teacher says of the same images (Hinton et al., arXiv 1503.02531), scaled so that gradients stay as large."""
    scores = network(images)
    if teacher is None:
        return functional.cross_entropy(scores, labels)
    with torch.no_grad():
        likely = torch.softmax(teacher(images) / TEMPERATURE, 1)
    return functional.cross_entropy(scores / TEMPERATURE, likely) * TEMPERATURE**2


def train(network, optimiser, batches, schedule, title, steps, total_steps, pruner=None, after_step=None, teacher=None):
    """Runs `steps`, a range within a schedule of `total_steps`; a pruner keeps its masks through them.
    `after_step(step)` is called after each."""
    network.train()
    progress = Progress(title, steps.stop, steps.start)
    for step in steps:
        for group in optimiser.param_groups:
            group["lr"] = learning_rate(schedule, step, total_steps)
        images, labels = next(batches)
        optimiser.zero_grad()
        loss = loss_of(network, images, labels, teacher)
        loss.backward()
        optimiser.step()
        if pruner:
            pruner.after_step(step)
        progress.show(step + 1, loss.item())
        if after_step:
            after_step(step)


def correct_answers(network, images: torch.Tensor, labels: torch.Tensor) -> int:
    """How many inputs the network gives the highest score to their label."""
    with torch.no_grad():
        return int((network(images).argmax(1) == labels).sum())


def correct_of_test_set(network, dataset, batch_size: int = 500) -> int:
    """How many test images of a data.Dataset the network reads as labelled."""
    network.eval()
    starts = range(0, len(dataset.test_images), batch_size)
    parts = ((dataset.test_images[first:first + batch_size], dataset.test_labels[first:first + batch_size])
             for first in starts)
    return sum(correct_answers(network, dataset.tensor(images), labels) for images, labels in parts)
