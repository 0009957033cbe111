# SPDX-License-Identifier: Apache-2.0
"""An ONNX graph as a PyTorch module: runs it, and lets the flow prune, share and fine-tune its weights.

By the ONNX definition of each operator, for most of those that `sonic` imports. What is not known is refused when the
module is made, never ignored.
"""
import numpy as np
import onnx
import torch
from onnx import TensorProto, helper, numpy_helper
from torch import nn

from data import DataError
from onnx_operators import OPERATORS, array, batch_norm, old_softmax

# Which input of a node is a weight, to be pruned and shared.
WEIGHTS = {"Conv": 1, "Gemm": 1, "MatMul": 1}


class Weights(nn.Module):
    """The constants of one Conv, Gemm, MatMul or BatchNormalization node that training may change."""


def constant(where: str, name: str, tensor: onnx.TensorProto) -> torch.Tensor:
    try:
        return torch.from_numpy(np.array(numpy_helper.to_array(tensor)))
    except TypeError as error:
        kind = TensorProto.DataType.Name(tensor.data_type)
        raise DataError(f"{where}: tensor {name}: the type {kind} is not supported here") from error


class OnnxModule(nn.Module):
    """Runs `model`; constants are folded first, so that weights kept as codes and a codebook are weights again.

    `weight_tensors` maps each layer (a submodule with a `weight`) to the tensor's name in `model`, the folded graph.
    @raises DataError for an operator, an attribute or a graph that is not supported here"""

    def __init__(self, model: onnx.ModelProto, where: str):
        super().__init__()
        self.model, self.where_ = model, where
        self.opset_ = max((entry.version for entry in model.opset_import if entry.domain in ("", "ai.onnx")), default=1)
        graph = model.graph
        constants = {t.name: constant(where, t.name, t) for t in graph.initializer}
        fed = [value.name for value in graph.input if value.name not in constants]
        if len(fed) != 1:
            raise DataError(f"{where}: the network has {len(fed)} inputs; expected one")
        self.input = fed[0]
        self.outputs = [value.name for value in graph.output]
        self.nodes_, self.constants_, self.variables_, self.weight_tensors = [], {}, {}, {}
        for node in graph.node:
            given = {a.name: helper.get_attribute_value(a) for a in node.attribute}
            if node.op_type not in OPERATORS and node.op_type not in ("Constant", "BatchNormalization"):
                raise DataError(f"{where}: node {node.name or node.output[0]}: {node.op_type} is not supported here")
            if node.op_type == "Constant":
                if "value" not in given:
                    raise DataError(f"{where}: node {node.name or node.output[0]}: Constant has no tensor; "
                                    "other kinds of constants are not supported here")
                constants[node.output[0]] = constant(where, node.output[0], given["value"])
            elif all(name in constants for name in node.input):
                constants[node.output[0]] = self.evaluate_(node, given, [constants[name] for name in node.input])
            else:
                self.nodes_.append((node, given))
        used = {name for node, _ in self.nodes_ for name in node.input}
        self.constants_ = {name: value for name, value in constants.items() if name in used}
        for node, _ in self.nodes_:
            self.add_trained_(node)
        self.eval()

    def add_trained_(self, node):
        """Registers the node's constants that training may change as parameters."""
        position = WEIGHTS.get(node.op_type)
        if position is not None and node.input[position] in self.constants_:
            tensor = node.input[position]
            name = tensor[:-len(".weight")] if tensor.endswith(".weight") else tensor
            name = name.strip("/").replace(".", "/")
            if tensor not in self.variables_:
                module, name = self.new_module_(name)
                self.register_(module, tensor, "weight")
                self.weight_tensors[name] = tensor
                if len(node.input) > 2 and node.input[2] in self.constants_:
                    self.register_(module, node.input[2], "bias")
        elif node.op_type == "BatchNormalization":
            name = (node.name or node.output[0]).strip("/").replace(".", "/")
            module, _ = self.new_module_(name)
            self.register_(module, node.input[1], "weight")
            self.register_(module, node.input[2], "bias")
            for index, kind in ((3, "running_mean"), (4, "running_var")):
                module.register_buffer(kind, self.constants_[node.input[index]].clone())
                self.variables_[node.input[index]] = (module, kind)

    def new_module_(self, name: str):
        """(a module for a node's weights, its name, which differs from every attribute of this one)."""
        while hasattr(self, name):
            name += "'"
        module = Weights()
        self.add_module(name, module)
        return module, name

    def register_(self, module, tensor: str, kind: str):
        if tensor not in self.variables_:
            module.register_parameter(kind, nn.Parameter(self.constants_[tensor].clone()))
            self.variables_[tensor] = (module, kind)

    def evaluate_(self, node, given, inputs):
        try:
            if node.op_type == "BatchNormalization":
                return batch_norm(inputs, given, self.training)
            if node.op_type in ("Softmax", "LogSoftmax") and self.opset_ < 13:
                return old_softmax(node.op_type, inputs, given)
            return OPERATORS[node.op_type](inputs, given)
        except KeyError as error:
            raise DataError(f"{self.where_}: node {node.name or node.output[0]}: {node.op_type} lacks the attribute "
                            f"{error}") from error
        except RuntimeError as error:
            raise DataError(f"{self.where_}: node {node.name or node.output[0]}: {node.op_type} does not fit its inputs: "
                            f"{str(error).splitlines()[0]}") from error

    def tensor(self, name: str):
        """A constant as it is now."""
        if name in self.variables_:
            module, kind = self.variables_[name]
            return getattr(module, kind)
        return self.constants_[name]

    def every_tensor(self, x) -> dict:
        """All activations by name."""
        values = {self.input: x}
        for node, given in self.nodes_:
            inputs = [None if not name else values[name] if name in values else self.tensor(name)
                      for name in node.input]
            values[node.output[0]] = self.evaluate_(node, given, inputs)
        return values

    def forward(self, x):
        return self.every_tensor(x)[self.outputs[0]]

    def folded(self) -> onnx.ModelProto:
        """A copy of the model this was made from, with constants folded and every constant as it is now."""
        copy = onnx.ModelProto()
        copy.CopyFrom(self.model)
        kept = {"node": [node for node, _ in self.nodes_],
                "input": [value for value in self.model.graph.input if value.name == self.input],
                "initializer": [numpy_helper.from_array(array(self.tensor(name)), name) for name in self.constants_]}
        for field, content in kept.items():
            copy.graph.ClearField(field)
            getattr(copy.graph, field).extend(content)
        return copy
