#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Where images come from: public formats, folders of pictures, the composed stand-in; and the random networks."""
import tempfile
import unittest
from pathlib import Path
from types import SimpleNamespace

import numpy as np

import support

support.require("numpy", "onnx", "torch", "PIL")

import onnx  # noqa: E402
import torch  # noqa: E402
from PIL import Image  # noqa: E402

import data  # noqa: E402
import generate  # noqa: E402
import pictures  # noqa: E402
import sensitivity  # noqa: E402
import standin  # noqa: E402
from network import parameter_count, vgg, weighted  # noqa: E402
from onnx_module import OnnxModule  # noqa: E402
from recipe import RECIPES  # noqa: E402


class Formats(unittest.TestCase):
    def test_cifar_records(self):
        random = np.random.default_rng(1)
        records = random.integers(0, 256, (5, 3073)).astype(np.uint8)
        records[:, 0] = [0, 9, 3, 3, 1]
        images, labels = data.parse_records(records.tobytes(), "x.bin")
        self.assertEqual(list(labels), [0, 9, 3, 3, 1])
        self.assertEqual(images[2, 1, 4, 5], records[2, 1 + 1024 + 4 * 32 + 5])
        records[3, 0] = 10
        for content, words in ((records.tobytes(), ("record 3", "label 10")), (b"", ("0 bytes",)),
                               (bytes(3074), ("3074 bytes", "3073"))):
            with self.assertRaises(data.DataError) as caught:
                data.parse_records(content, "x.bin")
            for word in ("x.bin", *words):
                self.assertIn(word, str(caught.exception))

    def test_stl10_planes_lie_column_by_column(self):
        images = np.random.default_rng(2).integers(0, 256, (2, 3, 96, 96)).astype(np.uint8)
        stored = images.transpose(0, 1, 3, 2).tobytes()
        read, labels = pictures.parse_stl10(stored, bytes([1, 10]), "x")
        np.testing.assert_array_equal(read, images)
        self.assertEqual(list(labels), [0, 9])
        for images_part, labels_part in ((stored[:-1], bytes([1, 10])), (stored, bytes([1])), (stored, bytes([0, 1])),
                                         (stored, bytes([1, 11])), (b"", b"")):
            with self.assertRaises(data.DataError):
                pictures.parse_stl10(images_part, labels_part, "x")

    def test_folders_of_pictures(self):
        with tempfile.TemporaryDirectory() as scratch:
            folder = Path(scratch)
            for part, classes in (("train", ("cat", "ant")), ("test", ("cat", "ant"))):
                for index, name in enumerate(classes):
                    (folder / part / name).mkdir(parents=True)
                    Image.new("L", (64, 50), 40 + 100 * index).save(folder / part / name / "a.png")
            dataset = pictures.stl10(folder)
            self.assertEqual(dataset.train_images.shape, (2, 3, 96, 96))
            self.assertEqual([int(image.mean()) for image in dataset.train_images], [140, 40])  # ant, cat
            self.assertEqual(dataset.train_labels.tolist(), [0, 1])
            (folder / "test" / "cat" / "b.jpg").write_text("no picture")
            with self.assertRaises(data.DataError) as caught:
                pictures.stl10(folder)
            self.assertIn("b.jpg", str(caught.exception))
            with self.assertRaises(data.DataError):
                pictures.stl10(folder / "none")

    def test_normalised_tensors(self):
        images = np.random.default_rng(3).integers(0, 256, (4, 3, 8, 8)).astype(np.uint8)
        part = (images, np.zeros(4, np.uint8))
        dataset = data.Dataset(part, part, {}).normalised([0.5, 0.4, 0.3], [0.2, 0.25, 0.5])
        wanted = (images / 255.0 - np.reshape([0.5, 0.4, 0.3], (3, 1, 1))) / np.reshape([0.2, 0.25, 0.5], (3, 1, 1))
        np.testing.assert_allclose(dataset.tensor(images).numpy(), wanted, atol=1e-6)
        for mean, std in (([0, 0], [1]), ([0], [0]), ([0], [1, 1])):
            with self.assertRaises(data.DataError):
                data.Dataset(part, part, {}).normalised(mean, std)


