#!/usr/bin/env python3
"""Where the processor time of a request goes; called by `scripts/bench profile`. Standard library and perf.

One server on one core, one kind of request at a time, 64 connections. perf samples the processor clock; each
sample counts for the function in which it was taken, and each function for the part that the table below
puts it in. The shares, times the CPU per request that the load measured in the same time, are microseconds.
"""

import argparse
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import time

import servers

CONNECTIONS = 64
WINDOW_MS = 4000
SAMPLES_PER_SECOND = 4000
KINDS = {"get": ("GetItem, 1 KB", []), "put": ("PutItem, 1 KB, durable", []),
         "relaxed": ("PutItem, 1 KB, relaxed", ["--durability", "relaxed"]),
         "query": ("Query, 10 items of 100 B", []), "add": ("UpdateItem ADD, one hot item", [])}

# (part, program or library, function): the first line that matches counts.
PARTS = [
    ("kernel: receiving and sending",
     r"kernel", r"tcp|sock|skb|inet|ip_|__ip|net_|dev_|recv|send|iter|fdget|bbr|loopback|softirq|napi|nf_|dst|"
                r"copy_(to|from)|qdisc|xmit|checksum|csum|process_backlog|eth_|neigh|page_frag|__alloc_skb|rfs|"
                r"_raw_spin_unlock_irqrestore"),
    ("kernel: waiting for events", r"kernel", r"ep_|epoll|eventfd|poll|wake"),
    ("kernel: files and disk", r"kernel", r"ext4|jbd2|blk|bio|virt|vring|iowrite|write_|file|folio|page|xa_|filemap|"
                                          r"fsync|sync|dm_|nvme|scsi|inode|iomap|sbitmap|mempool"),
    ("kernel: threads, entry, other", r"kernel", r""),
    ("RocksDB", r"librocksdb", r""),
    ("memory: malloc and free", r"libc", r"malloc|free|calloc|unlink_chunk|realloc|memalign"),
    ("memory: operator new", r"libstdc", r"operator (new|delete)"),
    ("bytes: memcmp, memmove, memchr", r"libc", r"mem|str"),
    ("locks and system calls", r"libc|ld-linux|vdso", r""),
    ("http: heads, bodies, answers",
     r"gramme", r"gramme::(Connection|RequestHead|RequestParser|HeaderList|Loop|Poller|ResponseH|AppendResponse|"
                r"EqualsIgnoreCase|BodyBuffer|ChunkDecoder|Listener|WakeBatch)|vector<gramme::Header"),
    ("JSON in: parsing, decoding", r"simdjson", r""),
    ("JSON in: parsing, decoding",
     r"gramme", r"simdjson|Decode(String|Value|Attribute|Typed|Number|Map|List|Struct|Elements|Nested|Bytes|Boolean|"
                r"Scalar)|RequestDecoder|RequestProblems|TypedCall|Check(String|Count|Range)|Number::Parse|MapOf|"
                r"DigitScan|DigitCount"),
    ("JSON out: items and answers",
     r"gramme", r"JsonBuffer|ValueWalk|JsonItem|AppendJson|JsonEncoder|Number::WriteTo|EncodedItem"),
    ("checksums", r"xxhash|deflate", r""),
    ("request pipeline: gate, run, metrics",
     r"gramme", r"OperationRun|Dispatcher|OperationContext|Gate|Counter|Histogram|MakeAnswer|RequestId|Responder|"
                r"RequestLog|Resources|Access|Catalog|CurrentView"),
    ("store: decision, queue, committer",
     r"gramme", r"Updater|CommitQueue|Committer|Overlay|QueuedCommit|KeyLock|ReleaseGate|RoundBuilder|Watermark|"
                r"PublishedView|RocksDb|Prewritten|LogGuard|Guarded|WriteBatch|EncodedKey|EncodeKey|HashKey"),
    ("items: keys, codecs, expressions, pages", r"gramme", r""),
    ("other", r"", r""),
]


def part_of(library, symbol):
    for part, library_pattern, symbol_pattern in PARTS:
        if re.search(library_pattern, library) and re.search(symbol_pattern, symbol):
            return part
    return "other"


def shares_of(data):
    """Part -> share of all samples, and the largest functions of each."""
    done = subprocess.run(
        ["perf", "report", "-i", str(data), "--no-children", "-g", "none", "--sort", "dso,symbol", "--stdio",
         "--field-separator", "\t", "--percent-limit", "0"], capture_output=True, text=True, check=True)
    shares, largest = {}, {}
    for line in done.stdout.splitlines():
        words = line.split("\t")
        if line.startswith("#") or len(words) < 3:
            continue
        share, library, symbol = float(words[0].strip().rstrip("%")) / 100, words[1], words[2]
        part = part_of(library, symbol)
        shares[part] = shares.get(part, 0) + share
        largest.setdefault(part, []).append((share, symbol.replace("[.]", "").replace("[k]", "").strip()))
    return shares, largest


def profile(options, place, kind):
    title, arguments = KINDS[kind]
    started = [servers.start_gramme("gramme", options.binary, place, *arguments)]
    data = pathlib.Path(place.scratch) / f"{kind}.perf"
    try:
        server = started[0]
        server.fill()
        recorder = subprocess.Popen(
            ["perf", "record", "-q", "-e", "cpu-clock", "-F", str(SAMPLES_PER_SECOND), "-p",
             str(server.process.pid), "-o", str(data), "--", "sleep", str(WINDOW_MS / 1000 + 0.2)],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        time.sleep(0.1)
        sample = server.load("put" if kind == "relaxed" else kind, CONNECTIONS, 100, WINDOW_MS)
        recorder.wait()
    finally:
        servers.stop_all(started)
    shares, largest = shares_of(data)
    print(f"\n## {title}: {sample['cpu_us']:.1f} µs of processor time (perf included)\n")
    print("| part | share | µs | largest functions |\n|---|---|---|---|")
    for part, share in sorted(shares.items(), key=lambda entry: -entry[1]):
        names = ", ".join(f"`{name[:48]}`" for portion, name in sorted(largest[part], reverse=True)[:3]
                          if portion > 0.004)
        print(f"| {part} | {share:.1%} | {share * sample['cpu_us']:.2f} | {names} |")


def main():
    parser = argparse.ArgumentParser(prog="scripts/bench profile", description=__doc__)
    parser.add_argument("--programs", type=lambda text: pathlib.Path(text).resolve(), required=True)
    parser.add_argument("--binary", type=lambda text: pathlib.Path(text).resolve(), required=True)
    parser.add_argument("--kinds", type=lambda text: text.split(","), default=["get", "put", "query"])
    options = parser.parse_args()
    unknown = set(options.kinds) - set(KINDS)
    if unknown:
        parser.error(f"unknown kinds {', '.join(sorted(unknown))}; there are {', '.join(KINDS)}")
    if not shutil.which("perf"):
        sys.exit("bench: perf is not installed (Debian: linux-perf)")
    scratch = tempfile.mkdtemp(prefix="profile-", dir=options.programs)
    try:
        with open(f"{scratch}/servers.log", "w", encoding="utf-8") as log:
            place = servers.Place(options.programs, 0, 1, scratch, log)
            for kind in options.kinds:
                profile(options, place, kind)
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


main()
