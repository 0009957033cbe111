# SPDX-License-Identifier: Apache-2.0
"""Runs clang-tidy over the sources of a build; scripts/check-tidy calls this.

Most of its time goes into the headers, so that several sources of a folder are judged as one translation unit. Where
something is found in it, or it does not compile since two sources use one name, its halves are judged, down to single
sources, whose findings count.
"""
import argparse
import concurrent.futures
import itertools
import json
import pathlib
import re
import shlex
import shutil
import subprocess
import sys

MOST_TOGETHER = 12
FINDING = re.compile(r"^(\S+):\d+:\d+: (?:error|warning): .*\[([\w.-]+)")


def sources_of(build, root, wanted):
    """Our compiled sources, as path -> (folder, flags): those that lie in the tree and not in a build folder."""
    found = {}
    for entry in json.loads((build / "compile_commands.json").read_text()):
        path = (pathlib.Path(entry["directory"]) / entry["file"]).resolve()
        if not path.is_relative_to(root) or path.is_relative_to(root / "build") or (wanted and path not in wanted):
            continue
        words = shlex.split(entry["command"])[1:]
        flags = [word for i, word in enumerate(words)
                 if word not in ("-c", "-o", entry["file"]) and (i == 0 or words[i - 1] != "-o")]
        found[path] = (str(path.parent), flags)
    return found


def batches_of(sources):
    key = sources.__getitem__
    for _, group in itertools.groupby(sorted(sources, key=lambda path: (key(path), path)), key=key):
        group = list(group)
        for i in range(0, len(group), MOST_TOGETHER):
            yield group[i:i + MOST_TOGETHER]


class Judge:
    def __init__(self, root, build, sources, verbose):
        self.root, self.sources, self.verbose = root, sources, verbose
        self.together = build / "together"
        self.together.mkdir(exist_ok=True)
        self.numbers = itertools.count()

    def folder_like(self, folder):
        """A folder in which the same .clang-tidy files hold: the root's, above the build folder, and copies of others."""
        like = self.together / folder.relative_to(self.root)
        like.mkdir(parents=True, exist_ok=True)
        for parent in [folder, *folder.parents]:
            rules = parent / ".clang-tidy"
            if parent != self.root and parent.is_relative_to(self.root) and rules.exists():
                shutil.copy(rules, self.together / parent.relative_to(self.root))
        return like

    def tidy(self, file, flags, *options):
        """What clang-tidy says, less its counts of warnings in other people's headers; nothing if all is well."""
        command = ["clang-tidy-14", "--quiet", *options,
                   f"--header-filter=^{self.root}/(hw|tb|tests)/", str(file), "--", *flags, "-Wno-unknown-warning-option"]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode == 0:
            return ""
        said = [line for line in (done.stdout + done.stderr).splitlines()
                if not re.match(r"\d+ warnings? (generated|treated)", line)]
        return "\n".join(said) or f"clang-tidy ended with {done.returncode} on {file}"

    def findings(self, batch):
        flags = self.sources[batch[0]][1]
        if len(batch) == 1:
            return self.tidy(batch[0], flags)
        one = self.folder_like(batch[0].parent) / f"batch_{next(self.numbers)}.cpp"
        one.write_text("".join(f'#include "{path}"\n' for path in batch))
        said = self.tidy(one, flags, "--checks=-bugprone-suspicious-include")
        if not said:
            return ""
        found = [found for line in said.splitlines() if (found := FINDING.match(line))]
        # Sources together are no headers, whatever this check says.
        if found and all(f[1].endswith(".cpp") and f[2] == "google-global-names-in-headers" for f in found):
            return ""
        if self.verbose:
            print(f"taken apart: {batch[0].name} and {len(batch) - 1} more", *(f[0] for f in found), sep="\n  ")
        half = len(batch) // 2
        return "\n".join(filter(None, [self.findings(batch[:half]), self.findings(batch[half:])]))


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--root", type=pathlib.Path, required=True)
    parser.add_argument("--build", type=pathlib.Path, required=True, help="folder with compile_commands.json")
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--verbose", action="store_true", help="say why sources are taken apart")
    parser.add_argument("sources", nargs="*", help="relative to the root; all of the build if none is named")
    options = parser.parse_args()
    root, build = options.root.resolve(), options.build.resolve()
    sources = sources_of(build, root, {(root / path).resolve() for path in options.sources})
    if not sources:
        sys.exit(f"check-tidy: the preset tidy compiles none of these files: {' '.join(options.sources)}")
    judge = Judge(root, build, sources, options.verbose)
    bad = False
    with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
        for said in pool.map(judge.findings, sorted(batches_of(sources), key=len, reverse=True)):
            if said:
                bad = True
                print(said, flush=True)
    if bad:
        sys.exit("check-tidy: clang-tidy found something; each finding is above.")
    print(f"check-tidy: {len(sources)} sources are clean.")


if __name__ == "__main__":
    main()
