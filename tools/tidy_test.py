#!/usr/bin/env python3
"""Plants each violation in a small tree and sees that tools/tidy.py finds it, and it alone."""

import pathlib
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
import tidy  # noqa: E402

MAY_USE = """
[modules]
base = []
model = ["base"]
table = ["base", "model"]
storage = ["base"]
"storage/memory" = ["base", "storage"]

[tests]
may_also_use = ["storage/memory"]

[outside]
"rocksdb/" = ["src/storage/rocksdb", "tests/crash"]
"simdjson.h" = ["src/protocol"]

[sizes]
pure_tables = []
"""


def header(path, *lines):
    guard = "GRAMME_" + path.upper().replace("/", "_").replace(".", "_") + "_"
    return "\n".join([f"#ifndef {guard}", f"#define {guard}", *lines, f"#endif  // {guard}", ""])


class TidyTest(unittest.TestCase):
    """A tree without a finding; each test spoils one thing in it."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = pathlib.Path(folder.name)
        self.write("tools/may_use.toml", MAY_USE)
        self.write("tools/operations.txt", "GetItem\nPutItem\n")
        self.write("src/base/CMakeLists.txt", "gramme_module(base)\n")
        self.write("src/base/clock.h", header("base/clock.h", "class Clock;"))
        self.write("src/model/CMakeLists.txt", "gramme_module(model\n  DEPENDS base)\n")
        self.write("src/model/item.h", header("model/item.h", '#include "base/clock.h"'))
        self.write("src/table/CMakeLists.txt",
                   "gramme_module(table DEPENDS base model TEST_DEPENDS storage_memory)\n")
        self.write("src/table/reads.h", header("table/reads.h", '#include "model/item.h"'))
        self.write("src/table/reads.cc", '#include "table/reads.h"\n')
        self.write("src/table/main.cc", '#include "table/reads.h"\n')
        self.write("src/storage/CMakeLists.txt", "gramme_module(storage DEPENDS base)\n")
        self.write("src/storage/store.h", header("storage/store.h"))
        self.write("src/storage/memory/CMakeLists.txt",
                   "gramme_module(storage_memory DEPENDS base storage)\n")
        self.write("src/storage/memory/memory_store.h",
                   header("storage/memory/memory_store.h", '#include "storage/store.h"'))
        self.write("src/table/reads_test.cc", '#include "storage/memory/memory_store.h"\n')
        self.write("README.md", "[the table](tools/may_use.toml)\n")

    def write(self, path, text):
        file = self.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")

    def found(self):
        return [(f.path, f.line, f.rule) for f in tidy.findings(self.root)]

    def expect(self, path, line, rule):
        self.assertEqual(self.found(), [(path, line, rule)])

    def test_a_clean_tree_has_no_finding(self):
        self.assertEqual(self.found(), [])

    def test_an_include_outside_the_table_is_found(self):
        self.write("src/model/item.h", header("model/item.h", '#include "table/reads.h"',
                                              '#include "base/clock.h"'))
        self.expect("src/model/item.h", 3, "may-use")

    def test_a_concrete_store_is_for_tests_alone(self):
        self.write("src/table/reads.cc",
                   '#include "table/reads.h"\n#include "storage/memory/memory_store.h"\n')
        self.expect("src/table/reads.cc", 2, "may-use")

    def test_an_include_that_cmake_does_not_declare_is_found(self):
        self.write("src/model/CMakeLists.txt", "gramme_module(model)\n")
        self.expect("src/model/item.h", 3, "cmake-depends")

    def test_a_dependency_that_the_table_forbids_is_found(self):
        self.write("src/model/CMakeLists.txt", "# why\ngramme_module(model DEPENDS base table)\n")
        self.expect("src/model/CMakeLists.txt", 2, "cmake-depends")

    def test_a_commented_dependency_does_not_count(self):
        self.write("src/model/CMakeLists.txt", "gramme_module(model # DEPENDS base\n)\n")
        self.expect("src/model/item.h", 3, "cmake-depends")

    def test_a_module_with_the_wrong_name_is_found(self):
        self.write("src/base/CMakeLists.txt", "gramme_module(basis)\n")
        self.expect("src/base/CMakeLists.txt", 1, "module")

    def test_a_folder_that_is_not_in_the_table_is_found(self):
        self.write("src/cache/lru.h", header("cache/lru.h"))
        self.assertIn(("src/cache/lru.h", 1, "module"), self.found())

    def test_a_header_named_without_its_path_is_found(self):
        self.write("src/table/reads.cc", '#include "table/reads.h"\n#include "item.h"\n')
        self.expect("src/table/reads.cc", 2, "include")

    def test_an_outside_header_in_the_wrong_folder_is_found(self):
        self.write("src/table/reads.cc", '#include "table/reads.h"\n#include <rocksdb/db.h>\n')
        self.expect("src/table/reads.cc", 2, "outside")

    def test_an_outside_header_in_quotes_is_found(self):
        self.write("src/table/reads.cc", '#include "table/reads.h"\n#include "simdjson.h"\n')
        self.expect("src/table/reads.cc", 2, "outside")

    def test_an_outside_header_where_it_belongs_is_fine(self):
        self.write("tests/crash/disk.cc", "#include <rocksdb/file_system.h>\n")
        self.assertEqual(self.found(), [])

    def test_an_include_in_a_comment_is_none(self):
        self.write("src/table/reads.cc",
                   '#include "table/reads.h"\n/*\n#include <rocksdb/db.h>\n*/\n')
        self.assertEqual(self.found(), [])

    def test_a_long_source_is_found_unless_it_is_a_pure_table(self):
        self.write("src/table/reads.cc", '#include "table/reads.h"\n' + "int x;\n" * 600)
        self.expect("src/table/reads.cc", 601, "size")
        self.write("tools/may_use.toml", MAY_USE.replace(
            "pure_tables = []", 'pure_tables = ["src/table/reads.cc"]'))
        self.assertEqual(self.found(), [])

    def test_a_pure_table_that_is_gone_is_found(self):
        self.write("tools/may_use.toml", MAY_USE.replace(
            "pure_tables = []", 'pure_tables = ["src/table/gone.cc"]'))
        self.expect("tools/may_use.toml", 1, "size")

    def test_a_long_header_is_a_warning(self):
        self.write("src/base/clock.h", header("base/clock.h", *["int x;"] * 300))
        found = tidy.findings(self.root)
        self.assertEqual([(f.rule, f.warning) for f in found], [("size", True)])

    def test_a_long_line_is_found(self):
        self.write("src/table/reads.cc", '#include "table/reads.h"\n' + "x" * 101 + "\n")
        self.expect("src/table/reads.cc", 2, "columns")

    def test_columns_are_characters_and_not_bytes(self):
        self.write("src/table/reads.cc", '#include "table/reads.h"\n// ' + "é" * 97 + "\n")
        self.assertEqual(self.found(), [])

    def test_unfinished_work_is_found(self):
        for words in ("TODO: later", "fixme", "XXX", "not implemented", "just for now"):
            with self.subTest(words):
                self.write("src/table/reads.cc", f'#include "table/reads.h"\n// {words}\n')
                self.expect("src/table/reads.cc", 2, "unfinished")

    def test_a_placeholder_is_a_word_of_expressions_alone(self):
        self.write("src/table/reads.cc", '#include "table/reads.h"\n// Placeholders.\n')
        self.assertEqual(self.found(), [])
        self.write("src/model/main.cc", "// a placeholder\n")
        self.expect("src/model/main.cc", 1, "unfinished")

    def test_unfinished_work_in_a_script_is_found(self):
        self.write("scripts/run", "#!/bin/sh\n# TODO\n")
        self.expect("scripts/run", 2, "unfinished")

    def test_a_test_that_does_not_run_is_found(self):
        self.write("src/table/reads_test.cc", "TEST(A, DISABLED_B) {}\n")
        self.assertIn(("src/table/reads_test.cc", 1, "skipped-test"), self.found())

    def test_a_skipped_api_test_is_found(self):
        self.write("tests/api/items.test.mjs", "test.skip('x', () => {});\n")
        self.expect("tests/api/items.test.mjs", 1, "skipped-test")

    def test_banned_heads_of_type_names_are_found(self):
        for line in ("class TableManager {", "struct KeyHelper final {", "class StoreImpl : Store {",
                     "enum class ItemInfo {", "class StringUtils;", "using RowData = int;"):
            with self.subTest(line):
                self.write("src/table/reads.cc", f'#include "table/reads.h"\n{line}\n')
                self.expect("src/table/reads.cc", 2, "name")

    def test_a_banned_word_elsewhere_in_a_name_is_fine(self):
        self.write("src/table/reads.cc", '#include "table/reads.h"\nclass DataFile {};\n'
                   "// class TableManager is what it is not\nImplicit implement();\n")
        self.assertEqual(self.found(), [])

    def test_a_banned_file_name_is_found(self):
        self.write("src/table/key_utils.cc", '#include "table/reads.h"\n')
        self.expect("src/table/key_utils.cc", 1, "name")

    def test_a_banned_folder_is_found(self):
        self.write("src/table/helpers/key.cc", '#include "table/reads.h"\n')
        self.expect("src/table/helpers/key.cc", 1, "folder")

    def test_clocks_outside_base_are_found(self):
        for call in ("std::chrono::steady_clock::now()", "time(nullptr)", "std::time(0)",
                     "clock_gettime(CLOCK_REALTIME, &t)"):
            with self.subTest(call):
                self.write("src/table/reads.cc", f'#include "table/reads.h"\nauto t = {call};\n')
                self.expect("src/table/reads.cc", 2, "clock")

    def test_randomness_outside_base_is_found(self):
        for call in ("rand()", "std::random_device{}()", "std::mt19937_64 g;"):
            with self.subTest(call):
                self.write("src/table/reads.cc", f'#include "table/reads.h"\nauto t = {call};\n')
                self.expect("src/table/reads.cc", 2, "random")

    def test_time_may_be_called_in_base_and_named_elsewhere(self):
        self.write("src/base/clock.cc",
                   '#include "base/clock.h"\nauto t = std::chrono::system_clock::now();\n')
        self.write("src/table/reads.cc", '#include "table/reads.h"\nauto t = entry.time(0);\n'
                   "int expiry_time(int x); int operand(int y);\n")
        self.assertEqual(self.found(), [])

    def test_a_wrong_include_guard_is_found(self):
        self.write("src/base/clock.h", header("base/klock.h"))
        self.expect("src/base/clock.h", 1, "guard")
        self.write("src/base/clock.h", "// A clock.\n#pragma once\n")
        self.expect("src/base/clock.h", 2, "guard")

    def test_a_header_of_the_tests_names_its_whole_path(self):
        self.write("tests/crash/disk.h", header("tests/crash/disk.h"))
        self.assertEqual(self.found(), [])

    def test_a_header_that_only_its_twin_and_its_test_include_is_dead(self):
        self.write("src/table/scan.h", header("table/scan.h"))
        self.write("src/table/scan.cc", '#include "table/scan.h"\n')
        self.write("src/table/scan_test.cc", '#include "table/scan.h"\n')
        self.expect("src/table/scan.h", 1, "dead")

    def test_a_source_that_no_header_declares_is_dead(self):
        self.write("src/table/orphan.cc", '#include "model/item.h"\n')
        self.expect("src/table/orphan.cc", 1, "dead")

    def test_a_second_source_of_a_header_is_alive(self):
        self.write("src/table/reads_paging.cc", '#include "table/reads.h"\n')
        self.assertEqual(self.found(), [])

    def test_a_test_outside_a_module_is_found(self):
        self.write("src/model/CMakeLists.txt", "add_library(model)\n")
        self.write("src/model/item_test.cc", '#include "model/item.h"\n')
        self.assertIn(("src/model/item_test.cc", 1, "dead"), self.found())

    def test_a_broken_link_is_found(self):
        self.write("docs/start.md", "See\n[the guide](guides/none.md#part).\n")
        self.expect("docs/start.md", 2, "link")

    def test_links_elsewhere_and_in_code_are_fine(self):
        self.write("docs/start.md", "[a](https://example.org/x) [b](#part) [c](../README.md#x)\n"
                   "`[d](none.md)`\n```\n[e](none.md)\n```\n")
        self.assertEqual(self.found(), [])

    def test_the_compatibility_page_is_held_to_the_list(self):
        table = "# Compatibility\n\n## Operations\n\n| Operation | |\n|---|---|\n"
        self.write("docs/compatibility.md", table + "| `GetItem` | served |\n| `PutItem` | x |\n")
        self.assertEqual(self.found(), [])
        self.write("docs/compatibility.md", table + "| `GetItem` | served |\n")
        self.expect("docs/compatibility.md", 3, "operation")
        self.write("docs/compatibility.md",
                   table + "| `GetItem` | |\n| `PutItem` | |\n| `PutRow` | |\n| `GetItem` | |\n")
        self.assertEqual([line for _, line, _ in self.found()], [9, 10])

    def test_built_files_and_packages_are_not_read(self):
        self.write("build/x.md", "[a](none.md)\n")
        self.write("tests/api/node_modules/p/README.md", "[a](none.md)\n")
        self.assertEqual(self.found(), [])

    def test_the_program_prints_one_line_and_fails(self):
        self.write("docs/start.md", "[the guide](none.md)\n")
        program = pathlib.Path(tidy.__file__)
        run = subprocess.run([sys.executable, program, self.root], capture_output=True, text=True)
        self.assertEqual(run.stdout, "docs/start.md:1: link: none.md does not exist\n")
        self.assertEqual(run.returncode, 1)


if __name__ == "__main__":
    unittest.main()
