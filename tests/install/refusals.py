# SPDX-License-Identifier: Apache-2.0
"""A SystemC that is not the one the library was built with stops the configuration with one plain sentence.

  refusals.py KEPT PROJECT

A SystemC of another C++ standard, and one of another version, are made from the real one: same headers, a copy of the
library in which the symbol that names both says something else.
"""
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

from common import CMAKE, CXX, Tree, check, clean_environment, run


def system_folders():
    """Where SystemC's headers and library are."""
    home = os.environ.get("SYSTEMC_HOME")
    if home:
        return Path(home) / "include", next(Path(home).glob("lib*/libsystemc.so"))
    header = re.search(r"\S+/systemc(?=\s)", run([CXX, "-M", "-x", "c++", "-include", "systemc", "/dev/null"])).group()
    return Path(header).parent, Path(run([CXX, "-print-file-name=libsystemc.so"]).strip())


def forged(folder, symbol, other, header=None):
    """A SystemC whose library has another symbol, of the same length; @p header edits sc_ver.h."""
    include, library = system_folders()
    assert len(symbol) == len(other)
    content = library.resolve().read_bytes()
    assert symbol in content
    (folder / "lib").mkdir(parents=True)
    (folder / "include").mkdir()
    (folder / "lib/libsystemc.so").write_bytes(content.replace(symbol, other))
    for entry in include.iterdir():
        if re.match(r"systemc|tlm|sysc$", entry.name):
            copy = shutil.copytree if entry.is_dir() else shutil.copy
            copy(entry, folder / "include" / entry.name)
    if header:
        version = folder / "include/sysc/kernel/sc_ver.h"
        version.write_text(header(version.read_text()))
    return folder


def reason(tree, project, name, *options, environment=None):
    """What find_package says when the project is configured."""
    said = run([CMAKE, "-S", project, "-B", tree.folder / f"refused-{name}", f"-DCMAKE_PREFIX_PATH={tree.prefix}",
                *options], expect=1, env=clean_environment() | (environment or {}))
    match = re.search(r"Reason given by package:\s+(.*?)\n\n", said, re.S)
    check(match, f"{name}: the package gives its reason" if match else said)
    return " ".join(match.group(1).split())


def main():
    tree, project = Tree(sys.argv[1]), Path(sys.argv[2])
    standard = forged(tree.folder / "systemc-of-cpp14", b"cxx201703L", b"cxx201402L")
    said = reason(tree, project, "standard", f"-DSYSTEMC_HOME={standard}")
    check(said == f"The SystemC library in {standard} was built for C++14, but sonic-tlm was built with one for "
          "C++17: give it that SystemC (SYSTEMC_HOME names its folder), or build sonic-tlm with yours.",
          f"another standard: {said}")

    version = forged(tree.folder / "systemc-9", b"api_version_2_3_4_cxx", b"api_version_2_3_9_cxx",
                     lambda text: re.sub(r"(define SC_VERSION_PATCH\s+)4", r"\g<1>9", text))
    said = reason(tree, project, "version", f"-DSYSTEMC_HOME={version}")
    check(said == f"The SystemC in {version} is version 2.3.9, but sonic-tlm was built with 2.3.4: give it that SystemC "
          "(SYSTEMC_HOME names its folder), or build sonic-tlm with yours.", f"another version: {said}")

    said = reason(tree, project, "none", environment={"PKG_CONFIG_LIBDIR": "/nonexistent"})
    check(said == "SystemC was not found: install libsystemc-dev, or set SYSTEMC_HOME to its install folder.",
          f"none: {said}")

    newer = tree.folder / "newer"
    shutil.copytree(project, newer)
    text = (newer / "CMakeLists.txt").read_text()
    assert "sonic-tlm 0.1 REQUIRED" in text
    (newer / "CMakeLists.txt").write_text(text.replace("sonic-tlm 0.1 REQUIRED", "sonic-tlm 0.2 REQUIRED"))
    done = subprocess.run([CMAKE, "-S", newer, "-B", tree.folder / "refused-newer",
                           f"-DCMAKE_PREFIX_PATH={tree.prefix}"], capture_output=True, text=True)
    check(done.returncode != 0 and 'compatible with requested version "0.2"' in " ".join(done.stderr.split()),
          "a project that wants version 0.2 is told")


main()
