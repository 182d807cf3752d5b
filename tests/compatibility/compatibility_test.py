#!/usr/bin/env python3
"""Holds docs/compatibility.md and docs/reference/configuration.md to the code, and the code's
requests to AWS's service model where that is at hand. Standard library only.

    compatibility_test.py SERVED_INTERFACE            the tests
    compatibility_test.py SERVED_INTERFACE --update   rewrites the tables of members in the page

SERVED_INTERFACE is the program of served_interface.cc, which prints what the code serves.
"""

import collections
import pathlib
import re
import subprocess
import sys
import unittest

import service_model
from document import Document

ROOT = pathlib.Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs/compatibility.md"
CONFIGURATION = ROOT / "docs/reference/configuration.md"
# The services that AWS has a model of; GrammeAdmin is ours.
SERVICES = ("DynamoDB_20120810", "DynamoDBStreams_20120810")

# Kept and shown, and nothing else depends on them. Of each, what stands below it too.
STORED = {
    "ProvisionedThroughput": "described, not enforced",
    "OnDemandThroughput": "described, not enforced",
    "ProvisionedThroughputOverride": "described, not enforced",
    "OnDemandThroughputOverride": "described, not enforced",
    "Tags": "listed by `ListTagsOfResource`, no permission looks at them",
}
# AWS's messages list its values in another order than its model does.
OTHER_ORDER = {f"string {told}": f"string {model}" for told, model in (
    ("B N S", "S N B"),
    ("ALL INCLUDE KEYS_ONLY", "ALL KEYS_ONLY INCLUDE"),
    ("ALL_NEW UPDATED_OLD ALL_OLD NONE UPDATED_NEW", "NONE ALL_OLD UPDATED_OLD ALL_NEW UPDATED_NEW"),
    ("SPECIFIC_ATTRIBUTES COUNT ALL_ATTRIBUTES ALL_PROJECTED_ATTRIBUTES",
     "ALL_ATTRIBUTES ALL_PROJECTED_ATTRIBUTES SPECIFIC_ATTRIBUTES COUNT"),
    ("OR AND", "AND OR"),
    ("IN NULL BETWEEN LT NOT_CONTAINS EQ GT NOT_NULL NE LE BEGINS_WITH GE CONTAINS",
     "EQ NE IN LE LT GE GT BETWEEN NOT_NULL NULL CONTAINS NOT_CONTAINS BEGINS_WITH"),
)}

Member = collections.namedtuple(
    "Member",
    "operation path status type constraints why harmless_text harmless_member absence")


class Served:
    """What the code says."""

    def __init__(self, program):
        self.operations, self.members, self.settings = [], [], []
        output = subprocess.run([program], check=True, capture_output=True, text=True).stdout
        for line in output.splitlines():
            kind, *fields = line.split("\t")
            if kind == "operation":
                self.target, name = fields
                if self.target in SERVICES:
                    self.operations.append(name)
            elif kind == "member" and self.target in SERVICES:
                self.members.append(Member(*fields))
            elif kind == "setting":
                self.settings.append(fields[0])

    def status(self, member):
        names = re.sub(r"\[\]|\{\}", "", member.path).split(".")
        return "stored" if member.status == "served" and STORED.keys() & set(names) else (
            member.status)

    def least_note(self, member):
        """What the note of a member has to contain."""
        if self.status(member) == "stored":
            names = re.sub(r"\[\]|\{\}", "", member.path).split(".")
            return [next(STORED[name] for name in names if name in STORED)]
        if member.status == "served":
            return []
        harmless = ([f"`{member.harmless_text}` is accepted"] if member.harmless_text else []) + (
            [f"`{member.harmless_member}` false is accepted"] if member.harmless_member else [])
        return [member.why, *harmless]


def members_tables(served, document):
    """The tables of the page as they should be, with the notes that it has."""
    notes = document.notes()
    lines = []
    for operation in sorted(served.operations):
        lines += [f"### `{operation}`", ""]
        members = [m for m in served.members if m.operation == operation]
        if members:
            lines += ["| Member | | |", "|---|---|---|"]
        else:
            lines += ["Its request has no members."]
        for member in members:
            wanted = served.least_note(member)
            note = notes.get((operation, member.path), "")
            if not all(part in note for part in wanted):
                note = "; ".join(wanted)
            note = f" {note}" if note else ""
            lines.append(f"| `{member.path}` | {served.status(member)} |{note} |")
        lines.append("")
    return "\n".join(lines)


class CompatibilityTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.served = Served(PROGRAM)
        cls.document = Document(PAGE.read_text(encoding="utf-8"))
        place = service_model.folder(ROOT)
        cls.model = service_model.load(place) if place else None
        if cls.model is None:
            print("compatibility: the service model is not at hand; the code is not compared with it")

    def test_the_page_lists_each_operation_once_and_says_whether_it_is_served(self):
        known = (ROOT / "tools/operations.txt").read_text(encoding="utf-8").split()
        self.assertEqual(sorted(name for name, _ in self.document.operations), sorted(known))
        for name, status in self.document.operations:
            wanted = "served" if name in self.served.operations else "not served"
            self.assertEqual(status, wanted, name)

    def test_the_code_serves_no_operation_that_dynamodb_does_not_have(self):
        known = set((ROOT / "tools/operations.txt").read_text(encoding="utf-8").split())
        self.assertLessEqual(set(self.served.operations), known)

    def test_the_page_lists_each_member_of_a_served_operation_once_as_the_code_has_it(self):
        listed = {}
        for operation, path, status, note in self.document.members:
            self.assertNotIn((operation, path), listed, "listed twice")
            listed[operation, path] = (status, note)
        served = {(m.operation, m.path): m for m in self.served.members}
        help_text = "see the head of this file: --update"
        self.assertEqual(sorted(listed.keys() - served.keys()), [], f"not in the code; {help_text}")
        self.assertEqual(sorted(served.keys() - listed.keys()), [], f"not in the page; {help_text}")
        for key, member in served.items():
            status, note = listed[key]
            self.assertEqual(status, self.served.status(member), key)
            for part in self.served.least_note(member):
                self.assertIn(part, note, key)

    def test_every_refused_member_says_why(self):
        for member in self.served.members:
            if member.status == "refused":
                self.assertTrue(member.why, (member.operation, member.path))

    def test_the_list_of_operations_is_that_of_the_model(self):
        if self.model is None:
            return
        known = (ROOT / "tools/operations.txt").read_text(encoding="utf-8").split()
        self.assertEqual(sorted(known), sorted(self.model))

    def test_the_code_has_each_member_of_the_model_and_no_other(self):
        if self.model is None:
            return
        for operation in self.served.operations:
            code = {m.path: m for m in self.served.members if m.operation == operation}
            refused = tuple(f"{path}{mark}" for path, m in code.items() if m.status == "refused"
                            for mark in (".", "[", "{"))
            model = [m.path for m in self.model[operation] if not m.path.startswith(refused)]
            with self.subTest(operation):
                self.assertEqual(sorted(code), sorted(model))

    def test_types_and_constraints_are_those_of_the_model(self):
        if self.model is None:
            return
        for member in self.served.members:
            if member.status != "served":
                continue
            model = next((m for m in self.model[member.operation] if m.path == member.path), None)
            if model is None:  # told by the test above
                continue
            with self.subTest(f"{member.operation} {member.path}"):
                constraints = dict(part.split("=", 1) for part in member.constraints.split())
                self.assertEqual(OTHER_ORDER.get(member.type, member.type), model.type)
                self.assertEqual(constraints, model.constraints)


class ConfigurationTest(unittest.TestCase):
    def test_the_page_names_each_setting_once_and_nothing_else(self):
        text = CONFIGURATION.read_text(encoding="utf-8")
        table = [line for line in text.splitlines() if line.startswith("| `--")]
        named = [name for line in table
                 for name in re.findall(r"`--([a-z-]+)", line.split("|")[1])]
        # The file itself is no setting: it cannot be named in a file.
        self.assertEqual(sorted(named), sorted([*Served(PROGRAM).settings, "config"]))

    def test_every_flag_in_the_documents_exists(self):
        known = {*Served(PROGRAM).settings, "config"}
        pages = [ROOT / "README.md", *(ROOT / "docs").rglob("*.md")]
        for page in pages:
            for command in re.findall(r"(?:gramme (?:dev|serve)|scripts/run)([^`\n]*)",
                                      page.read_text(encoding="utf-8")):
                for flag in re.findall(r"--([a-z-]+)", command):
                    self.assertIn(flag, known, page)


if __name__ == "__main__":
    PROGRAM = sys.argv.pop(1)
    if sys.argv[1:] == ["--update"]:
        page = Document(PAGE.read_text(encoding="utf-8"))
        PAGE.write_text(page.with_members(members_tables(Served(PROGRAM), page)), encoding="utf-8")
    else:
        unittest.main()
