# SPDX-License-Identifier: Apache-2.0
"""Experiments as data: configs/experiments/*.yaml, read strictly."""
from dataclasses import dataclass, field
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parents[3]
NETWORKS = ROOT / "configs" / "workloads"
DATASETS = {"mnist": "mnist", "cifar10": "cifar10"}  # the shipped network and the test set it reads
KEYS = {"title", "networks", "frames", "chips", "architecture", "reference", "base", "sweep", "series", "variants",
        "shows"}
SWEEP_KEYS = {"key", "label", "values", "scale", "along"}
SHOWN = ("accuracy", "frames_per_second_per_watt")
SERIES_KEYS = {"architecture", "chips", "set"}


class Mistake(Exception):
    """The user's; one sentence."""


@dataclass(frozen=True)
class Settings:
    """What a chip is made of: a configuration and what replaces its keys."""
    architecture: Path
    changes: dict

    def arguments(self) -> list:
        words = ["--arch", str(self.architecture)]
        for key, value in self.changes.items():
            words += ["--set", f"{key}={value}"]
        return words


@dataclass(frozen=True)
class Place:
    """One mark of the picture and one cell of the table: all chips of one network with the same settings."""
    series: str
    name: str
    network: str
    settings: Settings
    seeds: tuple
    reference: bool = False  # what all others are compared with


@dataclass
class Experiment:
    name: str
    title: str
    networks: list
    frames: dict
    label: str  # of what is swept
    scale: str  # of its axis: linear, log, or names
    shows: str  # in the picture
    series: list
    names: list  # of the values or variants
    places: list = field(default_factory=list)


def fail(file: Path, where: str, problem: str, right: str):
    raise Mistake(f"{file.name}: {where}: {problem}; expected {right}")


def known(file: Path, where: str, found: dict, keys: set):
    if not isinstance(found, dict):
        fail(file, where, f"'{found}' is not possible", f"a map with {', '.join(sorted(keys))}")
    for key in found:
        if key not in keys:
            fail(file, where, f"'{key}' is not known", f"one of {', '.join(sorted(keys))}")


def whole(file: Path, where: str, text, least: int = 1) -> int:
    try:
        number = int(text)
    except (TypeError, ValueError):
        number = least - 1
    if number < least:
        fail(file, where, f"'{text}' is not possible", f"a whole number from {least} on")
    return number


def settings_of(file: Path, where: str, found) -> dict:
    """Keys of the configuration and their values, as text."""
    if found in (None, ""):
        return {}
    if not isinstance(found, dict) or not all(isinstance(value, str) for value in found.values()):
        fail(file, where, "is no list of settings", "lines of 'key.path: value'")
    return dict(found)


def architecture_of(file: Path, where: str, name) -> Path:
    path = ROOT / "configs" / str(name)
    if not isinstance(name, str) or not path.is_file():
        fail(file, where, f"'{name}' is not in configs", "a file there, such as sonic.yaml")
    return path


def parse(file: Path) -> dict:
    try:
        # Text, all of it: `off` is a choice and no truth value, and 1e3 stays what was written.
        found = yaml.load(file.read_text(), yaml.BaseLoader)
    except OSError as problem:
        raise Mistake(f"{file}: it cannot be read ({problem.strerror}); expected an experiment's .yaml file") from None
    except yaml.YAMLError as problem:
        mark = getattr(problem, "problem_mark", None)
        where = f"line {mark.line + 1}" if mark else "text"
        raise Mistake(f"{file.name}: {where}: it is not YAML; expected one as in configs/experiments") from None
    known(file, "top level", found, KEYS)
    return found


