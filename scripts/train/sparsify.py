# SPDX-License-Identifier: Apache-2.0
"""`scripts/train sparsify`: prunes and shares the weights of a trained ONNX network, with or without data."""
import argparse
import sys
import time
from pathlib import Path

import google.protobuf.message
import numpy as np
import onnx
import torch

import card
import data
from cluster import SharedWeights
from fit import correct_of_test_set
from network import weighted
from onnx_module import OnnxModule
from prune import magnitude_mask, zeros_per_layer
from publish import calibration_batches, example_of, publish
from recipe import RECIPES, Schedule

DATASETS = ("cifar10", "mnist")  # read, and shown to the network, as the recipes of these names do


def fraction(text: str) -> float:
    value = float(text)
    if not 0 <= value < 1:
        raise argparse.ArgumentTypeError(f"{text} is no fraction from 0 to below 1")
    return value


def clusters(text: str) -> int:
    value = int(text)
    if not 1 <= value <= 255:
        raise argparse.ArgumentTypeError(f"{text} clusters are not possible; expected 1 to 255 (the chip takes 63)")
    return value


def layer_target(text: str):
    name, equals, value = text.rpartition("=")
    if not equals:
        raise argparse.ArgumentTypeError(f"{text}: expected LAYER=FRACTION")
    return name, fraction(value)


def numbers(text: str) -> list:
    return [float(part) for part in text.split(",")]


def add_options(parser):
    parser.add_argument("model", type=Path)
    parser.add_argument("--out", type=Path, required=True, help="the sparse network; its card lies beside it, as .json")
    parser.add_argument("--sparsity", type=fraction, default=0.5, help="zeros as a part of all parameters")
    parser.add_argument("--layer", type=layer_target, action="append", default=[], metavar="LAYER=FRACTION",
                        help="another target for a layer; the targets are scaled together to meet --sparsity")
    parser.add_argument("--protect", action="append", default=[], metavar="LAYER", help="prune nothing of this layer")
    parser.add_argument("--clusters", type=clusters, default=63, help="different weights a layer besides zero")
    parser.add_argument("--dataset", choices=DATASETS, help="measure the accuracy at each step on this test set")
    parser.add_argument("--data", type=Path, help="folder of the data set's public files")
    parser.add_argument("--mean", type=numbers, default=[0.0], help="subtracted from pixel / 255, by channel")
    parser.add_argument("--std", type=numbers, default=[1.0], help="what is left is divided by this, by channel")
    parser.add_argument("--centroid-steps", type=int, default=0,
                        help="training steps of centroids, biases and batch norms (needs --dataset)")
    parser.add_argument("--centroid-rate", type=float, default=1e-4)


def load(path: Path) -> OnnxModule:
    try:
        return OnnxModule(onnx.load(str(path)), str(path))
    except FileNotFoundError as error:
        raise data.DataError(f"{path}: the file is missing") from error
    except google.protobuf.message.DecodeError as error:
        raise data.DataError(f"{path}: not an ONNX network: {error}") from error


def targets_of(network, given) -> dict:
    layers = list(weighted(network))
    for name in [*given.protect, *(name for name, _ in given.layer)]:
        if name not in layers:
            raise data.DataError(f"{given.model}: no layer is named {name}; there are {', '.join(layers)}")
    targets = {name: max(given.sparsity, 1e-9) for name in layers if name not in given.protect}
    targets.update(given.layer)
    if not targets:
        raise data.DataError("--protect: every layer is protected, nothing can be pruned")
    return targets


def run(given):
    if bool(given.dataset) != bool(given.data):
        raise data.DataError("--dataset and --data belong together; expected both or none")
    if given.centroid_steps and not given.dataset:
        raise data.DataError("--centroid-steps: training needs images; expected --dataset and --data")
    card.check_writable("--out", given.out)
    network = load(given.model)
    dataset = RECIPES[given.dataset].read(given.data).normalised(given.mean, given.std) if given.dataset else None
    accuracies = {}
    with torch.no_grad():
        # A network that does not fit is refused here, not after the work.
        network(dataset.tensor(dataset.test_images[:1]) if dataset else example_of(network))

    def measure(title, module):
        if dataset:
            correct = correct_of_test_set(module, dataset)
            accuracies[title] = card.accuracy(correct, len(dataset.test_images))
            print(f"{title}: {accuracies[title]['percent']} % of {accuracies[title]['images']} test images",
                  file=sys.stderr)
        return {"test_accuracy": accuracies} if dataset else {}

    measure("given", network)
    try:
        zeros = zeros_per_layer(network, given.sparsity, targets_of(network, given))
    except ValueError as error:
        raise data.DataError(f"--sparsity {given.sparsity}: {error}") from error
    with torch.no_grad():
        for name, count in zeros.items():
            weight = weighted(network)[name].weight
            weight.mul_(magnitude_mask(weight, count))
    measure("pruned", network)
    shared = SharedWeights(network, given.clusters, {}, Schedule.lloyd_iterations)
    measure("clustered", network)
    if given.centroid_steps:
        begin = time.monotonic()
        generator = np.random.default_rng([given.seed, *b"shared"])
        recipe = RECIPES[given.dataset]
        batches = data.shuffled_batches(dataset, recipe.schedule.batch_size, recipe.shift_pixels, recipe.flip, generator)
        shared.fine_tune(batches, given.centroid_steps, given.centroid_rate)
        print(f"centroids trained in {time.monotonic() - begin:.0f} s", file=sys.stderr)
    asked = {key: value for key, value in vars(given).items()
             if key in ("sparsity", "layer", "protect", "clusters", "dataset", "mean", "std", "centroid_steps",
                        "centroid_rate", "seed")}
    facts = {"recipe": asked, "source_sha256": data.sha256(given.model.read_bytes())}
    calibration = calibration_batches(dataset, 1000) if dataset else []
    if dataset:
        facts["data_sha256"] = dataset.sha256
    written = publish(given.out, network, shared, calibration, {"recipe": asked}, lambda file: measure("final", file),
                      facts)
    print(f"{given.out}: {written['model_bytes']} bytes, {written['nonzero_parameters']} of {written['parameters']} "
          "parameters left" + (f", {accuracies['final']['percent']} % of the test images" if dataset else ""))
