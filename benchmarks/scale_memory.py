"""Resident memory: idle, with idle connections, and under every kind of load."""

import json
import resource
import socket
import threading
import time

from common import Client, Refused, say
from scale_server import LARGE_TABLE, Server, run_load

DESCRIPTORS = 12_000


def idle(options, scratch):
    """Bytes of a server that has answered one request, and of each of the idle connections."""
    resource.setrlimit(resource.RLIMIT_NOFILE,
                       (DESCRIPTORS, resource.getrlimit(resource.RLIMIT_NOFILE)[1]))
    server = Server(options, scratch / "idle", core=0)
    client = server.client()
    client.call("CreateTable", LARGE_TABLE)
    key = {"pk": {"S": "a"}, "sk": {"N": "1"}}
    client.call("PutItem", {"TableName": "Large", "Item": {**key, "note": {"S": "x" * 1000}}})
    time.sleep(1)
    alone = server.memory()
    connections = []
    for _ in range(options.idle_connections):
        connection = server.client()
        # Each has been used once: its buffers have been as large as an ordinary request needs.
        connection.call_text("GetItem", {"TableName": "Large", "Key": key})
        connections.append(connection)
    time.sleep(1)
    crowded = server.memory()
    for connection in connections:
        connection.close()
    server.stop()
    each = (crowded["anonymous"] - alone["anonymous"]) / options.idle_connections
    say(f"idle: {alone['resident'] / 1e6:.1f} MB resident, {each / 1024:.1f} KB for each connection")
    return {"alone": alone, "each_connection_bytes": each}


def ask_for_long(port, seconds, body_of, operation, failures):
    client = Client(port)
    end = time.monotonic() + seconds
    number = 0
    while time.monotonic() < end:
        try:
            client.call_text(operation, body_of(number))
        except Refused as refused:
            failures.append(str(refused)[:200])
        except OSError as error:
            failures.append(repr(error))
            client = Client(port)
        number += 1


def crowd(server, count, seconds, operation, body_of):
    """`count` clients at once; what was refused."""
    failures = []
    threads = [threading.Thread(target=ask_for_long,
                                args=(server.port, seconds, lambda n, i=i: body_of(n * count + i),
                                      operation, failures)) for i in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return failures


def under_load(options, server, items):
    """The highest resident memory of each kind of load on a server of the large table."""
    rows = []

    def note(kind, failures):
        memory = server.memory()
        rows.append({"load": kind, "peak_bytes": memory["peak"], "resident_after": memory["resident"],
                     "refused": len(failures), "refusal": failures[0] if failures else ""})
        say(f"{kind}: peak {memory['peak'] / 1e6:.0f} MB, then {memory['resident'] / 1e6:.0f} MB, "
            f"{len(failures)} refused {failures[:1]}")
        server.forget_peak()

    seconds = options.load_seconds
    server.forget_peak()
    for kind in ("get", "put", "query"):
        run_load(options, server, kind, [64, 0, seconds * 1000, items])
        note({"get": "GetItem of any key", "put": "PutItem of any key",
              "query": "Query of any partition"}[kind], [])
    note("Scan, 128 at once, 1 MB pages", crowd(
        server, 128, seconds, "Scan",
        lambda n: {"TableName": "Large", "TotalSegments": 128, "Segment": n % 128}))
    partitions = max(1, items // 10)
    note("BatchGetItem of 100 keys, 128 at once", crowd(
        server, 128, seconds, "BatchGetItem", lambda n: {"RequestItems": {"Large": {"Keys": [
            {"pk": {"S": f"order#{(n * 7919 + k * 104729) % partitions:08}"},
             "sk": {"N": str(k % 10)}} for k in range(100)]}}}))
    large = {"note": {"S": "y" * 390_000}}
    batch = [{"PutRequest": {"Item": {"pk": {"S": f"big#{k}"}, "sk": {"N": "1"}, **large}}}
             for k in range(25)]
    note("BatchWriteItem of 10 MB, 32 at once", crowd(
        server, 32, seconds, "BatchWriteItem", lambda n: {"RequestItems": {"Large": batch}}))
    note("BatchGetItem of 10 MB, 64 at once", crowd(
        server, 64, seconds, "BatchGetItem", lambda n: {"RequestItems": {"Large": {"Keys": [
            {"pk": {"S": f"big#{k}"}, "sk": {"N": "1"}} for k in range(25)]}}}))
    note("BatchWriteItem of 60 KB, 4,000 connections, each once at the same moment",
         flood(server, 4000))
    note("bodies of 15 MB that stop before their end, 64", halves(server, 64))
    return rows


def flood(server, count):
    """Every connection has a request of 60 KB in the server before any answer is read."""
    puts = [{"PutRequest": {"Item": {"pk": {"S": f"flood#{k}"}, "sk": {"N": "1"}, "list": {
        "L": [{"S": "abcd"} for _ in range(150)]}}}} for k in range(25)]
    body = json.dumps({"RequestItems": {"Large": puts}}, separators=(",", ":")).encode()
    head = (b"POST / HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/x-amz-json-1.0\r\n"
            b"authorization: AWS4-HMAC-SHA256 Credential=local/20261120/us-east-1/dynamodb/"
            b"aws4_request, SignedHeaders=host;x-amz-date, Signature=%064d\r\n"
            b"x-amz-date: 20261120T110000Z\r\n"
            b"x-amz-target: DynamoDB_20120810.BatchWriteItem\r\ncontent-length: %d\r\n\r\n"
            % (0, len(body)))
    sockets = [socket.create_connection(("127.0.0.1", server.port), timeout=60)
               for _ in range(count)]
    for connection in sockets:
        connection.sendall(head + body)
    refused = []
    for connection in sockets:
        answer = connection.recv(4096)
        if not answer.startswith(b"HTTP/1.1 200"):
            refused.append((answer.split(b"\r\n")[0] + answer[-100:]).decode())
        connection.close()
    return refused


def halves(server, count):
    """Requests that announce 15 MB, send all but the last byte, and wait."""
    body = json.dumps({"TableName": "Large", "Item": {"pk": {"S": "z"}}}).encode()
    body += b" " * (15_000_000 - len(body))
    head = (b"POST / HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/x-amz-json-1.0\r\n"
            b"x-amz-target: DynamoDB_20120810.PutItem\r\ncontent-length: %d\r\n\r\n" % len(body))
    sockets = []
    refused = []
    for _ in range(count):
        connection = socket.create_connection(("127.0.0.1", server.port), timeout=10)
        try:
            connection.sendall(head + body[:-1])
        except OSError:
            pass
        sockets.append(connection)
    time.sleep(1)
    for connection in sockets:
        connection.settimeout(0.05)
        try:
            answer = connection.recv(4096)
            if answer:
                refused.append(answer.split(b"\r\n")[0].decode())
        except OSError:
            pass
        connection.close()
    return refused
