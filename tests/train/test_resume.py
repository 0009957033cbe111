#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""A training killed at random moments and gone on with ends in the same file as one that was left alone."""
import hashlib
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
import unittest
from pathlib import Path

import support

support.require("numpy", "onnx", "torch")

SEED = int(os.environ.get("SONIC_TEST_SEED", "11"))
PAUSE_S = (2.5, 8.0)
KILLS = 3


def command(data: Path, out: Path, *options):
    workloads = support.ROOT / "configs" / "workloads"
    return [sys.executable, "-B", str(support.FLOW), "mnist", "--data", str(data), "--out", str(out), "--digits",
            str(workloads), "--threads", "1", *options]


def result(out: Path):
    card = json.loads((out / "mnist.json").read_text())
    card.pop("minutes")
    return hashlib.sha256((out / "mnist.onnx").read_bytes()).hexdigest(), card


class Resume(unittest.TestCase):
    def test_kill_and_go_on(self):
        print(f"seed {SEED}", flush=True)
        chance = random.Random(SEED)
        with tempfile.TemporaryDirectory() as folder:
            data, whole, broken = (Path(folder) / name for name in ("data", "whole", "broken"))
            # Two batches an epoch: 4 steps dense, 6 pruned, 6 for the baseline.
            support.write_small_mnist(data, 256, 40, SEED)
            quick = ("--centroid-steps", "10")
            subprocess.run(command(data, whole, *quick), check=True, capture_output=True, timeout=300)
            checkpoints = ("--checkpoints", str(Path(folder) / "kept"), "--checkpoint-seconds", "0")
            killed = 0
            for _ in range(KILLS):
                run = subprocess.Popen(command(data, broken, *quick, *checkpoints), stdout=subprocess.DEVNULL,
                                       stderr=subprocess.DEVNULL)
                time.sleep(chance.uniform(*PAUSE_S))
                run.send_signal(signal.SIGKILL)
                killed += run.wait() == -signal.SIGKILL
            subprocess.run(command(data, broken, *quick, *checkpoints), check=True, capture_output=True, timeout=300)
            kept = sorted(path.name for path in (Path(folder) / "kept").iterdir())
            print(f"killed {killed} times; kept {', '.join(kept)}")
            self.assertGreater(killed, 0)
            self.assertTrue(kept)
            self.assertEqual(result(broken), result(whole))


support.main()
