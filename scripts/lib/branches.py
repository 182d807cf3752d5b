"""Says which part of the branches of the fuzzed files a replay took, and fails below the limit.

    branches.py [--missed] ROOT EXPORT...

EXPORT is what `llvm-cov export` wrote for one fuzzer. Which files are fuzzed, and by whom, stands in
tests/fuzz/files.toml. A branch is a condition's outcome, true or false, at its place in the source: it
counts as taken if any fuzzer took it, in any instantiation of a template. Conditions inside macros
(GRAMME_TRY) count where the macro is used, but for the failure of a GRAMME_CHECK, which none may
take; nor does the way past every case of a switch count, for enums have no other values. Only files of which every fuzzer was replayed are judged.
"""

import collections
import json
import pathlib
import sys
import tomllib


def branches(export):
    """(file, line, column, outcome) -> times taken, over all functions."""
    taken = collections.Counter()
    for function in export["data"][0]["functions"]:
        names = function["filenames"]
        # Where each macro's text stands for: the id of an expansion to its place.
        place = {}
        for line, column, _, _, _, file, expanded, kind in function["regions"]:
            if kind == 1:
                place[expanded] = (file, line, column)
        for line, column, _, _, true, false, file, *_ in function["branches"]:
            inside = ()
            while file in place:
                inside = (line, column, *inside)
                file, line, column = place[file]
            key = (names[file], line, column, inside)
            taken[key, True] += true
            taken[key, False] += false
    return taken


def main():
    arguments = sys.argv[1:]
    missed = "--missed" in arguments
    root, *exports = [a for a in arguments if a != "--missed"]
    root = pathlib.Path(root).resolve()
    table = tomllib.loads((root / "tests/fuzz/files.toml").read_text())
    limit = table["branches_percent_min"]
    replayed = {pathlib.Path(path).stem for path in exports}
    taken = collections.Counter()
    for path in exports:
        taken.update(branches(json.loads(pathlib.Path(path).read_text())))
    unreachable = {(file, line.strip()) for file, lines in table.get("unreachable", {}).items()
                   for line in lines}
    total = collections.Counter()
    reached = collections.Counter()
    excused = 0
    for (key, outcome), count in sorted(taken.items()):
        name, line, column, _ = key
        file = str(pathlib.Path(name).relative_to(root)) if name.startswith(str(root)) else name
        wanted = table["files"].get(file)
        if wanted is None or not set(wanted) <= replayed:
            continue
        text = (root / file).read_text().splitlines()[line - 1].strip()
        if count == 0 and text.startswith("switch ("):
            continue
        if count == 0 and text.startswith("GRAMME_CHECK(") and taken[key, not outcome]:
            continue
        if count == 0 and (file, text) in unreachable:
            excused += 1
            continue
        total[file] += 1
        reached[file] += count > 0
        if count == 0 and missed:
            print(f"{file}:{line}:{column}: never {str(outcome).lower()}: {text}")
    low = []
    for file in sorted(total):
        percent = 100 * reached[file] / total[file]
        print(f"{percent:6.1f} %  {reached[file]:4} of {total[file]:4}  {file}")
        if percent < limit:
            low.append(file)
    if total:
        print(f"{100 * reached.total() / total.total():6.1f} %  {reached.total():4} of "
              f"{total.total():4}  together; {excused} more cannot be taken, for the reasons in "
              "tests/fuzz/files.toml")
    if low:
        print(f"below {limit} %: {', '.join(low)}")
    return 1 if low or not total else 0


if __name__ == "__main__":
    sys.exit(main())
