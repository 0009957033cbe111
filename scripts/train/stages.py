# SPDX-License-Identifier: Apache-2.0
"""The flow of a network: dense, then dense and pruned side by side from the same state, then shared weights."""
import copy
import hashlib
import json
import time
from dataclasses import asdict
from pathlib import Path
from typing import Callable, Iterator

import torch

from cluster import SharedWeights
from data import seed_of
from fit import make_optimiser, train
from prune import Pruner, zeros_per_layer
from recipe import Schedule

AFTER_TRAINING = ("clusters", "layer_clusters", "lloyd_iterations", "centroid_steps", "centroid_learning_rate")


def in_evaluation(teacher):
    return teacher.eval() if teacher is not None else None


class Run:
    """One run of a schedule over any network.

    make_network()       a new network; its random weights are drawn after torch.manual_seed(seed)
    batches(stage, skip) endless (images, labels), repeatable for a stage's name, without the first `skip` ones
    identity             plain data that decides the result besides the schedule and the seed, such as data checksums

    The state is kept in `checkpoints` (if given) every `checkpoint_seconds` and taken from there next time, as long as
    everything that decides the result is the same. Each stage has random numbers of its own, so that a run which was
    interrupted ends in the same network as one which was not."""

    def __init__(self, make_network: Callable[[], torch.nn.Module], batches: Callable[[str, int], Iterator],
                 steps_per_epoch: int, schedule: Schedule, seed: int, identity: dict, checkpoints: Path = None,
                 checkpoint_seconds: float = 60):
        self.make_network_, self.batches_, self.schedule_, self.seed_ = make_network, batches, schedule, seed
        decides = {name: value for name, value in asdict(schedule).items() if name not in AFTER_TRAINING}
        key = json.dumps([identity, decides, seed, steps_per_epoch, torch.get_num_threads()], sort_keys=True)
        self.key = hashlib.sha256(key.encode()).hexdigest()[:16]
        self.checkpoints_, self.checkpoint_seconds_ = checkpoints, checkpoint_seconds
        self.split_ = schedule.dense_epochs * steps_per_epoch
        self.pruned_ = self.split_ + schedule.prune_epochs * steps_per_epoch
        self.total_ = self.pruned_ + schedule.fine_tune_epochs * steps_per_epoch
        self.minutes = {}

    def dense_start(self) -> dict:
        torch.manual_seed(self.seed_)
        network = self.make_network_()
        return self.stage_("start", "dense start", network, None, range(self.split_))

    def dense(self, start: dict) -> torch.nn.Module:
        """The baseline: the start continued without pruning for as many steps as the pruned network gets."""
        network = self.make_network_()
        self.stage_("dense", "dense", network, start, range(self.split_, self.total_))
        return network

    def pruned(self, start: dict, teacher=None) -> torch.nn.Module:
        """The start continued with pruning, on the labels or on the scores of a teacher (the dense network, say)."""
        network = self.make_network_()
        zeros = zeros_per_layer(network, self.schedule_.total_sparsity, self.schedule_.layer_sparsity)
        pruner = Pruner(network, zeros, self.split_, self.pruned_, self.schedule_.mask_interval_steps)
        self.stage_("pruned", "pruned", network, start, range(self.split_, self.total_), pruner, teacher)
        return network

    def shared(self, network) -> SharedWeights:
        """Makes the pruned network's weights shared ones, before the centroids are trained."""
        schedule = self.schedule_
        return SharedWeights(network, schedule.clusters, schedule.layer_clusters, schedule.lloyd_iterations)

    def fine_tune(self, shared: SharedWeights, teacher=None):
        """Trains the centroids, from the labels or from the scores of a teacher (the dense network, say)."""
        begin = time.monotonic()
        torch.manual_seed(self.seed_)
        shared.fine_tune(self.batches_("shared", 0), self.schedule_.centroid_steps,
                         self.schedule_.centroid_learning_rate, in_evaluation(teacher))
        self.minutes["shared"] = (time.monotonic() - begin) / 60

    def stage_(self, name, title, network, state, steps, pruner=None, teacher=None) -> dict:
        """Brings the network from `state` (none: as it is) through the steps, or through what is left of them."""
        optimiser = make_optimiser(network, self.schedule_)
        path = self.checkpoints_ / f"{name}-{self.key}.pt" if self.checkpoints_ else None
        kept = torch.load(path) if path and path.exists() else {"state": state, "next": steps.start, "minutes": 0}
        if kept["state"]:
            network.load_state_dict(kept["state"]["network"])
            optimiser.load_state_dict(copy.deepcopy(kept["state"]["optimiser"]))
        if pruner and "masks" in kept:
            pruner.masks = kept["masks"]
        # What the network draws by itself (dropout, say) depends on the seed and the stage, and goes on where it was.
        torch.manual_seed(seed_of(self.seed_, name))
        if "random" in kept:
            torch.set_rng_state(kept["random"])
        begin, saved = time.monotonic(), time.monotonic()

        def keep(step):
            nonlocal kept, saved
            last = step + 1 == steps.stop
            if not last and (not path or time.monotonic() - saved < self.checkpoint_seconds_):
                return
            saved = time.monotonic()
            state = {"network": network.state_dict(), "optimiser": optimiser.state_dict()}
            now = {"state": state, "next": step + 1, "minutes": kept["minutes"] + (saved - begin) / 60,
                   "random": torch.get_rng_state(),
                   **({"masks": pruner.masks} if pruner else {})}
            if path:
                path.parent.mkdir(parents=True, exist_ok=True)
                torch.save(now, path.with_suffix(".part"))
                path.with_suffix(".part").rename(path)
            if last:
                kept = now

        left = range(kept["next"], steps.stop)
        if left:
            train(network, optimiser, self.batches_(title, left.start - steps.start), self.schedule_, title, left,
                  self.total_, pruner, keep, in_evaluation(teacher))
        self.minutes[name] = kept["minutes"]
        return kept["state"]
