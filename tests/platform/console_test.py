#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Characters on standard input reach the firmware by interrupt, whole lines or in pieces; without any, and with no limit,
the platform says that nothing will come.

Usage: console_test.py SONIC PLATFORM FIRMWARE_FOLDER
"""
import pathlib
import subprocess
import sys
import time

LIMIT_S = 60
sonic, platform, folder = sys.argv[1:4]
command = [sonic, "platform", platform, "--elf", str(pathlib.Path(folder) / "test_echo.elf")]
failures = 0


def expect(what, holds, text):
    global failures
    print(f"{'ok' if holds else 'WRONG'}  {what}")
    if not holds:
        failures += 1
        print(text)


whole = subprocess.run(command, input="hello\nsonic 42\n", capture_output=True, text=True, timeout=LIMIT_S, check=False)
expect("a pipe with everything", whole.returncode == 0 and "HELLO\nSONIC 42\nPASSED\n" in whole.stdout, whole)

slow = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
for piece in ("he", "llo\n", "so", "nic\n"):
    slow.stdin.write(piece)
    slow.stdin.flush()
    time.sleep(0.05)
out = slow.communicate(timeout=LIMIT_S)[0]
expect("pieces of lines", slow.returncode == 0 and "HELLO\nSONIC\nPASSED\n" in out, out)

empty = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=LIMIT_S, check=False)
expect("nothing at all", empty.returncode == 2 and "an interrupt that nothing will raise" in empty.stderr, empty)
sys.exit(1 if failures else 0)
