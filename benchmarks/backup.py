#!/usr/bin/env python3
"""Measures backup and restore beside cp; called by scripts/bench-backup. Standard library only.

The table holds items of 1 to 4 KB whose contents do not compress. Each measurement of the disk
starts with an empty page cache, where the caller may empty it. Latencies of GetItem are those of
benchmark_paced: an open loop, counted from the moment when each request was due, on a hot set of
keys, sent at a real-time priority where the caller may. Requests during which no core ran anybody,
because the host had stopped the machine, are named apart. The restored table is counted and a sample of it compared byte for byte.
"""

import argparse
import base64
import contextlib
import hashlib
import json
import multiprocessing
import os
import pathlib
import shutil
import statistics
import subprocess
import sys
import time

from common import Client, absolute, call, commit_of, fail, machine, now, say, write_result

HERE = pathlib.Path(__file__).resolve().parent
TABLE = "Items"
UNITS = {"M": 1 << 20, "G": 1 << 30}
BATCH_COUNT = 25
SAMPLE_COUNT = 500
CONNECTIONS = 16
# measure: must, aim; times the figure that it is compared with
GOALS = {"backup": (2, 1.2), "restore": (3, 2), "p99_backup": (3, 2), "p99_restore": (3, 2)}


def content(item):
    return hashlib.shake_128(b"item %d" % item).digest(1000 + item * 7919 % 3000)


def key(item):
    return f"item#{item:08}"


def load_items(port, first, last):
    client = Client(port)
    for start in range(first, last, BATCH_COUNT):
        puts = b",".join(
            b'{"PutRequest":{"Item":{"pk":{"S":"%s"},"content":{"B":"%s"}}}}' %
            (key(item).encode(), base64.b64encode(content(item)))
            for item in range(start, min(start + BATCH_COUNT, last)))
        answer = client.call("BatchWriteItem", b'{"RequestItems":{"%s":[%s]}}' % (TABLE.encode(), puts))
        if answer["UnprocessedItems"]:
            fail("a batch was not taken whole")


class Server:
    def __init__(self, options):
        self.ready = options.scratch / "ready.json"
        self.ready.unlink(missing_ok=True)
        self.log = open(options.scratch / "server.log", "w", encoding="utf-8")
        command = [str(options.binary), "serve", "--data", str(options.scratch / "data"),
                   "--backup-dir", str(options.scratch / "backups"), "--host", "127.0.0.1",
                   "--port", "0", "--log-level", "warning", "--ready-file", str(self.ready)]
        self.process = subprocess.Popen(command + options.server_arguments, stdout=self.log,
                                        stderr=self.log)
        while not self.ready.exists():
            if self.process.poll() is not None:
                fail(f"the server ended; see {self.log.name}")
            time.sleep(0.01)
        self.port = json.loads(self.ready.read_text())["port"]

    def call(self, operation, body):
        return call(self.port, operation, body)

    def cpu_seconds(self):
        fields = pathlib.Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def stop(self):
        self.process.terminate()
        try:
            self.process.wait(60)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.log.close()


