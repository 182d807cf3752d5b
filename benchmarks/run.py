#!/usr/bin/env python3
"""Measures the floor, Gramme and dynalite side by side; called by scripts/bench. Standard library only.

Every repetition visits every server, request and number of connections once, each for a short
window, so that a busy neighbour disturbs all alike; every other repetition in reverse. All of a server
is pinned to one core, the load to another. The capacity ratio of a repetition is the floor's processor
time per request divided by the server's own; the median over the repetitions is what is reported. A
wrong answer ends the run. No figure ever makes it fail.
"""

import argparse
import os
import pathlib
import shutil
import statistics
import sys
import tempfile
import time

import against
import report
import rows
import servers
from common import absolute, commit_of, fail, machine, now, write_result

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent
REPETITIONS = 15
REPETITIONS_MIN = 9  # of a result that is kept
# Where its memory happens to lie makes a process some percent faster or slower for all its life.
REPETITIONS_PER_START = 3
MIXED_WINDOW_MS = 1000


def start_servers(options, place, started):
    wanted = {row.server for row in rows.ROWS if options.of(row)}
    if rows.MIXED in options.kinds:
        wanted |= {"gramme", "relaxed"}
    started.append(servers.start_floor(place))
    if "http" in wanted:
        started.append(servers.start_fixed(place))
    if "gramme" in wanted:
        started.append(servers.start_gramme("gramme", options.binary, place))
    if "relaxed" in wanted:
        started.append(servers.start_gramme("relaxed", options.binary, place, "--durability", "relaxed"))
    if not options.no_dynalite and any(set(row.dynalite_at) & set(options.of(row)) for row in rows.ROWS):
        started.append(servers.start_dynalite(place))
    for server in started:
        if not server.is_fixed:
            server.fill()
    return {server.name: server for server in started}


def visits(options, by_name):
    """What one repetition measures, in order: row, connections, server."""
    for row in rows.ROWS:
        for connections in options.of(row):
            names = ["floor", row.server]
            if connections in row.dynalite_at and "dynalite" in by_name:
                names.append("dynalite")
            for name in names:
                yield row.name, row.kind, connections, by_name[name]
    if rows.MIXED in options.kinds:
        for name in ("gramme", "relaxed"):
            yield rows.MIXED, "get", rows.MIXED_CONNECTIONS, by_name[name]


def measure(options, place, started):
    """The samples, and how many increments of the hot item they hold."""
    samples, increments = [], 0
    for first in range(0, options.repetitions, REPETITIONS_PER_START):
        by_name = start_servers(options, place, started)
        plan = list(visits(options, by_name))
        own = []
        for repetition in range(first, min(first + REPETITIONS_PER_START, options.repetitions)):
            print(f"bench: repetition {repetition + 1} of {options.repetitions}", file=options.progress)
            for visit in plan if repetition % 2 == 0 else reversed(plan):
                own.append({"repetition": repetition, **sample(options, *visit)})
        increments += check_increments(own, by_name)
        samples += own
        servers.stop_all(started)
    return samples, increments


def sample(options, name, kind, connections, server):
    window_ms, words = options.window_ms, ()
    if name == rows.MIXED:
        window_ms = max(window_ms, MIXED_WINDOW_MS)
        words = (f"rate={rows.MIXED_RATE}", f"also=put:{connections}:{rows.MIXED_RATE}")
    return {"row": name, "server": server.name,
            **server.load(kind, connections, options.warm_up_ms, window_ms, *words)}


def check_increments(samples, by_name):
    """That the hot item has counted each acknowledged increment once; how many there were."""
    acknowledged = sum(s["acknowledged"] for s in samples if s["row"] == "add" and s["server"] == "gramme")
    if acknowledged == 0:
        return 0
    item = by_name["gramme"].call("GetItem", {"TableName": "Items", "Key": {"pk": {"S": "hot"}},
                                              "ConsistentRead": True})["Item"]
    if int(item["hits"]["N"]) != acknowledged:
        fail(f"{acknowledged} increments were acknowledged, and the item counted {item['hits']['N']}")
    return acknowledged


def sync_us(folder, count=200):
    """How long it takes to append 1 KB to a file and sync it: the median."""
    path = pathlib.Path(folder) / "sync"
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    times = []
    for _ in range(count):
        start = time.perf_counter()
        os.write(descriptor, b"x" * 1024)
        os.fdatasync(descriptor)
        times.append(time.perf_counter() - start)
    os.close(descriptor)
    path.unlink()
    return statistics.median(times) * 1e6


def names(text):
    wanted = text.split(",")
    for name in wanted:
        if name not in rows.NAMES:
            raise argparse.ArgumentTypeError(f"{name} is none of {', '.join(rows.NAMES)}")
    return wanted


