#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Runs ONNX's own operator test cases on the chip under ideal optics and compares the outputs.

usage: run_vectors.py SONIC OUT
Each case of supported operators runs as it is and, where that is refused, with every input but one a constant of the
graph: a case may feed weights and shapes that a trained network holds. Of the cases with another operator, the first
for each runs. A run must end in right values (exit 0) or in one sentence that refuses it (exit 2). Without python3-onnx
the test is skipped (exit 77).
"""
import argparse
import collections
import concurrent.futures
import copy
import os
import re
import subprocess
import sys
from pathlib import Path

skipped = 77
try:
    import numpy as np
    from generate import test_cases
    from onnx import helper, numpy_helper
    cases = test_cases()
except ImportError as missing:
    print(f"skipped: {missing}; install python3-onnx and python3-numpy")
    sys.exit(skipped)

os.environ.setdefault("SONIC_CONFIGS", str(Path(__file__).resolve().parents[2] / "configs"))
relative, absolute = 1e-5, 1e-6  # of each value; of the largest
unsupported = "uses an operator that is not supported"
# Operator sets are cumulative: a case names the one in which its operator changed last.
oldest_operator_set = 9
least_passed = 100
worker_count = 2
time_limit_s = 60


def variants(case):
    """(name, names of the inputs that stay inputs), the case as it is first."""
    names = [i.name for i in case.model.graph.input]
    yield "", names
    either = {n.op_type for n in case.model.graph.node} & {"Add", "Sub", "Mul", "Div", "Concat"}
    if len(names) > 1:
        for name in names if either else names[:1]:
            yield "/" + name, [name]


def write_variant(case, stays, folder):
    """Writes the model and its input files; returns the --input options."""
    model = copy.deepcopy(case.model)
    for imported in model.opset_import:
        if not imported.domain:
            imported.version = max(imported.version, oldest_operator_set)
    options = []
    inputs = list(zip([i.name for i in model.graph.input], case.data_sets[0][0]))
    for position, (name, value) in enumerate(inputs):
        tensor = numpy_helper.from_array(np.asarray(value), name)
        if name in stays:
            file = folder / f"input_{position}.pb"
            file.write_bytes(tensor.SerializeToString())
            options += ["--input", f"{name}={file}"]
        else:
            model.graph.initializer.append(tensor)
    kept = [i for i in model.graph.input if i.name in stays]
    del model.graph.input[:]
    model.graph.input.extend(kept)
    (folder / "model.onnx").write_bytes(model.SerializeToString())
    return options


def wrong_value(case, file):
    """What is wrong with the outputs of a run, or nothing."""
    with np.load(file) as outputs:
        for info, expected in zip(case.model.graph.output, case.data_sets[0][1]):
            if info.name not in outputs.files:
                return f"no output {info.name}"
            found, expected = outputs[info.name], np.asarray(expected, np.float64)
            if found.shape != expected.shape:
                return f"{info.name} is {found.shape}, expected {expected.shape}"
            finite = np.abs(expected[np.isfinite(expected)])
            largest = finite.max() if finite.size else 0.0
            if not np.allclose(found, expected, rtol=relative, atol=absolute * largest, equal_nan=True):
                return f"{info.name} is off by {np.nanmax(np.abs(found - expected)):.3g} of {largest:.3g}"
    return ""


def run_variant(case, suffix, stays, sonic, out):
    """("passed" | "refused" | "failed", sentence)"""
    folder = out / case.name / (suffix.strip("/") or "as_is")
    folder.mkdir(parents=True, exist_ok=True)
    try:
        options = write_variant(case, stays, folder)
    except (TypeError, ValueError, KeyError, AttributeError) as not_a_tensor:
        return "refused", f"the case holds a value that is no tensor ({type(not_a_tensor).__name__})"
    result = folder / "out.npz"
    command = [sonic, "run", folder / "model.onnx", *options, "--optics", "ideal", "--output", result]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=time_limit_s)
    except subprocess.TimeoutExpired:
        return "failed", f"no answer in {time_limit_s} s"
    sentence = done.stderr.strip()
    if done.returncode == 2 and re.fullmatch(r"sonic: [^\n]+; [^\n]+", sentence):
        return "refused", sentence.replace(str(folder) + "/", "")
    if done.returncode != 0:
        return "failed", f"exit {done.returncode}: {sentence} {done.stdout.strip().splitlines()[-1:]}"
    problem = wrong_value(case, result)
    return ("failed", problem) if problem else ("passed", "")


def run_case(case, sonic, out):
    """Name of each variant that ran -> its end."""
    ends = {}
    for suffix, stays in variants(case):
        end = run_variant(case, suffix, stays, sonic, out)
        ends[case.name + suffix] = end
        if not suffix and (end[0] == "passed" or unsupported in end[1]):
            break
    return ends


def choose(sonic, out):
    """The cases to run: all of supported operators, one for every other operator."""
    foreign = next(c for c in cases if c.name == "test_abs")
    _, sentence = run_variant(foreign, "", ["x"], sonic, out)
    supported = set(re.search(r"supported are (.+)$", sentence).group(1).split(", "))
    chosen, seen = [], set()
    for case in cases:
        others = {n.op_type for n in case.model.graph.node} - supported
        if not others or others - seen:
            chosen.append(case)
            seen |= others
    return chosen


def reason(sentence):
    """The sentence without what names the case."""
    if unsupported in sentence:
        return unsupported
    problem = sentence.removeprefix("sonic: ").removeprefix("model.onnx").split("; ")[0]
    return re.sub(r"'[^']*'|\b\d+(x\d+)*\b", "..", problem).strip(",: ")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("sonic")
    parser.add_argument("out", type=Path)
    parser.add_argument("--verbose", action="store_true", help="every refusal too")
    options = parser.parse_args()
    chosen = choose(options.sonic, options.out)
    ends = {}
    with concurrent.futures.ThreadPoolExecutor(worker_count) as pool:
        for some in pool.map(lambda c: run_case(c, options.sonic, options.out), chosen):
            ends.update(some)
    count = collections.Counter(kind for kind, _ in ends.values())
    reasons = collections.Counter(reason(s) for kind, s in ends.values() if kind == "refused")
    print(f"{len(chosen)} of {len(cases)} cases, {len(ends)} runs: {count['passed']} passed, {count['refused']} refused, "
          f"{count['failed']} failed")
    for text, number in reasons.most_common():
        print(f"  refused {number}: {text}")
    for name, (kind, sentence) in sorted(ends.items()):
        if kind == "failed" or (options.verbose and kind == "refused"):
            print(f"{kind} {name}: {sentence}")
    if count["passed"] < least_passed:
        print(f"fewer than {least_passed} passed: the test has lost its cases")
    sys.exit(0 if count["failed"] == 0 and count["passed"] >= least_passed else 1)


if __name__ == "__main__":
    main()
