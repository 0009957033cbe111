#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Runs trained networks on real test images and compares the chip with PyTorch.

usage: run_networks.py SONIC OUT [--only NAME] [--count N] [--optics O]
SONIC_DATA names the folder with models/, mnist/ and cifar10/; without it the test is skipped (exit 77).
"""
import argparse
import json
import os
import subprocess
import sys
from pathlib import Path

skipped = 77
os.environ.setdefault("SONIC_CONFIGS", str(Path(__file__).resolve().parents[2] / "configs"))
data = Path(os.environ.get("SONIC_DATA") or "/nonexistent")
models = data / "models"

# name: (weights, images, how many, least share of images that quantised optics put in PyTorch's class)
#
# Ideal optics must give PyTorch's class for every image. Quantised optics may not: 6-bit weights move the scores, and an
# image whose two best scores lie closer than that changes class. How many do is a property of the network, so the bound
# comes from more images than the test runs: with the share p of other classes among the first 500 (ResNet-20 7, ResNet-8
# 34; a few in 1000 for the LeNets), a test's n images hold more than the bound allows with a chance of less than 1e-4.
cases = {
    "lenet5_dense": ("lenet5-dns/caffe_lenet5_original.caffemodel", "mnist", 200, 0.97),
    "lenet5_sparse": ("lenet5-dns/caffe_lenet5_sparse.caffemodel", "mnist", 200, 0.97),
    "lenet5_b10": ("mnist-onnx/lenet5_b10.onnx", "mnist", 200, 0.97),
    "lenet5_bn_b10": ("mnist-onnx/lenet5_bn_b10.onnx", "mnist", 200, 0.97),
    "resnet20": ("cifar10-resnet20/resnet20-12fca82f.th", "cifar10", 10, 0.6),
    "resnet8": ("mlperf-tiny-resnet8/pretrainedResnet.h5", "cifar10", 20, 0.6),
    "jet_dense": ("hls4ml-jet/KERAS_3layer_weights.h5", "features", 200, 0.85),
    "jet_pruned": ("hls4ml-jet/KERAS_3layer_70pruned_retrained_weights.h5", "features", 200, 0.85),
}
# float32 sums of a few thousand terms in another order, relative to the largest output
rounding = 1e-4


def skip_without_data():
    files = [models / weights for weights, *_ in cases.values()]
    files += [data / "mnist/t10k-images-idx3-ubyte.gz", data / "cifar10/unpack.py"]
    if not all(f.exists() for f in files):
        print("skipped: no data")
        sys.exit(skipped)


skip_without_data()

import images  # noqa: E402
import networks  # noqa: E402
import numpy as np  # noqa: E402


def load_inputs(kind, count):
    """Arrays and labels; the jet tagger's features are standardised, so that random ones of the same spread do."""
    if kind == "features":
        return np.random.default_rng(1).standard_normal((count, 16)).astype(np.float32), None
    return getattr(images, kind)(data / kind, count)


def convert(name, inputs, model):
    """Writes the model; PyTorch's outputs."""
    weights = models / cases[name][0]
    if name.endswith("_b10"):
        model.write_bytes(weights.read_bytes())
        return networks.lenet5_onnx(weights, inputs)
    family = name.split("_")[0]
    builder = {"lenet5": networks.lenet5_caffe, "jet": networks.jet_mlp}.get(family) or getattr(networks, family)
    return builder(weights, inputs, model)


def run_case(name, count, optics, sonic, out):
    """True if the chip did as it should."""
    weights, kind, default_count, least_agreement = cases[name]
    count = count or default_count
    inputs, labels = load_inputs(kind, count)
    model, image_file, label_file = out / f"{name}.onnx", out / f"{name}_images.npy", out / f"{name}_labels.npy"
    expected = convert(name, inputs, model)
    classes = expected.argmax(1)
    np.save(image_file, inputs)
    np.save(label_file, (classes if labels is None else labels).astype(np.int64))
    good = True
    for optic in optics:
        result, report_file = out / f"{name}_{optic}.npz", out / f"{name}_{optic}.json"
        command = [sonic, "run", model, "--input", image_file, "--labels", label_file, "--optics", optic,
                   "--output", result, "--json", report_file]
        done = subprocess.run(command, capture_output=True, text=True)
        if done.returncode != 0:
            print(f"FAILED {name} {optic}: exit {done.returncode}: {done.stderr.strip()} {done.stdout[-2000:]}")
            good = False
            continue
        report = json.loads(report_file.read_text())
        with np.load(result) as outputs:
            found = outputs[outputs.files[0]].reshape(expected.shape)
        agreeing = int((found.argmax(1) == classes).sum())
        deviation = float(np.abs(found - expected).max() / np.abs(expected).max())
        counted = report["classification"]
        problems = []
        if counted["images"] != count or report["verdict"]["compared_frames"] != count:
            problems.append("not every image was compared")
        if counted["agreeing"] != agreeing:
            problems.append(f"the report says {counted['agreeing']} agree")
        if optic == "ideal" and (agreeing != count or not deviation <= rounding):
            problems.append("ideal optics must give PyTorch's outputs")
        if agreeing < least_agreement * count:
            problems.append(f"at least {least_agreement:.0%} should agree")
        right = "" if labels is None else (f"right {int((found.argmax(1) == labels).sum())}/{count} "
                                           f"(PyTorch {int((classes == labels).sum())}), ")
        print(f"{'FAILED' if problems else 'ok'} {name} {optic}: {right}same class as PyTorch {agreeing}/{count}, "
              f"largest deviation {deviation:.2g}, {report['frames_per_second']:.0f} frames/s on the chip, "
              f"{report['host_seconds']:.2f} s {'; '.join(problems)}", flush=True)
        good = good and not problems
    return good


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("sonic")
    parser.add_argument("out", type=Path)
    parser.add_argument("--only", choices=cases)
    parser.add_argument("--count", type=int)
    parser.add_argument("--optics", choices=("ideal", "quantised"))
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    optics = [options.optics] if options.optics else ["ideal", "quantised"]
    results = [run_case(name, options.count, optics, options.sonic, options.out)
               for name in ([options.only] if options.only else cases)]
    sys.exit(0 if all(results) else 1)


if __name__ == "__main__":
    main()
