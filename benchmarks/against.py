"""Two grammes side by side, or one with and without a stream or point-in-time recovery: the ratio of
their processor time per request,
and how sure it is."""

import random
import statistics

import report
import rows
import servers

# The kinds that say something about two binaries, in the order in which they are measured.
NAMES = ("get", "put", "query", "add")
RESAMPLES = 10_000
PAIRS_MIN = 15


def bootstrap(values, share=0.95):
    """The interval that the median of resampled values falls into, so often."""
    chance = random.Random(len(values))
    medians = sorted(statistics.median(chance.choices(values, k=len(values))) for _ in range(RESAMPLES))
    cut = round(RESAMPLES * (1 - share) / 2)
    return medians[cut], medians[-1 - cut]


def measure(options, place, started):
    """Pairs of old and new, one after the other, in alternating order.

    Where its memory happens to lie makes a process some percent faster or slower for all its life. So
    each pair is one of new processes with new data: only then do the pairs know nothing of each other,
    as the bootstrap takes for granted.
    """
    samples = []
    for pair in range(options.repetitions):
        print(f"bench: pair {pair + 1} of {options.repetitions}", file=options.progress)
        binaries = [("old", options.against), ("new", options.binary)]
        for name, binary in binaries if pair % 2 == 0 else reversed(binaries):
            started.append(servers.start_gramme(name, binary, place))
            started[-1].fill(*((options.stream, options.recovery) if name == "new" else ()))
        for row in rows.ROWS:
            for connections in options.of(row) if row.name in NAMES else ():
                for server in started:
                    sample = server.load(row.kind, connections, options.warm_up_ms, options.window_ms)
                    samples.append({"row": row.name, "server": server.name, "repetition": pair, **sample})
        servers.stop_all(started)
    return samples


def summarise(samples):
    lines = []
    for (name, connections), cell in report.group(samples).items():
        pairs = report.paired(cell, "old", "new", "cpu_us")
        ratios = [old / new for old, new in pairs]
        low, high = bootstrap(ratios)
        lines.append({
            "row": name, "connections": connections,
            "old_cpu_us": round(statistics.median(old for old, _ in pairs), 2),
            "new_cpu_us": round(statistics.median(new for _, new in pairs), 2),
            "ratio": round(statistics.median(ratios), 3), "low": round(low, 3), "high": round(high, 3),
            "old_p50_us": round(statistics.median(s["p50_us"] for s in cell["old"].values()), 1),
            "new_p50_us": round(statistics.median(s["p50_us"] for s in cell["new"].values()), 1),
        })
    return lines


def verdict(line):
    if line["low"] > 1:
        return "new is cheaper"
    return "new is dearer" if line["high"] < 1 else "no difference seen"


def markdown(result):
    titles = {row.name: row.title for row in rows.ROWS}
    body = [(titles[line["row"]], line["connections"], line["old_cpu_us"], line["new_cpu_us"],
             f"{line['ratio']:.3f}", f"{line['low']:.3f}–{line['high']:.3f}", verdict(line),
             f"{line['old_p50_us']:,} / {line['new_p50_us']:,}") for line in result["rows"]]
    extras = [f"a stream of {result['stream']}"] if result["stream"] else []
    extras += ["point-in-time recovery"] if result["recovery"] else []
    streams = [f"New has {' and '.join(extras)} on the table that is written to.", ""] if extras else []
    few = [] if result["repetitions"] >= PAIRS_MIN else [
        "", f"Fewer than {PAIRS_MIN} pairs: the interval is too narrow to be believed."]
    return "\n".join([
        f"# {result['commit']} against {result['old_commit']}", "", *report.head(result),
        f"{result['repetitions']} pairs of {result['window_ms']} ms, each of new processes, the order "
        f"alternating. Old is "
        f"`{result['old_binary']}`, new is `{result['binary']}`. *Ratio* is old CPU µs per request divided "
        "by new, the median of the pairs, with the 95 % bootstrap interval of that median: above 1, new is "
        "cheaper.", "", *streams,
        *report.table(("request", "connections", "old CPU µs", "new CPU µs", "ratio", "95 %", "",
                       "p50 µs, old / new"), body), *few]) + "\n"
