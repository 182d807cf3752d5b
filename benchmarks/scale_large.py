"""The large table: loading it, and whether reads cost more than those of a small one."""

import json
import pathlib
import statistics

from common import Refused, commit_of, fail, say
from scale_server import LARGE_TABLE, Server, run_load

SMALL_ITEMS = 10_000
WINDOW_BATCHES = 4  # ScaleClient::kWindow
ITEMS_PER_BATCH = 25


def items_there(client):
    try:
        return client.call("DescribeTable", {"TableName": "Large"})["Table"]["ItemCount"]
    except Refused:
        client.call("CreateTable", LARGE_TABLE)
        return 0


def load(options, directory, items, quiet=False):
    """Loads what is missing of the first `items`; a load that was broken off goes on."""
    server = Server(options, directory, memory=options.memory, loops=options.load_loops)
    client = server.client()
    there = items_there(client)
    # Batches are sent in order, each connection at most this far ahead of the oldest unanswered.
    ahead = options.load_connections * WINDOW_BATCHES * ITEMS_PER_BATCH
    first = 0 if there < ahead else (there - ahead) // ITEMS_PER_BATCH * ITEMS_PER_BATCH
    result = {"items": 0, "seconds": 0, "rate": 0, "retries": 0}
    if there < items:
        say(f"loading items {first} to {items} into {directory}")
        result = run_load(options, server, "load", [options.load_connections, first, items],
                          quiet=quiet)
    result["peak_bytes"] = server.memory()["peak"]
    # The other connection has been idle for too long.
    there = server.client().call("DescribeTable", {"TableName": "Large"})["Table"]
    if there["ItemCount"] < items:
        fail(f"{there['ItemCount']} items are there, not {items}")
    result["table_bytes"] = there["TableSizeBytes"]
    server.stop()
    result["disk_bytes"] = sum(file.stat().st_size for file in pathlib.Path(directory).rglob("*")
                               if file.is_file())
    note = pathlib.Path(f"{directory}.json")
    if result["items"] or not note.exists():
        record = {"commit": commit_of(options.binary), **result}
        note.write_text(json.dumps(record) + "\n", encoding="utf-8")
    return result


def small_directory(options, scratch):
    directory = scratch / "small"
    load(options, directory, SMALL_ITEMS, quiet=True)
    return directory


def hot_set(options, scratch, large, items):
    """Both servers side by side, visited in turn; the ratio of their processor time per GetItem."""
    small = Server(options, small_directory(options, scratch), memory=options.memory, core=0)
    big = Server(options, large, memory=options.memory, core=0)
    arguments = [64, 500, 500]
    for server, count in ((small, SMALL_ITEMS), (big, items)):
        run_load(options, server, "hot", [64, 1000, 500, count], core=1)
    pairs = []
    for repetition in range(options.pairs):
        order = [("small", small, SMALL_ITEMS), ("big", big, items)]
        if repetition % 2:
            order.reverse()
        pairs.append({name: run_load(options, server, "hot", [*arguments, count], core=1)
                      for name, server, count in order})
    small.stop()
    big.stop()
    result = {"ratio": statistics.median(p["small"]["cpu_us"] / p["big"]["cpu_us"] for p in pairs)}
    for name in ("small", "big"):
        for member in ("cpu_us", "rate", "p50_us", "p99_us"):
            result[f"{name}_{member}"] = statistics.median(pair[name][member] for pair in pairs)
    say(f"hot set: {result['small_cpu_us']:.2f} us in the small table, "
        f"{result['big_cpu_us']:.2f} us in the large one: {result['ratio']:.3f}")
    return result


def ordinary(options, scratch, large, items):
    """GetItem, PutItem and Query of any key, of both tables."""
    rows = []
    directory = small_directory(options, scratch)
    for name, place, count in (("small", directory, SMALL_ITEMS), ("large", large, items)):
        server = Server(options, place, memory=options.memory, core=0)
        for kind in ("hot", "get", "query", "put"):
            samples = [run_load(options, server, kind, [64, 500, 1000, count], core=1)
                       for _ in range(options.window_count)]
            row = {"table": name, "kind": kind, "retries": sum(s["retries"] for s in samples)}
            for member in ("cpu_us", "rate", "p50_us", "p99_us"):
                row[member] = statistics.median(sample[member] for sample in samples)
            rows.append(row)
            say(f"{name} {kind}: {row['rate']:.0f}/s, {row['cpu_us']:.1f} us, p99 "
                f"{row['p99_us'] / 1000:.2f} ms")
        server.stop()
    return rows


def memory_of_large(options, large, items):
    from scale_memory import under_load
    server = Server(options, large, memory=options.memory)
    rows = under_load(options, server, items)
    server.stop()
    return rows


