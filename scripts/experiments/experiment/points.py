# SPDX-License-Identifier: Apache-2.0
"""Points: one network on one chip, each run once, kept in a folder, found again by all that matters to it."""
import ctypes
import fcntl
import hashlib
import json
import os
import signal
import subprocess
import tempfile
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from .plan import DATASETS, NETWORKS, Mistake, Settings

MISTAKE = 2
CLASSIFICATION = ("images", "correct", "reference_correct", "agreeing")
KINDS = ("convolution", "fully_connected")
COMPARED = 4  # frames of which every layer is compared, for its signal over its noise
TEST_SET = {"mnist": "t10k-*", "cifar10": "test_batch.bin"}
C_LIBRARY = ctypes.CDLL(None)
PR_SET_PDEATHSIG = 1


@dataclass(frozen=True)
class Point:
    network: str
    frames: int
    seed: int
    settings: Settings

    def same(self) -> tuple:
        changes = tuple(sorted(self.settings.changes.items()))
        return self.network, self.frames, self.seed, self.settings.architecture, changes


@lru_cache(maxsize=None)
def checksum(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()


@lru_cache(maxsize=None)
def checksum_of_test_set(folder: Path, dataset: str) -> str:
    files = sorted(folder.glob(TEST_SET[dataset]))
    if not files:
        raise Mistake(f"{folder} has no {TEST_SET[dataset]}; expected the test set of {dataset}: "
                      f"`scripts/fetch-data {dataset} FOLDER` gets it")
    return hashlib.sha256("".join(f"{file.name} {checksum(file)}\n" for file in files).encode()).hexdigest()


def least_ratio(layers: list, kind: str):
    """Signal over noise of the layer of a kind that has least; None where no noise is."""
    ratios = [layer["check"]["signal_to_noise_db"] for layer in layers if layer["operation"] == kind]
    return min((ratio for ratio in ratios if ratio is not None), default=None)


def end_with_parent():
    """Called in the new process: whoever kills the script leaves no simulation behind (Linux)."""
    C_LIBRARY.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


class Laboratory:
    """Runs points with one simulator, and keeps what it found."""

    def __init__(self, sonic: Path, data: dict, results: Path):
        if not os.access(sonic, os.X_OK) or not sonic.is_file():
            raise Mistake(f"{sonic} is no program; expected the path of sonic: --sonic FILE")
        self.sonic, self.data, self.results = sonic, data, results
        try:
            results.mkdir(parents=True, exist_ok=True)
            self.lock = open(results / ".lock", "w")
        except OSError as problem:
            raise Mistake(f"{results} cannot be written ({problem.strerror}); expected a folder for results") from None
        try:
            fcntl.flock(self.lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise Mistake(f"{results} is in use by another run; expected it to end, or another folder") from None
        for left in results.glob("*.part"):
            left.unlink()
        self.described = {}

    def describe(self, settings: Settings) -> str:
        """The whole configuration as text; refuses what the simulator refuses."""
        words = settings.arguments()
        key = tuple(words)
        if key not in self.described:
            done = subprocess.run([str(self.sonic), "inspect", *words], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                  text=True)
            if done.returncode != 0:
                raise Mistake(done.stderr.strip() or f"sonic inspect ended with {done.returncode}")
            self.described[key] = done.stdout
        return self.described[key]

    def file_of(self, point: Point) -> Path:
        dataset = DATASETS[point.network]
        what = {"sonic": checksum(self.sonic), "network": checksum(NETWORKS / f"{point.network}.onnx"),
                "data": checksum_of_test_set(self.data[dataset], dataset), "frames": point.frames, "seed": point.seed,
                "configuration": hashlib.sha256(self.describe(point.settings).encode()).hexdigest(),
                "settings": point.settings.changes}
        return self.results / f"{hashlib.sha256(json.dumps(what, sort_keys=True).encode()).hexdigest()[:32]}.json"

    def found(self, point: Point):
        """What an earlier run found, or None."""
        try:
            return json.loads(self.file_of(point).read_text())
        except FileNotFoundError:
            return None

    def run(self, point: Point) -> dict:
        dataset = DATASETS[point.network]
        with tempfile.TemporaryDirectory() as scratch:
            report = Path(scratch) / "report.json"
            command = [str(self.sonic), "run", str(NETWORKS / f"{point.network}.onnx"), "--dataset", dataset, "--data",
                       str(self.data[dataset]), "--count", str(point.frames), "--compare", str(COMPARED), "--seed",
                       str(point.seed), *point.settings.arguments(), "--json", str(report)]
            done = subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
                                  preexec_fn=end_with_parent)
            if done.returncode != 0:
                sentence = done.stderr.strip().splitlines()[-1:] or [f"sonic run ended with {done.returncode}"]
                if done.returncode == MISTAKE:
                    raise Mistake(sentence[0])
                raise RuntimeError(f"{' '.join(command)}: {sentence[0]}")
            full = json.loads(report.read_text())
        kept = {name: full["classification"][name] for name in CLASSIFICATION}
        for rate in ("frames_per_second", "frames_per_second_per_watt"):
            kept[rate] = full[rate]
        kept["signal_to_noise_db"] = {kind: least_ratio(full["layers"], kind) for kind in KINDS}
        self.keep(self.file_of(point), kept)
        return kept

    @staticmethod
    def keep(file: Path, found: dict):
        """Whole or not at all, whenever the power fails."""
        part = file.with_suffix(".part")
        with open(part, "w") as stream:
            stream.write(json.dumps(found, indent=1) + "\n")
            stream.flush()
            os.fsync(stream.fileno())
        part.rename(file)

    def run_all(self, points: list, jobs: int, tell) -> dict:
        """Found by Point.same(). @param tell called with how many of how many are done after each one"""
        every = {point.same(): point for point in points}
        found, missing = {}, []
        for same, point in every.items():
            kept = self.found(point)
            if kept is None:
                missing.append(point)
            else:
                found[same] = kept
        tell(len(found), len(every))
        pool = ThreadPoolExecutor(jobs)
        try:
            running = {pool.submit(self.run, point): point for point in missing}
            for done in as_completed(running):
                found[running[done].same()] = done.result()
                tell(len(found), len(every))
        finally:
            pool.shutdown(wait=True, cancel_futures=True)
        return found
