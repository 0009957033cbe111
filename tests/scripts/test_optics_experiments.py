#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""scripts/experiments/optics on the drawn digits: a run that is killed goes on and ends in the same files as one left
alone, nothing is run twice, and a mistake is one sentence. The simulator is the first argument."""
import importlib.util
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

ROOT = Path(__file__).resolve().parents[2]
WORKLOADS = ROOT / "configs" / "workloads"
SONIC = sys.argv.pop(1) if len(sys.argv) > 1 else ""
SEED = int(os.environ.get("SONIC_TEST_SEED", "11"))
MATPLOTLIB = importlib.util.find_spec("matplotlib") is not None
POINTS = 5  # two values on two chips, and the quantised one
EXPERIMENT = """
title: A test
networks: [mnist]
frames: 3
chips: 2
base: {run.optics: physical}
sweep: {key: tuning.heater_bits, values: [9, 12]}
"""
MISTAKES = {
    "title: [": "it is not YAML",
    "titel: A": "top level: 'titel' is not known",
    EXPERIMENT.replace("mnist", "svhn"): "networks: 'svhn' is not known",
    EXPERIMENT.replace("frames: 3", "frames: none"): "frames.mnist: 'none' is not possible",
    EXPERIMENT.replace("chips: 2", ""): "chips: 'None' is not possible",
    EXPERIMENT.replace("values: [9, 12]", "values: 9"): "sweep.values: is no list",
    EXPERIMENT.replace("[9, 12]}", "[9, 12], along: {run.seed: [1]}}"): "sweep.along.run.seed: is no list as long",
    EXPERIMENT + "variants: {}": "it has both or none",
    EXPERIMENT + "architecture: none.yaml": "architecture: 'none.yaml' is not in configs",
    EXPERIMENT.replace("heater_bits", "heater_bit"): "did you mean 'tuning.heater_bits'?",
    EXPERIMENT.replace("[9, 12]", "[9, 99]"): "tuning.heater_bits: 99 is out of range",
}


class OpticsExperiments(unittest.TestCase):
    def setUp(self):
        self.scratch = tempfile.TemporaryDirectory()
        self.folder = Path(self.scratch.name)
        digits = self.folder / "mnist"
        digits.mkdir()
        for what in ("images-idx3", "labels-idx1"):
            (digits / f"t10k-{what}-ubyte.gz").symlink_to(WORKLOADS / f"digits-{what}-ubyte.gz")
        self.file = self.folder / "some.yaml"
        self.file.write_text(EXPERIMENT)

    def tearDown(self):
        self.scratch.cleanup()

    def command(self, name: str, *more) -> list:
        (self.folder / name).mkdir(exist_ok=True)
        document = self.folder / name / "optics_experiments.md"
        if not document.exists():
            document.write_text("before\n<!-- table of some -->\n<!-- end of some -->\nbehind\n")
        return [sys.executable, "-B", str(ROOT / "scripts/experiments/optics"), str(self.file), "--data",
                str(self.folder), "--sonic", SONIC, "--jobs", "2", "--out", str(self.folder / name), "--results",
                str(self.folder / name / "kept"), *more]

    def run_it(self, name: str, *more):
        return subprocess.run(self.command(name, *more), capture_output=True, text=True, timeout=300)

    def kept(self, name: str) -> list:
        return sorted((self.folder / name / "kept").glob("*.json"))

    def written(self, name: str) -> dict:
        files = ("data/optics_some.json", "images/optics_some.svg", "optics_experiments.md")
        return {file: (self.folder / name / file).read_bytes() for file in files}

    def kill_in_the_middle(self, name: str, least: int):
        run = subprocess.Popen(self.command(name), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        while len(self.kept(name)) < least and run.poll() is None:
            time.sleep(0.01)
        time.sleep(random.uniform(0.0, 0.3))
        run.send_signal(signal.SIGKILL)
        run.wait()

    @unittest.skipUnless(MATPLOTLIB, "matplotlib is missing")
    def test_kill_and_go_on(self):
        print(f"seed {SEED}", flush=True)
        random.seed(SEED)
        whole = self.run_it("whole")
        self.assertEqual(whole.returncode, 0, whole.stderr)
        self.assertEqual(len(self.kept("whole")), POINTS)
        before = {}
        for least in (1, 2):
            self.kill_in_the_middle("broken", least)
            for file in self.kept("broken"):
                json.loads(file.read_text())  # whole
                before.setdefault(file, file.stat().st_mtime_ns)
        print(f"{len(before)} of {POINTS} points were kept when it was killed")
        again = self.run_it("broken")
        self.assertEqual(again.returncode, 0, again.stderr)
        self.assertEqual([file.name for file in self.kept("broken")], [file.name for file in self.kept("whole")])
        self.assertEqual(self.written("broken"), self.written("whole"))
        self.assertEqual(again.stdout, whole.stdout)
        for file, changed in before.items():
            self.assertEqual(file.stat().st_mtime_ns, changed, "was run twice")
        text = self.written("whole")["optics_experiments.md"].decode()
        self.assertRegex(text, r"(?s)^before\n<!-- table of some -->\n.*\| 12 \|.*<!-- end of some -->\nbehind\n$")

    @unittest.skipUnless(MATPLOTLIB, "matplotlib is missing")
    def test_mistakes(self):
        for text, sentence in MISTAKES.items():
            with self.subTest(sentence=sentence):
                self.file.write_text(text)
                done = self.run_it("mistakes")
                self.assertEqual(done.returncode, 2, done.stderr)
                self.assertIn(sentence, done.stderr)
                self.assertEqual(len(done.stderr.splitlines()), 1, done.stderr)
                self.assertEqual(self.kept("mistakes"), [])

    def test_mistakes_of_the_command(self):
        for more, sentence in {("--data", str(self.folder / "none")): "fetch-data mnist", ("--jobs", "0"): "--jobs 0",
                               ("--sonic", str(self.file)): "is no program"}.items():
            with self.subTest(sentence=sentence):
                done = self.run_it("mistakes", *more)
                self.assertEqual(done.returncode, 2, done.stderr)
                if MATPLOTLIB:
                    self.assertIn(sentence, done.stderr)
        if MATPLOTLIB:
            (self.folder / "mistakes/optics_experiments.md").write_text("a document without a place for it\n")
            self.assertIn("it has no lines '<!-- table of some -->'", self.run_it("mistakes").stderr)
        self.file.unlink()
        self.assertIn("it cannot be read", self.run_it("mistakes").stderr)


if __name__ == "__main__":
    if not SONIC:
        print("skipped: no simulator is given")
        sys.exit(77)
    unittest.main()
