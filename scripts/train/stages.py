# SPDX-License-Identifier: Apache-2.0
"""The way of a recipe: dense, then dense and pruned side by side from the same state, then shared weights."""
import copy
import hashlib
import json
import time
from pathlib import Path

import numpy as np
import torch

from cluster import SharedWeights
from data import shuffled_batches
from fit import make_optimiser, train
from network import build
from prune import Pruner, zeros_per_layer


class Run:
    """One run of a recipe. Each finished stage is kept in `checkpoints` (if given) and taken from there next time,
    as long as recipe, seed and data are the same; each stage has random numbers of its own, so that nothing changes."""

    def __init__(self, recipe, dataset, seed: int, checkpoints: Path = None):
        self.recipe_, self.dataset_, self.seed_ = recipe, dataset, seed
        key = json.dumps([recipe.describe(), dataset.sha256, seed, torch.get_num_threads()], sort_keys=True)
        self.key_ = hashlib.sha256(key.encode()).hexdigest()[:16]
        self.checkpoints_ = checkpoints
        self.steps_per_epoch_ = len(dataset.train_images) // recipe.batch_size
        self.split_ = recipe.dense_epochs * self.steps_per_epoch_
        self.pruned_ = self.split_ + recipe.prune_epochs * self.steps_per_epoch_
        self.total_ = self.pruned_ + recipe.fine_tune_epochs * self.steps_per_epoch_
        self.minutes = {}

    def dense_start(self) -> dict:
        def work():
            torch.manual_seed(self.seed_)
            network = build(self.recipe_.layers, self.recipe_.input_shape)
            optimiser = make_optimiser(network, self.recipe_)
            self.train_(network, optimiser, "dense start", 0, self.split_)
            return self.state_(network, optimiser)
        return self.stage_("start", work)

    def dense(self, start: dict) -> torch.nn.Module:
        """The baseline: the start continued without pruning for as many steps as the pruned network gets."""
        def work():
            network, optimiser = self.restore_(start)
            self.train_(network, optimiser, "dense", self.split_, self.total_)
            return self.state_(network, optimiser)
        return self.restore_(self.stage_("dense", work))[0]

    def pruned(self, start: dict) -> torch.nn.Module:
        def work():
            network, optimiser = self.restore_(start)
            zeros = zeros_per_layer(network, self.recipe_.total_sparsity, self.recipe_.layer_sparsity)
            pruner = Pruner(network, zeros, self.split_, self.pruned_, self.recipe_.mask_interval_steps)
            self.train_(network, optimiser, "pruned", self.split_, self.total_, pruner)
            return self.state_(network, optimiser)
        return self.restore_(self.stage_("pruned", work))[0]

    def shared(self, network) -> SharedWeights:
        """Makes the pruned network's weights shared ones, before the centroids are trained."""
        return SharedWeights(network, self.recipe_.clusters, self.recipe_.lloyd_iterations)

    def fine_tune(self, shared: SharedWeights):
        begin = time.monotonic()
        shared.fine_tune(self.batches_("shared"), self.recipe_.centroid_steps, self.recipe_.centroid_learning_rate)
        self.minutes["shared"] = (time.monotonic() - begin) / 60

    def batches_(self, stage: str):
        entropy = [self.seed_, *stage.encode()]
        return shuffled_batches(self.dataset_, self.recipe_.batch_size, self.recipe_.shift_pixels,
                                np.random.default_rng(entropy))

    def train_(self, network, optimiser, title, first_step, last_step, pruner=None):
        train(network, optimiser, self.batches_(title), self.recipe_, title, first_step, last_step, self.total_, pruner)

    def state_(self, network, optimiser) -> dict:
        return {"network": network.state_dict(), "optimiser": optimiser.state_dict()}

    def restore_(self, state: dict):
        network = build(self.recipe_.layers, self.recipe_.input_shape)
        optimiser = make_optimiser(network, self.recipe_)
        network.load_state_dict(state["network"])
        optimiser.load_state_dict(copy.deepcopy(state["optimiser"]))
        return network, optimiser

    def stage_(self, name: str, work) -> dict:
        path = self.checkpoints_ / f"{self.recipe_.name}-{name}-{self.key_}.pt" if self.checkpoints_ else None
        if path and path.exists():
            kept = torch.load(path)
        else:
            begin = time.monotonic()
            kept = {"state": work(), "minutes": (time.monotonic() - begin) / 60}
            if path:
                path.parent.mkdir(parents=True, exist_ok=True)
                torch.save(kept, path.with_suffix(".part"))
                path.with_suffix(".part").rename(path)
        self.minutes[name] = kept["minutes"]
        return kept["state"]
