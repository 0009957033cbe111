#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Debugs the firmware hello with gdb-multiarch: breakpoints, registers, memory, steps, an interrupt, and its end.

Usage: gdb_test.py SONIC PLATFORM FIRMWARE_FOLDER
"""
import os
import pathlib
import re
import shutil
import signal
import subprocess
import sys
import threading
import time

LIMIT_S = 60
sonic, platform, folder = sys.argv[1:4]
failures = 0


def expect(what, holds, text=""):
    global failures
    print(f"{'ok' if holds else 'WRONG'}  {what}")
    if not holds:
        failures += 1
        print(text)


def start(elf, *options):
    """The platform, and the port that it listens on."""
    process = subprocess.Popen([sonic, "platform", platform, "--elf", elf, "--gdb", "0", *options], text=True,
                               stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    watchdog = threading.Timer(LIMIT_S, process.kill)
    watchdog.daemon = True
    watchdog.start()
    line = process.stderr.readline()
    found = re.search(r"localhost:(\d+)", line)
    if not found:
        sys.exit(f"the platform did not listen: {line}")
    return process, found.group(1)


def gdb(elf, port, *commands):
    words = ["gdb-multiarch", "-nx", "-batch", "-ex", "set confirm off", "-ex", "set pagination off"]
    for command in (f"target remote localhost:{port}", *commands):
        words += ["-ex", command]
    return subprocess.run([*words, elf], capture_output=True, text=True, stdin=subprocess.DEVNULL, timeout=LIMIT_S,
                          check=False)


def finished(process):
    out, err = process.communicate(timeout=LIMIT_S)
    return process.returncode, out, err


def interrupt(elf):
    """Lets it run, interrupts it with Ctrl-C, looks, and kills it."""
    process, port = start(elf)
    debugger = subprocess.Popen(["gdb-multiarch", "-nx", "-q", "-ex", "set confirm off", "-ex",
                                 f"target remote localhost:{port}", elf], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                stderr=subprocess.STDOUT, text=True, start_new_session=True)
    debugger.stdin.write("continue\n")
    debugger.stdin.flush()
    time.sleep(1)
    os.kill(debugger.pid, signal.SIGINT)
    time.sleep(0.5)
    debugger.stdin.write("print 40 + 2\ninfo registers pc\nkill\nquit\n")
    debugger.stdin.flush()
    text = debugger.communicate(timeout=LIMIT_S)[0]
    code, _, err = finished(process)
    expect("an interrupt makes it stand", "SIGINT" in text and "= 42" in text and re.search(r"pc\s+0x8000", text), text)
    expect("killed, the platform ends", code == 2, f"{code} {err}")


if shutil.which("gdb-multiarch") is None:
    print("skipped: gdb-multiarch is not installed (scripts/setup test)")
    sys.exit(77)

hello = str(pathlib.Path(folder) / "hello.elf")
process, port = start(hello)
seen = gdb(hello, port, "info registers pc", "break main", "continue", "print $pc > 0", "break *tick", "continue",
           "backtrace 1", "print ticks", "set var ticks = 2", "print ticks", "stepi", "stepi", "info registers pc",
           "x/4xb 0x80000000", "set $t6 = 0x1234", "print/x $t6", "delete", "continue")
text = seen.stdout + seen.stderr
code, out, err = finished(process)
expect("it stands at the entry", re.search(r"pc\s+0x80000000", text), text)
expect("a breakpoint in main", "Breakpoint 1, main" in text, text)
expect("a breakpoint in the interrupt handler", "Breakpoint 2, " in text and " tick " in text, text)
expect("memory is read", "$2 = 0" in text, text)
steps = re.findall(r"^pc\s+(0x8000\w+)", text, re.M)
expect("steps move on", len(set(steps)) >= 2, text)
expect("code is read", re.search(r"0x80000000 <_start>:\s+0x", text), text)
expect("memory is written", "$3 = 2" in text, text)
expect("registers are written", "$4 = 0x1234" in text, text)
expect("the end is seen", "exited with code 01" in text or "exited normally" in text, text)
expect("what gdb changed had its effect", code == 1 and "WRONG" in out, out + err)

# Leaving an endless loop: it then runs to its limit.
forever = str(pathlib.Path(folder) / "test_forever_loop.elf")
process, port = start(forever, "--limit", "50 ms")
debugger = subprocess.Popen(["gdb-multiarch", "-nx", "-batch", "-ex", f"target remote localhost:{port}", "-ex",
                             "print $pc", "-ex", "stepi", "-ex", "stepi", "-ex", "detach", forever],
                            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
text = debugger.communicate(timeout=LIMIT_S)[0]
code, out, err = finished(process)
expect("after detaching it runs on to its limit", code == 2 and "did not end within 50 ms" in err, text + err)

# A processor that is lost stands, and can be looked at.
lost = str(pathlib.Path(folder) / "test_forever_lost.elf")
process, port = start(lost)
text = gdb(lost, port, "continue", "info registers mcause pc", "info registers pc", "continue").stdout
code, out, err = finished(process)
expect("a lost processor stands", "SIGSEGV" in text and re.search(r"pc\s+0x0", text), text)
expect("and says why it is lost", code == 2 and "environment call" in err, err)

# Interrupting: an endless loop, and a processor that waits for an interrupt.
for name in ("loop", "wait"):
    interrupt(str(pathlib.Path(folder) / f"test_forever_{name}.elf"))
sys.exit(1 if failures else 0)
