#!/usr/bin/env python3
"""Measures that cost depends neither on how much data nor on how many tables there are; called by
scripts/bench-scale. Standard library only. See benchmarks/SCALE.md."""

import argparse
import os
import pathlib
import shutil
import statistics
import tempfile

import common
import scale_large
import scale_memory
import scale_start
import scale_tables
from common import commit_of, fail, now, say, write_result

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent
MEASURES = ("load", "start", "memory", "tables", "hot-set")


def row(name, must, aim, figure, unit, digits=1, more_is_better=False):
    """One row of issue 3; `must` and `aim` as the issue has them."""
    def holds(bound):
        return figure >= bound if more_is_better else figure <= bound
    verdict = "aim" if holds(aim) else "must" if holds(must) else "missed"
    return {"measure": name, "must": must, "aim": aim, "figure": round(figure, digits), "unit": unit,
            "verdict": verdict}


def measure_load(options, result):
    loaded = scale_large.load(options, options.directory, options.items)
    if loaded["items"]:
        result["load"] = loaded


def measure_start(options, scratch, result):
    rows = result["rows"]
    empty = scale_start.empty(options, scratch)
    rows.append(row("start to first answer, empty directory", 100, 30, statistics.median(empty), "ms"))
    scale_large.load(options, options.directory, options.items)
    clean = scale_start.clean(options, options.directory)
    rows.append(row(f"start to first answer after a clean stop, {options.items:,} items", 300, 100,
                    statistics.median(clean), "ms"))
    killed, log_bytes = scale_start.killed(options, scratch)
    rows.append(row(f"start to first answer after kill -9, {log_bytes / 1e6:.0f} MB of log", 2000, 500,
                    statistics.median(killed), "ms"))
    result["start"] = {"empty_ms": empty, "clean_ms": clean, "killed_ms": killed}


def measure_memory(options, scratch, result):
    idle = scale_memory.idle(options, scratch)
    rows = result["rows"]
    rows.append(row("resident memory, idle", 40, 25, idle["alone"]["resident"] / 2**20, "MB"))
    rows.append(row(f"each of {options.idle_connections:,} idle connections", 16, 8,
                    idle["each_connection_bytes"] / 1024, "KB"))
    scale_large.load(options, options.directory, options.items)
    result["memory"] = {"idle": idle, "limit": options.memory,
                        "loads": scale_large.memory_of_large(options, options.directory,
                                                             options.items)}


def measure_tables(options, scratch, result):
    tables = scale_tables.measure(options, scratch)
    tables["restarted_memory_per_table_bytes"] = scale_tables.restarted_memory(options, scratch)
    result["tables"] = tables
    for step in tables["rows"]:
        name = f"{options.tables:,} tables {step['order']}, {step['step']}"
        result["rows"].append(row(f"{name}, p99", 20, 5, step["p99_ms"], "ms", 2))
        result["rows"].append(row(f"{name}, median of the last 100 against the first", 1.5, 1.1,
                                  step["growth"], "x", 2))
    result["rows"].append(row("memory per table", 20, 8, tables["memory_per_table_bytes"] / 1024, "KB"))


def measure_hot_set(options, scratch, result):
    scale_large.load(options, options.directory, options.items)
    hot = scale_large.hot_set(options, scratch, options.directory, options.items)
    result["hot_set"] = hot
    result["ordinary"] = scale_large.ordinary(options, scratch, options.directory, options.items)
    result["rows"].append(row(
        f"GetItem of 2,000 hot keys in {options.items:,} items against {scale_large.SMALL_ITEMS:,}, "
        f"--memory {options.memory}, capacity", 0.85, 1.0, hot["ratio"], "x", 3, more_is_better=True))


def markdown_table(head, rows):
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    lines += ["| " + " | ".join(str(cell) for cell in cells) + " |" for cells in rows]
    return lines


