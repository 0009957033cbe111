#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""scripts/sweep-slurm on a Slurm of its own, on this one node, from Debian's packages. usage: test_sweep_slurm.py SONIC"""
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
WORKLOADS = ROOT / "configs" / "workloads"
SONIC = str(Path(sys.argv.pop(1)).resolve())
DAEMONS = ("munged", "slurmctld", "slurmd", "sbatch")

STUDY = f"""
title: Through Slurm
architecture: {ROOT}/configs/sonic.yaml
networks: {{digits: {{model: {WORKLOADS}/mnist.onnx, input: {WORKLOADS}/digits-images-idx3-ubyte.gz}}}}
space:
  conv_array.vdus: [25, 50, 100]
  conv_array.lanes: [3, 5, 7, 9]
objectives: {{fps_per_watt: largest, area_mm2: smallest}}
simulate: {{best: 12, front: 0}}
"""
TASKS = 13


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


class Cluster:
    """Controller, node and authentication, all of this user, in one folder."""

    def __init__(self, folder):
        self.folder = folder
        host = socket.gethostname().split(".")[0]
        for name in ("state", "spool"):
            (folder / name).mkdir()
        key = folder / "munge.key"
        key.write_bytes(os.urandom(1024))
        key.chmod(0o400)
        user = subprocess.check_output(["id", "-un"], text=True).strip()
        config = folder / "slurm.conf"
        config.write_text("\n".join([
            "ClusterName=test", f"SlurmctldHost={host}(127.0.0.1)", f"SlurmUser={user}", f"SlurmdUser={user}",
            "AuthType=auth/munge", f"AuthInfo=socket={folder}/munge.socket", "CredType=cred/munge",
            f"SlurmctldPort={free_port()}", f"SlurmdPort={free_port()}", f"StateSaveLocation={folder}/state",
            f"SlurmdSpoolDir={folder}/spool", f"SlurmctldPidFile={folder}/slurmctld.pid", f"SlurmdPidFile={folder}/slurmd.pid",
            f"SlurmctldLogFile={folder}/slurmctld.log", f"SlurmdLogFile={folder}/slurmd.log",
            "ProctrackType=proctrack/pgid", "TaskPlugin=task/none", "SwitchType=switch/none", "MpiDefault=none",
            "ReturnToService=2", "SelectType=select/cons_tres", "SelectTypeParameters=CR_CPU",
            "JobAcctGatherType=jobacct_gather/none", "AccountingStorageType=accounting_storage/none",
            "MinJobAge=300", "SchedulerParameters=sched_interval=1,batch_sched_delay=0",
            f"NodeName={host} NodeAddr=127.0.0.1 CPUs={os.cpu_count()} State=UNKNOWN",
            "PartitionName=all Nodes=ALL Default=YES MaxTime=INFINITE State=UP", ""]))
        self.environment = {**os.environ, "SLURM_CONF": str(config)}
        self.environment.pop("SONIC_DATA", None)
        self.daemons = []
        self.start("munged", "--foreground", "--force", f"--socket={folder}/munge.socket", f"--key-file={key}",
                   f"--pid-file={folder}/munged.pid", f"--log-file={folder}/munged.log", f"--seed-file={folder}/munge.seed")
        self.until(lambda: (folder / "munge.socket").exists())
        self.start("slurmctld", "-D", "-i", "-c")
        self.start("slurmd", "-D")
        self.until(lambda: "idle" in self.ask("sinfo", "-h", "-o", "%t"))

    def start(self, *command):
        self.daemons.append(subprocess.Popen(command, env=self.environment, stdout=subprocess.DEVNULL,
                                             stderr=subprocess.DEVNULL, start_new_session=True))

    def ask(self, *command):
        return subprocess.run(command, env=self.environment, capture_output=True, text=True).stdout

    def until(self, true):
        for _ in range(600):
            if true():
                return
            time.sleep(0.1)
        logs = "".join(f.read_text(errors="replace")[-2000:] for f in self.folder.glob("*.log"))
        raise RuntimeError("Slurm does not start: " + logs)

    def stop(self):
        for daemon in reversed(self.daemons):
            daemon.send_signal(signal.SIGTERM)
        for daemon in self.daemons:
            try:
                daemon.wait(timeout=20)
            except subprocess.TimeoutExpired:
                daemon.kill()


