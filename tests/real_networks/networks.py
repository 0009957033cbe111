# SPDX-License-Identifier: Apache-2.0
"""The trained networks of SONIC_DATA/models as ONNX. Images are pixel/255, (n, channels, height, width)."""
import h5py
import numpy as np
import onnx
import torch
import torch.nn.functional as functional
from caffe_weights import load_caffe_weights
from network_builder import network_builder
from onnx import numpy_helper

PIXEL_RANGE = 255


def lenet5_caffe(weights_file, images, file):
    """Caffe's LeNet-5, which takes pixel/256."""
    layers = load_caffe_weights(weights_file)
    net = network_builder("lenet5", images)
    x = net.scale(net.input, PIXEL_RANGE / 256)
    x = net.max_pool(net.conv(x, *layers["conv1"]), 2, 2)
    x = net.max_pool(net.conv(x, *layers["conv2"]), 2, 2)
    x = net.relu(net.dense(net.flatten(x), *layers["ip1"]))
    return net.save(net.softmax(net.dense(x, *layers["ip2"])), file)


def resnet20(weights_file, images, file):
    """ResNet-20 with parameter-free shortcuts: every other pixel, zeros for the new channels."""
    state = torch.load(weights_file, map_location="cpu")["state_dict"]
    weights = lambda name: state["module." + name].numpy()
    mean, deviation = np.array([.485, .456, .406]), np.array([.229, .224, .225])
    net = network_builder("resnet20", images)

    def normalised(x, name, bn, stride=1):
        x = net.conv(x, weights(name + ".weight"), stride=stride, pads=(1, 1, 1, 1))
        parts = (weights(f"{bn}.{p}") for p in ("weight", "bias", "running_mean", "running_var"))
        return net.batch_norm(x, *parts, epsilon=1e-5)

    x = net.scale(net.input, 1 / deviation, -mean / deviation)
    x = net.relu(normalised(x, "conv1", "bn1"))
    for stage in (1, 2, 3):
        for block in range(3):
            name = f"layer{stage}.{block}"
            widens = stage > 1 and block == 0
            y = net.relu(normalised(x, name + ".conv1", name + ".bn1", 2 if widens else 1))
            y = normalised(y, name + ".conv2", name + ".bn2")
            if widens:
                added = (y[1].shape[1] - x[1].shape[1]) // 2
                x = net.pad_channels(net.max_pool(x, 1, 2), added, added)
            x = net.relu(net.add(y, x))
    x = net.flatten(net.global_average(x))
    return net.save(net.dense(x, weights("linear.weight"), weights("linear.bias")), file)


def resnet8(weights_file, images, file):
    """MLPerf Tiny's Keras ResNet-8, which takes 0..255; its 'same' padding of a stride of 2 is at the far side only."""
    net = network_builder("resnet8", images)
    with h5py.File(weights_file) as stored:
        part = lambda layer, name: stored["model_weights"][layer][layer][name + ":0"][()]

        def conv(x, index, stride=1):
            layer = f"conv2d_{index}" if index else "conv2d"
            kernel = part(layer, "kernel").transpose(3, 2, 0, 1)
            size, extent = kernel.shape[2], x[1].shape[2]
            missing = max((-(-extent // stride) - 1) * stride + size - extent, 0)
            near, far = missing // 2, missing - missing // 2
            return net.conv(x, kernel, part(layer, "bias"), stride, (near, near, far, far))

        def norm(x, index):
            layer = f"batch_normalization_{index}" if index else "batch_normalization"
            parts = (part(layer, p) for p in ("gamma", "beta", "moving_mean", "moving_variance"))
            return net.batch_norm(x, *parts, epsilon=1e-3)

        x = net.relu(norm(conv(net.scale(net.input, PIXEL_RANGE), 0), 0))
        x = net.relu(net.add(x, norm(conv(net.relu(norm(conv(x, 1), 1)), 2), 2)))
        for first in (3, 6):  # convolutions of a stage: two in a row, then its shortcut
            bn = 3 if first == 3 else 5
            y = norm(conv(net.relu(norm(conv(x, first, 2), bn)), first + 1), bn + 1)
            x = net.relu(net.add(conv(x, first + 2, 2), y))
        x = net.flatten(net.global_average(x))
        return net.save(net.softmax(net.dense(x, part("dense", "kernel").T, part("dense", "bias"))), file)


def jet_mlp(weights_file, features, file):
    """hls4ml's three-layer jet tagger on 16 standardised features."""
    net = network_builder("jet_mlp", features)
    with h5py.File(weights_file) as stored:
        x = net.input
        for layer in ("fc1_relu", "fc2_relu", "fc3_relu", "output_softmax"):
            group = stored[layer][layer]
            x = net.dense(x, group["kernel:0"][()].T, group["bias:0"][()])
            x = net.softmax(x) if layer == "output_softmax" else net.relu(x)
    return net.save(x, file)


def lenet5_onnx(model_file, images):
    """PyTorch's outputs of the published ONNX files, which run as they are (ten images a run)."""
    parts = {t.name: torch.tensor(numpy_helper.to_array(t)) for t in onnx.load(model_file).graph.initializer}
    get = lambda name: (parts[name + ".weight"], parts[name + ".bias"])
    x = functional.conv2d(torch.from_numpy(images), *get("body.conv1"), padding=2)
    x = functional.conv2d(functional.max_pool2d(torch.relu(x), 2), *get("body.conv2"))
    x = functional.max_pool2d(torch.relu(x), 2).flatten(1)
    x = torch.relu(functional.linear(x, *get("head.fc1")))
    if "head.batnorm1.weight" in parts:
        mean, variance = (parts["head.batnorm1.running_" + p] for p in ("mean", "var"))
        x = functional.batch_norm(x, mean, variance, *get("head.batnorm1"), eps=1e-5)
    x = torch.relu(functional.linear(x, *get("head.fc2")))
    return torch.softmax(functional.linear(x, *get("head.fc3")), 1).numpy()
