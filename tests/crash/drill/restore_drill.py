#!/usr/bin/env python3
"""The restore drill; called by scripts/restore-drill and, small, by ctest. Standard library only.

Every page of a strong Scan of each table, and of a Scan of each index, is hashed as it came: a restored
table must answer the same bytes in the same order. What is written after the backups must not come back.
"""

import argparse
import atexit
import base64
import concurrent.futures
import hashlib
import http.client
import json
import os
import pathlib
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time

START_SECONDS_MAX = 120
WAIT_SECONDS_MAX = 3600
BATCH_COUNT = 25
CONNECTIONS = 4
CONTENT_BYTES = (200, 6000)
INDEXES = ("local", "global")


def fail(text):
    sys.exit(f"restore-drill: {text}")


class Server:
    """A `gramme serve` that is killed or stopped by its own process id."""

    def __init__(self, binary, folder, data, backups):
        self.ready, log = folder / "ready.json", folder / "server.log"
        self.ready.unlink(missing_ok=True)
        environment = {name: value for name, value in os.environ.items()
                       if not name.startswith("GRAMME_")}
        with log.open("a", encoding="utf-8") as output:
            self.process = subprocess.Popen(
                [binary, "serve", "--data", data, "--backup-dir", backups, "--port", "0",
                 "--ready-file", self.ready], env=environment, stdin=subprocess.DEVNULL,
                stdout=output, stderr=output)
        atexit.register(self.process.kill)
        self._wait("ready", lambda: self._is_ready(log), START_SECONDS_MAX, 0.01)
        self.port = json.loads(self.ready.read_text(encoding="utf-8"))["port"]

    def __getstate__(self):
        return {"port": self.port}  # all that other processes need

    def _is_ready(self, log):
        if self.process.poll() is not None:
            fail(f"the server ended:\n{log.read_text(encoding='utf-8')[-4000:]}")
        return self.ready.is_file() and self.ready.read_text(encoding="utf-8").strip()

    @staticmethod
    def _wait(what, is_so, seconds_max=WAIT_SECONDS_MAX, every=0.05):
        begin = time.monotonic()
        while not is_so():
            if time.monotonic() - begin > seconds_max:
                fail(f"not {what} in {seconds_max} s")
            time.sleep(every)

    def call_text(self, connection, operation, request):
        connection.request("POST", "/", request if isinstance(request, bytes) else json.dumps(request), {
            "Content-Type": "application/x-amz-json-1.0",
            "X-Amz-Target": f"DynamoDB_20120810.{operation}"})
        response = connection.getresponse()
        body = response.read()
        if response.status != 200:
            fail(f"{operation}: {response.status} {body[:400]}")
        return body

    def connect(self):
        return http.client.HTTPConnection("127.0.0.1", self.port, timeout=120)

    def call(self, operation, request):
        connection = self.connect()
        try:
            return json.loads(self.call_text(connection, operation, request))
        finally:
            connection.close()

    def wait_until(self, what, is_so):
        self._wait(what, is_so)

    def end(self, by):
        self.process.send_signal(by)
        code = self.process.wait(120)
        if by == signal.SIGTERM and code != 0:
            fail(f"the server ended with {code}")


def create(server, name):
    server.call("CreateTable", {
        "TableName": name, "BillingMode": "PAY_PER_REQUEST",
        "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}, {"AttributeName": "n", "KeyType": "RANGE"}],
        "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"},
                                 {"AttributeName": "n", "AttributeType": "N"},
                                 {"AttributeName": "kind", "AttributeType": "S"}],
        "LocalSecondaryIndexes": [{
            "IndexName": "local", "Projection": {"ProjectionType": "KEYS_ONLY"},
            "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"},
                          {"AttributeName": "kind", "KeyType": "RANGE"}]}],
        "GlobalSecondaryIndexes": [{
            "IndexName": "global", "Projection": {"ProjectionType": "INCLUDE", "NonKeyAttributes": ["set"]},
            "KeySchema": [{"AttributeName": "kind", "KeyType": "HASH"},
                          {"AttributeName": "n", "KeyType": "RANGE"}]}]})
    await_active(server, name)


def await_active(server, name):
    server.wait_until(f"{name} is ACTIVE", lambda: server.call(
        "DescribeTable", {"TableName": name})["Table"]["TableStatus"] == "ACTIVE")


def put_request(number, chance):
    content = chance.randbytes(chance.randint(*CONTENT_BYTES))
    return b'{"PutRequest":{"Item":{"id":{"S":"id%d"},"n":{"N":"%d.5"},"kind":{"S":"k%d"},' \
           b'"set":{"NS":["%d","-1"]},"map":{"M":{"l":{"L":[{"BOOL":true},{"NULL":true}]}}},' \
           b'"content":{"B":"%s"}}}}' % (number // 20, number, number % 997, number,
                                        base64.b64encode(content))


def load(server, table, first, last, seed):
    chance, connection = random.Random(seed), server.connect()
    for start in range(first, last, BATCH_COUNT):
        puts = b",".join(put_request(number, chance)
                         for number in range(start, min(start + BATCH_COUNT, last)))
        answer = json.loads(server.call_text(
            connection, "BatchWriteItem", b'{"RequestItems":{"%s":[%s]}}' % (table.encode(), puts)))
        if answer["UnprocessedItems"]:
            fail("a batch was not taken whole")
    connection.close()


