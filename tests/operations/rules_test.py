#!/usr/bin/env python3
"""Every rule of rules/ on a running server, and the page that lists them.

    rules_test.py GRAMME            the tests
    rules_test.py GRAMME --update   writes docs/reference/errors.md and its part of
                                    docs/compatibility.md, and tells which texts of the code no rule
                                    has

A rule is broken by one request and, where it has a `near` one, just not broken by that. No text
that the code can produce is without a rule (code_texts.py finds them). Standard library only.
"""

import importlib.util
import json
import pathlib
import re
import sys
import unittest

import code_texts
from rule import (
    BACKUP, EXPIRING, ITEM, ITERATOR, LARGE_ITEMS, OURS, RECOVERY, RULES_FOLDER, SHARD, STREAM,
    TABLES, operation_of)
from server import Server

ROOT = pathlib.Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs/reference/errors.md"
OVERVIEW = ROOT / "docs/compatibility.md"
OWN_TEXTS = "### Texts of our own\n"
SHOWN_LENGTH_MAX = 400
ROWS = ROOT / "docs/internals/backup_rules.md"
TEST = re.compile(r"^TEST(?:_F|_P)?\((\w+), (\w+)\)", re.MULTILINE)


def load():
    """{stem: module} of rules/, in the order of the page."""
    modules = {}
    for path in sorted(RULES_FOLDER.glob("*.py")):
        spec = importlib.util.spec_from_file_location(path.stem, path)
        modules[path.stem] = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(modules[path.stem])
    return modules


def shown(text):
    """In a cell of a table."""
    cut = text if len(text) <= SHOWN_LENGTH_MAX else text[:SHOWN_LENGTH_MAX] + "…"
    mark = "``" if "`" in cut else "`"
    return f"{mark}{cut}{mark}".replace("|", "\\|").replace("\n", " ")


def rows_of(module):
    """The rules of each row."""
    rows = {}
    for number, rule in enumerate(module.RULES):
        rows.setdefault((rule.group or number, rule.text), []).append(rule)
    return rows.values()


def heading(module):
    return module.__doc__.splitlines()[0].rstrip(".")


def page(modules):
    lines = [
        "# Errors", "",
        "Every rule that a request can break beyond the constraints of the service model, with the "
        "text of its error: what",
        "`tests/operations/rules/` tries on a running server. The first column is the name of the "
        "case there, in the file that",
        "the heading names. This page is made from those files; a test holds it to them, and finds "
        "no text in the code that is",
        "in no row.", "",
        "The last column says `ours` where DynamoDB's words are not known, or where DynamoDB has no "
        "such case, and names the C++",
        "test of what no request alone can bring about. AWS has been rewording its messages in some "
        "Regions since June 2026;",
        "these are the words that us-east-1 had then.", "",
        "The constraints of the model have one form everywhere: `N validation errors detected: "
        "Value '…' at '…' failed to satisfy",
        "constraint: …; …`, ten at most. `tests/operations/constraints_test.py` makes their cases "
        "itself.", ""]
    for stem, module in modules.items():
        lines += [f"## {heading(module)}", "", f"`rules/{stem}.py`", ""]
        with_operation = any(rule.operation for rule in module.RULES)
        head = "| When | Error | |" if not with_operation else "| When | Operation | Error | |"
        lines += [head, "|---" * (head.count("|") - 1) + "|"]
        for rules in rows_of(module):
            rule = rules[0]
            name = "" if rule.error == "ValidationException" else f"{rule.error}: "
            when = rule.when if len(rules) == 1 else f"{rule.group} ({len(rules)} cases)"
            operations = ", ".join(dict.fromkeys(f"`{r.operation}`" for r in rules))
            operation = f" {operations} |" if with_operation else ""
            note = f"`{rule.test}`" if rule.test else rule.words
            lines.append(f"| {when} |{operation} {name}{shown(rule.text)} | {note} |")
        lines.append("")
    return "\n".join(lines)


def overview(text, modules):
    """docs/compatibility.md with the texts whose wording is ours."""
    rows = [f"| {heading(module)} | {rules[0].group or rules[0].when} | {shown(rules[0].text)} |"
            for module in modules.values() for rules in rows_of(module) if rules[0].words == OURS]
    begin = text.index("|---|---|---|\n", text.index(OWN_TEXTS)) + len("|---|---|---|\n")
    return text[:begin] + "\n".join(rows) + "\n" + text[text.index("\n## ", begin):]


def texts_without_rule(modules):
    texts = [rule.text for module in modules.values() for rule in module.RULES]
    return [text for text in code_texts.texts_of(ROOT)
            if code_texts.is_for_clients(text) and not any(text.is_in(m) for m in texts)]


def tests_of_the_code():
    return {f"{suite}.{name}" for path in (ROOT / "src").rglob("*_test.cc")
            for suite, name in TEST.findall(path.read_text(encoding="utf-8"))}


def names_of_rows(page_text):
    """What the second column names: `file: rule; another rule of it; Suite.Test`."""
    names = set()
    for line in page_text.splitlines():
        if not line.startswith("| ") or line.startswith("| Row"):
            continue
        stem = ""
        for part in line.strip("| ").split(" | ")[1].split("; "):
            head = re.match(r"(backups|recovery): ", part)
            stem = head[0] if head else stem
            if part.startswith("cannot occur: "):
                continue
            is_rule = not re.fullmatch(r"\w+Test\.\w+|[\w.]+\.(mjs|py)", part)
            names.add(stem + part if is_rule and not head else part)
    return names


class RulesTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.modules = load()
        cls.server = cls.enterClassContext(Server(BINARY))
        for table in TABLES:
            answer = cls.server.call("CreateTable", table)
            assert answer.status == 200, answer.body
        items = [("Things", ITEM), *(("Simple", item) for item in LARGE_ITEMS)]
        for table, item in items:
            answer = cls.server.call("PutItem", {"TableName": table, "Item": item})
            assert answer.status == 200, answer.body
        settings = [("UpdateTimeToLive", EXPIRING), ("UpdateContinuousBackups", RECOVERY)]
        for operation, request in settings:
            answer = cls.server.call(operation, request)
            assert answer.status == 200, answer.body
        answer = cls.server.call("CreateBackup", {"TableName": "Simple", "BackupName": "Backup"})
        assert answer.status == 200, answer.body
        cls.values = {BACKUP: answer.json["BackupDetails"]["BackupArn"]} | cls.stream()

    @classmethod
    def stream(cls):
        stream = cls.server.call("ListStreams", {}).json["Streams"][0]["StreamArn"]
        answer = cls.server.call("DescribeStream", {"StreamArn": stream})
        shard = answer.json["StreamDescription"]["Shards"][0]["ShardId"]
        answer = cls.server.call("GetShardIterator", {
            "StreamArn": stream, "ShardId": shard, "ShardIteratorType": "TRIM_HORIZON"})
        return {STREAM: stream, SHARD: shard, ITERATOR: answer.json["ShardIterator"]}

    def test_each_rule_is_told_in_its_words_when_it_is_broken_and_only_then(self):
        count = 0
        for stem, module in self.modules.items():
            for rule in module.RULES:
                operation = rule.operation or operation_of(stem)
                if rule.test:
                    continue
                with self.subTest(f"{stem}: {rule.when}"):
                    self.expect_refusal(operation, rule)
                    if rule.near is not None:
                        self.expect_no_refusal(operation, rule)
                count += 1
        print(f"rules: {count} of {len(self.modules)} files")

    def test_each_rule_has_a_name_of_its_own(self):
        for stem, module in self.modules.items():
            names = [rule.when for rule in module.RULES]
            self.assertEqual(sorted(names), sorted(set(names)), stem)

    def test_every_text_of_the_code_is_that_of_a_rule(self):
        missing = [f"{text.place}: {text.literal}" for text in texts_without_rule(self.modules)]
        self.assertEqual(missing, [], "no rule has these texts")

    def test_the_page_is_what_the_rules_say(self):
        self.assertEqual(PAGE.read_text(encoding="utf-8"), page(self.modules),
                         "see the head of this file: --update")
        text = OVERVIEW.read_text(encoding="utf-8")
        self.assertEqual(text, overview(text, self.modules), "see the head of this file: --update")

    def test_the_tests_that_rules_name_exist(self):
        named = {rule.test for module in self.modules.values() for rule in module.RULES
                 if rule.test}
        self.assertEqual(sorted(named - tests_of_the_code()), [])

    def test_what_the_rows_of_backups_name_exists(self):
        known = tests_of_the_code() | {"constraints_test.py"}
        known |= {path.name for path in (ROOT / "tests/api").glob("*.test.mjs")}
        known |= {f"{stem}: {rule.when}" for stem in ("backups", "recovery")
                  for rule in self.modules[stem].RULES}
        names = names_of_rows(ROWS.read_text(encoding="utf-8"))
        self.assertGreater(len(names), 60)
        self.assertEqual(sorted(names - known), [])

    def send(self, operation, request):
        body = request if isinstance(request, (str, bytes)) else json.dumps(request)
        if isinstance(body, str):
            for name, value in self.values.items():
                body = body.replace(name, value)
            body = body.encode()
        return self.server.call(operation, body)

    def expect_refusal(self, operation, rule):
        answer = self.send(operation, rule.request)
        message, error = answer.message, answer.error
        if rule.reason:
            self.assertEqual(answer.error, "TransactionCanceledException", answer.body[:2000])
            reason = next(r for r in answer.json["CancellationReasons"] if r["Code"] != "None")
            message, error = reason["Message"], reason["Code"]
        self.assertEqual(error, rule.error, message[:2000])
        if "…" in rule.text:
            pattern = ".*".join(re.escape(part) for part in rule.text.split("…"))
            self.assertRegex(message, re.compile(f"^{pattern}$", re.DOTALL))
        else:
            self.assertEqual(message, rule.text)

    def expect_no_refusal(self, operation, rule):
        answer = self.send(operation, rule.near)
        self.assertLess(answer.status, 500, answer.body)
        self.assertNotEqual(answer.message, rule.text)


if __name__ == "__main__":
    BINARY = sys.argv.pop(1)
    if sys.argv[1:] == ["--update"]:
        MODULES = load()
        PAGE.write_text(page(MODULES), encoding="utf-8")
        OVERVIEW.write_text(overview(OVERVIEW.read_text(encoding="utf-8"), MODULES),
                            encoding="utf-8")
        for missing in texts_without_rule(MODULES):
            print(f"{missing.place}: {missing.literal}")
    else:
        unittest.main()
