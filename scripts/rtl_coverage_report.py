#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Sums Verilator's coverage files: points hit of each block by kind, and the points that nothing hits.

  rtl_coverage_report.py FOLDER_OF_RTL FILE.dat ...
"""
import collections
import pathlib
import re
import sys

FIELD = re.compile(r"\x01([^\x02]*)\x02([^\x01']*)")


def points(path):
    """Yields (block, kind, line, what) and how often, of a file whose lines are: C 'fields' count."""
    for line in path.read_text().splitlines():
        if not line.startswith("C '"):
            continue
        text, count = line[3:].rsplit("' ", 1)
        fields = dict(FIELD.findall(text))
        kind, _, block = fields["page"].partition("/")
        yield (block.split("__")[0], kind.removeprefix("v_"), int(fields["l"]), fields.get("o", "")), int(count)


def main():
    folder = pathlib.Path(sys.argv[1])
    hits = collections.Counter()
    for name in sys.argv[2:]:
        for point, count in points(pathlib.Path(name)):
            hits[point] += count
    if not hits:
        sys.exit("rtl-coverage: nothing was covered: no test wrote a file.")
    totals = collections.defaultdict(lambda: [0, 0])
    for (block, kind, _, _), count in hits.items():
        totals[block, kind][0] += count > 0
        totals[block, kind][1] += 1
    print("| block | kind | hit | points | share |\n|---|---|---|---|---|")
    for (block, kind), (hit, total) in sorted(totals.items()):
        print(f"| {block} | {kind} | {hit} | {total} | {100 * hit / total:.1f} % |")
    missed = collections.defaultdict(list)
    for (block, kind, line, what), count in sorted(hits.items()):
        if count == 0:
            missed[block, line, kind].append(what)
    for (block, line, kind), whats in sorted(missed.items()):
        file = folder / f"{block}.sv"
        source = file.read_text().splitlines()[line - 1].strip() if file.exists() else ""
        shown = ", ".join(whats[:4]) + (f" and {len(whats) - 4} more" if len(whats) > 4 else "")
        print(f"{block}.sv:{line}: {kind} never hit: {shown} | {source}")


if __name__ == "__main__":
    main()
