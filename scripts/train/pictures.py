# SPDX-License-Identifier: Apache-2.0
"""96 x 96 colour images: STL-10's own binary files, or folders of pictures scaled to that size."""
import hashlib
from pathlib import Path

import numpy as np

import data

SIZE = 96
SUFFIXES = (".png", ".jpg", ".jpeg", ".bmp", ".webp")


def parse_stl10(images: bytes, labels: bytes, name: str):
    """STL-10's binary format: 3 x 96 x 96 bytes an image, each plane column by column; labels from 1."""
    if not images or len(images) % (3 * SIZE * SIZE) or len(labels) != len(images) // (3 * SIZE * SIZE):
        raise data.DataError(f"{name}: {len(images)} bytes of images and {len(labels)} labels do not fit together")
    planes = np.frombuffer(images, np.uint8).reshape(-1, 3, SIZE, SIZE).transpose(0, 1, 3, 2)
    classes = np.frombuffer(labels, np.uint8)
    if classes.min() < 1 or classes.max() > 10:
        raise data.DataError(f"{name}: the labels go from {classes.min()} to {classes.max()}; expected 1 to 10")
    return np.ascontiguousarray(planes), classes - 1


def read_folder(folder: Path):
    """(images, labels, sha256 of names and files, classes) of FOLDER/CLASS/PICTURE; classes are numbered in the order of
    their names."""
    from PIL import Image, UnidentifiedImageError
    classes = sorted(entry for entry in folder.iterdir() if entry.is_dir()) if folder.is_dir() else []
    images, labels, digest = [], [], hashlib.sha256()
    for label, entry in enumerate(classes):
        for path in sorted(file for file in entry.iterdir() if file.suffix.lower() in SUFFIXES):
            digest.update(f"{entry.name}/{path.name}\0".encode() + path.read_bytes())
            try:
                with Image.open(path) as picture:
                    scaled = picture.convert("RGB").resize((SIZE, SIZE), Image.LANCZOS)
            except (UnidentifiedImageError, OSError) as error:
                raise data.DataError(f"{path}: not a picture: {error}") from error
            images.append(np.asarray(scaled, np.uint8).transpose(2, 0, 1))
            labels.append(label)
    if not images:
        raise data.DataError(f"{folder}: no pictures; expected {folder}/CLASS/PICTURE.png or .jpg")
    if len(classes) > 10:
        raise data.DataError(f"{folder}: {len(classes)} classes; the network tells 10 apart")
    return np.stack(images), np.array(labels, np.uint8), digest.hexdigest(), [entry.name for entry in classes]


def stl10(folder: Path) -> data.Dataset:
    """FOLDER/train_X.bin and its three companions, or FOLDER/train/CLASS and FOLDER/test/CLASS with pictures."""
    names = ("train_X.bin", "train_y.bin", "test_X.bin", "test_y.bin")
    if (folder / names[0]).exists():
        content = {name: data.read_bytes(folder, name, "STL-10's binary archive has it") for name in names}
        return data.Dataset(parse_stl10(content[names[0]], content[names[1]], names[0]),
                            parse_stl10(content[names[2]], content[names[3]], names[2]),
                            {name: data.sha256(part) for name, part in content.items()})
    train, test = read_folder(folder / "train"), read_folder(folder / "test")
    if train[3] != test[3]:
        raise data.DataError(f"{folder}: train has the classes {', '.join(train[3])}, test {', '.join(test[3])}; expected "
                             "the same ones")
    note = (f"Trained and tested on pictures of {', '.join(train[3])}, scaled to {SIZE} x {SIZE}: a stand-in for STL-10. "
            "Its accuracy says nothing about STL-10.")
    return data.Dataset(train[:2], test[:2], {"train": train[2], "test": test[2]}, note)