class SweepSlurm(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.place = tempfile.mkdtemp(prefix="sonic-slurm-")
        os.chmod(cls.place, 0o755)
        cls.cluster = Cluster(Path(cls.place))

    @classmethod
    def tearDownClass(cls):
        cls.cluster.stop()
        shutil.rmtree(cls.place, ignore_errors=True)

    def setUp(self):
        self.folder = Path(tempfile.mkdtemp(dir=self.place))
        self.study = self.folder / "study.yaml"
        self.study.write_text(STUDY)

    def sweep(self, *options):
        return subprocess.Popen([ROOT / "scripts" / "sweep-slurm", self.study, self.folder / "kept", "--sonic", SONIC, *options],
                                env=self.cluster.environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                                start_new_session=True)

    def alone(self):
        subprocess.run([SONIC, "explore", self.study, "--into", self.folder / "alone", "--jobs", "2"], check=True,
                       capture_output=True, env=self.cluster.environment)
        return (self.folder / "alone" / "table.txt").read_text()

    def executed(self):
        return sorted(map(int, (self.folder / "kept" / "executions.log").read_text().split()))

    def test_an_array_gives_the_same_table(self):
        sweep = self.sweep("--per-job", "3")
        out, err = sweep.communicate(timeout=250)
        self.assertEqual(sweep.returncode, 0, out + err)
        self.assertEqual((self.folder / "kept" / "table.txt").read_text(), self.alone())
        self.assertEqual(self.executed(), list(range(TASKS)))
        self.assertEqual(len(list((self.folder / "kept" / "slurm").iterdir())), 5)
        # Nothing is left to do: no array is submitted.
        again = self.sweep()
        self.assertNotIn("Submitted", again.communicate(timeout=250)[0])
        self.assertEqual(again.returncode, 0)

    def test_a_cancelled_array_goes_on_where_it_was(self):
        sweep = self.sweep("--per-job", "4", "--", "--exclusive")
        log = self.folder / "kept" / "executions.log"
        self.cluster.until(log.exists)
        self.cluster.ask("scancel", "--signal=KILL", "--full", "--name=sonic-explore")
        self.cluster.ask("scancel", "--name=sonic-explore")
        out, err = sweep.communicate(timeout=250)
        self.assertEqual(sweep.returncode, 1, out + err)
        self.assertIn("tasks have no result", err)
        before = self.executed()
        self.assertLess(len(before), TASKS)
        sweep = self.sweep("--per-job", "4")
        out, err = sweep.communicate(timeout=250)
        self.assertEqual(sweep.returncode, 0, out + err)
        self.assertEqual(self.executed(), list(range(TASKS)))
        self.assertEqual((self.folder / "kept" / "table.txt").read_text(), self.alone())
        print("cancelled after", len(before), "of", TASKS, "tasks")

    def test_mistakes_are_told_in_one_sentence(self):
        for options, part in ((["--per-job", "0"], "--per-job 0 is no number of tasks"),):
            sweep = self.sweep(*options)
            err = sweep.communicate(timeout=250)[1]
            self.assertEqual(sweep.returncode, 2, err)
            self.assertIn(part, err)
        self.study.write_text(STUDY + "speed: 1\n")
        sweep = self.sweep()
        err = sweep.communicate(timeout=250)[1]
        self.assertEqual(sweep.returncode, 2, err)
        self.assertIn("speed: unknown key", err)


if not all(shutil.which(d, path=os.environ["PATH"] + ":/usr/sbin") for d in DAEMONS):
    print("skipped: no Slurm (scripts/setup cluster)")
    sys.exit(77)
os.environ["PATH"] += ":/usr/sbin"
unittest.main(verbosity=2)
