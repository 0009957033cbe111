# SPDX-License-Identifier: Apache-2.0
"""The card: what the model file holds and what was measured, as JSON beside it."""
import hashlib
import json
import os
import platform
from pathlib import Path

import numpy as np
import onnx
import torch

from data import DataError


def layer_figures(shared) -> list:
    """Shape, zeros and codes of each layer's weight."""
    figures = []
    for name, codes in shared.codes.items():
        zeros = int((codes == 0).sum())
        figures.append({"name": name, "shape": list(codes.shape), "weights": codes.size, "zeros": zeros,
                        "sparsity": round(zeros / codes.size, 6), "clusters": len(np.unique(codes[codes != 0]))})
    return figures


def accuracy(correct: int, images: int) -> dict:
    return {"correct": correct, "images": images, "percent": round(100 * correct / images, 2)}


def versions() -> dict:
    return {"python": platform.python_version(), "torch": torch.__version__, "numpy": np.__version__,
            "onnx": onnx.__version__, "threads": torch.get_num_threads()}


def check_writable(option: str, path: Path):
    """Refuses a file that could not be written, before any work is done."""
    folder = path.resolve().parent
    if path.is_dir() or not folder.is_dir() or not os.access(folder, os.W_OK):
        raise DataError(f"{option} {path}: it cannot be written; expected a file in an existing folder that you may write "
                        "to")


def write_whole(path: Path, content: bytes):
    """Either the whole file is there afterwards, or what was there before."""
    part = path.with_name(path.name + ".part")
    part.write_bytes(content)
    os.replace(part, path)


def write_model_and_card(path: Path, model: onnx.ModelProto, facts: dict):
    """The model at `path` and its card beside it, as .json."""
    content = model.SerializeToString(deterministic=True)
    write_whole(path, content)
    written = {"model": path.name, "model_sha256": hashlib.sha256(content).hexdigest(), "model_bytes": len(content),
               **facts, "versions": versions()}
    write_whole(path.with_suffix(".json"), (json.dumps(written, indent=2) + "\n").encode())
    return written