def digest(server, table):
    """Of all answers to a Scan of the table and of its indexes, and how many items there are."""
    counts, hashes, connection = [], hashlib.sha256(), server.connect()
    for index in (None, *INDEXES):
        count, start = 0, None
        while True:
            request = {"TableName": table, "ConsistentRead": index != "global"}
            request |= {"IndexName": index} if index else {}
            request |= {"ExclusiveStartKey": start} if start else {}
            body = server.call_text(connection, "Scan", request)
            hashes.update(body)
            page = json.loads(body)
            count += page["Count"]
            start = page.get("LastEvaluatedKey")
            if not start:
                break
        counts.append(count)
    connection.close()
    return hashes.hexdigest(), counts


def drop_caches():
    os.sync()
    try:
        pathlib.Path("/proc/sys/vm/drop_caches").write_text("3", encoding="ascii")
    except OSError:
        pass


def folder_bytes(folder):
    return sum(entry.stat().st_size for entry in folder.rglob("*") if entry.is_file())


class Clock:
    """Times steps, each from an empty page cache."""

    def __init__(self):
        self.seconds = {}

    def time(self, name, step):
        drop_caches()
        begin = time.monotonic()
        result = step()
        self.seconds[name] = time.monotonic() - begin
        return result


def run_command(binary, *arguments):
    done = subprocess.run([binary, *arguments], capture_output=True, text=True, check=False)
    if done.returncode != 0:
        fail(f"gramme {' '.join(map(str, arguments))}: {done.returncode} {done.stdout}{done.stderr}")


def back_up(server, tables):
    for table in tables:
        server.call("CreateBackup", {"TableName": table, "BackupName": "drill"})
    server.wait_until("every backup is AVAILABLE", lambda: all(
        summary["BackupStatus"] == "AVAILABLE"
        for summary in server.call("ListBackups", {})["BackupSummaries"]))


def restore(server, tables):
    summaries = server.call("ListBackups", {})["BackupSummaries"]
    if sorted(summary["TableName"] for summary in summaries) != sorted(tables):
        fail(f"the fresh server lists other backups: {summaries}")
    for summary in summaries:
        server.call("RestoreTableFromBackup", {"TargetTableName": summary["TableName"],
                                               "BackupArn": summary["BackupArn"]})
    for table in tables:
        await_active(server, table)


def fill(server, options, tables):
    per_table = max(1, int(options.gb * 1e9 / (sum(CONTENT_BYTES) / 2 + 150) / len(tables)))
    share = -(-per_table // CONNECTIONS)
    for table in tables:
        create(server, table)
    with concurrent.futures.ProcessPoolExecutor(CONNECTIONS) as pool:
        for table in tables:
            loads = [pool.submit(load, server, table, first, min(first + share, per_table),
                                 f"{options.seed} {table} {first}")
                     for first in range(0, per_table, share)]
            for done in loads:
                done.result()


def digests(server, tables):
    with concurrent.futures.ProcessPoolExecutor(CONNECTIONS) as pool:
        return dict(zip(tables, pool.map(digest, [server] * len(tables), tables)))


def drill(options, host, off_host):
    clock, copies = Clock(), off_host / "copies"
    tables = [f"Table{number}" for number in range(options.tables)]
    server = Server(options.binary, host, host / "data", host / "backups")
    fill(server, options, tables)
    wanted = digests(server, tables)
    clock.time("back up", lambda: back_up(server, tables))
    for table in tables:  # after the instant of its backup
        load(server, table, 0, 30, f"later {options.seed}")
    gb = folder_bytes(host / "backups") / 1e9
    clock.time("copy off the host", lambda: run_command(
        options.binary, "backup", "copy", "--backup-dir", host / "backups", "--to", copies))
    server.end(signal.SIGKILL)
    shutil.rmtree(host)
    host.mkdir()
    clock.time("verify", lambda: run_command(options.binary, "backup", "verify", "--backup-dir", copies))
    server = Server(options.binary, host, host / "data", copies)
    clock.time("restore", lambda: restore(server, tables))
    found = digests(server, tables)
    server.end(signal.SIGTERM)
    if found != wanted:
        fail(f"restored {found} instead of {wanted}")
    report(clock, gb, wanted)


def report(clock, gb, wanted):
    items = sum(counts[0] for _, counts in wanted.values())
    entries = sum(sum(counts[1:]) for _, counts in wanted.values())
    print(f"{len(wanted)} tables, {items} items, {entries} index entries, {gb:.3f} GB of backups: "
          "all came back, and nothing else")
    for name, seconds in clock.seconds.items():
        print(f"{name:18} {seconds:7.2f} s  {seconds / gb:7.2f} s/GB")


def main():
    parser = argparse.ArgumentParser(prog="scripts/restore-drill", description=__doc__)
    parser.add_argument("gb", nargs="?", type=float, default=0.02, help="GB of items, all tables together")
    parser.add_argument("--tables", type=int, default=4)
    parser.add_argument("--binary", type=pathlib.Path, required=True)
    parser.add_argument("--off-host", type=pathlib.Path, help="an existing folder, of another disk")
    parser.add_argument("--scratch", type=pathlib.Path, help="an existing folder for the host's own disk")
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(10**9))
    options = parser.parse_args()
    options.binary = options.binary.resolve()
    print(f"GRAMME_SEED={options.seed}", flush=True)
    with tempfile.TemporaryDirectory(prefix="gramme-drill-", dir=options.scratch) as host, \
            tempfile.TemporaryDirectory(prefix="gramme-off-host-", dir=options.off_host) as off_host:
        folder = pathlib.Path(host) / "host"
        folder.mkdir()
        drill(options, folder, pathlib.Path(off_host))


if __name__ == "__main__":
    main()
