"""docs/compatibility.md as data: which operations it lists, and each request's members.

The page has two parts that are held to the code. Below the heading "Operations": a table whose rows
begin with an operation's name in backticks, its status behind it. Below "Members of requests": for
each served operation a heading with its name in backticks and a table of path, status and note.
"""

import re

OPERATIONS = "Operations"
MEMBERS = "Members of requests"
ROW = re.compile(r"^\| `([^`]+)` \| ([^|]*?) \|(?: (.*?) ?\|)?$")


class Document:
    def __init__(self, text):
        self.text = text
        self.operations = []  # (name, status)
        self.members = []  # (operation, path, status, note)
        part, operation = "", ""
        for line in text.splitlines():
            if line.startswith("## "):
                part, operation = line[3:].strip(), ""
            elif line.startswith("### "):
                operation = line[4:].strip(" `")
            elif row := ROW.match(line):
                if part == OPERATIONS:
                    self.operations.append((row[1], row[2]))
                elif part == MEMBERS:
                    self.members.append((operation, row[1], row[2], row[3] or ""))

    def notes(self):
        return {(operation, path): note for operation, path, _, note in self.members}

    def with_members(self, tables):
        """The page with everything from the first operation of "Members of requests" replaced."""
        start = self.text.index(f"\n## {MEMBERS}\n")
        first = self.text.find("\n### ", start)
        end = self.text.find("\n## ", start + 1)
        first, end = (end if first < 0 else first), (len(self.text) if end < 0 else end)
        return self.text[:min(first, end)] + "\n" + tables + self.text[end:]