def item_count(options):
    return max(1, options.size // 2500)


def load_table(server, options):
    count = item_count(options)
    server.call("CreateTable", {
        "TableName": TABLE, "BillingMode": "PAY_PER_REQUEST",
        "AttributeDefinitions": [{"AttributeName": "pk", "AttributeType": "S"}],
        "KeySchema": [{"AttributeName": "pk", "KeyType": "HASH"}]})
    while server.call("DescribeTable", {"TableName": TABLE})["Table"]["TableStatus"] != "ACTIVE":
        time.sleep(0.05)
    started = time.monotonic()
    share = -(-count // options.loaders)
    loaders = [multiprocessing.Process(target=load_items, args=(
        server.port, part * share, min(count, (part + 1) * share))) for part in range(options.loaders)]
    for loader in loaders:
        loader.start()
    for loader in loaders:
        loader.join()
        if loader.exitcode:
            fail("the table could not be loaded")
    say(f"loaded {count} items in {time.monotonic() - started:.1f} s")
    (options.scratch / "loaded").write_text(str(count))


def disk_bytes(folder):
    return sum(entry.stat().st_size for entry in folder.rglob("*") if entry.is_file())


def settle(options):
    """Waits until flushes and compactions have ended: the folder has kept its size for 2 seconds."""
    folder, seen, since = options.scratch / "data" / "db", -1, time.monotonic()
    while time.monotonic() - since < 2:
        try:
            size = disk_bytes(folder)
        except FileNotFoundError:  # a table has just been compacted away
            size = -1
        if size != seen:
            seen, since = size, time.monotonic()
        time.sleep(0.1)
    os.sync()


def drop_caches():
    os.sync()
    try:
        pathlib.Path("/proc/sys/vm/drop_caches").write_text("3")
    except OSError:
        return False
    return True


def measure_copy(options, result):
    """Once before each of the other measurements, so that a busy neighbour disturbs all alike."""
    settle(options)
    copy = options.scratch / "copy"
    shutil.rmtree(copy, ignore_errors=True)
    drop_caches()
    started = time.monotonic()
    subprocess.run(["sh", "-c", 'cp -r "$1" "$2" && sync', "sh", options.scratch / "data" / "db", copy],
                   check=True)
    seconds = time.monotonic() - started
    shutil.rmtree(copy)
    os.sync()
    result["copies"].append(seconds)
    say(f"cp and sync: {seconds:.2f} s")


@contextlib.contextmanager
def paced_gets(server, options, result):
    """GetItem at a fixed rate as long as the block runs; its latencies are put into `result`."""
    process = subprocess.Popen(
        [str(options.programs / "benchmark_paced"), str(server.port), TABLE, str(options.rate),
         str(min(options.hot_keys, item_count(options))), str(CONNECTIONS)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        yield
    finally:
        out, error = process.communicate()
        if process.returncode != 0:
            fail(f"GetItem: {error.strip()[:500]}")
        result["gets"] = json.loads(out)


def backup(server):
    before, started = server.cpu_seconds(), time.monotonic()
    arn = server.call("CreateBackup", {"TableName": TABLE, "BackupName": "bench"})[
        "BackupDetails"]["BackupArn"]
    while True:
        details = server.call("DescribeBackup", {"BackupArn": arn})["BackupDescription"]
        if details["BackupDetails"]["BackupStatus"] == "AVAILABLE":
            break
        time.sleep(0.01)
    return arn, {"seconds": time.monotonic() - started, "cpu_seconds": server.cpu_seconds() - before}


def restore(server, arn, target):
    before, started = server.cpu_seconds(), time.monotonic()
    server.call("RestoreTableFromBackup", {"TargetTableName": target, "BackupArn": arn})
    while True:
        table = server.call("DescribeTable", {"TableName": target})["Table"]
        if table["TableStatus"] == "ACTIVE":
            break
        time.sleep(0.02)
    return {"seconds": time.monotonic() - started, "cpu_seconds": server.cpu_seconds() - before}


def check_restored(server, options, target):
    count = item_count(options)
    table = server.call("DescribeTable", {"TableName": target})["Table"]
    if table["ItemCount"] != count:
        fail(f"{target} says {table['ItemCount']} items instead of {count}")
    for item in range(0, count, max(1, count // SAMPLE_COUNT)):
        got = server.call("GetItem", {"TableName": target, "Key": {"pk": {"S": key(item)}}})
        wanted = {"pk": {"S": key(item)}, "content": {"B": base64.b64encode(content(item)).decode()}}
        if got.get("Item") != wanted:
            fail(f"{key(item)} of {target} is not what was put")


def drop(server, options, arn=None, target=None):
    if target:
        server.call("DeleteTable", {"TableName": target})
        while target in server.call("ListTables", {})["TableNames"]:
            time.sleep(0.1)
    if arn:
        server.call("DeleteBackup", {"BackupArn": arn})
    settle(options)


def measure(server, options):
    result = {"copies": [], "table_bytes": disk_bytes(options.scratch / "data" / "db"), "idle": {}}
    with paced_gets(server, options, result["idle"]):
        time.sleep(options.idle_seconds)
    say(f"GetItem alone: {result['idle']['gets']}")
    measure_copy(options, result)
    drop_caches()
    arn, result["backup"] = backup(server)
    say(f"backup: {result['backup']}")
    for name in (["busy_backup"] if options.gets else []):
        drop(server, options, arn=arn)
        result[name] = {}
        measure_copy(options, result)
        drop_caches()
        with paced_gets(server, options, result[name]):
            time.sleep(0.5)
            arn, figures = backup(server)
        result[name] |= figures
        say(f"{name}: {result[name]}")
    if options.only_backup:
        drop(server, options, arn=arn)
        return result
    measure_copy(options, result)
    drop_caches()
    result["restore"] = restore(server, arn, "Restored")
    say(f"restore: {result['restore']}")
    check_restored(server, options, "Restored")
    for name in (["busy_restore"] if options.gets else []):
        drop(server, options, target="Restored")
        result[name] = {}
        measure_copy(options, result)
        drop_caches()
        with paced_gets(server, options, result[name]):
            time.sleep(0.5)
            result[name] |= restore(server, arn, "Restored")
        say(f"{name}: {result[name]}")
        check_restored(server, options, "Restored")
    drop(server, options, arn=arn, target="Restored")
    return result


def rows(result):
    """Name, figure, what it is compared with, unit, goals."""
    copy = statistics.median(result["copies"])
    found = [("backup until AVAILABLE", result["backup"]["seconds"], copy, "s", GOALS["backup"])]
    if "restore" in result:
        found.append(("restore until ACTIVE", result["restore"]["seconds"], copy, "s", GOALS["restore"]))
    idle = result["idle"]["gets"]["p99_us"]
    for name in ("backup", "restore"):
        busy = result.get(f"busy_{name}")
        if busy:
            found.append((f"GetItem p99 during a {name}", busy["gets"]["p99_us"], idle, "µs",
                          GOALS[f"p99_{name}"]))
            found.append((f"{name} with those GetItems", busy["seconds"], copy, "s", None))
    return found


def markdown(result):
    machine = result["machine"]
    lines = [
        f"# Backup and restore of {result['commit']}", "",
        f"{result['when']}, {machine['processor']}, {machine['cores']} cores, Linux {machine['kernel']}, "
        f"load average {machine['load_average_at_start']:.1f} at the start. "
        f"{result['items']:,} items of 1 to 4 KB that do not compress, {result['table_bytes'] / 1e9:.2f} GB "
        "on disk. " + ("The page cache was emptied before each row."
                       if result["cold"] else "**The page cache could not be emptied.**"), "",
        f"Times are compared with `cp -r` of the live files and `sync`, the median of "
        f"{len(result['copies'])}: " + ", ".join(f"{seconds:.2f}" for seconds in result["copies"]) + f" s; latencies ({result['rate']:,} "
        f"GetItem/s, open loop, {result['hot_keys']:,} hot keys) with the same load alone. The restored "
        "table was counted, and a sample of it compared byte for byte.", "",
        "| measure | figure | compared with | ratio | must | aim |", "|---|---|---|---|---|---|"]
    for name, figure, base, unit, goals in rows(result):
        must, aim = (f"{goal} x" for goal in goals) if goals else ("", "")
        lines.append(f"| {name} | {figure:,.2f} {unit} | {base:,.2f} {unit} | {figure / base:.2f} x | "
                     f"{must} | {aim} |")
    lines += ["", "| phase | seconds | server CPU s | GetItem p50 µs | p99 µs | p99.9 µs | max µs | "
              "machine stood still, ms | requests then | p99 µs with them |",
              "|---|---|---|---|---|---|---|---|---|---|"]
    for name in ("idle", "backup", "busy_backup", "restore", "busy_restore"):
        phase = result.get(name)
        if phase:
            gets = phase.get("gets", {})
            lines.append(f"| {name} | {phase.get('seconds', 0):.2f} | {phase.get('cpu_seconds', 0):.2f} | "
                         + " | ".join(str(gets.get(figure, "")) for figure in
                                      ("p50_us", "p99_us", "p999_us", "max_us", "stall_ms", "stalled",
                                       "p99_all_us")) + " |")
    return "\n".join(lines) + "\n"


def size_of(text):
    return int(float(text[:-1]) * UNITS[text[-1].upper()])


def parse(arguments):
    parser = argparse.ArgumentParser(prog="scripts/bench-backup", description=__doc__)
    parser.add_argument("--programs", type=absolute, required=True, help="folder of benchmark_paced")
    parser.add_argument("--binary", type=absolute, required=True, help="the gramme to measure")
    parser.add_argument("--size", type=size_of, default=size_of("1G"), help="of the table, e.g. 512M or 5G")
    parser.add_argument("--scratch", type=absolute, help="folder for data, copy and backups; kept, and a "
                        "table that it holds is used again")
    parser.add_argument("--rate", type=int, default=2000, help="GetItem per second")
    parser.add_argument("--hot-keys", type=int, default=2000)
    parser.add_argument("--idle-seconds", type=float, default=5)
    parser.add_argument("--loaders", type=int, default=3)
    parser.add_argument("--no-gets", dest="gets", action="store_false")
    parser.add_argument("--only-load", action="store_true")
    parser.add_argument("--only-backup", action="store_true")
    parser.add_argument("--results", type=absolute, default=HERE / "results")
    parser.add_argument("server_arguments", nargs="*", help="after --: further ones of gramme serve")
    return parser.parse_args(arguments)


def main():
    options = parse(sys.argv[1:])
    is_kept = options.scratch is not None
    options.scratch = options.scratch or options.programs / f"bench-backup-{os.getpid()}"
    options.scratch.mkdir(parents=True, exist_ok=True)
    result = {"commit": commit_of(options.binary), "machine": machine(), "cold": drop_caches(),
              "when": now(), "items": item_count(options), "rate": options.rate,
              "hot_keys": options.hot_keys}
    server = Server(options)
    try:
        loaded = options.scratch / "loaded"
        if not loaded.exists():
            load_table(server, options)
        elif int(loaded.read_text()) != item_count(options):
            fail(f"{options.scratch} holds a table of another size")
        settle(options)
        if not options.only_load:
            result |= measure(server, options)
    finally:
        server.stop()
        if not is_kept:
            shutil.rmtree(options.scratch)
    if options.only_load:
        return
    write_result(options.results, f"{result['when'][:10]}-{result['commit']}-backup", result,
                 markdown(result))


main()
