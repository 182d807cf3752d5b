#!/usr/bin/env python3
"""Holds docs/internals/limits.md to the tests: every one that it names exists, and every limit has
one on each side or a reason. Standard library only.

    limits_test.py SERVED_INTERFACE
"""

import pathlib
import re
import sys
import unittest

from compatibility_test import Served

ROOT = pathlib.Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs/internals/limits.md"
CPP_TEST = re.compile(r"^TEST(?:_F|_P)?\(\s*(\w+),\s*(\w+)\)", re.MULTILINE)


class LimitsTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.cpp_tests = {f"{suite}.{name}" for path in (ROOT / "src").rglob("*_test.cc")
                         for suite, name in CPP_TEST.findall(path.read_text(encoding="utf-8"))}
        cls.constrained = {f"{m.operation} {m.path}" for m in Served(SERVED_INTERFACE).members
                           if m.status == "served" and m.constraints}
        lines = PAGE.read_text(encoding="utf-8").splitlines()
        tables = [line for i, line in enumerate(lines) if line.startswith("| ")
                  and not lines[min(i + 1, len(lines) - 1)].startswith("|---")]
        cls.rows = [[cell.strip() for cell in line.strip("|").split(" | ")] for line in tables]

    def exists(self, name):
        kind, _, rest = name.partition(": ")
        if kind == "constraints":
            return rest in self.constrained
        if kind.endswith(".mjs"):
            text = (ROOT / "tests/api" / kind).read_text(encoding="utf-8")
            return f"test('{rest}'" in text
        return name in self.cpp_tests

    def test_every_limit_has_a_test_on_each_side_or_a_reason(self):
        for row in self.rows:
            with self.subTest(row[0]):
                self.assertEqual(len(row), 3)
                _, below, above = row
                if below.startswith("not "):
                    self.assertGreater(len(above.split()), 3, "why not?")
                else:
                    self.assertTrue("`" in below and ("`" in above or above == "*the same*"))

    def test_every_test_that_is_named_exists(self):
        names = [name for _, *cells in self.rows for cell in cells
                 for name in re.findall(r"`([^`]+)`", cell)]
        self.assertGreater(len(names), 50)
        for name in names:
            with self.subTest(name):
                self.assertTrue(self.exists(name))


if __name__ == "__main__":
    SERVED_INTERFACE = sys.argv.pop(1)
    unittest.main()
