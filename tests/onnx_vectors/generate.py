# SPDX-License-Identifier: Apache-2.0
"""ONNX's own operator test cases, from Debian's python3-onnx, as objects with models and data sets."""
import warnings

import numpy as np

for alias, plain in (("float", float), ("int", int), ("bool", bool), ("object", object)):
    if alias not in np.__dict__:  # onnx 1.12 uses names that numpy 1.24 dropped
        setattr(np, alias, plain)


def test_cases():
    """Cases of single nodes and of small graphs, by name; ImportError if the generator is missing."""
    from onnx.backend.test.case import model, node
    np.random.seed(0)
    cases = {}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for collect in (model.collect_testcases, node.collect_testcases):
            try:
                found = collect()
            except TypeError:  # selects by operator
                found = collect(None)
            cases.update((c.name, c) for c in found if c.model is not None and c.data_sets)
    return [cases[name] for name in sorted(cases)]
