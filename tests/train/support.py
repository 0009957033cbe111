# SPDX-License-Identifier: Apache-2.0
"""What the tests of scripts/train share."""
import gzip
import importlib
import struct
import sys
import unittest
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parents[2]
FLOW = ROOT / "scripts" / "train"
sys.path.insert(0, str(FLOW))


def require(*packages: str):
    """Ends the test as skipped where a package of `scripts/setup train` is missing. Faults in our own modules are not
    skipped: import them after this."""
    for package in packages:
        try:
            importlib.import_module(package)
        except ImportError as error:
            print(f"skipped: {error}")
            sys.exit(77)


def main():
    import torch
    torch.set_num_threads(1)
    torch.use_deterministic_algorithms(True)
    unittest.main(module="__main__")


def write_idx(path: Path, array: np.ndarray):
    content = b"\0\0\x08" + bytes([array.ndim]) + struct.pack(f">{array.ndim}I", *array.shape) + array.tobytes()
    path.write_bytes(gzip.compress(content, mtime=0))


def write_small_mnist(folder: Path, train: int, test: int, seed: int):
    """Random images in MNIST's files: a class is a bright square at a place of its own, in noise."""
    random = np.random.default_rng(seed)
    folder.mkdir(parents=True, exist_ok=True)
    for name, count in (("train", train), ("t10k", test)):
        labels = random.integers(0, 10, count).astype(np.uint8)
        images = random.integers(0, 60, (count, 28, 28)).astype(np.uint8)
        for image, label in zip(images, labels):
            row, column = divmod(int(label), 4)
            image[3 + 8 * row:9 + 8 * row, 1 + 7 * column:6 + 7 * column] += 150
        write_idx(folder / f"{name}-images-idx3-ubyte.gz", images)
        write_idx(folder / f"{name}-labels-idx1-ubyte.gz", labels)