def numbers(text):
    return [int(number) for number in text.split(",")]


class Options(argparse.Namespace):
    """What was asked for."""

    progress = sys.stderr

    def of(self, row):
        """The numbers of connections at which a row is wanted."""
        if row.name not in self.kinds:
            return []
        return [n for n in row.connections if self.connections is None or n in self.connections]

    @property
    def is_whole(self):
        """Whether the result belongs into the history of the project."""
        return (not self.against and not self.no_dynalite and self.connections is None
                and set(self.kinds) == set(rows.NAMES) and self.repetitions >= REPETITIONS_MIN)


def parse(arguments):
    parser = argparse.ArgumentParser(
        prog="scripts/bench", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--programs", type=absolute, required=True,
                        help="folder of benchmark_floor, benchmark_http_fixed and benchmark_load")
    parser.add_argument("--binary", type=absolute, required=True, help="the gramme to measure")
    parser.add_argument("--against", type=absolute, metavar="BINARY",
                        help="an older gramme: measure the two side by side and nothing else")
    parser.add_argument("--stream", choices=("KEYS_ONLY", "NEW_IMAGE", "OLD_IMAGE", "NEW_AND_OLD_IMAGES"),
                        help="the new gramme of --against, by default the same binary, has this stream on")
    parser.add_argument("--recovery", action="store_true",
                        help="the same with point-in-time recovery, alone or beside a stream")
    parser.add_argument("--kinds", type=names, help=f"some of {','.join(rows.NAMES)}")
    parser.add_argument("--connections", type=numbers, help="some of 1,16,64,256")
    parser.add_argument("--repetitions", "--pairs", type=int,
                        help=f"default {REPETITIONS}, and {against.PAIRS_MIN} pairs with --against")
    parser.add_argument("--window-ms", type=int, default=300)
    parser.add_argument("--warm-up-ms", type=int, default=100)
    parser.add_argument("--no-dynalite", action="store_true")
    parser.add_argument("--results", type=absolute,
                        help="folder of the result: benchmarks/results of a whole run, else build/bench")
    options = parser.parse_args(arguments, Options())
    if options.stream or options.recovery:
        options.against = options.against or options.binary
    if options.kinds is None:
        options.kinds = against.NAMES if options.against else rows.NAMES
    if options.against and not set(options.kinds) <= set(against.NAMES):
        parser.error(f"--against knows the kinds {', '.join(against.NAMES)}")
    if options.against and options.connections is None:
        options.connections = [64]
    if options.repetitions is None:
        options.repetitions = against.PAIRS_MIN if options.against else REPETITIONS
    if options.results is None:
        options.results = HERE / "results" if options.is_whole else ROOT / "build/bench"
    if not (rows.MIXED in options.kinds or any(options.of(row) for row in rows.ROWS)):
        parser.error("there is no such row")
    return options


def run(options, place, started):
    result = {
        "commit": commit_of(options.binary), "binary": str(options.binary),
        "when": now(),
        "machine": {**machine(), "sync_us_p50": round(sync_us(place.scratch), 1)}, "repetitions": options.repetitions,
        "window_ms": options.window_ms, "pinned": place.server_core is not None,
    }
    if options.against:
        result["old_commit"] = commit_of(options.against)
        result["old_binary"] = str(options.against)
        result["stream"] = options.stream
        result["recovery"] = options.recovery
        result["samples"] = against.measure(options, place, started)
        result["rows"] = against.summarise(result["samples"])
        return result
    result["samples"], result["hot_increments"] = measure(options, place, started)
    result["rows"] = report.summarise(result["samples"])
    result["targets"] = report.judge(result["rows"])
    return result


def write(options, result):
    stem = f"{result['when'][:10]}-{result['commit']}"
    if options.against:
        stem += f"-stream-{options.stream}" if options.stream else ""
        stem += "-recovery" if options.recovery else ""
        stem += "" if options.stream or options.recovery else f"-against-{result['old_commit']}"
    write_result(options.results, stem, result, (against if options.against else report).markdown(result))


def main():
    options = parse(sys.argv[1:])
    can_pin = (os.cpu_count() or 1) >= 2 and shutil.which("taskset")
    # On a disk, not on a memory file system: /tmp may be one.
    scratch = tempfile.mkdtemp(prefix="bench-", dir=options.programs)
    started = []
    try:
        with open(f"{scratch}/servers.log", "w", encoding="utf-8") as log:
            place = servers.Place(options.programs, 0 if can_pin else None, 1 if can_pin else None, scratch,
                                  log)
            result = run(options, place, started)
    finally:
        servers.stop_all(started)
    shutil.rmtree(scratch)
    write(options, result)


if __name__ == "__main__":
    main()
