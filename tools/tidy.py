#!/usr/bin/env python3
"""Checks the house rules that a machine can check. Standard library only.

    tools/tidy.py [ROOT]

prints one line per finding, `path:line: rule: text`, and exits 1 if there is one that is not a
warning. The table of modules is tools/may_use.toml; the names of all operations are in
tools/operations.txt. Each rule has a test in tools/tidy_test.py that plants a violation.
"""

import dataclasses
import pathlib
import re
import sys
import tomllib

SKIPPED_FOLDERS = {".git", "build", "node_modules", "gramme-data", ".cache", "__pycache__"}
SOURCE_LINES_MAX = 600
HEADER_LINES_WARNED = 300
COLUMNS_MAX = 100
TEST_SUFFIXES = ("_test", "_benchmark", "_fuzz")
BANNED_FOLDERS = {"utils", "util", "common", "helpers", "helper", "misc"}
BANNED_HEADS = ("Manager", "Helper", "Util", "Processor", "Impl", "Data", "Info")

INCLUDE = re.compile(r'^\s*#\s*include\s*(?:"(?P<own>[^"]+)"|<(?P<outside>[^>]+)>)')
UNFINISHED = re.compile(
    r"todo|fixme|\bxxx\b|\bhack\b|not implemented|unimplemented|placeholder|for now", re.IGNORECASE)
# DynamoDB's own word for :value and #name, where those are read.
PLACEHOLDER_FOLDERS = ("src/expression", "src/table", "src/api")
SKIPPED_TEST = re.compile(r"GTEST_SKIP|DISABLED_|\.skip\(|\b(?:it|test|describe)\.todo\b")
TYPE_HEAD = re.compile(
    r"\b(?:class|struct|enum(?:\s+class)?|concept|using)\s+(?:GRAMME_\w+\s+)?"
    r"(\w*?(?:" + "|".join(BANNED_HEADS) + r")s?)\b(?=\s*(?:[:{;=]|final\b|$))")
NAKED_CLOCK = re.compile(
    r"\b(?:system|steady|high_resolution|utc|file)_clock::now\b"
    r"|(?<![\w.>])time\s*\(\s*(?:nullptr|NULL|0|&\w+)\s*\)"
    r"|(?<![\w.>])(?:clock_gettime|gettimeofday)\s*\(")
NAKED_RANDOM = re.compile(r"(?<![\w.>])s?rand\s*\(|\brandom_device\b|\bmt19937(?:_64)?\b")
LINK = re.compile(r"\[[^\]]*\]\(\s*<?([^)\s>]+)>?(?:\s+\"[^\"]*\")?\s*\)")
GRAMME_MODULE = re.compile(r"gramme_module\s*\(([^)]*)\)")


@dataclasses.dataclass(frozen=True, order=True)
class Finding:
    path: str
    line: int
    rule: str
    text: str
    warning: bool = False

    def __str__(self):
        text = f"warning: {self.text}" if self.warning else self.text
        return f"{self.path}:{self.line}: {self.rule}: {text}"


@dataclasses.dataclass
class Source:
    """One C++ file: its path from the root, its lines, and its lines without comments."""

    path: pathlib.PurePosixPath
    lines: list
    code: list

    @property
    def in_src(self):
        return self.path.parts[0] == "src"

    @property
    def from_src(self):
        return str(self.path.relative_to("src"))

    @property
    def for_tests(self):
        return self.path.stem.endswith(TEST_SUFFIXES) or "testing" in self.path.parts

    @property
    def subject(self):
        """The stem without the suffix that marks a test, a benchmark or a fuzzer."""
        return re.sub("(?:" + "|".join(TEST_SUFFIXES) + ")$", "", self.path.stem)

    def includes(self):
        for number, line in enumerate(self.code, 1):
            if match := INCLUDE.match(line):
                yield number, match["own"] or match["outside"], match["own"] is not None


def without_comments(lines):
    """The same lines with comments blanked; string literals stay, because #include needs them."""
    code, in_block = [], False
    for line in lines:
        kept, i, quote = [], 0, None
        while i < len(line):
            if in_block:
                end = line.find("*/", i)
                if end < 0:
                    break
                in_block, i = False, end + 2
            elif quote:
                kept.append(line[i])
                if line[i] == "\\" and i + 1 < len(line):
                    kept.append(line[i + 1])
                    i += 1
                elif line[i] == quote:
                    quote = None
                i += 1
            elif line.startswith("//", i):
                break
            elif line.startswith("/*", i):
                in_block, i = True, i + 2
            else:
                # A ' between two digits or letters separates digits of a number.
                separator = line[i] == "'" and i > 0 and line[i - 1].isalnum()
                if line[i] in "\"'" and not separator:
                    quote = line[i]
                kept.append(line[i])
                i += 1
        code.append("".join(kept))
    return code


