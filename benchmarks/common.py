"""What every measurement needs: saying and failing, a client, a free port, the machine, the result."""

import datetime
import http.client
import json
import os
import pathlib
import socket
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent


def fail(text):
    sys.exit(f"{pathlib.Path(sys.argv[0]).name}: {text}")


def say(text):
    print(f"{pathlib.Path(sys.argv[0]).name}: {text}", file=sys.stderr, flush=True)


def absolute(text):
    return pathlib.Path(text).resolve()


def free_port():
    """A port that nobody listens on; without SO_REUSEPORT, so that no stale server hides there."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Refused(Exception):
    """An answer that is not 200."""


class Client:
    """One connection that stays open as long as the server lets it."""

    def __init__(self, port, timeout=600):
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=timeout)
        self.connection.connect()
        self.connection.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def call(self, operation, body):
        return json.loads(self.call_text(operation, body))

    def call_text(self, operation, body):
        """The body may be given as bytes."""
        scope = "local/20261120/us-east-1/dynamodb/aws4_request"
        text = body if isinstance(body, bytes) else json.dumps(body)
        self.connection.request("POST", "/", text, {
            "Content-Type": "application/x-amz-json-1.0",
            "X-Amz-Target": f"DynamoDB_20120810.{operation}",
            "X-Amz-Date": "20261120T110000Z",
            "Authorization": f"AWS4-HMAC-SHA256 Credential={scope}, "
                             f"SignedHeaders=host;x-amz-date, Signature={'0' * 64}",
        })
        answer = self.connection.getresponse()
        text = answer.read()
        if answer.status != 200:
            raise Refused(f"{operation}: {answer.status} {text[:300]}")
        return text

    def close(self):
        self.connection.close()


def call(port, operation, body):
    """Over a connection of its own: the server closes what has been idle for long."""
    client = Client(port)
    try:
        return client.call(operation, body)
    except Refused as refused:
        fail(refused)
    finally:
        client.close()


def version_of(binary):
    done = subprocess.run([str(binary), "version", "--output", "json"], capture_output=True, text=True,
                          timeout=30)
    if done.returncode != 0:
        fail(f"{binary} does not run: {done.stderr.strip()[:300]}")
    return json.loads(done.stdout)


def commit_of(binary):
    """The commit that a gramme says it was built from; "unknown" if it does not say."""
    return version_of(binary).get("commit", "unknown")


def now():
    return datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%d %H:%M UTC")


def machine():
    model = "unknown"
    for line in pathlib.Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            model = line.partition(":")[2].strip()
            break
    return {"processor": model, "cores": os.cpu_count(), "kernel": os.uname().release,
            "load_average_at_start": os.getloadavg()[0]}


def write_result(folder, stem, result, markdown):
    """STEM.json and STEM.md, the page also on standard output."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{stem}.json").write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")
    (folder / f"{stem}.md").write_text(markdown, encoding="utf-8")
    print(markdown)
    say(f"written to {folder}/{stem}.md and .json")
