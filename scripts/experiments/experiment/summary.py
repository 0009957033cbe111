# SPDX-License-Identifier: Apache-2.0
"""What the chips of one place have in common: mean, spread, and how sure either is."""
import math

# Two-sided 95 % of Student's t for 1 degree of freedom on; beyond, the normal distribution's is near enough.
STUDENT = (12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201, 2.179, 2.160, 2.145, 2.131,
           2.120, 2.110, 2.101, 2.093, 2.086, 2.080, 2.074, 2.069, 2.064, 2.060, 2.056, 2.052, 2.048, 2.045, 2.042)
NORMAL = 1.960


def mean(values: list) -> float:
    return sum(values) / len(values)


def deviation(values: list) -> float:
    """Of the population that the values are a sample of; 0 for one."""
    if len(values) < 2:
        return 0.0
    centre = mean(values)
    return math.sqrt(sum((value - centre) ** 2 for value in values) / (len(values) - 1))


def student(count: int) -> float:
    return STUDENT[count - 2] if count - 2 < len(STUDENT) else NORMAL


def interval_of_frames(share: float, frames: int) -> float:
    """Half of the 95 % interval of a share that was counted on so many frames."""
    return NORMAL * math.sqrt(max(share * (1.0 - share), 0.25 / frames) / frames)


def summary(found: list, reference: dict) -> dict:
    """Of all chips of a place, in percent and points.

    The loss is that against the quantised chip on the same frames, so that what it owes to the choice of frames comes
    only from frames that the two judge differently: no more than those where either differs from the float network. Its
    half-interval takes that bound and the spread of the chips together."""
    frames = found[0]["images"]
    shares = [one["correct"] / frames for one in found]
    losses = [(reference["correct"] - one["correct"]) / frames for one in found]
    differing = min(1.0, (mean([frames - one["agreeing"] for one in found]) + frames - reference["agreeing"]) / frames)
    of_frames = NORMAL * math.sqrt(max(differing - mean(losses) ** 2, 1.0 / frames) / frames)
    of_chips = student(len(found)) * deviation(losses) / math.sqrt(len(found)) if len(found) > 1 else 0.0
    return {"chips": len(found), "frames": frames, "accuracy": 100 * mean(shares), "deviation": 100 * deviation(shares),
            "worst": 100 * min(shares), "accuracy_interval": 100 * interval_of_frames(mean(shares), frames),
            "lost": 100 * mean(losses), "lost_interval": 100 * math.hypot(of_frames, of_chips),
            "same_class_as_float": 100 * mean([one["agreeing"] / frames for one in found]),
            "signal_to_noise_db": {kind: ratio_of(found, kind) for kind in found[0]["signal_to_noise_db"]},
            "frames_per_second_per_watt": mean([one["frames_per_second_per_watt"] for one in found])}


def ratio_of(found: list, kind: str):
    ratios = [one["signal_to_noise_db"][kind] for one in found]
    return None if None in ratios else mean(ratios)


def reference_of(one: dict) -> dict:
    frames = one["images"]
    return {"frames": frames, "quantised": 100 * one["correct"] / frames,
            "float": 100 * one["reference_correct"] / frames,
            "frames_per_second_per_watt": one["frames_per_second_per_watt"]}
