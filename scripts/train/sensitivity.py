# SPDX-License-Identifier: Apache-2.0
"""`scripts/train sensitivity`: how accuracy depends on layers pruned, sparsity and clusters, as in Fig. 6 of the paper.

Each point starts from the trained dense network, loses its smallest weights at once, trains what is left for a few
steps, shares its weights and trains the centroids. Points that are done are kept, so that a run can be stopped."""
import copy
import json
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import torch

import card
from cluster import SharedWeights
from data import DataError, shuffled_batches
from fit import correct_of_test_set, make_optimiser, train
from network import parameter_count, weighted
from prune import Pruner, zeros_per_layer
from recipe import RECIPES
from train import add_training_options, make_run

STEPS = 200
LEARNING_RATE = 0.01
CENTROID_STEPS = 100
LAYER_SPARSITY = 0.5
SPARSITIES = (0.3, 0.5, 0.7, 0.8, 0.9, 0.95)
CLUSTERS = (1, 3, 7, 15, 31, 63)


def add_options(parser):
    parser.add_argument("recipe", choices=sorted(RECIPES))
    add_training_options(parser)
    parser.add_argument("--out", type=Path, required=True, help="the points, as JSON; a picture lies beside it, as .svg")


def points(network, recipe) -> list:
    """Every point: its name, the layers' targets, the part of all parameters that goes, and clusters besides zero."""
    sizes = {name: module.weight.numel() for name, module in weighted(network).items()
             if name in recipe.schedule.layer_sparsity}
    largest = sorted(sizes, key=sizes.get, reverse=True)
    everything, usual = parameter_count(network), recipe.schedule.clusters
    found = []
    for count in range(len(largest) + 1):
        chosen = dict.fromkeys(largest[:count], LAYER_SPARSITY)
        total = sum(LAYER_SPARSITY * sizes[name] for name in chosen) / everything
        found.append({"study": "layers", "x": count, "layers": chosen, "sparsity": total, "clusters": usual})
    for total in SPARSITIES:
        found.append({"study": "sparsity", "x": total, "layers": dict.fromkeys(largest, total), "sparsity": total,
                      "clusters": usual})
    for clusters in CLUSTERS:
        found.append({"study": "clusters", "x": clusters + 1, "layers": dict.fromkeys(largest, LAYER_SPARSITY),
                      "sparsity": LAYER_SPARSITY, "clusters": clusters})
    return found


def measure(point, dense, dataset, recipe, seed: int) -> dict:
    network = copy.deepcopy(dense)
    schedule = replace(recipe.schedule, learning_rate=LEARNING_RATE, warm_up_steps=1)
    batches = shuffled_batches(dataset, schedule.batch_size, recipe.shift_pixels, recipe.flip,
                               np.random.default_rng([seed, *b"sensitivity"]))
    zeros = zeros_per_layer(network, point["sparsity"], point["layers"]) if point["layers"] else {}
    # Everything goes in the first step; the masks then hold.
    pruner = Pruner(network, zeros, 0, 1, 1)
    title = f"{point['study']} {point['x']}"
    train(network, make_optimiser(network, schedule), batches, schedule, title, range(STEPS), STEPS, pruner)
    pruned = correct_of_test_set(network, dataset)
    shared = SharedWeights(network, point["clusters"], {}, schedule.lloyd_iterations)
    shared.fine_tune(batches, CENTROID_STEPS, schedule.centroid_learning_rate)
    images = len(dataset.test_images)
    zero = sum(int((codes == 0).sum()) for codes in shared.codes.values())
    return {**point, "zeros": zero, "pruned": card.accuracy(pruned, images),
            "clustered": card.accuracy(correct_of_test_set(network, dataset), images)}


def draw(path: Path, found: dict):
    import matplotlib
    matplotlib.use("svg")
    matplotlib.rcParams["svg.hashsalt"] = "sonic-tlm"  # the same picture for the same points
    from matplotlib import pyplot
    figure, panels = pyplot.subplots(1, 3, figsize=(11, 3.4), sharey=True)
    titles = {"layers": "layers pruned (the largest ones, half of their weights)",
              "sparsity": "zeros, as a part of all parameters", "clusters": "different weights in a layer, zero included"}
    for panel, (study, title) in zip(panels, titles.items()):
        chosen = [point for point in found["points"] if point["study"] == study]
        x = [point["x"] for point in chosen]
        panel.axhline(found["dense"]["percent"], color="grey", linewidth=1, label="dense")
        panel.plot(x, [point["pruned"]["percent"] for point in chosen], "o-", label="pruned")
        panel.plot(x, [point["clustered"]["percent"] for point in chosen], "s--", label="and clustered")
        panel.set_xlabel(title, fontsize=8)
        panel.grid(alpha=0.3)
        if study == "clusters":
            panel.set_xscale("log", base=2)
    panels[0].set_ylabel("test accuracy, %")
    panels[0].legend(fontsize=8)
    figure.tight_layout()
    figure.savefig(path, metadata={"Date": None})


def run(given):
    card.check_writable("--out", given.out)
    recipe = RECIPES[given.recipe]
    dataset = recipe.read(given.data)
    flow = make_run(recipe, dataset, given)
    dense = flow.dense(flow.dense_start())
    images = len(dataset.test_images)
    wanted = points(dense, recipe)
    study = {"network": recipe.name, "seed": given.seed, "steps": STEPS, "learning_rate": LEARNING_RATE,
             "centroid_steps": CENTROID_STEPS, "training": flow.key, "data_sha256": dataset.sha256}
    found = json.loads(given.out.read_text()) if given.out.exists() else {**study, "dense": None, "points": []}
    if {name: found.get(name) for name in study} != study:
        raise DataError(f"{given.out}: its points are of another study; expected a new file")
    found["dense"] = found["dense"] or card.accuracy(correct_of_test_set(dense, dataset), images)
    done = found["points"]
    for kept, point in zip(done, wanted):
        if {name: kept[name] for name in point} != point:
            raise DataError(f"{given.out}: its points are of another study; expected a new file")
    for point in wanted[len(done):]:
        found["points"].append(measure(point, dense, dataset, recipe, given.seed))
        card.write_whole(given.out, (json.dumps(found, indent=1) + "\n").encode())
        last = found["points"][-1]
        print(f"{last['study']} {last['x']}: {last['pruned']['percent']} % pruned, {last['clustered']['percent']} % "
              "clustered", file=sys.stderr)
    draw(given.out.with_suffix(".svg"), found)