class Tree:
    """The project's files, read once."""

    def __init__(self, root):
        self.root = pathlib.Path(root)
        self.files = sorted(self._walk(self.root))
        self.sources = [self._source(p) for p in self.files
                        if p.suffix in (".h", ".cc") and p.parts[0] in ("src", "tests")]

    def _walk(self, folder):
        for entry in folder.iterdir():
            if entry.is_dir() and not entry.is_symlink():
                if entry.name not in SKIPPED_FOLDERS:
                    yield from self._walk(entry)
            elif entry.is_file():
                yield pathlib.PurePosixPath(entry.relative_to(self.root).as_posix())

    def _source(self, path):
        lines = self.lines(path)
        return Source(path, lines, without_comments(lines))

    def lines(self, path):
        return (self.root / path).read_text(encoding="utf-8", errors="replace").splitlines()

    def below(self, *folders):
        return [p for p in self.files if any(p.is_relative_to(f) for f in folders)]


class Modules:
    """tools/may_use.toml, and what the CMakeLists.txt files declare."""

    def __init__(self, tree):
        table = tomllib.loads((tree.root / "tools/may_use.toml").read_text(encoding="utf-8"))
        self.may_use = table["modules"]
        self.tests_may_use = set(table.get("tests", {}).get("may_also_use", []))
        self.outside = table.get("outside", {})
        self.pure_tables = set(table.get("sizes", {}).get("pure_tables", []))
        self.declared = {}
        for path in tree.below("src"):
            if path.name == "CMakeLists.txt":
                self._read_cmake(path, tree.lines(path))

    def _read_cmake(self, path, lines):
        text = "\n".join(line.partition("#")[0] for line in lines)
        for call in GRAMME_MODULE.finditer(text):
            words, lists, current = call[1].split(), {"": []}, ""
            for word in words:
                if word in ("DEPENDS", "PACKAGES", "TEST_DEPENDS"):
                    current = word
                    lists[current] = []
                else:
                    lists[current].append(word)
            folder = "/".join(path.parent.parts[1:])
            name = lists[""][0] if lists[""] else ""
            line = text.count("\n", 0, call.start()) + 1
            self.declared[folder] = (path, line, name, lists)

    def owner(self, from_src):
        """The module that a path below src/ belongs to: the longest listed folder above it."""
        parts = pathlib.PurePosixPath(from_src).parent.parts
        for length in range(len(parts), 0, -1):
            if (folder := "/".join(parts[:length])) in self.may_use:
                return folder
        return None

    def library(self, module):
        """The declared module that compiles `module`, which may be the one above it."""
        parts = module.split("/")
        for length in range(len(parts), 0, -1):
            if (folder := "/".join(parts[:length])) in self.declared:
                return folder
        return None

    def depends(self, folder, for_tests):
        lists = self.declared[folder][3]
        return set(lists.get("DEPENDS", [])) | (
            set(lists.get("TEST_DEPENDS", [])) if for_tests else set())


def cmake_name(module):
    return module.replace("/", "_")


def check_includes(tree, modules):
    for source in tree.sources:
        module = modules.owner(source.from_src) if source.in_src else None
        if source.in_src and module is None:
            yield Finding(str(source.path), 1, "module", "this folder is not in tools/may_use.toml")
            continue
        for number, header, own in source.includes():
            yield from check_outside(source, number, header, modules)
            if not source.in_src or not own or is_outside(header, modules):
                continue
            target = modules.owner(header)
            if target is None:
                if "/" not in header:
                    text = f'name "{header}" by its path from src/'
                    yield Finding(str(source.path), number, "include", text)
                continue
            yield from check_use(source, number, module, target, modules)


def check_use(source, number, module, target, modules):
    if target == module:
        return
    allowed = set(modules.may_use[module])
    if source.for_tests:
        allowed |= modules.tests_may_use
    if target not in allowed:
        text = f"{module} may not use {target} (tools/may_use.toml)"
        yield Finding(str(source.path), number, "may-use", text)
        return
    library, used = modules.library(module), modules.library(target)
    if library is None or used is None or library == used:
        return
    declared = modules.depends(library, source.for_tests)
    names = {cmake_name(used), cmake_name(used) + "_testing"}
    if not names & declared:
        text = f"{target} is not in the DEPENDS of src/{library}/CMakeLists.txt"
        yield Finding(str(source.path), number, "cmake-depends", text)


