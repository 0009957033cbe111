# SPDX-License-Identifier: Apache-2.0
"""Installs into a folder outside the source tree, moves the tree, and runs a network there with the installed command.

  tree.py KEPT make BUILD      KEPT is written: where the tree is
  tree.py KEPT remove
"""
import gzip
import json
import shutil
import struct
import sys
import tempfile
from array import array
from pathlib import Path

from common import CMAKE, Tree, clean_environment, run

PIXELS = 28 * 28
# A memory whose time one can write in a line: no rows, 40 ps a byte.
MEMORY = ["memory.row_miss=0 ns", "memory.latency=100 ns", "memory.bandwidth=25 GB/s"]


def write_input(folder, images):
    """One digit as raw floats and as .npy."""
    pixels = gzip.open(images).read()[16:16 + PIXELS]
    values = array("f", [p / 255 for p in pixels])
    (folder / "input.f32").write_bytes(values.tobytes())
    head = str({"descr": "<f4", "fortran_order": False, "shape": (1, 1, 28, 28)}).encode()
    head += b" " * (-(10 + len(head) + 1) % 64) + b"\n"
    (folder / "input.npy").write_bytes(b"\x93NUMPY\x01\x00" + struct.pack("<H", len(head)) + head + values.tobytes())


def make(kept, build):
    folder = Path(tempfile.mkdtemp(prefix="sonic-install-"))
    run([CMAKE, "--install", build, "--prefix", folder / "first"])
    (folder / "first").rename(folder / "moved")
    config = next((folder / "moved").glob("**/sonic-tlmConfig.cmake"))
    libdir = config.parents[2].relative_to(folder / "moved")
    kept.write_text(json.dumps({"folder": str(folder), "libdir": str(libdir), "memory": MEMORY}))
    tree = Tree(kept)
    write_input(folder, tree.model.parent / "digits-images-idx3-ubyte.gz")
    settings = [part for key in MEMORY for part in ("--set", key)]
    print(run([tree.prefix / "bin/sonic", "run", tree.model, "--input", folder / "input.npy", *settings, "--json",
               folder / "report.json", "--output", folder / "outputs.npz"], cwd="/", env=clean_environment()))


def main():
    kept = Path(sys.argv[1])
    if sys.argv[2] == "make":
        make(kept, sys.argv[3])
    elif kept.exists():
        shutil.rmtree(Tree(kept).folder)
        kept.unlink()


main()
