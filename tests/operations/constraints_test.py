#!/usr/bin/env python3
"""Every constraint that the served requests have, just inside and just outside it.

    constraints_test.py SERVED_INTERFACE GRAMME

SERVED_INTERFACE prints the members of all served requests with their constraints (they are AWS's
model: tests/compatibility holds them to it). For each constraint this sends GRAMME, a running
server, requests that are complete but for the value in question: one that just meets the constraint
and must not be told that it violates it, and one that just violates it and must be told so in AWS's
words. Members that are not served are refused by their names. Standard library only.
"""

import pathlib
import re
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "compatibility"))

from compatibility_test import Served  # noqa: E402
from server import Server  # noqa: E402

# A value in a message is cut off there.
QUOTED_BYTES_MAX = 1024
MAP_KEY = "abc"
ATTRIBUTE_VALUE = {"S": "a"}
# Lists whose elements are neither structures nor strings.
ELEMENTS = {"Keys": {"pk": ATTRIBUTE_VALUE}, "AttributeValueList": ATTRIBUTE_VALUE}
MISSING = object()


def text_of(value):
    """As messages show a value; None where that needs more than the request."""
    if isinstance(value, str):
        return value
    if isinstance(value, int):
        return str(value)
    if isinstance(value, list):
        return None if any(not isinstance(v, str) for v in value) else f"[{', '.join(value)}]"
    if any(not isinstance(v, str) for v in value.values()):
        return None
    return "{" + ", ".join(f"{k}={v}" for k, v in sorted(value.items())) + "}"


class Operation:
    """Makes requests of one operation that are complete, with one member as wanted."""

    def __init__(self, members):
        self.members = {m.path: m for m in members}
        self.constraints = {
            path: dict(part.split("=", 1) for part in m.constraints.split())
            for path, m in self.members.items()}

    def request(self, path, value):
        """The request with `value` at `path`: without it if MISSING."""
        return self._structure("", path, value)

    def place(self, path):
        """`path` as messages have it."""
        steps = re.findall(r"\[\]|\{\}|[^.\[{]+", path)
        names = {"[]": "1.member", "{}": f"{MAP_KEY}.member"}
        return ".".join(names.get(s, s[0].lower() + s[1:]) for s in steps)

    def good(self, path):
        """A value that meets all constraints of the member."""
        kind, *names = self.members[path].type.split(" ")
        bounds = self.constraints[path]
        least = int(bounds.get("length_min", 0))
        if kind == "string":
            return names[0] if names else "a" * max(least, 3)
        if kind in ("list", "map"):
            return self.container(path, max(least, 1))
        if kind == "structure":
            return self._structure(path + ".", None, None)
        return {"integer": int(bounds.get("value_min", 1)), "boolean": True, "timestamp": 1,
                "blob": "YQ=="}[kind]

    def container(self, path, count):
        """A list or map of `count` good elements."""
        is_list = self.members[path].type == "list"
        elements = [self._element(path + ("[]" if is_list else "{}"), None, None)
                    for _ in range(count)]
        return elements if is_list else {
            (MAP_KEY if i == 0 else f"{MAP_KEY}{i}"): e for i, e in enumerate(elements)}

    def _structure(self, prefix, target, value):
        result = {}
        for path in self.members:
            name = path.removeprefix(prefix)
            if not path.startswith(prefix) or re.search(r"[.\[{]", name):
                continue
            if path == target:
                if value is not MISSING:
                    result[name] = value
            elif target is not None and re.match(re.escape(path) + r"[.\[{]", target):
                kind = self.members[path].type
                if kind == "structure":
                    result[name] = self._structure(path + ".", target, value)
                elif kind == "list":
                    result[name] = [self._element(path + "[]", target, value)]
                else:
                    result[name] = {MAP_KEY: self._element(path + "{}", target, value)}
            elif "required" in self.constraints[path]:
                result[name] = self.good(path)
        return result

    def _element(self, path, target, value):
        inner = next((p for p in self.members if p.startswith(path)), None)
        if inner is None:
            return self._plain_element(path)
        if inner.startswith(path + "[]"):
            return [self._element(path + "[]", target, value)]
        if inner.startswith(path + "{}"):
            return {MAP_KEY: self._element(path + "{}", target, value)}
        return self._structure(path + ".", target, value)

    def _plain_element(self, path):
        container = path[:-2]
        name = re.split(r"[.\]}]", container)[-1]
        if name in ELEMENTS:
            return ELEMENTS[name]
        is_string = any(bound.startswith("element_") for bound in self.constraints[container])
        if path.endswith("[]") and not is_string:
            raise AssertionError(f"tell ELEMENTS what an element of {name} is")
        return "abc" if is_string else ATTRIBUTE_VALUE


