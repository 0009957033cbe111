#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""ONNX graphs run as PyTorch modules, against ONNX's own operator tests, and folded without changing what they say."""
import unittest

import numpy as np

import support

support.require("numpy", "onnx", "torch", "PIL")

import onnx  # noqa: E402
import torch  # noqa: E402
from onnx import helper, numpy_helper  # noqa: E402

import onnx_module  # noqa: E402
from data import DataError  # noqa: E402
from onnx_module import OnnxModule  # noqa: E402

import sys  # noqa: E402

sys.path.insert(0, str(support.ROOT / "tests" / "onnx_vectors"))
from generate import test_cases  # noqa: E402

# Of the single-node tests at least so many must run; the others need what is refused (several inputs, strings, ...).
LEAST = 90


def constant_but_first(case):
    """The case's model with every input but the first as a constant, that input, and what must come out."""
    inputs, outputs = case.data_sets[0]
    model = onnx.ModelProto()
    model.CopyFrom(case.model)
    for value, content in zip(list(model.graph.input)[1:], inputs[1:]):
        model.graph.initializer.append(numpy_helper.from_array(np.asarray(content), value.name))
    return model, inputs[0], outputs[0]


class OperatorTests(unittest.TestCase):
    def test_onnx_own_cases(self):
        ran, refused, worst = 0, 0, 0.0
        for case in test_cases():
            kinds = {node.op_type for node in case.model.graph.node}
            known = kinds <= set(onnx_module.OPERATORS) | {"BatchNormalization", "Constant"}
            if not known or "training" in case.name or not case.data_sets[0][0]:
                continue
            model, given, wanted = constant_but_first(case)
            if not isinstance(given, np.ndarray) or given.dtype != np.float32 or not isinstance(wanted, np.ndarray):
                continue
            with self.subTest(case=case.name):
                try:
                    network = OnnxModule(model, case.name)
                    found = network(torch.from_numpy(given.copy())).detach().numpy()
                except DataError:
                    refused += 1
                    continue
                self.assertEqual(found.shape, wanted.shape)
                np.testing.assert_allclose(found, wanted, rtol=1e-4, atol=1e-6)
                ran += 1
                if found.size and np.isfinite(wanted).all() and np.abs(wanted).max() > 0:
                    worst = max(worst, float(np.abs(found - wanted).max() / np.abs(wanted).max()))
        print(f"{ran} cases equal, largest relative deviation {worst:.2g}; {refused} refused")
        self.assertGreaterEqual(ran, LEAST)


def model_of(nodes, constants, shape=("batch", 3, 6, 6)):
    graph = helper.make_graph(nodes, "g", [helper.make_tensor_value_info("x", 1, shape)],
                              [helper.make_tensor_value_info("y", 1, None)],
                              [numpy_helper.from_array(value, name) for name, value in constants.items()])
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)])


class Folding(unittest.TestCase):
    def test_codes_become_a_weight_and_the_folded_model_says_the_same(self):
        random = np.random.default_rng(2)
        codes = random.integers(0, 4, (4, 3, 3, 3)).astype(np.uint8)
        book = np.array([0, -0.5, 0.25, 1], np.float32)
        model = model_of([
            helper.make_node("Cast", ["c.codes"], ["c.indices"], to=onnx.TensorProto.INT32),
            helper.make_node("Gather", ["c.codebook", "c.indices"], ["c.weight"], axis=0),
            helper.make_node("Conv", ["x", "c.weight"], ["h"], pads=[1, 1, 1, 1]),
            helper.make_node("Relu", ["h"], ["y"])], {"c.codes": codes, "c.codebook": book})
        network = OnnxModule(model, "codes")
        self.assertEqual(network.weight_tensors, {"c": "c.weight"})
        np.testing.assert_array_equal(network.get_submodule("c").weight.detach().numpy(), book[codes])
        folded = network.folded()
        self.assertEqual([node.op_type for node in folded.graph.node], ["Conv", "Relu"])
        images = torch.rand(2, 3, 6, 6)
        with torch.no_grad():
            np.testing.assert_array_equal(OnnxModule(folded, "folded")(images).numpy(), network(images).numpy())
            network.get_submodule("c").weight.mul_(2)
            np.testing.assert_allclose(OnnxModule(network.folded(), "twice")(images).numpy(), network(images).numpy())

    def test_what_is_not_supported_is_refused_by_name(self):
        for node, words in ((helper.make_node("Tan", ["x"], ["y"], "t1"), ("t1", "Tan", "not supported")),
                            (helper.make_node("MaxPool", ["x"], ["y"], "p1", kernel_shape=[2, 2], ceil_mode=1),
                             ("ceil_mode",))):
            with self.assertRaises(DataError) as caught:
                OnnxModule(model_of([node], {}), "net.onnx")(torch.rand(1, 3, 6, 6))
            for word in words:
                self.assertIn(word, str(caught.exception))


support.main()
