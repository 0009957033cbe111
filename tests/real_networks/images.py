# SPDX-License-Identifier: Apache-2.0
"""Test images of SONIC_DATA as pixel/255, (n, channels, height, width), with their labels."""
import gzip
import importlib.util

import numpy as np


def mnist(folder, count):
    with gzip.open(folder / "t10k-images-idx3-ubyte.gz") as file:
        images = np.frombuffer(file.read(16 + count * 28 * 28), np.uint8, offset=16)
    with gzip.open(folder / "t10k-labels-idx1-ubyte.gz") as file:
        labels = np.frombuffer(file.read(8 + count), np.uint8, offset=8)
    return images.reshape(count, 1, 28, 28).astype(np.float32) / np.float32(255), labels


def cifar10(folder, count):
    spec = importlib.util.spec_from_file_location("unpack", folder / "unpack.py")
    unpack = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(unpack)
    images, labels = unpack.batch("test_batch")
    images = images[:count].transpose(0, 3, 1, 2).astype(np.float32) / np.float32(255)
    return np.ascontiguousarray(images), labels[:count]
