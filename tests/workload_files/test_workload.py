#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""The MNIST network written out by hand, and the digits that are drawn for it."""
import gzip
import json
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

import numpy as np
import onnx
from onnx import numpy_helper
from PIL import Image

ROOT = Path(__file__).resolve().parents[2]
WORKLOADS = ROOT / "configs" / "workloads"
IMAGES, LABELS = "digits-images-idx3-ubyte.gz", "digits-labels-idx1-ubyte.gz"
# The network's shape, which reconstructs the published parameter count.
SHAPES = {"conv1": (128, 1, 5, 5), "conv2": (96, 128, 5, 5), "fc1": (768, 1536), "fc2": (10, 768)}
PARAMETERS = 1_498_730


def unpacked(name):
    return gzip.decompress((WORKLOADS / name).read_bytes())


def read_images():
    content = unpacked(IMAGES)
    return np.frombuffer(content, np.uint8, offset=16).reshape(-1, 28, 28)


def read_labels():
    return np.frombuffer(unpacked(LABELS), np.uint8, offset=8)


def forward(images, weights):
    """The network written out by hand, in float64: what the file must mean, whatever its nodes are."""
    def conv(x, name):
        weight, bias = weights[f"{name}.weight"], weights[f"{name}.bias"]
        patches = np.lib.stride_tricks.sliding_window_view(x, weight.shape[2:], axis=(2, 3))
        return np.tensordot(patches, weight, ((1, 4, 5), (1, 2, 3))).transpose(0, 3, 1, 2) + bias[:, None, None]

    def pool(x):
        batch, channels, height, width = x.shape
        return x.reshape(batch, channels, height // 2, 2, width // 2, 2).max(axis=(3, 5))

    x = images[:, None] / 255.0
    x = pool(np.maximum(conv(x, "conv1"), 0))
    x = pool(np.maximum(conv(x, "conv2"), 0)).reshape(len(images), -1)
    x = np.maximum(x @ weights["fc1.weight"].T + weights["fc1.bias"], 0)
    return x @ weights["fc2.weight"].T + weights["fc2.bias"]


class Model(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.model = onnx.load(str(WORKLOADS / "mnist.onnx"))
        cls.card = json.loads((WORKLOADS / "mnist.json").read_text())
        cls.tensors = {t.name: numpy_helper.to_array(t) for t in cls.model.graph.initializer}
        cls.weights = {f"{name}.bias": cls.tensors[f"{name}.bias"] for name in SHAPES}
        for name in SHAPES:
            cls.weights[f"{name}.weight"] = cls.tensors[f"{name}.codebook"][cls.tensors[f"{name}.codes"]]

    def test_checker_and_shape_inference_accept_it(self):
        onnx.checker.check_model(self.model, full_check=True)
        self.assertEqual([(o.domain, o.version) for o in self.model.opset_import], [("", 13)])
        batch = self.model.graph.input[0].type.tensor_type.shape.dim[0]
        self.assertEqual(batch.dim_param, "batch")

    def test_shapes_and_parameter_count(self):
        for name, shape in SHAPES.items():
            self.assertEqual(self.tensors[f"{name}.codes"].shape, shape)
            self.assertEqual(self.tensors[f"{name}.bias"].shape, (shape[0],))
        self.assertEqual(sum(array.size for array in self.weights.values()), PARAMETERS)
        self.assertEqual(self.card["parameters"], PARAMETERS)

    def test_reads_the_drawn_digits_as_the_card_says(self):
        images, labels = read_images(), read_labels()
        correct = sum(int((forward(images[i:i + 20], self.weights).argmax(1) == labels[i:i + 20]).sum())
                      for i in range(0, len(images), 20))
        self.assertEqual(correct, self.card["drawn_digits"]["correct"])
        self.assertEqual(len(images), self.card["drawn_digits"]["images"])
        self.assertGreaterEqual(correct, 0.9 * len(images))


class DrawnDigits(unittest.TestCase):
    def test_script_draws_the_same_bytes_again(self):
        with tempfile.TemporaryDirectory() as folder:
            subprocess.run([sys.executable, str(ROOT / "scripts" / "draw-digits"), "--out", folder,
                            "--sheet", f"{folder}/sheet.png"], check=True, stdout=subprocess.DEVNULL)
            for name in (IMAGES, LABELS):
                packed = (Path(folder) / name).read_bytes()
                self.assertEqual(packed[4:8], bytes(4), "the time in the gzip header")
                # The idx file itself: how gzip packs it may differ from one zlib to another.
                self.assertTrue(gzip.decompress(packed) == unpacked(name), name)

    def test_twenty_of_each_digit_in_the_format_of_mnist(self):
        self.assertEqual(unpacked(IMAGES)[:16], bytes.fromhex("00000803 000000c8 0000001c 0000001c"))
        self.assertEqual(unpacked(LABELS)[:8], bytes.fromhex("00000801 000000c8"))
        np.testing.assert_array_equal(np.bincount(read_labels(), minlength=10), np.full(10, 20))
        images = read_images()
        self.assertEqual(len(np.unique(images, axis=0)), len(images), "two images are the same")

    def test_single_image_is_the_first_seven(self):
        first = read_images()[list(read_labels()).index(7)]
        with Image.open(WORKLOADS / "digit-7.png") as image:
            self.assertEqual((image.mode, image.size), ("L", (28, 28)))
            np.testing.assert_array_equal(np.asarray(image), first)


if __name__ == "__main__":
    unittest.main(verbosity=2)