def markdown(result):
    machine = result["machine"]
    lines = [f"# Scale of {result['commit']}", "",
             f"{result['when']}, {machine['cores']} cores, Linux {machine['kernel']}, load average "
             f"{machine['load_average_at_start']:.1f} at the start; {result['items']:,} items, "
             f"--memory {result['memory_limit']}. Made by `scripts/bench-scale`.", ""]
    lines += markdown_table(["measure", "must", "aim", "figure", ""], [
        (r["measure"], r["must"], r["aim"], f"{r['figure']:,} {r['unit']}", r["verdict"])
        for r in result["rows"]])
    if "load" in result:
        load = result["load"]
        lines += ["", f"Load: {load['items']:,} items in {load['seconds']:,} s, {load['rate']:,}/s, "
                  f"{load['retries']} tried again, {load['table_bytes'] / 1e9:.2f} GB of items, "
                  f"{load['disk_bytes'] / 1e9:.2f} GB on disk, peak {load['peak_bytes'] / 1e6:.0f} MB."]
    if "tables" in result:
        tables = result["tables"]
        lines += ["", "## Tables", ""]
        lines += markdown_table(
            ["order", "step", "p50 ms", "p99 ms", "worst ms", "first 100 ms", "last 100 ms"],
            [(s["order"], s["step"], *(f"{s[m]:.2f}" for m in ("p50_ms", "p99_ms", "worst_ms",
                                                               "first_ms", "last_ms")))
             for s in tables["rows"]])
        lines += ["", f"Memory per table: {tables['memory_per_table_bytes']:,.0f} B; of a server that "
                  f"finds them at its start {tables['restarted_memory_per_table_bytes']:,.0f} B; left by "
                  f"each dropped one {tables['memory_left_per_dropped_table_bytes']:,.0f} B. GetItem of a "
                  f"table made after all were dropped: {tables['after_drop_ms']:.3f} ms. Processor time "
                  "of a request: " + ", ".join(f"{name} {cpu:.0f} µs"
                                               for name, cpu in tables["cpu_us"].items()) + "."]
    if "ordinary" in result:
        lines += ["", "## The large table", ""]
        lines += markdown_table(["table", "request", "requests/s", "CPU µs", "p50 ms", "p99 ms",
                                 "tried again"], [
            (o["table"], o["kind"], f"{o['rate']:,.0f}", f"{o['cpu_us']:.1f}",
             f"{o['p50_us'] / 1000:.2f}", f"{o['p99_us'] / 1000:.2f}", o["retries"])
            for o in result["ordinary"]])
    if "memory" in result:
        lines += ["", f"## Memory of the large table, --memory {result['memory']['limit']}", ""]
        lines += markdown_table(["load", "peak MB", "afterwards MB", "refused"], [
            (m["load"], f"{m['peak_bytes'] / 2**20:.0f}", f"{m['resident_after'] / 2**20:.0f}",
             f"{m['refused']} {m['refusal'][:60]}") for m in result["memory"]["loads"]])
    return "\n".join(lines) + "\n"


def parse():
    parser = argparse.ArgumentParser(prog="scripts/bench-scale", description=__doc__)
    parser.add_argument("measure", choices=(*MEASURES, "all"))
    parser.add_argument("--programs", type=pathlib.Path, required=True)
    parser.add_argument("--binary", type=pathlib.Path, required=True, help="the gramme to measure")
    parser.add_argument("--items", type=int, default=10_000_000)
    parser.add_argument("--directory", type=pathlib.Path,
                        help="the loaded data directory, kept and used again")
    parser.add_argument("--memory", default="512M")
    parser.add_argument("--tables", type=int, default=2000)
    parser.add_argument("--idle-connections", type=int, default=10_000)
    parser.add_argument("--repetitions", type=int, default=9, help="of each start")
    parser.add_argument("--kill-repetitions", type=int, default=3)
    parser.add_argument("--pairs", type=int, default=9, help="of the hot set")
    parser.add_argument("--window-count", type=int, default=3)
    parser.add_argument("--load-seconds", type=int, default=5, help="of each load of memory")
    parser.add_argument("--load-connections", type=int, default=32)
    parser.add_argument("--load-loops", type=int, default=1)
    parser.add_argument("--log-learn-s", type=float, default=4)
    parser.add_argument("--results", type=pathlib.Path, default=HERE / "results")
    options = parser.parse_args()
    options.root = ROOT
    options.can_pin = (os.cpu_count() or 1) >= 2 and shutil.which("taskset") is not None
    if options.directory is None:
        options.directory = ROOT / "build" / f"large-{options.items}"
    if options.items < scale_large.SMALL_ITEMS:
        fail(f"at least {scale_large.SMALL_ITEMS} items")
    return options


def main():
    options = parse()
    result = {"commit": commit_of(options.binary), "items": options.items,
              "memory_limit": options.memory, "rows": [], "when": now(), "machine": common.machine()}
    # On a disk, not on a memory file system: /tmp may be one.
    scratch = pathlib.Path(tempfile.mkdtemp(prefix="scale-", dir=options.programs))
    chosen = MEASURES if options.measure == "all" else (options.measure,)
    for name, measure in {"load": lambda: measure_load(options, result),
                          "start": lambda: measure_start(options, scratch, result),
                          "memory": lambda: measure_memory(options, scratch, result),
                          "tables": lambda: measure_tables(options, scratch, result),
                          "hot-set": lambda: measure_hot_set(options, scratch, result)}.items():
        if name in chosen:
            say(name)
            measure()
    shutil.rmtree(scratch)
    stem = f"{result['when'][:10]}-{result['commit']}-scale" + ("" if len(chosen) > 1 else f"-{chosen[0]}")
    write_result(options.results, stem, result, markdown(result))


main()
