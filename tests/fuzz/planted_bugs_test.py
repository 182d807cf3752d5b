"""Each bug that is planted in what a fuzzer is about must fail on the fuzzer's kept corpus, and on the
input made for it, of which nothing but the bug is wrong.

    planted_bugs_test.py FOLDER    FOLDER has the replay programs, built with the planted bugs
"""

import os
import pathlib
import subprocess
import sys
import unittest

CORPUS = pathlib.Path(__file__).parent / "corpus"
BUGS = [
    ("negatives_unturned", "key_encoding_fuzz", "minus_one_and_minus_two",
     "another order than the values'"),
    ("zeros_kept", "number_fuzz", "one_and_one_point_zero", "the reference has another value"),
]
PROGRAMS = pathlib.Path(sys.argv.pop())


def replay(fuzzer, path, bug=""):
    return subprocess.run([PROGRAMS / f"{fuzzer}_replay", path], text=True, capture_output=True,
                          env={**os.environ, "GRAMME_PLANTED_BUG": bug}, check=False)


class PlantedBugsTest(unittest.TestCase):

    def test_the_corpus_fails_on_each_bug(self):
        for bug, fuzzer, _, _ in BUGS:
            with self.subTest(bug=bug):
                done = replay(fuzzer, CORPUS / fuzzer, bug)
                self.assertNotEqual(done.returncode, 0)
                self.assertIn("check failed", done.stderr)

    def test_an_input_fails_for_the_bug_alone(self):
        for bug, fuzzer, name, text in BUGS:
            with self.subTest(bug=bug):
                self.assertEqual(replay(fuzzer, CORPUS / fuzzer / name).returncode, 0)
                self.assertIn(text, replay(fuzzer, CORPUS / fuzzer / name, bug).stderr)


if __name__ == "__main__":
    unittest.main()
