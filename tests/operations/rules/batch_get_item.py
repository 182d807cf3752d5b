"""BatchGetItem."""

from rule import KEY, Rule


def read(*keys, table="Things", **more):
    return {"RequestItems": {table: {"Keys": list(keys), **more}}}


def some(count):
    return [{"K": {"S": f"k{i}"}} for i in range(count)]


ABSENCE = "The requestItems parameter is required for BatchGetItem"
RULES = [
    Rule("no RequestItems", {}, ABSENCE),
    Rule("no table", {"RequestItems": {}}, ABSENCE),
    Rule("101 keys in several tables",
         {"RequestItems": {"Simple": {"Keys": some(100)}, "Things": {"Keys": [KEY]}}},
         "Too many items requested for the BatchGetItem call",
         near={"RequestItems": {"Simple": {"Keys": some(99)}, "Things": {"Keys": [KEY]}}}),
    Rule("a key twice", read(KEY, KEY), "Provided list of item keys contains duplicates",
         near=read(KEY)),
    Rule("a key without the sort key", read({"P": {"S": "p"}}),
         "The provided key element does not match the schema"),
    Rule("an empty string as key", read({"K": {"S": ""}}, table="Simple"),
         "One or more parameter values are not valid. The AttributeValue for a key attribute cannot "
         "contain an empty string value. Key: K"),
    Rule("a table that does not exist", read(KEY, table="Absent"),
         "Requested resource not found", error="ResourceNotFoundException"),
    Rule("a path twice", read(KEY, ProjectionExpression="A, A"),
         "Invalid ProjectionExpression: Two document paths overlap with each other; must remove or "
         "rewrite one of these paths; path one: [A], path two: [A]",
         near=read(KEY, ProjectionExpression="A, B")),
]
