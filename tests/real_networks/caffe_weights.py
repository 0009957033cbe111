# SPDX-License-Identifier: Apache-2.0
"""Reads the weights of a Caffe NetParameter (a protobuf message) without Caffe."""
import numpy as np

# Field numbers of caffe.proto.
NET_LAYER = 100
LAYER_NAME, LAYER_BLOBS = 1, 7
BLOB_DATA, BLOB_SHAPE = 5, 7
SHAPE_DIM = 1

# Wire types of protobuf.
VARINT, FIXED64, BYTES, FIXED32 = 0, 1, 2, 5


def varint(data, at):
    value = shift = 0
    while True:
        byte = data[at]
        value |= (byte & 0x7F) << shift
        at += 1
        if byte < 0x80:
            return value, at
        shift += 7


def fields(data):
    """(number, content) of each field; a varint's content is a number."""
    at = 0
    while at < len(data):
        key, at = varint(data, at)
        kind = key & 7
        if kind == VARINT:
            content, at = varint(data, at)
        else:
            size, at = varint(data, at) if kind == BYTES else ({FIXED32: 4, FIXED64: 8}[kind], at)
            content = data[at:at + size]
            at += size
        yield key >> 3, content


def packed_varints(content):
    if isinstance(content, int):
        return [content]
    values, at = [], 0
    while at < len(content):
        value, at = varint(content, at)
        values.append(value)
    return values


def blob(data):
    parts = list(fields(data))
    shape = [dim for number, content in parts if number == BLOB_SHAPE
             for inner, values in fields(content) if inner == SHAPE_DIM for dim in packed_varints(values)]
    values = np.concatenate([np.frombuffer(c, "<f4") for number, c in parts if number == BLOB_DATA])
    return values.reshape(shape)


def load_caffe_weights(path):
    """Layer name -> its blobs, in the order of the file."""
    layers = {}
    with open(path, "rb") as file:
        net = memoryview(file.read())
    for number, layer in fields(net):
        if number == NET_LAYER:
            parts = list(fields(layer))
            name = next(bytes(c).decode() for n, c in parts if n == LAYER_NAME)
            layers[name] = [blob(c) for n, c in parts if n == LAYER_BLOBS]
    return layers
