"""The texts of errors that the C++ code can produce: its string literals, as patterns.

A literal is what stands between quotes, with the literals that follow it directly. `{}` of a format
string stands for anything. Literals that no client ever sees are told by what they are given to.
"""

import re

FOLDERS = ("model", "api", "table", "expression", "protocol", "backup")
LITERAL = re.compile(r'"((?:[^"\\\n]|\\.)*)"(?:\s*"((?:[^"\\\n]|\\.)*)")*')
PIECE = re.compile(r'"((?:[^"\\\n]|\\.)*)"')
COMMENT = re.compile(r"//[^\n]*|/\*.*?\*/", re.DOTALL)
# The last words before a literal that is for operators and developers.
INTERNAL = re.compile(
    r"(GRAMME_CHECK\([^;]*|Corruption\([^;]*|IoError\([^;]*|Add(Counter|Gauge|Histogram)\w*\([^;]*|Status\([^;]*"
    r"|log\w*[.(][^;]*|#include |operator)$", re.DOTALL)
REASON = re.compile(r"(\.why = |visit\.Unserved\([^;]*)$")
WORDS = re.compile(r"[A-Za-z]\w* +[A-Za-z]")
PLACEHOLDER = re.compile(r"\{[^{}]*\}")


class Text:
    def __init__(self, path, line, literal, is_reason):
        self.place = f"{path}:{line}"
        self.literal = literal
        # Why a member is not served: docs/compatibility.md is held to it.
        self.is_reason = is_reason
        # fmt writes a brace as two.
        parts = PLACEHOLDER.split(literal.replace("{{", "\1").replace("}}", "\2"))
        self.fragments = [p.replace("\1", "{").replace("\2", "}") for p in parts if p]

    def is_in(self, message):
        """Whether the message has all fragments, in their order."""
        position = 0
        for fragment in self.fragments:
            position = message.find(fragment, position)
            if position < 0:
                return False
            position += len(fragment)
        return True


def unescape(literal):
    return literal.replace('\\"', '"').replace("\\\\", "\\").replace("\\n", "\n")


def texts_of(root):
    """Every literal of two words or more that may reach a client."""
    found = []
    for folder in FOLDERS:
        for path in sorted((root / "src" / folder).rglob("*")):
            name = path.relative_to(root).as_posix()
            if path.suffix not in (".cc", ".h") or "/testing/" in name or re.search(
                    r"_(test|benchmark|fuzz)\.cc$", name):
                continue
            # As long as they were, so that lines can be counted.
            code = COMMENT.sub(lambda m: re.sub(r"[^\n]", " ", m[0]),
                               path.read_text(encoding="utf-8"))
            for match in LITERAL.finditer(code):
                literal = "".join(unescape(piece) for piece in PIECE.findall(match[0]))
                if not WORDS.search(literal) or INTERNAL.search(code[:match.start()]):
                    continue
                found.append(Text(name, code.count("\n", 0, match.start()) + 1, literal,
                                  REASON.search(code[:match.start()]) is not None))
    return found



# What is read from and written to the backup storage, what a scrub finds, and pages for browsers and
# probes.
FOR_OPERATORS = re.compile(
    r"src/backup/(backup_(block|copy|job|manifest|reader|verifier)|directory_|item_check|memory_"
    r"|posix_|read_back|restore_(import|job))|src/table/scrub/|src/protocol/dispatcher_pages\.cc")


def is_for_clients(text):
    """Texts of the backup storage and of jobs begin in lower case, those of DynamoDB never."""
    is_lower = re.match(r"src/(table|backup)/", text.place) and re.match(r"[a-z ]", text.literal)
    return not (is_lower or FOR_OPERATORS.match(text.place) or text.is_reason)
