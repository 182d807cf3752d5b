"""Counts passed and failed test cases in what a test runner wrote, and prints both numbers.

Knows ctest's LastTest.log (with the GoogleTest cases inside each program), node's test runner and
Python's unittest. A program that says nothing about its cases counts as one.
"""

import re
import sys


def ctest(text):
    passed = failed = 0
    for block in re.split(r"^\d+/\d+ Testing: ", text, flags=re.MULTILINE)[1:]:
        good = sum(int(n) for n in re.findall(r"^\[  PASSED  \] (\d+) test", block, re.MULTILINE))
        bad = sum(int(n) for n in re.findall(r"^\[  FAILED  \] (\d+) test", block, re.MULTILINE))
        if re.search(r"^Test Passed\.", block, re.MULTILINE):
            good = good or 1
        else:
            bad = bad or 1
        passed, failed = passed + good, failed + bad
    return passed, failed


def node(text):
    def count(word):
        return sum(int(n) for n in re.findall(rf"^(?:#|ℹ) {word} (\d+)$", text, re.MULTILINE))

    return count("pass"), count("fail") + count("cancelled")


def unittest(text):
    run = re.search(r"^Ran (\d+) tests?", text, re.MULTILINE)
    failed = sum(int(n) for n in re.findall(r"(?:failures|errors)=(\d+)", text))
    return (int(run[1]) - failed if run else 0), failed


def main():
    with open(sys.argv[1], encoding="utf-8", errors="replace") as file:
        text = file.read()
    counts = [count(text) for count in (ctest, node, unittest)]
    print(sum(c[0] for c in counts), sum(c[1] for c in counts))


main()
