"""GetItem."""

from rule import KEY, THINGS, Rule

RULES = [
    Rule("a key without the sort key", {"TableName": "Things", "Key": {"P": {"S": "p"}}},
         "The provided key element does not match the schema", near=THINGS),
    Rule("a key with a further attribute",
         {"TableName": "Things", "Key": {**KEY, "A": {"S": "a"}}},
         "The provided key element does not match the schema"),
    Rule("a key of another type", {"TableName": "Things", "Key": {**KEY, "R": {"S": "1"}}},
         "The provided key element does not match the schema"),
    Rule("an empty string as key", {"TableName": "Simple", "Key": {"K": {"S": ""}}},
         "One or more parameter values are not valid. The AttributeValue for a key attribute cannot "
         "contain an empty string value. Key: K"),
    Rule("an empty binary as key", {"TableName": "Binary", "Key": {"K": {"B": ""}}},
         "One or more parameter values are not valid. The AttributeValue for a key attribute cannot "
         "contain an empty binary value. Key: K"),
    Rule("a partition key of 2,049 bytes", {"TableName": "Simple", "Key": {"K": {"S": "k" * 2049}}},
         "One or more parameter values were invalid: Size of hashkey has exceeded the maximum size "
         "limit of2048 bytes", near={"TableName": "Simple", "Key": {"K": {"S": "k" * 2048}}}),
    Rule("a table that does not exist", {**THINGS, "TableName": "Absent"},
         "Requested resource not found", error="ResourceNotFoundException"),
    Rule("a name of two characters", {**THINGS, "TableName": "ab"},
         "1 validation error detected: Value 'ab' at 'tableName' failed to satisfy constraint: "
         "Member must have length greater than or equal to 3", near={**THINGS, "TableName": "abc"}),
    Rule("a name of 256 characters", {**THINGS, "TableName": "a" * 256},
         f"1 validation error detected: Value '{'a' * 256}' at 'tableName' failed to satisfy "
         "constraint: Member must have length less than or equal to 255",
         near={**THINGS, "TableName": "a" * 255}),
    Rule("a name with other characters", {**THINGS, "TableName": "bad table!@#"},
         "1 validation error detected: Value 'bad table!@#' at 'tableName' failed to satisfy "
         "constraint: Member must satisfy regular expression pattern: [a-zA-Z0-9_.-]+"),
    Rule("a short name with other characters", {**THINGS, "TableName": "a!"},
         "2 validation errors detected: Value 'a!' at 'tableName' failed to satisfy constraint: "
         "Member must satisfy regular expression pattern: [a-zA-Z0-9_.-]+; Value 'a!' at "
         "'tableName' failed to satisfy constraint: Member must have length greater than or equal "
         "to 3"),
    Rule("an ARN of another service",
         {**THINGS, "TableName": "arn:aws:s3:us-east-1:000000000000:table/Things"},
         "One or more parameter values were invalid: Invalid table ARN: "
         "arn:aws:s3:us-east-1:000000000000:table/Things", words="ours"),
    Rule("names without an expression", {**THINGS, "ExpressionAttributeNames": {"#n": "n"}},
         "ExpressionAttributeNames can only be specified when using expressions"),
]
