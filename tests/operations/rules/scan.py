"""Scan."""

from rule import KEY, Rule

SCAN = {"TableName": "Things"}
RULES = [
    Rule("Segment alone", {**SCAN, "Segment": 0},
         "The TotalSegments parameter is required but was not present in the request when Segment "
         "parameter is present", near={**SCAN, "Segment": 0, "TotalSegments": 1}),
    Rule("TotalSegments alone", {**SCAN, "TotalSegments": 4},
         "The Segment parameter is required but was not present in the request when parameter "
         "TotalSegments is present"),
    Rule("a segment that is none of them", {**SCAN, "Segment": 5, "TotalSegments": 5},
         "The Segment parameter is zero-based and must be less than parameter TotalSegments: "
         "Segment: 5 is not less than TotalSegments: 5",
         near={**SCAN, "Segment": 4, "TotalSegments": 5}),
    Rule("a starting key of another segment",
         {**SCAN, "Segment": 0, "TotalSegments": 1_000_000, "ExclusiveStartKey": KEY},
         "The provided starting key is invalid: Invalid ExclusiveStartKey. Please use "
         "ExclusiveStartKey with correct Segment. TotalSegments: 1000000 Segment: 0"),
    Rule("a starting key that is none of the table", {**SCAN, "ExclusiveStartKey": {"X": {"S": "x"}}},
         "The provided starting key is invalid: The provided key element does not match the schema",
         near={**SCAN, "ExclusiveStartKey": KEY}),
    Rule("a strong read of a global index",
         {**SCAN, "IndexName": "global", "ConsistentRead": True},
         "Consistent reads are not supported on global secondary indexes"),
    Rule("values without an expression",
         {**SCAN, "ExpressionAttributeValues": {":v": {"S": "v"}}},
         "ExpressionAttributeValues can only be specified when using expressions: FilterExpression "
         "is null"),
    Rule("an index that the table does not have", {**SCAN, "IndexName": "absent"},
         "The table does not have the specified index: absent"),
    Rule("projected attributes without an index", {**SCAN, "Select": "ALL_PROJECTED_ATTRIBUTES"},
         "ALL_PROJECTED_ATTRIBUTES can be used only when Querying using an IndexName"),
    Rule("a table that does not exist", {"TableName": "Absent"},
         "Requested resource not found", error="ResourceNotFoundException"),
]
