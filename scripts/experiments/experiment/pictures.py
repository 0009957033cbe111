# SPDX-License-Identifier: Apache-2.0
"""The picture of an experiment: mean and deviation over chips, beside the quantised chip and the float network."""
import importlib.util
from pathlib import Path

from .tables import TITLES

AXES = {"accuracy": "accuracy, %", "frames_per_second_per_watt": "frames per second per watt"}
COLOURS = ("tab:blue", "tab:orange", "tab:green", "tab:red", "tab:purple", "tab:brown")
LABEL_SIZE, LEGEND_SIZE = 8, 7


def possible() -> bool:
    return importlib.util.find_spec("matplotlib") is not None


def number_of(text: str) -> float:
    return float(text.split()[0])


def heights(places: list, kept: dict) -> tuple:
    """What is shown of each place, and its deviation over the chips, which only accuracies have."""
    shown = kept["shows"]
    return [p[shown] for p in places], [p["deviation"] if shown == "accuracy" else 0.0 for p in places]


def draw_sweep(panel, kept: dict, network: str):
    for colour, series in zip(COLOURS, kept["series"]):
        places = [p for p in kept["places"] if p["network"] == network and p["series"] == series]
        panel.errorbar([number_of(p["name"]) for p in places], *heights(places, kept), fmt="o-", markersize=3.5,
                       capsize=3, color=colour, label=series or "chips, mean and deviation")
    panel.set_xscale(kept["scale"])
    if kept["scale"] == "log":
        names = kept["names"]
        panel.set_xticks([number_of(name) for name in names], [name.split()[0] for name in names],
                         fontsize=LABEL_SIZE - 1)
        panel.minorticks_off()
    panel.set_xlabel(kept["label"], fontsize=LABEL_SIZE)
    panel.set_ylabel(AXES[kept["shows"]], fontsize=LABEL_SIZE)


def draw_variants(panel, kept: dict, network: str):
    height = 0.8 / len(kept["series"])
    rows = range(len(kept["names"]))
    for number, (colour, series) in enumerate(zip(COLOURS, kept["series"])):
        places = [p for p in kept["places"] if p["network"] == network and p["series"] == series]
        shown, deviations = heights(places, kept)
        panel.errorbar(shown, [row + (number + 0.5) * height - 0.4 for row in rows], xerr=deviations, fmt="o",
                       markersize=3.5, capsize=2, color=colour, label=series or "chips, mean and deviation")
    panel.set_yticks(rows, kept["names"], fontsize=LABEL_SIZE)
    panel.set_ylim(len(kept["names"]) - 0.5, -0.5)
    panel.set_xlabel(AXES[kept["shows"]], fontsize=LABEL_SIZE)


def draw(path: Path, kept: dict):
    import matplotlib
    matplotlib.use("svg")
    matplotlib.rcParams["svg.hashsalt"] = "sonic-tlm"  # the same picture for the same points
    from matplotlib import pyplot
    networks = list(kept["reference"])
    sweep = kept["scale"] != "names"
    tall = 3.8 if sweep else 1.4 + 0.32 * len(kept["names"])
    figure, panels = pyplot.subplots(1, len(networks), figsize=(5.5 * len(networks), tall), squeeze=False,
                                     sharey=not sweep)
    for panel, network in zip(panels[0], networks):
        (draw_sweep if sweep else draw_variants)(panel, kept, network)
        line = panel.axhline if sweep else panel.axvline
        one = kept["reference"][network]
        lines = {"quantised": one["quantised"], "float": one["float"]}
        for (what, value), style in zip(lines.items() if kept["shows"] == "accuracy" else (), ("--", ":")):
            line(value, color="black", linestyle=style, linewidth=0.9, label=what)
        if kept["shows"] == "accuracy":
            low, high = panel.get_ylim() if sweep else panel.get_xlim()
            (panel.set_ylim if sweep else panel.set_xlim)(low, min(high, 100.5))
        panel.set_title(TITLES[network], fontsize=LABEL_SIZE + 1)
        panel.grid(alpha=0.3)
    panels[0][0].legend(fontsize=LEGEND_SIZE)
    figure.tight_layout()
    figure.savefig(path, metadata={"Date": None})
    pyplot.close(figure)
