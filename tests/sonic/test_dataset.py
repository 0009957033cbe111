#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""A test set evaluated by one or several processes. usage: test_dataset.py SONIC"""
import gzip
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
WORKLOADS = ROOT / "configs" / "workloads"
SONIC = sys.argv.pop(1)


def arguments(*options):
    return [SONIC, "run", str(WORKLOADS / "mnist.onnx"), "--dataset", "mnist", "--data", str(WORKLOADS),
            "--arch", str(ROOT / "configs" / "sonic.yaml"), *options]


class Dataset(unittest.TestCase):
    def report(self, *options):
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "report.json"
            done = subprocess.run(arguments("--json", str(file), *options), capture_output=True, text=True, timeout=250)
            self.assertEqual(done.returncode, 0, done.stderr)
            report = json.loads(file.read_text())
        report.pop("host_seconds")
        return report, done.stdout

    def test_results_do_not_depend_on_the_number_of_jobs(self):
        for options in ([], ["--optics", "ideal"], ["--compare", "3", "--accounting", "full"],
                        ["--compare", "3", "--optics", "physical"],
                        ["--compare", "3", "--optics", "physical", "--set", "ambient.warming=30 mK"]):
            alone, _ = self.report("--count", "14", *options)
            for jobs in (2, 5, 20):
                with self.subTest(options=options, jobs=jobs):
                    self.assertEqual(self.report("--count", "14", "--jobs", str(jobs), *options)[0], alone)

    def test_heaters_are_set_anew_when_resonances_have_drifted(self):
        # 0.075 nm/K x 30 mK = 2.25 pm a frame: every third frame is beyond 5 pm.
        physical = ["--count", "10", "--compare", "0", "--optics", "physical"]
        still, _ = self.report(*physical)
        drifting, text = self.report(*physical, "--set", "ambient.warming=30 mK")
        self.assertEqual(still["calibration"]["recalibrations"], 0)
        self.assertEqual(drifting["calibration"]["recalibrations"], 3)
        self.assertIn("3 times again", text)
        self.assertEqual(still["calibration"]["first_ns"], 4000)
        # Heaters hold 2.1 of 18 nm at 27.5 mW a range and a factor of 0.6: 50 units of 2 x 5 + 3 rings, 10 of 2 x 50 + 3.
        heaters_mw = (50 * 13 + 10 * 103) * 27.5 * 2.1 / 18 * 0.6
        self.assertAlmostEqual(still["calibration"]["first_pj"], heaters_mw * 4000, delta=1e-6 * heaters_mw * 4000)
        # A drift too small to change what is computed, and a threshold to fit: three of ten frames wait for one pass.
        hardly, _ = self.report(*physical, "--set", "ambient.warming=30 mK", "--set", "tuning.drift=1e-6 pm/K", "--set",
                                "tuning.recalibration=6.7e-8 pm")
        self.assertEqual(hardly["calibration"]["recalibrations"], 3)
        self.assertAlmostEqual(hardly["latency_ns"]["mean"] - still["latency_ns"]["mean"], 3 * 4000 / 10, delta=1)

    def test_labels_confusion_and_spread_agree(self):
        report, text = self.report("--count", "100", "--jobs", "2", "--compare", "0")
        found = report["classification"]
        confusion = found["confusion"]
        self.assertEqual(sum(map(sum, confusion)), 100)
        self.assertEqual(sum(confusion[i][i] for i in range(len(confusion))), found["correct"])
        labels = gzip.decompress((WORKLOADS / "digits-labels-idx1-ubyte.gz").read_bytes())[8:108]
        self.assertEqual([sum(row) for row in confusion], [labels.count(digit) for digit in range(len(confusion))])
        low, high = found["confidence_95"]
        self.assertLess(low, found["correct"] / 100)
        self.assertGreaterEqual(high, found["correct"] / 100)
        for spread in (report["latency_ns"], report["energy_pj"]):
            ordered = [spread["least"], *spread["percentiles"].values(), spread["most"]]
            self.assertEqual(ordered, sorted(ordered))
            # Compression of activations makes frames differ.
            self.assertGreater(spread["deviation"], 0)
        for wanted in ("confusion", "spread of frames", "95 % confidence"):
            self.assertIn(wanted, text)

    def test_input_zeros_are_those_of_the_images(self):
        report, _ = self.report("--count", "10", "--compare", "0")
        pixels = gzip.decompress((WORKLOADS / "digits-images-idx3-ubyte.gz").read_bytes())[16:16 + 10 * 784]
        self.assertEqual(report["layers"][0]["zero_inputs"], pixels.count(0) / len(pixels))

    def test_a_process_that_dies_ends_the_run_in_one_sentence(self):
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "report.json"
            run = subprocess.Popen(arguments("--jobs", "2", "--json", str(file)), stdout=subprocess.PIPE,
                                   stderr=subprocess.PIPE, text=True)
            children = Path(f"/proc/{run.pid}/task/{run.pid}/children")
            begin = time.monotonic()
            while len(children.read_text().split()) < 2 and time.monotonic() - begin < 60:
                time.sleep(0.01)
            victim, other = map(int, children.read_text().split())
            os.kill(victim, signal.SIGKILL)
            out, err = run.communicate(timeout=120)
            self.assertEqual(run.returncode, 2)
            self.assertEqual(out, "")
            self.assertEqual(err.count("\n"), 1)
            self.assertIn("signal 9", err)
            self.assertIn("fewer jobs", err)
            self.assertFalse(file.exists())
            self.assertFalse(Path(f"/proc/{other}").exists())


if __name__ == "__main__":
    unittest.main()