def is_outside(header, modules):
    return any(header == p or p.endswith("/") and header.startswith(p) for p in modules.outside)


def check_outside(source, number, header, modules):
    for pattern, folders in modules.outside.items():
        if header == pattern or pattern.endswith("/") and header.startswith(pattern):
            if not any(source.path.is_relative_to(folder) for folder in folders):
                text = f"only {', '.join(folders)} may include {pattern}"
                yield Finding(str(source.path), number, "outside", text)


def check_cmake(modules):
    by_name = {cmake_name(module): module for module in modules.may_use}
    for folder, (path, line, name, lists) in modules.declared.items():
        if folder not in modules.may_use:
            yield Finding(str(path), line, "module", f"{folder} is not in tools/may_use.toml")
            continue
        if name != cmake_name(folder):
            text = f"the module of this folder is called {cmake_name(folder)}, not {name}"
            yield Finding(str(path), line, "module", text)
        may_use = set(modules.may_use[folder])
        allowed = {"DEPENDS": may_use, "TEST_DEPENDS": may_use | modules.tests_may_use | {folder}}
        for keyword, permitted in allowed.items():
            for word in lists.get(keyword, []):
                stem = word.removesuffix("_testing") if keyword == "TEST_DEPENDS" else word
                if by_name.get(stem) not in permitted:
                    text = f"{keyword} names {word}, which {folder} may not use"
                    yield Finding(str(path), line, "cmake-depends", text)


def check_sizes(tree, modules):
    for source in tree.sources:
        count = len(source.lines)
        if count > SOURCE_LINES_MAX and str(source.path) not in modules.pure_tables:
            text = f"{count} lines; the limit is {SOURCE_LINES_MAX}: look for the second noun"
            yield Finding(str(source.path), count, "size", text)
        elif source.path.suffix == ".h" and count > HEADER_LINES_WARNED:
            text = f"a header of {count} lines; {HEADER_LINES_WARNED} is a lot"
            yield Finding(str(source.path), count, "size", text, warning=True)
    for path in sorted(modules.pure_tables):
        if not (tree.root / path).is_file():
            text = f"pure_tables names {path}, which does not exist"
            yield Finding("tools/may_use.toml", 1, "size", text)


def check_lines(tree):
    for source in tree.sources:
        for number, line in enumerate(source.lines, 1):
            if len(line) > COLUMNS_MAX and not INCLUDE.match(line):
                yield Finding(str(source.path), number, "columns", f"{len(line)} columns")


def check_words(tree):
    for path in tree.below("src", "console/src", "scripts"):
        its_word = any(path.is_relative_to(folder) for folder in PLACEHOLDER_FOLDERS)
        for number, line in enumerate(tree.lines(path), 1):
            if its_word:
                line = re.sub("placeholder", "", line, flags=re.IGNORECASE)
            if match := UNFINISHED.search(line):
                text = f'"{match[0]}" marks something unfinished'
                yield Finding(str(path), number, "unfinished", text)
    for path in tree.below("src", "console", "tests"):
        if path.suffix not in (".cc", ".h", ".mjs", ".js", ".ts", ".tsx", ".py"):
            continue
        for number, line in enumerate(tree.lines(path), 1):
            if match := SKIPPED_TEST.search(line):
                yield Finding(str(path), number, "skipped-test", f"{match[0]}: a test that does not run")


def check_names(tree):
    for source in tree.sources:
        for number, line in enumerate(source.code, 1):
            if match := TYPE_HEAD.search(line):
                text = f"{match[1]}: name what it is, not that it is one"
                yield Finding(str(source.path), number, "name", text)
    heads = {head.lower() for head in BANNED_HEADS} | {head.lower() + "s" for head in BANNED_HEADS}
    for path in tree.below("src", "tests", "tools", "console/src"):
        for part in path.parts[:-1]:
            if part in BANNED_FOLDERS:
                text = f"no folder {part}/: a thing lives where its noun lives"
                yield Finding(str(path), 1, "folder", text)
        last_word = path.stem.rpartition("_")[2]
        if path.suffix in (".h", ".cc") and last_word in heads:
            yield Finding(str(path), 1, "name", f"a file may not be called …{last_word}")


def check_sources_of_chance(tree):
    for source in tree.sources:
        if not source.in_src or source.path.is_relative_to("src/base"):
            continue
        for number, line in enumerate(source.code, 1):
            if match := NAKED_CLOCK.search(line):
                text = f"{match[0].strip()}: time comes from base/ (Clock)"
                yield Finding(str(source.path), number, "clock", text)
            if match := NAKED_RANDOM.search(line):
                text = f"{match[0].strip()}: randomness comes from base/ (Random)"
                yield Finding(str(source.path), number, "random", text)


