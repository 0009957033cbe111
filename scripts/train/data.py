# SPDX-License-Identifier: Apache-2.0
"""Labelled images for training and test, read from the public files' formats, and shuffled batches of them."""
import gzip
import hashlib
import struct
import zlib
from pathlib import Path

import numpy as np
import torch


class DataError(Exception):
    """The data folder is not as it must be."""


class Dataset:
    """Images as unsigned bytes, shape (count, channels, height, width), and labels as int64, for training and test.
    `sha256` names what was read and is part of every checkpoint's key. `note` says what the card must not hide."""

    def __init__(self, train, test, sha256: dict, note: str = ""):
        for part, (images, labels) in (("train", train), ("test", test)):
            if images.ndim != 4 or labels.ndim != 1 or len(images) != len(labels):
                raise DataError(f"{part} images {images.shape} and labels {labels.shape} do not fit together")
            setattr(self, f"{part}_images", images)
            setattr(self, f"{part}_labels", torch.from_numpy(labels.astype(np.int64)))
        self.sha256, self.note = sha256, note
        self.mean_ = self.std_ = None

    def normalised(self, mean: list, std: list):
        """From now on tensors are (pixel / 255 - mean) / std, by channel or the same for all channels."""
        channels = self.train_images.shape[1]
        for title, values in (("--mean", mean), ("--std", std)):
            if len(values) not in (1, channels) or title == "--std" and min(values) <= 0:
                raise DataError(f"{title}: {values} does not fit images of {channels} channels; expected one number or "
                                f"{channels}" + (", above 0" if title == "--std" else ""))
        if any(mean) or any(value != 1 for value in std):
            self.mean_ = np.array(mean, np.float32).reshape(-1, 1, 1)
            self.std_ = np.array(std, np.float32).reshape(-1, 1, 1)
        return self

    def tensor(self, images: np.ndarray) -> torch.Tensor:
        """Unsigned bytes (count, channels, height, width) as the network sees them: pixel / 255 as float32, channels
        last in memory for colour images, which trains faster."""
        pixels = images.astype(np.float32) / np.float32(255)
        if self.mean_ is not None:
            pixels = (pixels - self.mean_) / self.std_
        pixels = torch.from_numpy(pixels)
        return pixels.contiguous(memory_format=torch.channels_last) if pixels.shape[1] > 1 else pixels


def read_bytes(folder: Path, name: str, source: str) -> bytes:
    """The content of FOLDER/NAME or of FOLDER/NAME.gz, uncompressed. `source` tells how to get the file."""
    for path, opener in ((folder / f"{name}.gz", gzip.open), (folder / name, open)):
        if path.exists():
            try:
                with opener(path, "rb") as file:
                    return file.read()
            except (OSError, EOFError, zlib.error) as error:
                raise DataError(f"{path}: cannot be read: {error}") from error
    raise DataError(f"{folder}: {name} is missing; {source}")


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


def parse_records(content: bytes, name: str):
    """CIFAR-10's binary format: records of a label byte and 32 x 32 red, green and blue bytes."""
    size = 1 + 3 * 32 * 32
    if not content or len(content) % size:
        raise DataError(f"{name}: {len(content)} bytes are no whole number of records of {size} bytes")
    records = np.frombuffer(content, np.uint8).reshape(-1, size)
    if records[:, 0].max() > 9:
        raise DataError(f"{name}: record {int(records[:, 0].argmax())} has the label {records[:, 0].max()}, above 9")
    return records[:, 1:].reshape(-1, 3, 32, 32), records[:, 0]


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def mnist(folder: Path) -> Dataset:
    names = ("train-images-idx3-ubyte", "train-labels-idx1-ubyte", "t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte")
    content = {name: read_bytes(folder, name, "`scripts/fetch-data mnist FOLDER` gets the four files") for name in names}
    arrays = [parse_idx(data, name) for name, data in content.items()]
    return Dataset((arrays[0][:, None], arrays[1]), (arrays[2][:, None], arrays[3]),
                   {name: sha256(data) for name, data in content.items()})


def cifar10(folder: Path) -> Dataset:
    names = [*(f"data_batch_{index}.bin" for index in range(1, 6)), "test_batch.bin"]
    content = {name: read_bytes(folder, name, "`scripts/fetch-data cifar10 FOLDER` gets the six files")
               for name in names}
    parts = [parse_records(data, name) for name, data in content.items()]
    train = tuple(np.concatenate([part[index] for part in parts[:-1]]) for index in (0, 1))
    return Dataset(train, parts[-1], {name: sha256(data) for name, data in content.items()})


def shuffled_batches(dataset: Dataset, batch_size: int, shift_pixels: int, flip: bool, generator: np.random.Generator,
                     skip: int = 0):
    """Endless full training batches: a new order in each epoch, each image moved by up to `shift_pixels` and, with
    `flip`, mirrored half of the times. The first `skip` batches are left out, the others are the same as without."""
    edge = shift_pixels
    images, labels = dataset.train_images, dataset.train_labels
    if len(images) < batch_size:
        raise DataError(f"{len(images)} training images are less than a batch of {batch_size}")
    height, width = images.shape[2:]
    padded = np.pad(images, ((0, 0), (0, 0), (edge, edge), (edge, edge)))
    windows = np.lib.stride_tricks.sliding_window_view(padded, (height, width), axis=(2, 3))
    while True:
        order = generator.permutation(len(padded))
        for first in range(0, len(order) - batch_size + 1, batch_size):
            chosen = order[first:first + batch_size]
            down, right = generator.integers(0, 2 * edge + 1, size=(2, batch_size))
            mirrored = generator.random(batch_size) < 0.5 if flip else None
            if skip > 0:
                skip -= 1
                continue
            batch = windows[chosen, :, down, right]
            if flip:
                batch[mirrored] = batch[mirrored, :, :, ::-1]
            yield dataset.tensor(batch), labels[chosen]


def seed_of(seed: int, stage: str) -> int:
    """A seed for PyTorch that belongs to one stage of a run."""
    digest = hashlib.sha256(f"{seed} {stage}".encode()).digest()
    return int.from_bytes(digest[:8], "little") >> 1


def loader_batches(make_loader, seed: int):
    """Batches for stages.Run from PyTorch data loaders: make_loader(generator) gives a DataLoader that draws its order
    from `generator`. Endless, and the same for the same stage and seed; what a data set draws by itself (random
    augmentation, say) must come from that generator too."""
    def batches(stage: str, skip: int):
        generator = torch.Generator().manual_seed(seed_of(seed, stage))
        loader = make_loader(generator)
        while True:
            count = 0
            for count, batch in enumerate(loader, 1):
                if skip > 0:
                    skip -= 1
                else:
                    yield batch
            if count == 0:
                raise DataError("the data loader gives no batch")
    return batches
