# SPDX-License-Identifier: Apache-2.0
"""What the tests of an install tree share."""
import json
import os
import subprocess
import sys
from pathlib import Path

CMAKE = os.environ.get("CMAKE", "cmake")
CXX = os.environ.get("CXX", "c++")


def fail(sentence):
    print(f"FAILED: {sentence}")
    sys.exit(1)


def check(holds, sentence):
    if not holds:
        fail(sentence)
    print(f"ok: {sentence}")


def run(command, expect=0, **options):
    """Runs a command; ends the test with its output if it does not end with the expected code."""
    done = subprocess.run([str(c) for c in command], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                          **options)
    if (done.returncode == 0) != (expect == 0):
        print(done.stdout)
        fail(f"{' '.join(map(str, command))} ended with {done.returncode}")
    return done.stdout


class Tree:
    """The install tree that the fixture made."""

    def __init__(self, kept):
        self.made = json.loads(Path(kept).read_text())
        self.folder = Path(self.made["folder"])
        self.prefix = self.folder / "moved"
        self.libdir = self.prefix / self.made["libdir"]
        self.model = self.prefix / "share/sonic-tlm/configs/workloads/mnist.onnx"


def clean_environment():
    """Without anything that would help to find configurations or the build."""
    return {k: v for k, v in os.environ.items() if not k.startswith("SONIC_")}
