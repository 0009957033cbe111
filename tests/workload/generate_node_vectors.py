#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Writes the ONNX project's own test vectors, one folder per node test, into a folder.

  generate_node_vectors.py FOLDER

python3-onnx holds the cases as Python code. Leaves with 77, "skipped", where the package is missing.
"""
import pathlib
import sys

try:
    import numpy
    from onnx import numpy_helper
except ImportError as missing:
    print(f"skipped: {missing}; install python3-onnx and python3-numpy")
    sys.exit(77)

for name, kind in (("float", float), ("int", int), ("bool", bool), ("object", object)):
    if name not in numpy.__dict__:  # onnx 1.12 uses names that numpy 1.24 dropped
        setattr(numpy, name, kind)

from onnx.backend.test.case.node import collect_testcases  # noqa: E402  (needs the names above)


def write(path, message):
    path.write_bytes(message.SerializeToString())


def main(target):
    try:
        cases = collect_testcases()
    except TypeError:  # later releases select by operator
        cases = collect_testcases(None)
    for case in cases:
        folder = target / case.name
        folder.mkdir(parents=True, exist_ok=True)
        write(folder / "model.onnx", case.model)
        inputs, outputs = case.data_sets[0]
        for kind, names, arrays in (("input", case.model.graph.input, inputs),
                                    ("output", case.model.graph.output, outputs)):
            for index, (info, array) in enumerate(zip(names, arrays)):
                if isinstance(array, (numpy.ndarray, numpy.generic)):
                    write(folder / f"{kind}_{index}.pb", numpy_helper.from_array(numpy.asarray(array), info.name))
    print(f"{len(cases)} cases in {target}")


main(pathlib.Path(sys.argv[1]))
