"""A gramme under measure, for benchmarks/scale.py: start, ask, look at its memory, stop, kill."""

import atexit
import json
import pathlib
import signal
import subprocess
import time

from common import Client, fail, free_port

START_SECONDS_MAX = 120
LARGE_TABLE = {
    "TableName": "Large", "BillingMode": "PAY_PER_REQUEST",
    "AttributeDefinitions": [{"AttributeName": "pk", "AttributeType": "S"},
                             {"AttributeName": "sk", "AttributeType": "N"}],
    "KeySchema": [{"AttributeName": "pk", "KeyType": "HASH"},
                  {"AttributeName": "sk", "KeyType": "RANGE"}]}


class Server:
    """Owns the process. `first_answer_s`: from its start to the first answer to `first_request`."""

    def __init__(self, options, directory, memory="512M", core=None, loops=1, first_request=None):
        self.port = free_port()
        command = [str(options.binary), "serve", "--data", str(directory), "--backup-dir",
                   f"{directory}-backups", "--host", "127.0.0.1", "--port", str(self.port), "--loops",
                   str(loops), "--memory", memory, "--log-level", "warning"]
        if core is not None and options.can_pin:
            command = ["taskset", "-c", str(core), *command]
        self.directory = pathlib.Path(directory)
        self.log = open(f"{directory}.log", "ab")
        started = time.perf_counter()
        self.process = subprocess.Popen(command, stdout=self.log, stderr=self.log)
        atexit.register(self.end)
        self.first_answer_s = self.wait_for_answer(started, first_request or ("ListTables", {}))

    @property
    def pid(self):
        return self.process.pid

    def wait_for_answer(self, started, request):
        while True:
            try:
                client = Client(self.port)
                break
            except OSError:
                if self.process.poll() is not None:
                    fail(f"gramme ended with code {self.process.returncode}; see {self.log.name}")
                if time.perf_counter() - started > START_SECONDS_MAX:
                    self.kill()
                    fail(f"gramme does not listen; see {self.log.name}")
                time.sleep(0.0005)
        client.call(*request)
        taken = time.perf_counter() - started
        client.close()
        return taken

    def client(self):
        return Client(self.port)

    def memory(self):
        """Bytes: resident, of those anonymous, and the highest that was ever resident."""
        members = {}
        for line in pathlib.Path(f"/proc/{self.pid}/status").read_text().splitlines():
            name, _, rest = line.partition(":")
            members[name] = rest.split()
        return {"resident": int(members["VmRSS"][0]) * 1024,
                "anonymous": int(members["RssAnon"][0]) * 1024,
                "peak": int(members["VmHWM"][0]) * 1024}

    def forget_peak(self):
        """The highest resident memory is counted from now on."""
        pathlib.Path(f"/proc/{self.pid}/clear_refs").write_text("5")

    def cpu_us(self):
        """Processor time of all threads so far."""
        total = 0
        for task in pathlib.Path(f"/proc/{self.pid}/task").iterdir():
            total += int((task / "schedstat").read_text().split()[0])
        return total / 1000

    def stop(self):
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(120)
            except subprocess.TimeoutExpired:
                self.kill()
                fail("gramme does not stop")
        self.log.close()

    def end(self):
        """Nothing that was started here outlives us."""
        if self.process.poll() is None:
            self.process.kill()

    def kill(self):
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()


def run_load(options, server, kind, arguments, core=None, quiet=True, timeout=7200):
    """benchmark_scale; its line of JSON. The progress of a load goes to our own standard error."""
    command = [str(options.programs / "benchmark_scale"), kind, str(server.port), str(server.pid),
               *[str(argument) for argument in arguments]]
    if core is not None and options.can_pin:
        command = ["taskset", "-c", str(core), *command]
    done = subprocess.run(command, stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE if quiet else None, text=True, timeout=timeout)
    if done.returncode != 0:
        fail(f"{kind}: {(done.stderr or '').strip()[:600]}")
    return json.loads(done.stdout)
