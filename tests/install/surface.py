# SPDX-License-Identifier: Apache-2.0
"""What is public is what integrators need: each header compiles alone as C++17 without a warning, nothing else is
installed, and the library shows its own classes only.

  surface.py KEPT
"""
import subprocess
import sys

from common import CXX, Tree, check, run

HEADERS = """sonic/accelerator.h sonic/configuration.h sonic/core/activity.h sonic/core/error.h sonic/core/export.h
sonic/core/time_by_cause.h sonic/core/timeline.h sonic/program_image.h sonic/summary.h sonic_regs/sonic_regs.h""".split()


def main():
    tree = Tree(sys.argv[1])
    include = tree.prefix / "include"
    found = sorted(str(f.relative_to(include)) for f in include.glob("**/*") if f.is_file())
    check(found == sorted(HEADERS), f"{len(found)} headers are installed, and no other")
    for header in found:
        for standard in ("c++17", "c++20"):
            subprocess.run([CXX, f"-std={standard}", "-Wall", "-Wextra", "-Wpedantic", "-Wshadow", "-Wconversion",
                            "-Werror", "-fsyntax-only", f"-I{include}", "-DSC_CPLUSPLUS=201703L", "-x", "c++", "-"],
                           input=f'#include "{header}"\n', text=True, check=True)
    check(True, "each of them compiles alone as C++17 and as C++20, without a warning")
    library = tree.libdir / "libsonic-tlm.so"
    shown = [line.split(maxsplit=2)[-1] for line in run(["nm", "-DC", "--defined-only", library]).splitlines()]
    foreign = [s for s in shown if "sonic::" not in s]
    inside = [s for s in shown if any(f"sonic::{n}::" in s.split("(")[0] for n in
                                      ("chip", "config", "physics", "sparse", "transport", "workload", "host"))]
    check(shown and not foreign and not inside, f"{len(shown)} symbols are shown, all of public classes {foreign + inside}")
    needed = [line.split()[-1] for line in run(["readelf", "-d", library]).splitlines() if "NEEDED" in line]
    check(any("systemc" in n for n in needed), f"SystemC is shared: the library needs {', '.join(needed)}")


main()
