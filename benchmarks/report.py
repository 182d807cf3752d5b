"""Turns samples into figures and figures into Markdown."""

import statistics

import rows

FLOOR_SPREAD_MAX = 2


def median_of(pairs):
    return statistics.median(a / b for a, b in pairs)


def group(samples):
    """{(row, connections): {server: {repetition: sample}}}"""
    cells = {}
    for sample in samples:
        servers = cells.setdefault((sample["row"], sample["connections"]), {})
        servers.setdefault(sample["server"], {})[sample["repetition"]] = sample
    return cells


def paired(cell, one, other, member):
    """The member's values of two servers in the same repetition."""
    return [(cell[one][r][member], cell[other][r][member]) for r in cell[one] if r in cell[other]]


def summarise(samples):
    """One figure line for each row, number of connections and server: medians over the repetitions."""
    lines = []
    for (name, connections), cell in group(samples).items():
        for server, by_repetition in cell.items():
            line = {"row": name, "connections": connections, "server": server}
            for member, digits in (("rate", 0), ("p50_us", 1), ("p99_us", 1), ("cpu_us", 2)):
                line[member] = round(
                    statistics.median(sample[member] for sample in by_repetition.values()), digits)
            if "floor" in cell:
                line.update(ratios(cell, server))
            if server != "dynalite" and "dynalite" in cell:
                line["rate_against_dynalite"] = round(median_of(paired(cell, server, "dynalite", "rate")), 2)
            if name == rows.MIXED:
                line.update(beside(cell, server))
            lines.append(line)
    return lines


def ratios(cell, server):
    pairs = paired(cell, "floor", server, "cpu_us")
    each = sorted(floor / own for floor, own in pairs)
    floor = [sample["cpu_us"] for sample in cell["floor"].values()]
    return {
        "capacity_ratio": round(statistics.median(each), 3),
        "capacity_ratio_least": round(each[0], 3), "capacity_ratio_most": round(each[-1], 3),
        "capacity_ratio_signed": round(
            median_of((floor, own + rows.SIGNATURE_US) for floor, own in pairs), 3),
        "floor_spread": round(max(floor) / min(floor), 2),
    }


def beside(cell, server):
    """What the mixed row has besides: the PutItems, and durable against relaxed."""
    puts = [sample["also"] for sample in cell[server].values()]
    more = {"put_" + member: round(statistics.median(put[member] for put in puts), 1)
            for member in ("rate", "p50_us", "p99_us")}
    if server == "gramme" and "relaxed" in cell:
        for member in ("p50", "p99"):
            more[f"{member}_against_relaxed"] = round(
                median_of(paired(cell, "gramme", "relaxed", member + "_us")), 3)
    return more


def judge(lines):
    """One line for each target that this run has a figure for."""
    judged = []
    for target in rows.TARGETS:
        for line in lines:
            of_target = (line["row"], line["connections"]) == (target.row, target.connections)
            if of_target and line["server"] not in ("floor", "dynalite") and target.member in line:
                judged.append({
                    "measure": target.measure, "must": target.must, "aim": target.aim,
                    "unit": target.unit, "figure": line[target.member],
                    "signed": line["capacity_ratio_signed"] if target.member == "capacity_ratio" else None,
                    "verdict": target.verdict(line[target.member])})
    return judged


def table(head, body):
    out = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    return out + ["| " + " | ".join(str(cell) for cell in line) + " |" for line in body]


def targets_section(judged):
    if not judged:
        return []
    body = []
    for line in judged:
        signed = "" if line["signed"] is None else f"{line['signed']:.3f}"
        digits = 3 if not line["unit"] else 2
        body.append((line["measure"], f"{line['must']:g}{line['unit']}", f"{line['aim']:g}{line['unit']}",
                     f"{line['figure']:.{digits}f}{line['unit']}", signed, line["verdict"]))
    return ["", "## Against issue 3", "",
            *table(("measure", "must", "aim", "figure", f"with {rows.SIGNATURE_US} µs added", "verdict"), body),
            "", f"Signatures are not checked yet; *with {rows.SIGNATURE_US} µs added* is the ratio if they "
            "cost that much. The verdict is on the figure without it."]


