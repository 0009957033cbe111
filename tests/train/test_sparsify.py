#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""`scripts/train sparsify` and the mistakes of both commands."""
import hashlib
import json
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

import numpy as np

import support

support.require("numpy", "onnx", "torch", "PIL")

import onnx  # noqa: E402
import torch  # noqa: E402

from onnx_module import OnnxModule  # noqa: E402

MODEL = support.ROOT / "configs" / "workloads" / "mnist.onnx"
PARAMETERS = 1_498_730


def flow(*arguments):
    return subprocess.run([sys.executable, "-B", str(support.FLOW), *map(str, arguments)], capture_output=True,
                          text=True, timeout=300)


class Sparsify(unittest.TestCase):
    def setUp(self):
        self.scratch = tempfile.TemporaryDirectory()
        self.folder = Path(self.scratch.name)

    def tearDown(self):
        self.scratch.cleanup()

    def test_prunes_and_shares_without_data(self):
        out = self.folder / "out.onnx"
        done = flow("sparsify", MODEL, "--out", out, "--sparsity", 0.7, "--clusters", 7, "--protect", "fc2",
                    "--layer", "conv1=0.6")
        self.assertEqual(done.returncode, 0, done.stderr)
        card = json.loads(out.with_suffix(".json").read_text())
        self.assertEqual(card["model_sha256"], hashlib.sha256(out.read_bytes()).hexdigest())
        self.assertEqual((card["parameters"], card["zeros"]), (PARAMETERS, round(0.7 * PARAMETERS)))
        self.assertNotIn("test_accuracy", card)
        layers = {layer["name"]: layer for layer in card["layers"]}
        self.assertAlmostEqual(layers["conv1"]["sparsity"] / layers["conv2"]["sparsity"], 6 / 7, delta=0.002)
        given = {t.name: onnx.numpy_helper.to_array(t) for t in onnx.load(str(MODEL)).graph.initializer}
        self.assertEqual(layers["fc2"]["zeros"], int((given["fc2.codes"] == 0).sum()))  # as it was given
        self.assertTrue(all(layer["clusters"] <= 7 for layer in layers.values()))
        model = onnx.load(str(out))
        # Ranges that were measured on other weights are gone.
        self.assertNotIn("sonic:ranges", {entry.key for entry in model.metadata_props})
        # What is left of a weight lies at the nearest of its codebook's entries.
        network, before = OnnxModule(model, str(out)), OnnxModule(onnx.load(str(MODEL)), str(MODEL))
        for name in layers:
            new, old = (module.get_submodule(name).weight.detach().numpy() for module in (network, before))
            kept = new != 0
            book = np.unique(new[kept])
            np.testing.assert_allclose(np.abs(new[kept] - old[kept]),
                                       np.abs(old[kept][:, None] - book).min(axis=1), atol=1e-6)
            if name != "fc2":
                self.assertLessEqual(float(np.abs(old[~kept]).max()), float(np.abs(old[kept]).min()) + 1e-7)

    def test_the_same_command_gives_the_same_file(self):
        for name in ("a", "b"):
            self.assertEqual(flow("sparsify", MODEL, "--out", self.folder / f"{name}.onnx").returncode, 0)
        self.assertEqual((self.folder / "a.onnx").read_bytes(), (self.folder / "b.onnx").read_bytes())

    def test_mistakes_are_one_sentence_and_nothing_is_written(self):
        (self.folder / "text.onnx").write_text("not a network")
        for name in ("train-images-idx3", "train-labels-idx1", "t10k-images-idx3", "t10k-labels-idx1"):
            (self.folder / f"{name}-ubyte").write_bytes(b"\0\0\x08\x03short")
        out = self.folder / "out.onnx"
        base = ("sparsify", MODEL, "--out", out)
        for arguments, words in (
                (("sparsify", self.folder / "none.onnx", "--out", out), ("none.onnx", "missing")),
                (("sparsify", self.folder / "text.onnx", "--out", out), ("text.onnx", "not an ONNX network")),
                (("sparsify", MODEL, "--out", self.folder / "none" / "x.onnx"), ("--out", "cannot be written")),
                ((*base, "--sparsity", "0.3"), ("--sparsity", "zero already", "protect the layer")),
                ((*base, "--protect", "conv1", "--protect", "conv2", "--protect", "fc1", "--layer", "fc2=0"),
                 ("targets are all 0",)),
                ((*base, "--protect", "fc9"), ("fc9", "conv1, conv2, fc1, fc2")),
                ((*base, "--layer", "fc9=0.5"), ("fc9", "conv1, conv2, fc1, fc2")),
                ((*base, "--sparsity", "0.9999999"), ("--sparsity", "cannot be removed")),
                ((*base, "--dataset", "mnist"), ("--dataset", "--data", "together")),
                ((*base, "--centroid-steps", "5"), ("--centroid-steps", "--dataset")),
                ((*base, "--dataset", "mnist", "--data", self.folder), ("train-images-idx3-ubyte", "header")),
                ((*base, "--dataset", "cifar10", "--data", self.folder), ("data_batch_1.bin", "scripts/fetch-data")),
                (("mnist", "--data", self.folder / "none"), ("train-images", "scripts/fetch-data")),
                (("mnist", "--data", self.folder, "--sparsity", "2"), ("--sparsity 2", "expected 0 to 0.99"))):
            with self.subTest(arguments=arguments):
                done = flow(*arguments)
                self.assertEqual(done.returncode, 2, done.stderr)
                self.assertEqual(done.stderr.count("\n"), 1, done.stderr)
                for word in words:
                    self.assertIn(word, done.stderr)
                self.assertFalse(out.exists())
        for arguments in (("fly",), ("sparsify", MODEL), (*base, "--sparsity", "1.5"), (*base, "--clusters", "0"),
                          (*base, "--layer", "fc1"), (*base, "--mean", "red")):
            with self.subTest(arguments=arguments):
                done = flow(*arguments)
                self.assertEqual(done.returncode, 2)
                self.assertIn("usage:", done.stderr)
                self.assertNotIn("Traceback", done.stderr)


support.main()
