# SPDX-License-Identifier: Apache-2.0
"""Builds a project against the install tree, runs a network through its sockets, and compares what comes out, and what
it took, with the installed command's report.

  consumer.py KEPT PROJECT 17|20|pkg-config
"""
import json
import os
import shutil
import sys
import zipfile
from array import array
from pathlib import Path

from common import CMAKE, CXX, Tree, check, clean_environment, run

WARNINGS = "-O1 -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Werror"


def build_with_cmake(tree, project, standard, folder):
    run([CMAKE, "-S", project, "-B", folder, f"-DCMAKE_PREFIX_PATH={tree.prefix}", f"-DCMAKE_CXX_STANDARD={standard}",
         "-DCMAKE_CXX_EXTENSIONS=OFF", f"-DCMAKE_CXX_FLAGS={WARNINGS}", "-DCMAKE_NO_SYSTEM_FROM_IMPORTED=ON",
         "-DCMAKE_EXPORT_COMPILE_COMMANDS=ON"])
    run([CMAKE, "--build", folder])
    commands = (folder / "compile_commands.json").read_text()
    check(f"-std=c++{standard}" in commands, f"the project is compiled as C++{standard}")


def build_with_make(tree, project, folder):
    shutil.copytree(project, folder)
    (folder / "CMakeLists.txt").unlink()
    environment = clean_environment() | {"PKG_CONFIG_PATH": str(tree.libdir / "pkgconfig"), "CXXFLAGS": WARNINGS}
    run(["make", "-C", folder, f"CXX={CXX}"], env=environment)


def outputs_of(file):
    """The only array of a .npz of little-endian floats."""
    archive = zipfile.ZipFile(file)
    content = archive.read(archive.namelist()[0])
    values = array("f")
    values.frombytes(content[10 + int.from_bytes(content[8:10], "little"):])
    return list(values)


def main():
    tree, project, kind = Tree(sys.argv[1]), Path(sys.argv[2]), sys.argv[3]
    folder = tree.folder / f"consumer-{kind}"
    if kind == "pkg-config":
        build_with_make(tree, project, folder)
    else:
        build_with_cmake(tree, project, kind, folder)
    found = run([folder / "platform", tree.model, tree.folder / "input.f32", *tree.made["memory"]],
                cwd="/", env=clean_environment())
    numbers, brace, rest = found.partition("{")
    took = json.loads(brace + rest)
    report = json.loads((tree.folder / "report.json").read_text())
    values = [float(line) for line in numbers.split()]
    check(report["verdict"]["passed"], "the command found no difference from the reference")
    check(array("f", values) == array("f", outputs_of(tree.folder / "outputs.npz")),
          f"all {len(values)} outputs equal the command's: {values}")
    check(abs(took["latency_ns"] - report["latency_ns"]["mean"]) < 1e-3,
          f"the latency, {took['latency_ns']:.3f} ns, is the command's")
    check(abs(took["energy_pj"] / report["energy_pj"]["mean"] - 1) < 1e-12,
          f"the energy, {took['energy_pj']:.1f} pJ, is the command's")
    for mine, its in zip(took["layers"], report["layers"], strict=True):
        check(mine["name"] == its["name"] and mine["operation"] == its["operation"] and
              abs(mine["time_ns"] - its["time_ns"]) < 1e-3 and
              mine["symbols"] == its["conv"]["symbols"] + its["fc"]["symbols"] and
              mine["bytes_loaded"] == its["bytes_loaded"],
              f"{mine['name']}: {mine['time_ns']:.3f} ns and {mine['symbols']} symbols are the command's")
    mistake = run([folder / "platform", tree.model, tree.folder / "input.f32", "run.optics=dim"], expect=2,
                  env=clean_environment())
    check("run.optics" in mistake and "expected" in mistake and mistake.count("\n") == 1,
          f"a wrong key is one sentence, caught as user_error: {mistake.strip()}")
    os.environ["SONIC_CONFIGS"] = "/nonexistent"
    run([folder / "platform", tree.model, tree.folder / "input.f32"], cwd="/", env=os.environ)


main()
