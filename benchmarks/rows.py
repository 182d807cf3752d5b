"""What the suite measures, and what is wanted of it: the only place of both. README.md says how to add
a row."""

import dataclasses

# Processor time that checking a signature will add to a request; see docs/internals/performance.md.
SIGNATURE_US = 1.3

# Of the mixed row: requests per second of each kind, and connections.
MIXED_RATE = 5000
MIXED_CONNECTIONS = 64


@dataclasses.dataclass(frozen=True)
class Row:
    """One kind of load at some numbers of connections, on the floor and on one server."""

    name: str
    title: str
    kind: str  # of benchmarks/requests.h
    connections: tuple
    server: str
    dynalite_at: tuple = ()  # numbers of connections at which dynalite is measured too


ROWS = (
    Row("fixed", "Fixed answer through our HTTP stack", "get", (64,), "http"),
    Row("get", "GetItem, 1 KB", "get", (1, 16, 64), "gramme", (64,)),
    Row("put", "PutItem, 1 KB, durable", "put", (1, 16, 64, 256), "gramme", (64,)),
    Row("relaxed", "PutItem, 1 KB, relaxed", "put", (64,), "relaxed"),
    Row("add", "UpdateItem ADD on one hot item, durable", "add", (64,), "gramme"),
    Row("query", "Query, 10 items of 100 B", "query", (1, 16, 64), "gramme", (64,)),
)
MIXED = "mixed"
NAMES = (*(row.name for row in ROWS), MIXED)


@dataclasses.dataclass(frozen=True)
class Target:
    """A line of the table of issue 3. Of `member` more is better, except of "p50_against_relaxed"."""

    measure: str
    must: float
    aim: float
    row: str
    connections: int
    member: str = "capacity_ratio"

    @property
    def less_is_better(self):
        return self.member == "p50_against_relaxed"

    @property
    def unit(self):
        return "" if self.member == "capacity_ratio" else " x"

    def verdict(self, figure):
        sign = -1 if self.less_is_better else 1
        if sign * figure >= sign * self.aim:
            return "met"
        return "aim missed" if sign * figure >= sign * self.must else "**must missed**"


TARGETS = (
    Target("fixed answer through our HTTP stack, 64 connections", 0.84, 0.90, "fixed", 64),
    Target("GetItem 1 KB, 64 connections", 0.42, 0.50, "get", 64),
    Target("PutItem 1 KB durable, 64 connections", 0.25, 0.32, "put", 64),
    Target("PutItem 1 KB durable, 256 connections", 0.28, 0.36, "put", 256),
    Target("PutItem durable, 16 connections", 0.15, 0.20, "put", 16),
    Target("PutItem durable, 1 connection", 0.15, 0.20, "put", 1),
    Target("PutItem relaxed, 64 connections", 0.32, 0.42, "relaxed", 64),
    Target("UpdateItem `ADD` on one hot item, durable, 64 connections", 0.15, 0.25, "add", 64),
    Target("Query of 10 items of 100 B, 64 connections", 0.25, 0.35, "query", 64),
    Target("GetItem p50, open loop beside durable PutItem, against relaxed", 1.2, 1.0, MIXED,
           MIXED_CONNECTIONS, "p50_against_relaxed"),
    Target("GetItem, 64 connections, rate against dynalite", 3, 5, "get", 64, "rate_against_dynalite"),
    Target("durable PutItem, 64 connections, rate against dynalite", 2, 4, "put", 64,
           "rate_against_dynalite"),
    Target("Query, 64 connections, rate against dynalite", 6, 10, "query", 64, "rate_against_dynalite"),
)