def row_section(title, lines):
    body = []
    for line in lines:
        own = line["server"] != "floor"
        body.append((
            line["connections"], line["server"], f"{line['rate']:,.0f}", f"{line['p50_us']:,}",
            f"{line['p99_us']:,}", line["cpu_us"],
            f"{line['capacity_ratio']:.3f}" if own else "1",
            f"{line['capacity_ratio_least']:.2f}–{line['capacity_ratio_most']:.2f}" if own else "",
            f"{line['capacity_ratio_signed']:.3f}" if own and line["server"] != "dynalite" else ""))
    return ["", f"## {title}", "",
            *table(("connections", "server", "requests/s", "p50 µs", "p99 µs", "CPU µs", "ratio",
                    "least–most", f"+{rows.SIGNATURE_US} µs"), body)]


def mixed_section(lines):
    body = [(line["server"], f"{line['rate']:,.0f}", f"{line['p50_us']:,}", f"{line['p99_us']:,}",
             f"{line['put_rate']:,.0f}", f"{line['put_p50_us']:,}", f"{line['put_p99_us']:,}",
             line["cpu_us"]) for line in lines]
    out = ["", f"## GetItem and PutItem, two open loops of {rows.MIXED_RATE:,}/s each", "",
           "Latencies count from the moment when each request was due. *CPU* is for one request of either "
           "kind.", "",
           *table(("server", "GetItem/s", "p50 µs", "p99 µs", "PutItem/s", "p50 µs", "p99 µs", "CPU µs"),
                  body)]
    for line in lines:
        if "p50_against_relaxed" in line:
            out += ["", f"GetItem beside durable writes against relaxed ones: p50 "
                    f"{line['p50_against_relaxed']:.2f} x, p99 {line['p99_against_relaxed']:.2f} x."]
    return out


def head(result):
    machine = result["machine"]
    return [
        f"{result['when']}, {machine['processor']}, {machine['cores']} cores, Linux {machine['kernel']}, "
        f"load average {machine['load_average_at_start']:.1f} at the start; to sync 1 KB more of a file "
        f"took {machine['sync_us_p50']:.0f} µs (p50)."]


def markdown(result):
    lines = [
        f"# Benchmark of {result['commit']}", "", *head(result),
        f"{result['repetitions']} interleaved repetitions of {result['window_ms']} ms, medians; new "
        "processes every third. Servers " +
        ("pinned to one core, the load to another." if result["pinned"] else "and load not pinned."), "",
        "Rates compare only within this run. *CPU* is the server's processor time per request, all its "
        "threads; *ratio* is the floor's CPU divided by the server's in the same repetition, the figure "
        "that is stable between runs. Every answer was compared with the right one. Gramme syncs each "
        "write before it answers, unless it is called relaxed; dynalite keeps its data in memory."]
    lines += targets_section(result["targets"])
    for row in rows.ROWS:
        own = [line for line in result["rows"] if line["row"] == row.name]
        if own:
            lines += row_section(row.title, own)
        if own and row.name == "add":
            lines += ["", f"{result['hot_increments']:,} increments were acknowledged, and the item "
                      "counted exactly as many."]
    mixed = [line for line in result["rows"] if line["row"] == rows.MIXED]
    if mixed:
        lines += mixed_section(mixed)
    unsteady = [line for line in result["rows"]
                if line["server"] == "floor" and line["floor_spread"] > FLOOR_SPREAD_MAX]
    if unsteady:
        lines += ["", f"The floor itself differed by more than {FLOOR_SPREAD_MAX} x between repetitions in "
                  f"{len(unsteady)} rows: repeat on a quieter machine."]
    return "\n".join(lines) + "\n"
