# SPDX-License-Identifier: Apache-2.0
"""`scripts/train RECIPE`: the whole way from random weights to a file and its card."""
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import torch

import card
from data import DataError, parse_idx, parse_records, read_bytes, shuffled_batches
from fit import correct_answers, correct_of_test_set
from publish import calibration_batches, publish
from stages import Run


def add_training_options(parser):
    parser.add_argument("--data", type=Path, required=True, help="folder of the data set's public files")
    parser.add_argument("--checkpoints", type=Path,
                        help="keep the state here, and go on from it (the file is the same in the end)")
    parser.add_argument("--checkpoint-seconds", type=float, default=60, help="how often (default: once a minute)")


def add_options(parser, workloads: Path):
    add_training_options(parser)
    parser.add_argument("--out", type=Path, default=workloads, help="where the model and card go")
    parser.add_argument("--digits", type=Path, default=workloads,
                        help="folder of the drawn digits, which are read but never learnt")
    parser.add_argument("--also", type=Path, action="append", default=[], metavar="FILE",
                        help="labelled 32 x 32 images in CIFAR-10's binary format: measured, never learnt")
    parser.add_argument("--sparsity", type=float, help="zeros as a part of all parameters, instead of the recipe's")
    parser.add_argument("--clusters", type=int, help="different weights a layer besides zero, instead of the recipe's")
    parser.add_argument("--centroid-steps", type=int, help="instead of the recipe's")


def make_run(recipe, dataset, given) -> Run:
    schedule = recipe.schedule
    if len(dataset.train_images) < schedule.batch_size:
        raise DataError(f"{given.data}: {len(dataset.train_images)} training images are less than a batch of "
                        f"{schedule.batch_size}")

    def make_network():
        network = recipe.network()
        return network.to(memory_format=torch.channels_last) if dataset.train_images.shape[1] > 1 else network

    def batches(stage, skip):
        generator = np.random.default_rng([given.seed, *stage.encode()])
        return shuffled_batches(dataset, schedule.batch_size, recipe.shift_pixels, recipe.flip, generator, skip)

    return Run(make_network, batches, len(dataset.train_images) // schedule.batch_size, schedule, given.seed,
               recipe.identity(dataset), given.checkpoints, given.checkpoint_seconds)


def changed(recipe, given):
    """The recipe with what the command line asks for instead."""
    wanted = {"total_sparsity": given.sparsity, "clusters": given.clusters, "centroid_steps": given.centroid_steps}
    wanted = {name: value for name, value in wanted.items() if value is not None}
    for name, value, low, high in (("--sparsity", given.sparsity, 0, 0.99), ("--clusters", given.clusters, 1, 255),
                                   ("--centroid-steps", given.centroid_steps, 0, 10**6)):
        if value is not None and not low <= value <= high:
            raise DataError(f"{name} {value} is not possible; expected {low} to {high}")
    return replace(recipe, schedule=replace(recipe.schedule, **wanted))


def run(recipe, given):
    recipe = changed(recipe, given)
    dataset = recipe.read(given.data)
    others = {file.parent.name + "/" + file.name: parse_records(read_bytes(file.parent, file.name, "give another"),
                                                               str(file)) for file in given.also}
    try:
        given.out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise DataError(f"--out {given.out}: the folder cannot be made: {error.strerror}") from error

    def measure(title, network):
        correct = correct_of_test_set(network, dataset)
        measured = card.accuracy(correct, len(dataset.test_images))
        print(f"{title}: {measured['percent']} % of {measured['images']} test images", file=sys.stderr)
        return measured

    flow = make_run(recipe, dataset, given)
    start = flow.dense_start()
    dense = flow.dense(start)
    teacher = dense if recipe.schedule.learn_from_dense else None
    network = flow.pruned(start, teacher)
    accuracies = {"dense": measure("dense", dense), "pruned": measure("pruned", network)}
    shared = flow.shared(network)
    accuracies["clustered"] = measure("clustered", network)
    flow.fine_tune(shared, teacher)

    def measure_file(stored):
        accuracies["final"] = measure("final", stored)
        figures = {"test_accuracy": accuracies}

        def accuracy_on(images, labels):
            correct = correct_answers(stored, dataset.tensor(images), torch.from_numpy(labels.astype(np.int64)))
            return card.accuracy(correct, len(labels))

        if recipe.drawn_digits:
            images, labels = (parse_idx(read_bytes(given.digits, name, "scripts/draw-digits makes it"), name)
                              for name in ("digits-images-idx3-ubyte", "digits-labels-idx1-ubyte"))
            figures["drawn_digits"] = accuracy_on(images[:, None], labels)
        if others:
            figures["also"] = {name: accuracy_on(*records) for name, records in others.items()}
        return figures

    path = given.out / f"{recipe.name}.onnx"
    written = publish(path, network, shared, calibration_batches(dataset, recipe.calibration_images),
                      {"recipe": recipe.describe(), "seed": given.seed}, measure_file,
                      {"seed": given.seed, "recipe": recipe.describe(), "data_sha256": dataset.sha256,
                       "minutes": {name: round(minutes, 1) for name, minutes in flow.minutes.items()},
                       **({"note": dataset.note} if dataset.note else {})})
    print(f"{path}: {written['model_bytes']} bytes, {written['nonzero_parameters']} of {written['parameters']} "
          f"parameters left, {accuracies['final']['percent']} % of the test images")
