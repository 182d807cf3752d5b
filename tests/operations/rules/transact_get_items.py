"""TransactGetItems."""

from rule import KEY, Rule


def gets(*keys, table="Things"):
    return {"TransactItems": [{"Get": {"TableName": table, "Key": key}} for key in keys]}


def big(count):
    return [{"K": {"S": f"large{i}"}} for i in range(count)]


RULES = [
    Rule("an item twice", gets(KEY, KEY),
         "Transaction request cannot include multiple operations on one item", near=gets(KEY)),
    Rule("a table that does not exist", gets(KEY, table="Absent"),
         "Requested resource not found", error="ResourceNotFoundException"),
    Rule("items of more than 4 MB", gets(*big(12), table="Simple"),
         "The aggregate size of the items in the transaction exceeds 4 MB", words="ours",
         near=gets(*big(11), table="Simple")),
    Rule("a key without the sort key", gets({"P": {"S": "p"}}),
         "The provided key element does not match the schema", reason=True,
         error="ValidationError"),
]
