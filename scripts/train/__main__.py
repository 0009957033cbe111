#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Makes sparse networks with shared weights, as ONNX, with a card of what was measured.

    /usr/bin/python3 scripts/train mnist --data FOLDER            trains one of the paper's networks
    /usr/bin/python3 scripts/train sparsify MODEL.onnx --out ...  prunes and shares the weights of a trained network
    /usr/bin/python3 scripts/train generate stl10 --out ...       the paper's largest network, with random weights

Needs the Debian packages of `scripts/setup train`. The same seed, data, versions and number of threads give the same
file. docs/workloads.md explains the recipes.
"""
import argparse
import sys
from pathlib import Path

import torch

import generate
import sensitivity
import sparsify
import train
from data import DataError
from recipe import RECIPES

COMMANDS = {"sparsify": sparsify, "generate": generate, "sensitivity": sensitivity}
ROOT = Path(__file__).resolve().parents[2]


def options():
    parser = argparse.ArgumentParser(prog="scripts/train", description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(dest="command", required=True)
    for name in sorted(RECIPES):
        train.add_options(commands.add_parser(name, help=f"train the {name} network"), ROOT / "configs" / "workloads")
    sparsify.add_options(commands.add_parser("sparsify", help="prune and share the weights of an ONNX network"))
    generate.add_options(commands.add_parser("generate", help="a network of a published size with random weights"))
    sensitivity.add_options(commands.add_parser("sensitivity", help="accuracy over layers, sparsity and clusters"))
    for command in commands.choices.values():
        command.add_argument("--threads", type=int, default=2)
        command.add_argument("--seed", type=int, default=1)
    return parser.parse_args()


def main() -> int:
    given = options()
    torch.set_num_threads(given.threads)
    torch.use_deterministic_algorithms(True)
    if given.command in COMMANDS:
        COMMANDS[given.command].run(given)
    else:
        train.run(RECIPES[given.command], given)
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except DataError as error:
        print(f"train: {error}", file=sys.stderr)
        sys.exit(2)
