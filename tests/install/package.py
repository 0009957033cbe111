# SPDX-License-Identifier: Apache-2.0
"""The Debian package: made, looked at, unpacked somewhere, and run from there.

  package.py KEPT BUILD
"""
import shutil
import sys
from pathlib import Path

from common import CMAKE, Tree, check, clean_environment, run

SKIPPED = 77


def main():
    if not all(map(shutil.which, ("dpkg-deb", "dpkg-shlibdeps", "file"))):
        print("dpkg-dev and file are not installed: scripts/setup package")
        sys.exit(SKIPPED)
    tree, build = Tree(sys.argv[1]), Path(sys.argv[2])
    folder = tree.folder / "package"
    cpack = Path(CMAKE).with_name("cpack")
    run([cpack if cpack.exists() else "cpack", "-G", "DEB", "--config", build / "CPackConfig.cmake", "-B", folder])
    package = next(folder.glob("sonic-tlm_*.deb"))
    about = run(["dpkg-deb", "--info", package])
    depends = next(line for line in about.splitlines() if line.strip().startswith("Depends:"))
    for library in ("libc6", "libsystemc", "libyaml-cpp", "libonnx", "libprotobuf", "libfmt"):
        check(library in depends, f"it depends on {library}")
    check("Conflicts: sonic" in about, "it conflicts with Debian's other command sonic")
    lines = run(["dpkg-deb", "--contents", package]).splitlines()
    files = {line.split(" -> ")[0].split()[-1].removeprefix("./usr/") for line in lines}
    installed = {str(f.relative_to(tree.prefix)) for f in tree.prefix.glob("**/*") if f.is_file() or f.is_symlink()}
    apart = {f for f in files if f and not f.endswith("/")} ^ installed
    check(not apart, f"it holds the {len(installed)} files of the tree" if not apart else f"these files differ: {sorted(apart)}")
    unpacked = folder / "unpacked"
    run(["dpkg-deb", "--extract", package, unpacked])
    said = run([unpacked / "usr/bin/sonic", "inspect"], cwd="/", env=clean_environment())
    check('name: "sonic"' in said, "its command finds its configurations")


main()
