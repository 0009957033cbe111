#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Firmware that needs no accelerator says the same on the platform and on QEMU's `virt`.

Usage: qemu_test.py SONIC PLATFORM FIRMWARE_FOLDER
"""
import pathlib
import shutil
import subprocess
import sys

LIMIT_S = 60
sonic, platform, folder = sys.argv[1:4]
if shutil.which("qemu-system-riscv32") is None:
    print("skipped: qemu-system-riscv32 is not installed (scripts/setup test)")
    sys.exit(77)


def run(*words):
    return subprocess.run(words, capture_output=True, text=True, stdin=subprocess.DEVNULL, timeout=LIMIT_S, check=False)


failures = 0
for name in ("hello",):
    elf = str(pathlib.Path(folder) / f"{name}.elf")
    ours = run(sonic, "platform", platform, "--elf", elf, "--limit", "10 s")
    theirs = run("qemu-system-riscv32", "-M", "virt", "-bios", "none", "-display", "none", "-serial", "stdio", "-monitor",
                 "none", "-kernel", elf)
    same = ours.stdout == theirs.stdout.replace("\r", "") and ours.returncode == theirs.returncode == 0
    print(f"{'ok' if same else 'WRONG'}  {name}: exit code {ours.returncode} and {theirs.returncode}")
    if not same:
        failures += 1
        print(ours.stdout, ours.stderr, theirs.stdout, theirs.stderr, sep="\n--\n")
sys.exit(1 if failures else 0)