def check_guards(tree):
    for source in tree.sources:
        if source.path.suffix != ".h":
            continue
        stem = source.from_src if source.in_src else str(source.path)
        guard = "GRAMME_" + re.sub(r"[^A-Za-z0-9]", "_", stem).upper() + "_"
        code = [(n, line.split()) for n, line in enumerate(source.code, 1) if line.strip()]
        words = [w for _, w in code]
        if words[:2] != [["#ifndef", guard], ["#define", guard]] or words[-1:] != [["#endif"]]:
            line = code[0][0] if code else 1
            yield Finding(str(source.path), line, "guard", f"wants the include guard {guard}")


def check_dead_files(tree, modules):
    included_by = {}
    for source in tree.sources:
        for _, header, _ in source.includes():
            included_by.setdefault(header, []).append(source)
    for source in tree.sources:
        if not source.in_src:
            continue
        path = str(source.path)
        if modules.declared and not in_declared_folder(source, modules):
            kind = "test" if source.for_tests else "source"
            text = f"a {kind} outside a module: no CMakeLists.txt declares it"
            yield Finding(path, 1, "dead", text)
        if source.path.suffix == ".h":
            users = [user for user in included_by.get(source.from_src, [])
                     if (user.path.parent, user.subject) != (source.path.parent, source.path.stem)]
            if not users:
                yield Finding(path, 1, "dead", "no other file includes this header")
        elif not source.for_tests and source.path.stem != "main":
            if not (tree.root / source.path.with_suffix(".h")).is_file():
                module = modules.owner(source.from_src)
                if all(modules.owner(header) != module for _, header, _ in source.includes()):
                    text = "no header declares this: it includes none of its own module"
                    yield Finding(path, 1, "dead", text)


def in_declared_folder(source, modules):
    folder = pathlib.PurePosixPath(source.from_src).parent
    return any(str(f) in modules.declared for f in [folder, *folder.parents])


def check_links(tree):
    for path in tree.files:
        if path.suffix != ".md":
            continue
        fenced = False
        for number, line in enumerate(tree.lines(path), 1):
            if line.lstrip().startswith("```"):
                fenced = not fenced
            if fenced:
                continue
            for match in LINK.finditer(re.sub(r"`[^`]*`", "", line)):
                target = match[1].partition("#")[0]
                if not target or re.match(r"[a-z][a-z0-9+.-]*:", target):
                    continue
                base = tree.root if target.startswith("/") else tree.root / path.parent
                if not (base / target.lstrip("/")).exists():
                    yield Finding(str(path), number, "link", f"{match[1]} does not exist")


def check_compatibility(tree):
    """The table below the heading "Operations" of docs/compatibility.md names each one once."""
    page = pathlib.PurePosixPath("docs/compatibility.md")
    if page not in tree.files:
        return
    known = set((tree.root / "tools/operations.txt").read_text(encoding="utf-8").split())
    listed, inside, heading_line = {}, False, 1
    for number, line in enumerate(tree.lines(page), 1):
        if line.startswith("#"):
            inside = line.lstrip("# ").strip() == "Operations"
            heading_line = number if inside else heading_line
        elif inside and (match := re.match(r"\|\s*`(\w+)`\s*\|", line)):
            name = match[1]
            if name not in known:
                yield Finding(str(page), number, "operation", f"{name} is no operation of DynamoDB")
            elif name in listed:
                yield Finding(str(page), number, "operation", f"{name} is listed twice")
            listed.setdefault(name, number)
    for name in sorted(known - listed.keys()):
        yield Finding(str(page), heading_line, "operation", f"{name} is not listed")


def findings(root):
    tree = Tree(root)
    modules = Modules(tree)
    found = [
        *check_includes(tree, modules), *check_cmake(modules), *check_sizes(tree, modules),
        *check_lines(tree), *check_words(tree), *check_names(tree),
        *check_sources_of_chance(tree), *check_guards(tree), *check_dead_files(tree, modules),
        *check_links(tree), *check_compatibility(tree),
    ]
    return sorted(set(found))


def main():
    root = sys.argv[1] if len(sys.argv) > 1 else pathlib.Path(__file__).resolve().parent.parent
    found = findings(root)
    for finding in found:
        print(finding)
    failures = sum(not finding.warning for finding in found)
    print(f"tidy: {failures} findings, {len(found) - failures} warnings", file=sys.stderr)
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
