#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Every network in configs/workloads against its card, the published sizes and the promised accuracies."""
import hashlib
import json
import unittest
from pathlib import Path

import numpy as np
import onnx
from onnx import numpy_helper

WORKLOADS = Path(__file__).resolve().parents[2] / "configs" / "workloads"

# name: (parameters, left, largest codebook with zero in it, layers pruned): arXiv 2109.04459, Table 1. The paper's
# "layers pruned" counts for STL-10 and SVHN 5; stl10_small only has the kind of the STL-10 network, not its size.
PUBLISHED = {
    "mnist": (1_498_730, 749_365, 64, 4),
    "cifar10": (552_874, 276_437, 16, 7),
    "svhn_standin": (552_362, 331_417, 64, 5),
    "stl10_small": (None, None, 64, 5),
}
# Of 10,000 test images: correct ones, at least, and how many fewer than the dense network's, at most.
PROMISED = {"mnist": (9850, 50), "cifar10": (8500, 50)}


class Networks(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.cards = {path.stem: json.loads(path.read_text()) for path in sorted(WORKLOADS.glob("*.json"))}
        cls.models = {name: onnx.load(str(WORKLOADS / f"{name}.onnx")) for name in cls.cards}

    def each(self):
        self.assertTrue(self.cards)
        for name, card in self.cards.items():
            with self.subTest(network=name):
                tensors = {t.name: numpy_helper.to_array(t) for t in self.models[name].graph.initializer}
                yield name, card, tensors

    def test_every_network_is_known_and_has_a_card(self):
        self.assertEqual({path.stem for path in WORKLOADS.glob("*.onnx")}, set(self.cards))
        self.assertLessEqual(set(self.cards), set(PUBLISHED))

    def test_the_card_is_the_files(self):
        for name, card, _ in self.each():
            content = (WORKLOADS / card["model"]).read_bytes()
            self.assertEqual(card["model_bytes"], len(content))
            self.assertEqual(card["model_sha256"], hashlib.sha256(content).hexdigest())
            onnx.checker.check_model(self.models[name], full_check=True)
            self.assertLess(card["largest_difference_to_trained_network"], 1e-5)

    def test_a_stand_in_says_so(self):
        for name, card, _ in self.each():
            if name in PROMISED:
                self.assertNotIn("note", card)
            else:
                self.assertIn("stand-in", card["note"])
                self.assertIn("says nothing about", card["note"])

    def test_parameters_zeros_and_layers_pruned_are_the_published_ones(self):
        for name, card, tensors in self.each():
            parameters, left, _, pruned = PUBLISHED[name]
            books = {key for key in tensors if key.endswith(".codebook")}
            codes = {key: value for key, value in tensors.items() if key.endswith(".codes")}
            counted = sum(value.size for key, value in tensors.items() if key not in books)
            zeros = sum(int((value == 0).sum()) for value in codes.values())
            self.assertEqual((card["parameters"], card["zeros"]), (counted, zeros))
            self.assertEqual(card["nonzero_parameters"], counted - zeros)
            if parameters:
                self.assertEqual((counted, counted - zeros), (parameters, left))
            self.assertEqual(sum(1 for value in codes.values() if (value == 0).any()), pruned)

    def test_layers_are_as_the_card_says(self):
        for name, card, tensors in self.each():
            for layer in card["layers"]:
                codes, book = tensors[f"{layer['name']}.codes"], tensors[f"{layer['name']}.codebook"]
                self.assertEqual((codes.dtype, book.dtype), (np.uint8, np.float32))
                self.assertLessEqual(len(book), PUBLISHED[name][2])
                self.assertEqual(book[0], 0)
                self.assertTrue(np.all(np.isfinite(book)) and np.all(book[1:] != 0))
                self.assertLess(int(codes.max()), len(book))
                self.assertEqual((list(codes.shape), codes.size), (layer["shape"], layer["weights"]))
                self.assertEqual(int((codes == 0).sum()), layer["zeros"])
                self.assertEqual(len(np.unique(codes[codes != 0])), layer["clusters"])

    def test_ranges_cover_every_activation(self):
        for name, _, _ in self.each():
            model = self.models[name]
            ranges = json.loads({p.key: p.value for p in model.metadata_props}["sonic:ranges"])
            made = {node.output[0] for node in model.graph.node if node.op_type not in ("Cast", "Gather")}
            self.assertEqual(set(ranges), {model.graph.input[0].name} | made)
            for low, high in ranges.values():
                self.assertLess(low, high)

    def test_accuracies_are_in_the_promised_bounds(self):
        for name, card, _ in self.each():
            accuracy = card["test_accuracy"]
            for figure in accuracy.values():
                self.assertAlmostEqual(figure["percent"], 100 * figure["correct"] / figure["images"], places=2)
            if name in PROMISED:
                least, lost = PROMISED[name]
                self.assertEqual(accuracy["final"]["images"], 10_000)
                self.assertGreaterEqual(accuracy["final"]["correct"], least)
                self.assertLessEqual(accuracy["dense"]["correct"] - accuracy["final"]["correct"], lost)


if __name__ == "__main__":
    unittest.main(verbosity=2)