def swept_of(file: Path, found: dict) -> tuple:
    """(label, scale, names, what each sets)"""
    if ("sweep" in found) == ("variants" in found):
        fail(file, "top level", "it has both or none of 'sweep' and 'variants'", "one of them")
    if "variants" in found:
        variants = found["variants"]
        if not isinstance(variants, dict) or not variants:
            fail(file, "variants", "there is none", "names, each with its settings")
        changes = [settings_of(file, f"variants.{name}", one) for name, one in variants.items()]
        return "", "names", list(variants), changes
    sweep = found["sweep"]
    known(file, "sweep", sweep, SWEEP_KEYS)
    keys, values = sweep.get("key"), sweep.get("values")
    keys = [keys] if isinstance(keys, str) else keys
    if not isinstance(keys, list) or not keys:
        fail(file, "sweep.key", "is missing", "a key of the configuration, or a list of them")
    if not isinstance(values, list) or not values or not all(isinstance(value, str) for value in values):
        fail(file, "sweep.values", "is no list of values", "such as [4000, 8000]")
    scale = sweep.get("scale", "linear")
    if scale not in ("linear", "log"):
        fail(file, "sweep.scale", f"'{scale}' is not possible", "linear or log")
    changes = [{key: value for key in keys} for value in values]
    along = sweep.get("along", {})
    if not isinstance(along, dict):
        fail(file, "sweep.along", "is no map", "keys of the configuration, each with a list of values")
    for key, others in along.items():
        if not isinstance(others, list) or len(others) != len(values):
            fail(file, f"sweep.along.{key}", "is no list as long as sweep.values", f"{len(values)} values")
        for change, other in zip(changes, others):
            change[key] = other
    return sweep.get("label", keys[0]), scale, values, changes


def networks_of(file: Path, found: dict) -> tuple:
    names = found.get("networks", list(DATASETS))
    for name in names if isinstance(names, list) and names else [names]:
        if name not in DATASETS:
            fail(file, "networks", f"'{name}' is not known", f"a list of {' and '.join(DATASETS)}")
    frames = found.get("frames")
    if not isinstance(frames, dict):
        frames = {name: frames for name in names}
    return names, {name: whole(file, f"frames.{name}", frames.get(name)) for name in names}


def read(file: Path, frames: int = 0, chips: int = 0) -> Experiment:
    """@param frames, chips: no more than so many, if not 0"""
    found = parse(file)
    names, counts = networks_of(file, found)
    if frames:
        counts = {name: min(count, frames) for name, count in counts.items()}
    base = settings_of(file, "base", found.get("base"))
    shipped = architecture_of(file, "architecture", found.get("architecture", "sonic.yaml"))
    most = whole(file, "chips", found.get("chips"))
    label, scale, points, changes = swept_of(file, found)
    series = found.get("series", {"": {}})
    if not isinstance(series, dict) or not series:
        fail(file, "series", "there is none", "names, each with architecture, chips or set")
    shows = found.get("shows", SHOWN[0])
    if shows not in SHOWN:
        fail(file, "shows", f"'{shows}' is not possible", " or ".join(SHOWN))
    result = Experiment(file.stem, found.get("title", file.stem), names, counts, label, scale, shows, list(series), points)
    for title, one in series.items():
        one = one or {}  # text, if nothing is behind the name
        known(file, f"series.{title}", one, SERIES_KEYS)
        other = one.get("architecture")
        architecture = architecture_of(file, f"series.{title}", other) if other else shipped
        own = settings_of(file, f"series.{title}.set", one.get("set"))
        count = whole(file, f"series.{title}.chips", one.get("chips", most))
        seeds = tuple(range(1, (min(count, chips) if chips else count) + 1))
        for name, change in zip(points, map(dict, changes)):
            own_file = change.pop("architecture", None)  # of a variant
            chip = architecture_of(file, f"variants.{name}", own_file) if own_file else architecture
            for network in names:
                result.places.append(Place(title, name, network, Settings(chip, {**base, **own, **change}), seeds))
    reference = architecture_of(file, "reference", found.get("reference", found.get("architecture", "sonic.yaml")))
    quantised = Settings(reference, {"run.optics": "quantised"})
    result.places += [Place("quantised", "", network, quantised, (1,), True) for network in names]
    return result
