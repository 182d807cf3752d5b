"""DescribeTable."""

from rule import Rule

RULES = [
    Rule("no name", {}, "The parameter 'TableName' is required but was not present in the request"),
    Rule("a table that does not exist", {"TableName": "Absent"},
         "Requested resource not found: Table: Absent not found",
         error="ResourceNotFoundException"),
]
