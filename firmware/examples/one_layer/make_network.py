#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Makes edges.onnx: one convolution of four 3 x 3 kernels that find edges, and a ReLU. Needs python3-onnx.

Usage: make_network.py OUTPUT
"""
import sys

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

HORIZONTAL = [[1, 2, 1], [0, 0, 0], [-1, -2, -1]]
DIAGONAL = [[0, 1, 2], [-1, 0, 1], [-2, -1, 0]]
kernels = np.array([HORIZONTAL, np.transpose(HORIZONTAL), DIAGONAL, np.rot90(DIAGONAL)], dtype=np.float32) / 4

nodes = [helper.make_node("Conv", ["image", "kernels"], ["edges"], "edges"),
         helper.make_node("Relu", ["edges"], ["positive"], "positive")]
graph = helper.make_graph(
    nodes, "edges", [helper.make_tensor_value_info("image", TensorProto.FLOAT, ["batch", 1, 28, 28])],
    [helper.make_tensor_value_info("positive", TensorProto.FLOAT, ["batch", 4, 26, 26])],
    [numpy_helper.from_array(kernels[:, None], "kernels")])
model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)], producer_name="make_network.py")
model.ir_version = 7
onnx.checker.check_model(model)
onnx.save(model, sys.argv[1])
