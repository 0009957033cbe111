# SPDX-License-Identifier: Apache-2.0
"""What ONNX's operators compute, by their definition, on PyTorch tensors, for most of those that `sonic` imports."""
import numpy as np
import torch
from onnx import TensorProto
from torch.nn import functional

from data import DataError


def array(tensor: torch.Tensor):
    return tensor.detach().cpu().numpy()


def integers(tensor) -> list:
    return [int(value) for value in array(tensor).flatten()]


def pads_of(given: dict, x, window: list) -> list:
    """[begin..., end...] of the spatial axes, as the attribute says or as auto_pad makes it."""
    rank = len(window)
    if given.get("auto_pad", b"NOTSET") in (b"NOTSET", b"VALID"):
        return list(given.get("pads", [0] * 2 * rank))
    strides, dilations = given.get("strides", [1] * rank), given.get("dilations", [1] * rank)
    begin, end = [], []
    for axis in range(rank):
        size, span = x.shape[2 + axis], (window[axis] - 1) * dilations[axis] + 1
        total = max((-(-size // strides[axis]) - 1) * strides[axis] + span - size, 0)
        small, large = total // 2, total - total // 2
        upper = given["auto_pad"] == b"SAME_UPPER"
        begin.append(small if upper else large)
        end.append(large if upper else small)
    return begin + end


def padded(x, pads: list, value: float = 0.0):
    """x with its last axes padded; pads = [begin..., end...] in the order of the axes."""
    rank = len(pads) // 2
    order = [pads[side * rank + axis] for axis in reversed(range(rank)) for side in (0, 1)]
    return functional.pad(x, order, value=value) if any(pads) else x


def conv(inputs, given):
    x, weight, bias = (*inputs, None)[:3]
    x = padded(x, pads_of(given, x, list(weight.shape[2:])))
    run = (functional.conv1d, functional.conv2d, functional.conv3d)[rank_of(weight.shape[2:]) - 1]
    return run(x, weight, bias, tuple(given.get("strides", [1])), 0, tuple(given.get("dilations", [1])),
               given.get("group", 1))


def gemm(inputs, given):
    a, b, c = (*inputs, None)[:3]
    a, b = (a.t() if given.get("transA", 0) else a), (b.t() if given.get("transB", 0) else b)
    if a.shape[0] and given.get("alpha", 1.0) == 1.0 and given.get("beta", 1.0) == 1.0:
        # As a 1x1 convolution, which is several times faster than Debian's reference BLAS.
        product = functional.conv2d(a[:, :, None, None], b.t()[:, :, None, None]).flatten(1)
    else:
        product = given.get("alpha", 1.0) * (a @ b)
    return product if c is None else product + given.get("beta", 1.0) * c


def rank_of(window) -> int:
    if len(window) not in (1, 2, 3):
        raise DataError(f"a window of {len(window)} axes is not supported here; expected 1, 2 or 3")
    return len(window)


def max_pool(inputs, given):
    if given.get("ceil_mode", 0) or given.get("storage_order", 0):
        raise DataError("MaxPool with ceil_mode or storage_order is not supported here")
    window = given["kernel_shape"]
    x = padded(inputs[0], pads_of(given, inputs[0], window), -float("inf"))
    run = (functional.max_pool1d, functional.max_pool2d, functional.max_pool3d)[rank_of(window) - 1]
    return run(x, tuple(window), tuple(given.get("strides", [1] * len(window))), 0,
               tuple(given.get("dilations", [1] * len(window))))


def average_pool(inputs, given):
    if given.get("ceil_mode", 0):
        raise DataError("AveragePool with ceil_mode is not supported here")
    window = tuple(given["kernel_shape"])
    strides = tuple(given.get("strides", [1] * len(window)))
    run = (functional.avg_pool1d, functional.avg_pool2d, functional.avg_pool3d)[rank_of(window) - 1]
    pads = pads_of(given, inputs[0], list(window))
    mean = run(padded(inputs[0], pads), window, strides)
    if not any(pads) or given.get("count_include_pad", 0):
        return mean
    return mean / run(padded(torch.ones_like(inputs[0][:1, :1]), pads), window, strides)


def reshape(inputs, given):
    shape = [inputs[0].shape[axis] if size == 0 and not given.get("allowzero", 0) else size
             for axis, size in enumerate(integers(inputs[1]))]
    return inputs[0].reshape(shape)


def axes_of(inputs, given) -> list:
    return integers(inputs[1]) if len(inputs) > 1 else list(given.get("axes", []))


def squeeze(inputs, given):
    x = inputs[0]
    axes = axes_of(inputs, given) or [axis for axis, size in enumerate(x.shape) if size == 1]
    for axis in sorted((axis % x.dim() for axis in axes), reverse=True):
        x = x.squeeze(axis)
    return x


def unsqueeze(inputs, given):
    x, axes = inputs[0], axes_of(inputs, given)
    for axis in sorted(axis % (x.dim() + len(axes)) for axis in axes):
        x = x.unsqueeze(axis)
    return x


def pad(inputs, given):
    if given.get("mode", b"constant") != b"constant":
        raise DataError("Pad with a mode other than constant is not supported here")
    pads = integers(inputs[1]) if len(inputs) > 1 else given["pads"]
    value = float(inputs[2]) if len(inputs) > 2 and inputs[2] is not None else given.get("value", 0.0)
    return padded(inputs[0], pads, value)


def slice_(inputs, given):
    starts, ends = ((integers(inputs[1]), integers(inputs[2])) if len(inputs) > 2 else (given["starts"], given["ends"]))
    axes = integers(inputs[3]) if len(inputs) > 3 else given.get("axes", range(len(starts)))
    steps = integers(inputs[4]) if len(inputs) > 4 else [1] * len(starts)
    where = [slice(None)] * inputs[0].dim()
    for start, end, axis, step in zip(starts, ends, axes, steps):
        if step < 1:
            raise DataError("Slice with a negative step is not supported here")
        where[axis] = slice(start, end, step)
    return inputs[0][tuple(where)]


def batch_norm(inputs, given, training):
    if training:
        return functional.batch_norm(inputs[0], inputs[3], inputs[4], inputs[1], inputs[2], True,
                                     1 - given.get("momentum", 0.9), given.get("epsilon", 1e-5))
    return functional.batch_norm(inputs[0], inputs[3], inputs[4], inputs[1], inputs[2], False, 0.0,
                                 given.get("epsilon", 1e-5))


def clip(inputs, given):
    low = inputs[1] if len(inputs) > 1 else given.get("min")
    high = inputs[2] if len(inputs) > 2 else given.get("max")
    return torch.clamp(inputs[0], -float("inf") if low is None else float(low),
                       float("inf") if high is None else float(high))


def old_softmax(kind: str, inputs, given):
    """Before opset 13 the axes from `axis` on count as one."""
    x, axis = inputs[0], given.get("axis", 1)
    run = functional.softmax if kind == "Softmax" else functional.log_softmax
    return run(x.reshape(int(np.prod(x.shape[:axis])), -1), 1).reshape(x.shape)


KINDS = {TensorProto.FLOAT: torch.float32, TensorProto.DOUBLE: torch.float64, TensorProto.FLOAT16: torch.float16,
         TensorProto.UINT8: torch.uint8, TensorProto.INT8: torch.int8, TensorProto.INT32: torch.int32,
         TensorProto.INT64: torch.int64, TensorProto.BOOL: torch.bool}


def cast(inputs, given):
    if given["to"] not in KINDS:
        raise DataError(f"Cast to the type {given['to']} is not supported here")
    return inputs[0].to(KINDS[given["to"]])


def gather(inputs, given):
    x, indices, axis = inputs[0], inputs[1], given.get("axis", 0)
    picked = torch.index_select(x, axis, indices.flatten().long() % x.shape[axis])
    return picked.reshape(*x.shape[:axis], *indices.shape, *x.shape[axis + 1:])


OPERATORS = {
    "Add": lambda x, _: x[0] + x[1],
    "AveragePool": average_pool,
    "Cast": cast,
    "Clip": clip,
    "Concat": lambda x, given: torch.cat(x, given["axis"]),
    "Conv": conv,
    "Div": lambda x, _: x[0] / x[1],
    "Dropout": lambda x, _: x[0],
    "Flatten": lambda x, given: x[0].reshape(int(np.prod(x[0].shape[:given.get("axis", 1)])), -1),
    "Gather": gather,
    "Gemm": gemm,
    "GlobalAveragePool": lambda x, _: x[0].mean(tuple(range(2, x[0].dim())), keepdim=True),
    "GlobalMaxPool": lambda x, _: x[0].amax(tuple(range(2, x[0].dim())), keepdim=True),
    "Identity": lambda x, _: x[0],
    "LeakyRelu": lambda x, given: functional.leaky_relu(x[0], given.get("alpha", 0.01)),
    "MatMul": lambda x, _: x[0] @ x[1],
    "MaxPool": max_pool,
    "Mul": lambda x, _: x[0] * x[1],
    "Pad": pad,
    "Relu": lambda x, _: functional.relu(x[0]),
    "ReduceMean": lambda x, given: x[0].mean(tuple(given.get("axes", range(x[0].dim()))), bool(given.get("keepdims", 1))),
    "Reshape": reshape,
    "Shape": lambda x, given: torch.tensor(x[0].shape[given.get("start", 0):given.get("end")]),
    "Slice": slice_,
    "Softmax": lambda x, given: functional.softmax(x[0], given.get("axis", -1)),
    "LogSoftmax": lambda x, given: functional.log_softmax(x[0], given.get("axis", -1)),
    "Squeeze": squeeze,
    "Sub": lambda x, _: x[0] - x[1],
    "Transpose": lambda x, given: x[0].permute(given.get("perm", list(reversed(range(x[0].dim()))))),
    "Unsqueeze": unsqueeze,
}
