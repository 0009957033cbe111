# SPDX-License-Identifier: Apache-2.0
"""MNIST's idx files, and batches of them."""
import gzip
import hashlib
import struct
import zlib
from pathlib import Path

import numpy as np
import torch

FILES = {
    "train_images": "train-images-idx3-ubyte",
    "train_labels": "train-labels-idx1-ubyte",
    "test_images": "t10k-images-idx3-ubyte",
    "test_labels": "t10k-labels-idx1-ubyte",
}


class DataError(Exception):
    """The data folder is not as it must be."""


def read_bytes(folder: Path, name: str) -> bytes:
    """The content of FOLDER/NAME or of FOLDER/NAME.gz, uncompressed."""
    for path, opener in ((folder / f"{name}.gz", gzip.open), (folder / name, open)):
        if path.exists():
            try:
                with opener(path, "rb") as file:
                    return file.read()
            except (OSError, EOFError, zlib.error) as error:
                raise DataError(f"{path}: cannot be read: {error}") from error
    raise DataError(f"{folder}: {name}.gz is missing; scripts/fetch-mnist FOLDER gets the four files")


def parse_idx(content: bytes, name: str) -> np.ndarray:
    """An idx file of unsigned bytes: magic 00 00 08 rank, big-endian dimensions, then the data."""
    if len(content) < 4 or content[:3] != b"\0\0\x08":
        raise DataError(f"{name}: not an idx file of unsigned bytes")
    rank = content[3]
    start = 4 + 4 * rank
    shape = struct.unpack(f">{rank}I", content[4:start]) if len(content) >= start else ()
    if not shape or len(content) - start != int(np.prod(shape, dtype=object)):
        raise DataError(f"{name}: the header {shape} does not fit a file of {len(content)} bytes")
    return np.frombuffer(content, np.uint8, offset=start).reshape(shape)


class Dataset:
    """Images as float32 pixel / 255, shape (count, 1, height, width), and labels, for training and test."""

    def __init__(self, folder: Path):
        content = {key: read_bytes(folder, name) for key, name in FILES.items()}
        self.sha256 = {FILES[key]: hashlib.sha256(data).hexdigest() for key, data in content.items()}
        arrays = {key: parse_idx(data, FILES[key]) for key, data in content.items()}
        for part in ("train", "test"):
            images, labels = arrays[f"{part}_images"], arrays[f"{part}_labels"]
            if images.ndim != 3 or labels.ndim != 1 or len(images) != len(labels):
                raise DataError(f"{folder}: {part} images {images.shape} and labels {labels.shape} do not fit together")
            setattr(self, f"{part}_images", images)
            setattr(self, f"{part}_labels", torch.from_numpy(labels.astype(np.int64)))


def to_tensor(images: np.ndarray) -> torch.Tensor:
    return torch.from_numpy(images.astype(np.float32) / np.float32(255)).unsqueeze(1)


def shuffled_batches(dataset: Dataset, batch_size: int, shift_pixels: int, generator: np.random.Generator):
    """Endless full training batches: a new order in each epoch, each image moved by up to `shift_pixels`."""
    edge = shift_pixels
    height, width = dataset.train_images.shape[1:]
    padded = np.pad(dataset.train_images, ((0, 0), (edge, edge), (edge, edge)))
    windows = np.lib.stride_tricks.sliding_window_view(padded, (height, width), axis=(1, 2))
    while True:
        order = generator.permutation(len(padded))
        for first in range(0, len(order) - batch_size + 1, batch_size):
            chosen = order[first:first + batch_size]
            down, right = generator.integers(0, 2 * edge + 1, size=(2, batch_size))
            yield to_tensor(windows[chosen, down, right]), dataset.train_labels[chosen]
