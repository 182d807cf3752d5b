"""From the start of the process to its first answer: nothing there, a clean stop, a full log."""

import pathlib
import shutil
import statistics
import subprocess
import time

from common import fail, say
from scale_server import LARGE_TABLE, Server

LOG_SHARE = 0.9  # of the longest log seen counts as full


def log_bytes(directory):
    total = 0
    for file in pathlib.Path(directory, "db").glob("*.log"):
        try:
            total += file.stat().st_size
        except FileNotFoundError:
            pass
    return total


def empty(options, scratch):
    times = []
    for _ in range(options.repetitions):
        directory = scratch / "empty"
        server = Server(options, directory, core=0)
        times.append(server.first_answer_s * 1000)
        server.stop()
        shutil.rmtree(directory)
    say(f"start, empty: {statistics.median(times):.1f} ms")
    return times


def clean(options, directory):
    """The directory was stopped cleanly; the first answer is a GetItem of its large table."""
    request = ("GetItem", {"TableName": "Large", "Key": {"pk": {"S": "order#00000000"},
                                                         "sk": {"N": "1"}}})
    Server(options, directory, core=0).stop()
    times = []
    for _ in range(options.repetitions):
        server = Server(options, directory, core=0, first_request=request)
        times.append(server.first_answer_s * 1000)
        server.stop()
    say(f"start, after a clean stop: {statistics.median(times):.1f} ms")
    return times


def fill_log(options, server, first):
    """Writes until the log is about as long as it gets, and kills. Its length."""
    command = [str(options.programs / "benchmark_scale"), "load", str(server.port), str(server.pid),
               "16", str(first), str(first + 10_000_000)]
    load = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    longest = 0
    learning = time.monotonic() + options.log_learn_s
    deadline = learning + 60
    while True:
        length = log_bytes(server.directory)
        if time.monotonic() < learning:
            longest = max(longest, length)
        elif length >= LOG_SHARE * longest:
            server.kill()
            break
        if time.monotonic() > deadline or load.poll() is not None:
            fail("the log does not fill")
        time.sleep(0.002)
    load.wait()
    return log_bytes(server.directory)


def killed(options, scratch):
    directory = scratch / "killed"
    server = Server(options, directory, core=0)
    server.client().call("CreateTable", LARGE_TABLE)
    times = []
    lengths = []
    first = 0
    for _ in range(options.kill_repetitions):
        lengths.append(fill_log(options, server, first))
        first += 1_000_000
        server = Server(options, directory, core=0)
        times.append(server.first_answer_s * 1000)
        say(f"start after kill -9 with {lengths[-1] / 1e6:.0f} MB of log: {times[-1]:.0f} ms")
    server.stop()
    return times, statistics.median(lengths)


