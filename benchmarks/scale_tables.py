"""2,000 tables: what each step costs, whether the last costs more than the first, and the memory."""

import statistics
import time

from common import say
from scale_server import Server

STEPS = ("CreateTable", "PutItem", "GetItem", "Query", "DeleteTable")
EDGE = 100  # tables compared at either end
# A hundred reads take 10 ms, in which the machine may do anything: what can be repeated is.
ROUNDS = {"PutItem": 5, "GetItem": 5, "Query": 5}


def table(number):
    return {"TableName": f"table-{number:05}", "BillingMode": "PAY_PER_REQUEST",
            "AttributeDefinitions": [{"AttributeName": "pk", "AttributeType": "S"}],
            "KeySchema": [{"AttributeName": "pk", "KeyType": "HASH"}]}


def request(step, number):
    name = {"TableName": f"table-{number:05}"}
    key = {"pk": {"S": "customer"}}
    return {
        "CreateTable": table(number),
        "PutItem": {**name, "Item": {**key, "note": {"S": "x" * 100}}},
        "GetItem": {**name, "Key": key},
        "Query": {**name, "KeyConditionExpression": "pk = :p",
                  "ExpressionAttributeValues": {":p": {"S": "customer"}}},
        "DeleteTable": name,
    }[step]


def percentile(values, share):
    ordered = sorted(values)
    return ordered[round(share * (len(ordered) - 1))]


def by_step(count):
    """Each step is taken on every table, some in several rounds, before the next step begins."""
    return [(step, number) for step in STEPS for _ in range(ROUNDS.get(step, 1))
            for number in range(count)]


def by_table(count):
    """Each table goes from its creation to its end before the next one."""
    return [(step, number) for number in range(count) for step in STEPS]


def visit(server, client, calls):
    """Milliseconds of each call, by step, and the server's processor time per call."""
    times = {step: [] for step in STEPS}
    cpu = server.cpu_us()
    for step, number in calls:
        body = request(step, number)
        begin = time.perf_counter()
        text = client.call_text(step, body)
        times[step].append((time.perf_counter() - begin) * 1000)
        if step in ("GetItem", "Query") and b"x" * 100 not in text:
            raise SystemExit(f"bench-scale: {step} answered {text}")
    return times, (server.cpu_us() - cpu) / len(calls)


def summary(order, step, times, count):
    first = statistics.median(t for i, t in enumerate(times) if i % count < EDGE)
    last = statistics.median(t for i, t in enumerate(times) if i % count >= count - EDGE)
    say(f"{order}, {step}: p99 {percentile(times, 0.99):.2f} ms, last/first {last / first:.2f}")
    return {"order": order, "step": step, "p50_ms": statistics.median(times),
            "p99_ms": percentile(times, 0.99), "worst_ms": max(times), "first_ms": first,
            "last_ms": last, "growth": last / first}


def measure(options, scratch):
    count = options.tables
    server = Server(options, scratch / "tables", core=0)
    client = server.client()
    # What the first request of each kind brings into memory is not the tables' doing.
    for step in STEPS:
        client.call_text(step, request(step, 99999))
    rows = []
    before = server.memory()["anonymous"]
    calls = by_step(count)
    drop_at = calls.index(("DeleteTable", 0))
    times, cpu_used = visit(server, client, calls[:drop_at])
    per_table = (server.memory()["anonymous"] - before) / count
    deletions, cpu_dropping = visit(server, client, calls[drop_at:])
    times["DeleteTable"] = deletions["DeleteTable"]
    rows += [summary("step by step", step, times[step], count) for step in STEPS]
    time.sleep(2)  # the jobs that drop
    before = server.memory()["anonymous"]
    times, cpu_by_table = visit(server, client, by_table(count))
    rows += [summary("table by table", step, times[step], count) for step in STEPS]
    time.sleep(2)
    left_over = (server.memory()["anonymous"] - before) / count
    after_drop = cost_of_dropped(client)
    server.stop()
    return {"rows": rows, "memory_per_table_bytes": per_table,
            "memory_left_per_dropped_table_bytes": left_over, "after_drop_ms": after_drop,
            "cpu_us": {"create, put, get, query": cpu_used, "delete": cpu_dropping,
                       "table by table": cpu_by_table}}


def cost_of_dropped(client):
    """A GetItem of a table that was created after so many were dropped."""
    client.call_text("CreateTable", request("CreateTable", 99998))
    client.call_text("PutItem", request("PutItem", 99998))
    times = []
    for _ in range(500):
        begin = time.perf_counter()
        client.call_text("GetItem", request("GetItem", 99998))
        times.append((time.perf_counter() - begin) * 1000)
    return statistics.median(times)


def restarted_memory(options, scratch):
    """Resident memory per table of a server that finds the tables at its start."""
    figures = {}
    for count in (0, options.tables):
        directory = scratch / f"restart-{count}"
        server = Server(options, directory, core=0)
        client = server.client()
        for number in range(count):
            client.call_text("CreateTable", table(number))
        server.stop()
        server = Server(options, directory, core=0)
        time.sleep(0.5)
        figures[count] = server.memory()["anonymous"]
        server.stop()
    return (figures[options.tables] - figures[0]) / options.tables