class Rules:
    """The constraints of one member, told in AWS's words."""

    def __init__(self, kind, constraints):
        self.kind, self.names = kind.split(" ")[0], kind.split(" ")[1:]
        self.bounds = {name: int(value) for name, value in constraints.items()
                       if not name.endswith("pattern")}
        self.patterns = {name: value for name, value in constraints.items()
                         if name.endswith("pattern")}

    def violations(self, value):
        found = []
        if self.names and value not in self.names:
            return [f"Member must satisfy enum value set: [{', '.join(self.names)}]"]
        if "pattern" in self.patterns and not re.fullmatch(self.patterns["pattern"], value):
            found.append(self._pattern_text("pattern"))
        size = value if isinstance(value, int) else len(value)
        what = "value" if isinstance(value, int) else "length"
        for bound, is_bad, words in self._limits(what):
            if is_bad(size, bound):
                found.append(f"Member must have {what} {words} than or equal to {bound}")
        if isinstance(value, dict):
            found += self._inner("key", value.keys(), "Map keys must satisfy constraint")
            found += self._inner("element", value.values(), "Map value must satisfy constraint")
        elif isinstance(value, list):
            found += self._inner("element", value, "Member must satisfy constraint")
        return found

    def _limits(self, what):
        if f"{what}_min" in self.bounds:
            yield self.bounds[f"{what}_min"], int.__lt__, "greater"
        if f"{what}_max" in self.bounds:
            yield self.bounds[f"{what}_max"], int.__gt__, "less"

    def _inner(self, role, values, words):
        least = self.bounds.get(f"{role}_length_min", 0)
        most = self.bounds.get(f"{role}_length_max", sys.maxsize)
        pattern = self.patterns.get(f"{role}_pattern")
        sized = [v for v in values if isinstance(v, (str, list))]
        if all(least <= len(v) <= most and (not pattern or re.fullmatch(pattern, v))
               for v in sized):
            return []
        parts = [f"Member must have length less than or equal to {most}"] if most < sys.maxsize else []
        parts.append(f"Member must have length greater than or equal to {least}")
        if pattern:
            parts.append(self._pattern_text(f"{role}_pattern"))
        return [f"{words}: [{', '.join(parts)}]"]

    def _pattern_text(self, name):
        return f"Member must satisfy regular expression pattern: {self.patterns[name]}"


def cases_of(operation, path):
    """(constraint, values inside, values outside) for each constraint of a member."""
    kind, *names = operation.members[path].type.split(" ")
    bounds = operation.constraints[path]
    if names:
        yield "enum", names, ["WRONG", names[0].lower()]
    for name, bound in bounds.items():
        if name == "required":
            yield name, [operation.good(path)], [MISSING]
        elif name == "pattern":
            size = int(bounds.get("length_min", 1))
            yield name, ["a_Z.9-".ljust(size, "x")], ["a b".ljust(size, "x"), "a!" + "x" * size]
        elif name.startswith("value_"):
            step = 1 if name == "value_max" else -1
            yield name, [int(bound)], [int(bound) + step]
        elif name.startswith("length_"):
            make = (lambda n: "a" * n) if kind == "string" else (
                lambda n: operation.container(path, n))
            step = 1 if name == "length_max" else -1
            yield name, [make(int(bound))], [make(int(bound) + step)]
        elif name.startswith(("element_length_", "key_length_")):
            step = 1 if name.endswith("_max") else -1
            wrap = _wrapper(operation, path, name)
            yield name, [wrap(int(bound))], [wrap(int(bound) + step)]
        else:
            raise AssertionError(f"a constraint without a case: {path} {name}")


def _wrapper(operation, path, name):
    """Puts something of a size where the constraint looks: an element, a map's value or key."""
    if name.startswith("key_"):
        value = operation.container(path, 1)[MAP_KEY]
        return lambda size: {"#" * size: value}
    if operation.members[path].type == "map":
        good = operation.container(path, 1)[MAP_KEY]
        if isinstance(good, list):
            return lambda size: {MAP_KEY: good * size}
        return lambda size: {"#" + MAP_KEY: "#" * size}
    return lambda size: ["other", "#" * size]


def texts_of(rules, value):
    return ["Member must not be null"] if value is MISSING else rules.violations(value)


class ConstraintsTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        served = Served(SERVED_INTERFACE)
        cls.operations = {
            name: Operation([m for m in served.members if m.operation == name])
            for name in served.operations}
        cls.server = cls.enterClassContext(Server(BINARY))

    def test_every_constraint_holds_just_inside_and_just_outside(self):
        case_count = 0
        for name, operation in self.operations.items():
            for path, member in operation.members.items():
                if member.status == "refused":
                    continue
                tested = set()
                for constraint, inside, outside in cases_of(operation, path):
                    tested.add(constraint)
                    rules = Rules(member.type, operation.constraints[path])
                    with self.subTest(f"{name} {path} {constraint}"):
                        refusals = [text for value in outside
                                    for text in texts_of(rules, value)]
                        for value in inside:
                            self.expect_inside(name, operation, path, value, refusals)
                        for value in outside:
                            if member.absence and (value is MISSING or value == {}):
                                self.expect_absence(name, operation, path, value)
                            else:
                                self.expect_outside(name, operation, path, value, rules)
                    case_count += len(inside) + len(outside)
                wanted = set(operation.constraints[path])
                wanted |= {"enum"} if " " in member.type else set()
                self.assertEqual(tested, wanted, f"{name} {path}")
        print(f"constraints: {case_count} cases of {len(self.operations)} operations")

    def test_every_member_that_is_not_served_is_refused_by_its_name(self):
        count = 0
        for name, operation in self.operations.items():
            for path, member in operation.members.items():
                if member.status != "refused":
                    continue
                count += 1
                with self.subTest(f"{name} {path}"):
                    # Its type does not matter, only that it asks for something.
                    answer = self.server.call(name, operation.request(path, True))
                    self.assertEqual(
                        (answer.error, answer.message),
                        ("ValidationException", f"The parameter '{operation.place(path)}' is not "
                         f"supported by this server: {member.why}"))
                    answer = self.server.call(name, operation.request(path, None))
                    self.assertNotIn("not supported", answer.message)
        print(f"constraints: {count} members that are not served")

    def test_an_error_in_each_of_two_members_is_told_in_the_plural(self):
        message = self.server.call("GetItem", {}).message
        self.assertEqual(message, "2 validation errors detected: " + "; ".join(
            f"Value null at '{member}' failed to satisfy constraint: Member must not be null"
            for member in ("tableName", "key")))

    def test_ten_errors_are_told_at_most(self):
        for count in (10, 11):
            definitions = [{"AttributeName": "a", "AttributeType": "X"}] * count
            message = self.server.call("CreateTable", {
                "TableName": "Ten", "AttributeDefinitions": definitions}).message
            self.assertTrue(message.startswith("10 validation errors detected: "), message)
            self.assertEqual(message.count("failed to satisfy constraint"), 10)

    def expect_inside(self, name, operation, path, value, refusals):
        answer = self.server.call(name, operation.request(path, value))
        self.assertLess(answer.status, 500, answer.body)
        self.assertNotIn(answer.error, ("SerializationException", "UnknownOperationException"),
                         answer.message[:2000])
        # Of the same member a rule of the operation itself may be told, with another bound.
        for text in refusals:
            self.assertNotIn(f"at '{operation.place(path)}' failed to satisfy constraint: {text}",
                             answer.message)

    def expect_absence(self, name, operation, path, value):
        answer = self.server.call(name, operation.request(path, value))
        self.assertEqual((answer.status, answer.error), (400, "ValidationException"))
        self.assertEqual(answer.message, operation.members[path].absence)

    def expect_outside(self, name, operation, path, value, rules):
        answer = self.server.call(name, operation.request(path, value))
        self.assertEqual(answer.status, 400, answer.body[:2000])
        self.assertEqual(answer.json["__type"], "com.amazon.coral.validate#ValidationException")
        text = None if value is MISSING else text_of(value)
        shown = ("Value null" if value is MISSING else "Value '[\\[{].*[\\]}]?'" if text is None
                 else re.escape(f"Value '{text[:QUOTED_BYTES_MAX]}'"))
        wanted = texts_of(rules, value)
        self.assertTrue(wanted, "the value violates nothing")
        head = f"{len(wanted)} validation error{'s' if len(wanted) > 1 else ''} detected: "
        body = "; ".join(shown + re.escape(f" at '{operation.place(path)}' failed to satisfy "
                                           f"constraint: {text}") for text in wanted)
        self.assertRegex(answer.message, re.compile(f"^{head}{body}$", re.DOTALL))


if __name__ == "__main__":
    SERVED_INTERFACE, BINARY = sys.argv.pop(1), sys.argv.pop(1)
    unittest.main()
