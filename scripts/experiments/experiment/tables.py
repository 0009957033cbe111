# SPDX-License-Identifier: Apache-2.0
"""The table of an experiment, for the documents: it stands there between two marks, and is renewed there."""
from pathlib import Path

from .plan import Mistake

TITLES = {"mnist": "MNIST", "cifar10": "CIFAR-10"}


def mark(name: str) -> tuple:
    return f"<!-- table of {name} -->", f"<!-- end of {name} -->"


def cell(place: dict) -> str:
    if place["chips"] == 1:
        return f"{place['accuracy']:.1f} | {place['lost']:+.1f} ± {place['lost_interval']:.1f}"
    return (f"{place['accuracy']:.1f} ± {place['deviation']:.1f}, {place['worst']:.1f} | "
            f"{place['lost']:+.1f} ± {place['lost_interval']:.1f}")


def noise(place: dict) -> str:
    ratios = place["signal_to_noise_db"].values()
    return ", ".join("-" if ratio is None else f"{ratio:.1f}" for ratio in ratios)


def counted(counts: list) -> str:
    return str(counts[0]) if len(set(counts)) == 1 else f"{min(counts)} to {max(counts)}"


def table(kept: dict) -> str:
    networks = list(kept["reference"])
    several = any(kept["series"])
    swept = kept["label"] or "chip"
    lines = []
    for network in networks:
        one = kept["reference"][network]
        places = [place for place in kept["places"] if place["network"] == network]
        chips = counted([place["chips"] for place in places])
        chips += " chip" if chips == "1" else " chips"
        lines.append(f"{TITLES[network]}, the first {one['frames']} test images, {chips}; quantised "
                     f"{one['quantised']:.1f} %, float {one['float']:.1f} %, "
                     f"{one['frames_per_second_per_watt']:.1f} FPS/W:\n")
        head = ["series"] * several + [swept, "accuracy ± deviation over chips, worst, %", "lost, points, 95 %",
                                       "CONV, FC, dB", "FPS/W"]
        lines += [f"| {' | '.join(head)} |", "|---" * len(head) + "|"]
        for place in places:
            first = f"{place['series']} | " if several else ""
            rate = place["frames_per_second_per_watt"]
            lines.append(f"| {first}{place['name']} | {cell(place)} | {noise(place)} | {rate:.1f} |")
        lines.append("")
    return "\n".join(lines)


def require_place(document: Path, name: str):
    """@throws Mistake if the document has no place for the table"""
    begin, end = mark(name)
    whole = document.read_text()
    if begin not in whole or end not in whole.split(begin, 1)[1]:
        raise Mistake(f"{document}: it has no lines '{begin}' and '{end}'; expected them where the table belongs")


def renew(document: Path, name: str, text: str):
    begin, end = mark(name)
    before, rest = document.read_text().split(begin, 1)
    part = document.with_suffix(".part")
    part.write_text(f"{before}{begin}\n{text}\n{end}{rest.split(end, 1)[1]}")
    part.rename(document)
