#!/usr/bin/env python3
"""That the figures of a result follow from its samples. Standard library only."""

import unittest

import against
import report
import rows
import run
import servers


def sample(row, server, repetition, cpu_us, connections=64, **more):
    return {"row": row, "server": server, "connections": connections, "repetition": repetition,
            "cpu_us": cpu_us, "rate": 1000, "p50_us": 50, "p99_us": 90, **more}


def line_of(lines, server):
    return next(line for line in lines if line["server"] == server)


class ReportTest(unittest.TestCase):
    def test_a_ratio_is_the_median_of_those_within_each_repetition(self):
        samples = [sample("get", "floor", r, cpu) for r, cpu in enumerate((4, 5, 12))]
        samples += [sample("get", "gramme", r, cpu) for r, cpu in enumerate((8, 20, 24))]
        line = line_of(report.summarise(samples), "gramme")
        self.assertEqual(line["capacity_ratio"], 0.5)
        self.assertEqual((line["capacity_ratio_least"], line["capacity_ratio_most"]), (0.25, 0.5))
        self.assertEqual(line["capacity_ratio_signed"], round(4 / (8 + rows.SIGNATURE_US), 3))

    def test_dynalite_is_compared_by_its_rate(self):
        samples = [sample("get", "floor", 0, 5), sample("get", "gramme", 0, 10, rate=6000),
                   sample("get", "dynalite", 0, 40, rate=1500)]
        lines = report.summarise(samples)
        self.assertEqual(line_of(lines, "gramme")["rate_against_dynalite"], 4)
        self.assertNotIn("rate_against_dynalite", line_of(lines, "dynalite"))
        verdicts = {judged["measure"]: judged["verdict"] for judged in report.judge(lines)}
        self.assertEqual(verdicts["GetItem, 64 connections, rate against dynalite"], "aim missed")

    def test_durable_is_compared_with_relaxed(self):
        put = {"rate": 5000, "p50_us": 300, "p99_us": 900}
        samples = [sample(rows.MIXED, server, 0, 30, also=put, p50_us=p50)
                   for server, p50 in (("gramme", 66), ("relaxed", 60))]
        lines = report.summarise(samples)
        self.assertEqual(line_of(lines, "gramme")["p50_against_relaxed"], 1.1)
        self.assertEqual(report.judge(lines)[0]["figure"], 1.1)

    def test_a_verdict_counts_the_bound_itself_as_met(self):
        more = rows.Target("", 0.25, 0.32, "put", 64)
        self.assertEqual([more.verdict(f) for f in (0.32, 0.319, 0.25, 0.249)],
                         ["met", "aim missed", "aim missed", "**must missed**"])
        less = rows.Target("", 1.2, 1.0, rows.MIXED, 64, "p50_against_relaxed")
        self.assertEqual([less.verdict(f) for f in (1.0, 1.1, 1.2, 1.21)],
                         ["met", "aim missed", "aim missed", "**must missed**"])

    def test_every_target_has_a_row(self):
        measured = {(row.name, n) for row in rows.ROWS for n in row.connections}
        measured.add((rows.MIXED, rows.MIXED_CONNECTIONS))
        for target in rows.TARGETS:
            self.assertIn((target.row, target.connections), measured)


class AgainstTest(unittest.TestCase):
    def summary(self, ratios):
        samples = [sample("get", "new", r, 10) for r in range(len(ratios))]
        samples += [sample("get", "old", r, 10 * ratio) for r, ratio in enumerate(ratios)]
        return against.summarise(samples)[0]

    def test_tells_a_cheaper_and_a_dearer_binary_from_noise(self):
        noise = [0.97, 1.02, 0.99, 1.01, 1.03, 0.98, 1.0, 1.02, 0.96, 1.01, 0.99, 1.04, 0.98, 1.0, 1.01]
        self.assertEqual(against.verdict(self.summary(noise)), "no difference seen")
        self.assertEqual(against.verdict(self.summary([r * 1.1 for r in noise])), "new is cheaper")
        self.assertEqual(against.verdict(self.summary([r * 0.9 for r in noise])), "new is dearer")


class IncrementsTest(unittest.TestCase):
    def check(self, hits):
        class Gramme:
            def call(self, _operation, _body):
                return {"Item": {"hits": {"N": str(hits)}}}
        samples = [sample("add", "gramme", r, 10, acknowledged=500) for r in range(2)]
        samples.append(sample("add", "floor", 0, 5, acknowledged=900))
        return run.check_increments(samples, {"gramme": Gramme()})

    def test_all_acknowledged_ones_must_be_there_and_no_more(self):
        self.assertEqual(self.check(1000), 1000)
        for hits in (999, 1001):
            with self.assertRaises(SystemExit):
                self.check(hits)


class GuardTest(unittest.TestCase):
    def test_a_taken_port_is_noticed(self):
        with servers.socket.socket() as listener:
            listener.bind(("127.0.0.1", 0))
            listener.listen()
            port = listener.getsockname()[1]
            self.assertEqual(len(servers.listening_inodes(port)), 1)
            with self.assertRaises(SystemExit):
                servers.Server("other", ["true"], port, None)


if __name__ == "__main__":
    unittest.main()
