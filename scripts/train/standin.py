# SPDX-License-Identifier: Apache-2.0
"""A stand-in for SVHN, whose pictures are not ours to use here: handwritten digits of MNIST, coloured, tilted and with
neighbours cut off at the sides as house numbers have them, over patches of CIFAR-10. It is not SVHN: an accuracy on it
says nothing about SVHN's test set, and its network has only the shape of the paper's."""
from pathlib import Path

import numpy as np
import torch
from torch.nn import functional

import data

SIZE = 32
TRAIN_SEED, TEST_SEED = 101, 102
NOTE = ("Trained and tested on a stand-in for SVHN: MNIST's digits over patches of CIFAR-10's pictures. Its accuracy says "
        "nothing about SVHN.")


def affine(random, count: int, shift):
    """Sampling matrices that put a 28 x 28 digit into the 32 x 32 image: size, tilt and place drawn for each."""
    scale = random.uniform(0.7, 1.2, count)  # of the image's half width over the digit's
    angle = np.deg2rad(random.uniform(-12, 12, count))
    shear = random.uniform(-0.25, 0.25, count)
    narrow = random.uniform(1.0, 1.4, count)
    cosine, sine = np.cos(angle), np.sin(angle)
    linear = np.stack([scale * narrow * cosine, scale * narrow * (shear * cosine - sine), scale * sine,
                       scale * (shear * sine + cosine)], axis=1).reshape(count, 2, 2)
    return np.concatenate([linear, -(linear @ shift[:, :, None])], axis=2).astype(np.float32)


def stencil(digits: np.ndarray, matrices: np.ndarray) -> torch.Tensor:
    """How much of each pixel the strokes cover, (count, 1, 32, 32)."""
    grid = functional.affine_grid(torch.from_numpy(matrices), (len(digits), 1, SIZE, SIZE), align_corners=False)
    return functional.grid_sample(torch.from_numpy(digits.astype(np.float32) / 255), grid, align_corners=False)


def compose(digits: np.ndarray, labels: np.ndarray, patches: np.ndarray, count: int, seed: int):
    """(images, labels): `count` pictures of digits (n, 1, 28, 28) over patches (m, 3, 32, 32)."""
    random = np.random.default_rng(seed)
    chosen = random.permutation(np.resize(np.arange(len(digits)), count))
    images = np.empty((count, 3, SIZE, SIZE), np.uint8)
    step = 1000
    for first in range(0, count, step):
        part = chosen[first:first + step]
        n = len(part)
        cover = stencil(digits[part], affine(random, n, random.uniform(-0.12, 0.12, (n, 2))))
        for side in (-1, 1):
            place = np.stack([side * random.uniform(0.75, 1.3, n), random.uniform(-0.15, 0.15, n)], axis=1)
            beside = stencil(digits[random.integers(0, len(digits), n)], affine(random, n, place))
            seen = torch.from_numpy((random.random(n) < 0.6).astype(np.float32)).view(n, 1, 1, 1)
            cover = torch.maximum(cover, seen * beside)
        ground = torch.from_numpy(patches[random.integers(0, len(patches), n)].astype(np.float32) / 255)
        wall = torch.from_numpy(random.random((n, 3, 1, 1), np.float32))
        rough = torch.from_numpy(random.uniform(0.15, 0.8, (n, 1, 1, 1)).astype(np.float32))
        ground = rough * ground + (1 - rough) * wall
        # Strokes differ in brightness from what is behind them, to either side.
        brightness = ground.mean((1, 2, 3), keepdim=True)
        away = torch.from_numpy(random.uniform(0.25, 0.6, (n, 1, 1, 1)).astype(np.float32))
        tint = torch.from_numpy(random.uniform(-0.15, 0.15, (n, 3, 1, 1)).astype(np.float32))
        ink = (torch.where(brightness > 0.5, brightness - away, brightness + away) + tint).clamp(0, 1)
        picture = ground * (1 - cover) + ink * cover
        blurred = functional.avg_pool2d(functional.pad(picture, (1, 1, 1, 1), mode="replicate"), 3, 1)
        blur = torch.from_numpy(random.uniform(0, 0.8, (n, 1, 1, 1)).astype(np.float32))
        picture = blur * blurred + (1 - blur) * picture
        picture = picture + torch.from_numpy(random.normal(0, 0.02, picture.shape).astype(np.float32))
        images[first:first + n] = (picture.clamp(0, 1) * 255).round().numpy().astype(np.uint8)
    return images, labels[chosen]


def svhn(folder: Path) -> data.Dataset:
    """50,000 training and 10,000 test pictures, made of the like parts of FOLDER/mnist and FOLDER/cifar10."""
    digits, patches = data.mnist(folder / "mnist"), data.cifar10(folder / "cifar10")
    train = compose(digits.train_images, digits.train_labels.numpy(), patches.train_images, 50_000, TRAIN_SEED)
    test = compose(digits.test_images, digits.test_labels.numpy(), patches.test_images, 10_000, TEST_SEED)
    return data.Dataset(train, test, {**digits.sha256, **patches.sha256, "composed": [TRAIN_SEED, TEST_SEED]}, NOTE)
