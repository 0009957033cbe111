#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Studies from the command line: searched, run, killed and gone on with. usage: test_explore.py SONIC"""
import json
import os
import random
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
WORKLOADS = ROOT / "configs" / "workloads"
SONIC = sys.argv.pop(1)

STUDY = f"""
title: A small study
architecture: {ROOT}/configs/sonic.yaml
networks:
  digits:
    model: {WORKLOADS}/mnist.onnx
    input: {WORKLOADS}/digits-images-idx3-ubyte.gz
    labels: {WORKLOADS}/digits-labels-idx1-ubyte.gz
space:
  conv_array.vdus: [25, 50, 100]
  conv_array.lanes: {{from: 3, to: 7, step: 2}}
  gating: [none, vcsel_and_dac]
constraints: [conv_array.vdus * conv_array.lanes < 700]
objectives: {{fps_per_watt: largest, area_mm2: smallest}}
simulate: {{best: 100, front: 0}}
"""
TASKS = 18 - 1 * 2 + 1  # all but 100 units of 7 lanes, and the base


class Explore(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        self.study = Path(self.folder.name) / "study.yaml"
        self.study.write_text(STUDY)

    def command(self, *options, into="kept"):
        return [SONIC, "explore", *map(str, options), "--into", str(Path(self.folder.name) / into)]

    def run_it(self, *options, into="kept", code=0):
        done = subprocess.run(self.command(*options, into=into), capture_output=True, text=True, timeout=250,
                              env={k: v for k, v in os.environ.items() if k != "SONIC_DATA"})
        self.assertEqual(done.returncode, code, done.stderr)
        return done

    def kept(self, name, into="kept"):
        return (Path(self.folder.name) / into / name).read_text()

    def test_every_design_is_simulated_and_equals_its_own_run(self):
        table = self.run_it(self.study, "--jobs", "2").stdout
        self.assertEqual(table, self.kept("table.txt"))
        report = json.loads(self.kept("report.json"))
        self.assertEqual(report["tasks"], {"all": TASKS, "finished": TASKS, "executions": TASKS})
        self.assertEqual(len(report["designs"]), TASKS)
        self.assertIn("<svg", self.kept("report.html"))
        self.assertIn("<svg", self.kept("front.svg"))
        worth = []
        for design in report["designs"][1:]:
            found = design["simulated"][0]["metrics"]
            worth.append(found["area_mm2"] / found["fps_per_watt"])
            estimated = design["estimated"]
            for metric in ("latency_ns", "energy_pj", "epb_operand_pj"):
                self.assertLess(abs(estimated[metric] / found[metric] - 1), 0.01, design["set"])
            self.assertAlmostEqual(estimated["area_mm2"], found["area_mm2"], places=9)
        self.assertEqual(worth, sorted(worth))
        one = random.choice(report["designs"])
        print("compared with a run of its own:", one["set"])
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "run.json"
            options = [part for text in one["set"] for part in ("--set", text)]
            subprocess.run([SONIC, "run", WORKLOADS / "mnist.onnx", "--arch", ROOT / "configs/sonic.yaml", "--count", "1",
                            "--input", WORKLOADS / "digits-images-idx3-ubyte.gz", "--json", file, *options], check=True,
                           capture_output=True)
            alone = json.loads(file.read_text())
        found = one["simulated"][0]["metrics"]
        self.assertAlmostEqual(found["latency_ns"] / alone["latency_ns"]["mean"], 1, places=12)
        self.assertAlmostEqual(found["fps_per_watt"] / alone["frames_per_second_per_watt"], 1, places=12)
        self.assertAlmostEqual(found["area_mm2"], sum(a["mm2"] for a in alone["area_mm2"]), places=9)

    def test_killed_at_random_moments_nothing_is_lost_or_done_twice(self):
        self.run_it(self.study, "--jobs", "2", into="undisturbed")
        seed = random.randrange(1 << 32)
        print("seed:", seed)
        moments = random.Random(seed)
        kills = 0
        while kills < 10:
            running = subprocess.Popen(self.command(self.study, "--jobs", "2"), stdout=subprocess.DEVNULL)
            time.sleep(moments.uniform(0.02, 0.6))
            if running.poll() is not None:
                break
            running.send_signal(signal.SIGKILL)
            running.wait()
            kills += 1
        self.assertGreaterEqual(kills, 2)
        self.run_it(self.study, "--jobs", "2")
        self.assertEqual(self.kept("table.txt"), self.kept("table.txt", into="undisturbed"))
        executed = self.kept("executions.log").split()
        self.assertEqual(len(executed), len(set(executed)), "a task was done twice")
        with sqlite3.connect(Path(self.folder.name) / "kept" / "results.sqlite") as results:
            rows = results.execute("SELECT task FROM results ORDER BY task").fetchall()
        self.assertEqual(rows, [(task,) for task in range(TASKS)])
        before = self.kept("executions.log")
        self.run_it(self.study)
        self.assertEqual(self.kept("executions.log"), before)
        print("killed", kills, "times")

    def test_workers_share_a_folder(self):
        self.assertIn(f"{TASKS} tasks", self.run_it(self.study, "--plan").stdout)
        workers = [subprocess.Popen(self.command("--tasks", part)) for part in ("0-9", "5-99", "5-9")]
        self.assertEqual([w.wait(timeout=250) for w in workers], [0, 0, 0])
        executed = self.kept("executions.log").split()
        self.assertEqual(sorted(map(int, executed)), list(range(TASKS)))
        self.run_it()
        self.assertEqual(self.kept("executions.log").split(), executed)
        self.run_it(self.study, into="alone")
        self.assertEqual(self.kept("table.txt"), self.kept("table.txt", into="alone"))

    def test_only_one_process_writes(self):
        first = subprocess.Popen(self.command(self.study), stdout=subprocess.DEVNULL)
        while not (Path(self.folder.name) / "kept" / "results.sqlite").exists():
            time.sleep(0.01)
        first.send_signal(signal.SIGSTOP)
        self.assertIn("another process works on this study", self.run_it(self.study, code=2).stderr)
        first.send_signal(signal.SIGCONT)
        self.assertEqual(first.wait(timeout=250), 0)

    def test_searches_find_the_same_design_again_and_the_best_of_all(self):
        text = STUDY.replace("{best: 100, front: 0}", "{best: 1, front: 0}")
        best = {}
        for method in ("all", "random, evaluations: 12, seed: 3", "genetic, evaluations: 14, seed: 3, population: 6"):
            self.study.write_text(text + f"search: {{method: {method}}}\n")
            self.run_it(self.study, "--plan", into=method)
            self.run_it(self.study, "--plan", into=method + " again")
            plans = [json.loads(self.kept("jobs.json", into=name)) for name in (method, method + " again")]
            for plan in plans:
                plan.pop("search_seconds")
            self.assertEqual(*plans)
            best[method.split(",")[0]] = plans[0]["designs"][1]["estimated"]
        worth = {m: e["area_mm2"] / e["fps_per_watt"] for m, e in best.items()}
        self.assertLessEqual(worth["all"], min(worth.values()))

    def test_designs_that_lose_accuracy_come_last(self):
        self.study.write_text(STUDY.replace("gating: [none, vcsel_and_dac]", "devices.adc.bits: [2, 16]")
                              .replace("front: 0", "front: 0, frames: 10, largest_accuracy_loss: 15"))
        self.run_it(self.study, "--jobs", "2")
        designs = json.loads(self.kept("report.json"))["designs"]
        poor = [d["too_inaccurate"] for d in designs]
        self.assertEqual(poor, sorted(poor))
        for d in designs[1:]:
            self.assertEqual(d["too_inaccurate"], d["accuracy_loss_points"] > 15)
        self.assertTrue(any("devices.adc.bits=2" in d["set"] for d in designs if d["too_inaccurate"]))

    def test_mistakes_are_told_in_one_sentence(self):
        def refused(text, *parts, options=()):
            self.study.write_text(text)
            done = self.run_it(self.study, *options, code=2, into=f"x{random.random()}")
            for part in parts:
                self.assertIn(part, done.stderr)
            self.assertEqual(done.stderr.count("\n"), 1, done.stderr)
        refused(STUDY + "speed: 3\n", "study.yaml:16:1: speed: unknown key")
        refused(STUDY.replace("title: A small study\n", ""), "title: missing")
        refused(STUDY.replace("conv_array.vdus:", "conv_array.units:"), "space.conv_array.units: unknown key")
        refused(STUDY.replace("< 700", "< 700 +"), "is no condition")
        refused(STUDY.replace("< 700", "< 7"), "no design is allowed")
        refused(STUDY.replace("fps_per_watt", "fps_per_what"), "objectives.fps_per_what: unknown key")
        refused(STUDY.replace("largest", "most"), "'most' is not a choice")
        refused(STUDY + "search: {method: all, evaluations: 3}\n", "means nothing to this method")
        refused(STUDY + "search: {method: genetic, population: 3}\n", "expected a whole number from 4")
        refused(STUDY.replace("front: 0", "timings: [functional]"), "'functional' is not a timing")
        refused(STUDY.replace("mnist.onnx", "missing.onnx"), "there is no file")
        refused(STUDY.replace("conv_array.lanes:", "run.timing: [loosely_timed]\n  conv_array.lanes:"), "run.timing")
        refused(STUDY + "set: {run.optics: physical}\n", "nothing is estimated of imperfect optics")
        refused(STUDY + "set: {conv_array.vdus: many}\n", "conv_array.vdus: 'many'")
        refused(STUDY + "set: {buffers.global_buffer.capacity: 2 KiB}\n", "does not hold every network")
        refused(STUDY, "names no network", options=("--input", "cats=x.npy"))
        self.study.write_text(STUDY)
        self.run_it(self.study, "--plan")
        self.study.write_text(STUDY.replace("[25, 50, 100]", "[25, 50]"))
        self.assertIn("holds another study", self.run_it(self.study, code=2).stderr)
        for tasks in ("x", "3", "5-3", "99-100", "1-", "-1-2"):
            self.assertIn("is not a range of tasks", self.run_it(f"--tasks={tasks}", code=2).stderr)
        self.assertIn("cannot be read", self.run_it(into="nothing", code=2).stderr)
        self.assertIn("expected one of the two", self.run_it(self.study, "--tasks", "0-1", code=2).stderr)
        (Path(self.folder.name) / "kept" / "results" / "0.json").write_text("{")
        self.study.write_text(STUDY)
        self.assertIn("0.json: is no result of a task", self.run_it(self.study, code=2).stderr)


unittest.main(verbosity=2)