class StandIn(unittest.TestCase):
    def test_same_seed_same_pictures_and_every_digit_is_used(self):
        random = np.random.default_rng(4)
        digits = np.zeros((30, 1, 28, 28), np.uint8)
        digits[:, :, 8:20, 10:18] = 255
        labels = np.arange(30).astype(np.uint8) % 10
        patches = random.integers(0, 256, (7, 3, 32, 32)).astype(np.uint8)
        first, again, other = (standin.compose(digits, labels, patches, 60, seed) for seed in (5, 5, 6))
        np.testing.assert_array_equal(first[0], again[0])
        self.assertFalse(np.array_equal(first[0], other[0]))
        np.testing.assert_array_equal(np.bincount(first[1]), np.full(10, 6))
        # The digit in the middle can be told from what is around it.
        middle, corner = first[0][:, :, 14:18, 14:18], first[0][:, :, :3, 14:18]
        contrast = np.abs(middle.mean((1, 2, 3)) - corner.mean((1, 2, 3)))
        self.assertGreater(float(np.median(contrast)), 40)


class Networks(unittest.TestCase):
    def test_published_sizes(self):
        # arXiv 2109.04459, Table 1; STL-10 is a surrogate within 0.004 %.
        for name, published in (("mnist", 1_498_730), ("cifar10", 552_874), ("svhn_standin", 552_362)):
            self.assertEqual(parameter_count(RECIPES[name].network()), published)
        self.assertEqual(parameter_count(generate.stl10()), 77_784_657)

    def test_generated_networks_are_pruned_shared_and_repeatable(self):
        small = (lambda: vgg((3, 16, 16), (4, 6, 8), 12, norm_hidden=True), (3, 16, 16), 0.4,
                 ("conv3", "conv4", "conv5", "conv6", "fc1"))
        with tempfile.TemporaryDirectory() as folder:
            contents = []
            generate.NETWORKS["small"] = small
            for name in ("a", "b"):
                out = Path(folder) / f"{name}.onnx"
                generate.run(SimpleNamespace(network="small", seed=3, out=out))
                model = onnx.load(str(out))
                model.graph.name = "one name"
                contents.append(model.SerializeToString(deterministic=True))
            del generate.NETWORKS["small"]
            self.assertEqual(contents[0], contents[1])
            network = OnnxModule(model, "small")
        zeros = sum(int((module.weight == 0).sum()) for module in weighted(network).values())
        self.assertEqual(zeros, round(0.4 * parameter_count(network)))
        with torch.no_grad():
            values = network.every_tensor(generate.smooth_noise(np.random.default_rng(9), 16, (3, 16, 16)))
        for name, value in values.items():
            if name.startswith("relu"):
                self.assertTrue(0.2 < float((value == 0).float().mean()) < 0.8, name)  # neither dead nor linear


class Sensitivity(unittest.TestCase):
    def test_points_cover_layers_sparsity_and_clusters(self):
        recipe = RECIPES["cifar10"]
        network = recipe.network()
        points = sensitivity.points(network, recipe)
        layers = [point for point in points if point["study"] == "layers"]
        self.assertEqual([point["x"] for point in layers], list(range(8)))  # none to all seven
        self.assertEqual(list(layers[2]["layers"]), ["fc1", "conv6"])  # the largest first
        self.assertAlmostEqual(layers[1]["sparsity"], 0.5 * 128 * 2048 / parameter_count(network))
        self.assertEqual({point["x"] for point in points if point["study"] == "clusters"}, {2, 4, 8, 16, 32, 64})
        self.assertTrue(all(set(point["layers"]) <= set(weighted(network)) for point in points))


support.main()
