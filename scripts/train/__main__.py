#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Trains a sparse network with shared weights and writes it as ONNX, with a card of what was measured.

    /usr/bin/python3 scripts/train mnist --data FOLDER [--out configs/workloads] [--checkpoints FOLDER]

FOLDER holds the four MNIST files (scripts/fetch-mnist gets them). Needs the Debian packages of `scripts/setup train`.
The same seed, data, versions and number of threads give the same file. docs/workloads.md explains the recipe.
"""
import argparse
import json
import sys
from pathlib import Path

import numpy as np
import torch

import card
import export
import onnx_numpy
from data import DataError, Dataset, parse_idx, read_bytes
from fit import correct_answers
from network import parameter_count, weighted
from recipe import RECIPES
from stages import Run

ROOT = Path(__file__).resolve().parents[2]


def options():
    parser = argparse.ArgumentParser(prog="scripts/train", description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("recipe", choices=sorted(RECIPES))
    parser.add_argument("--data", type=Path, required=True, help="folder of the four MNIST files, .gz or not")
    parser.add_argument("--out", type=Path, default=ROOT / "configs" / "workloads", help="where the model and card go")
    parser.add_argument("--digits", type=Path, default=ROOT / "configs" / "workloads",
                        help="folder of the drawn digits, which are read but never learnt")
    parser.add_argument("--checkpoints", type=Path, help="keep finished stages here and continue from them")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--threads", type=int, default=2)
    return parser.parse_args()


def check_equal(model, network, images):
    """The file must give what the trained network gives, up to the order of float32 sums."""
    batch = images[:100, None].astype(np.float32) / np.float32(255)
    stored = onnx_numpy.run(model, batch)[model.graph.output[0].name]
    with torch.no_grad():
        trained = network(torch.from_numpy(batch)).numpy()
    difference = float(np.abs(stored - trained).max() / np.abs(trained).max())
    if difference > 1e-5:
        raise ArithmeticError(f"the exported model is off by {difference:.2g} of the trained network's largest score")
    return difference


def main() -> int:
    given = options()
    torch.set_num_threads(given.threads)
    torch.use_deterministic_algorithms(True)
    recipe = RECIPES[given.recipe]
    dataset = Dataset(given.data)
    digits = [parse_idx(read_bytes(given.digits, name), name)
              for name in ("digits-images-idx3-ubyte", "digits-labels-idx1-ubyte")]
    given.out.mkdir(parents=True, exist_ok=True)

    def measure(title, network):
        correct = correct_answers(network, dataset.test_images, dataset.test_labels)
        measured = card.accuracy(correct, len(dataset.test_images))
        print(f"{title}: {measured['percent']} % of {measured['images']} test images", file=sys.stderr)
        return measured

    run = Run(recipe, dataset, given.seed, given.checkpoints)
    start = run.dense_start()
    network = run.pruned(start)
    accuracies = {"dense": measure("dense", run.dense(start)), "pruned": measure("pruned", network)}
    shared = run.shared(network)
    accuracies["clustered"] = measure("clustered", network)
    run.fine_tune(shared)
    accuracies["final"] = measure("final", network)

    biases = {name: module.bias.detach().numpy() for name, module in weighted(network).items()}
    model = export.make_model(recipe, shared, biases)
    difference = check_equal(model, network, dataset.train_images)
    calibration = dataset.train_images[:recipe.calibration_images, None].astype(np.float32) / np.float32(255)
    batches = np.array_split(calibration, max(1, len(calibration) // 100))
    ranges = export.activation_ranges(model, batches, onnx_numpy.run)
    parameters, layers = parameter_count(network), card.layer_figures(shared)
    zeros = sum(layer["zeros"] for layer in layers)
    export.set_metadata(model, {"recipe": recipe.describe(), "seed": given.seed, "sparsity": zeros / parameters,
                                "sonic:ranges": ranges})
    content = model.SerializeToString(deterministic=True)
    card.write_whole(given.out / f"{recipe.name}.onnx", content)
    written = {
        "model": f"{recipe.name}.onnx", "model_sha256": card.sha256(content), "model_bytes": len(content),
        "parameters": parameters, "zeros": zeros, "nonzero_parameters": parameters - zeros, "layers": layers,
        "test_accuracy": accuracies,
        "drawn_digits": card.accuracy(onnx_numpy.correct_answers(model, *digits), len(digits[1])),
        "largest_difference_to_trained_network": difference,
        "seed": given.seed, "recipe": recipe.describe(), "versions": card.versions(), "data_sha256": dataset.sha256,
        "minutes": {name: round(minutes, 1) for name, minutes in run.minutes.items()},
    }
    card.write_whole(given.out / f"{recipe.name}.json", (json.dumps(written, indent=2) + "\n").encode())
    print(f"{given.out / recipe.name}.onnx: {len(content)} bytes, {parameters - zeros} of {parameters} parameters "
          f"left, {accuracies['final']['percent']} % of the test images, "
          f"{written['drawn_digits']['percent']} % of the drawn digits")
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except DataError as error:
        print(f"train: {error}", file=sys.stderr)
        sys.exit(2)
