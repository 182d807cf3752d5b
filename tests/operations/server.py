"""The server under test as a child process, and raw calls to it. Standard library only.

The server keeps everything in memory and listens on a free port of the loopback interface; it is
stopped by its own process id.
"""

import http.client
import json
import os
import pathlib
import subprocess
import tempfile
import time

START_SECONDS_MAX = 60
DYNAMODB = "DynamoDB_20120810"
STREAMS = "DynamoDBStreams_20120810"
ADMIN = "GrammeAdmin_20261101"
# Of the operations that are not of DynamoDB's own service.
SERVICES = {
    "DescribeStream": STREAMS, "GetRecords": STREAMS, "GetShardIterator": STREAMS,
    "ListStreams": STREAMS, "CreateBackups": ADMIN, "RestoreTable": ADMIN,
    "UpdateStreamShardCount": ADMIN,
}


class Answer:
    def __init__(self, status, headers, body):
        self.status, self.headers, self.body = status, headers, body
        self.json = json.loads(body) if body.startswith(b"{") else {}

    @property
    def error(self):
        """The name of the error without its namespace; empty for a success."""
        return self.json.get("__type", "").rpartition("#")[2] if self.status != 200 else ""

    @property
    def message(self):
        return self.json.get("message", self.json.get("Message", ""))


class Server:
    """Used as a context manager. One connection, one request at a time."""

    def __init__(self, binary, *arguments):
        self._binary, self._arguments = pathlib.Path(binary).resolve(), arguments

    def __enter__(self):
        self._folder = tempfile.TemporaryDirectory(prefix="gramme-operations-")
        folder = pathlib.Path(self._folder.name)
        ready_file = folder / "ready.json"
        self._log = (folder / "log").open("w+", encoding="utf-8")
        # GRAMME_* variables are settings to the server.
        environment = {name: value for name, value in os.environ.items()
                       if not name.startswith("GRAMME_")}
        self._process = subprocess.Popen(
            [self._binary, "dev", "--host", "127.0.0.1", "--port", "0",
             "--backup-dir", str(folder / "backups"), "--ready-file", str(ready_file),
             *self._arguments],
            cwd=folder, env=environment, stdin=subprocess.DEVNULL, stdout=self._log,
            stderr=subprocess.STDOUT)
        begin = time.monotonic()
        while not ready_file.is_file() or not ready_file.read_text(encoding="utf-8").strip():
            if self._process.poll() is not None or time.monotonic() - begin > START_SECONDS_MAX:
                output = self._output()
                self.__exit__(None, None, None)
                raise RuntimeError(f"the server did not start; it printed:\n{output}")
            time.sleep(0.01)
        self.port = json.loads(ready_file.read_text(encoding="utf-8"))["port"]
        self._connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        return self

    def __exit__(self, *_):
        ended_by_itself = self._process.poll() is not None
        output = self._output()
        if not ended_by_itself:
            self._process.terminate()
            self._process.wait(timeout=60)
        self._log.close()
        self._folder.cleanup()
        if ended_by_itself:
            raise RuntimeError(f"the server ended by itself; it printed:\n{output}")

    def call(self, operation, request):
        """`request` is sent as it is when it is bytes."""
        body = request if isinstance(request, bytes) else json.dumps(request).encode()
        return self.send("POST", "/", body, {
            "Content-Type": "application/x-amz-json-1.0",
            "X-Amz-Target": f"{SERVICES.get(operation, DYNAMODB)}.{operation}",
        })

    def send(self, method, path, body=b"", headers=None):
        self._connection.request(method, path, body, headers or {})
        response = self._connection.getresponse()
        return Answer(response.status, response.headers, response.read())

    def _output(self):
        self._log.flush()
        self._log.seek(0)
        return self._log.read()[-64_000:]
