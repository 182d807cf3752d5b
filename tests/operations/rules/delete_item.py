"""DeleteItem."""

from rule import ABSENT_KEY, THINGS, Rule

DELETE = {"TableName": "Things", "Key": ABSENT_KEY}
RULES = [
    Rule("a key without the sort key", {"TableName": "Things", "Key": {"P": {"S": "p"}}},
         "The provided key element does not match the schema", near=DELETE),
    Rule("an empty string as key", {"TableName": "Simple", "Key": {"K": {"S": ""}}},
         "One or more parameter values are not valid. The AttributeValue for a key attribute cannot "
         "contain an empty string value. Key: K"),
    Rule("ReturnValues of an update", {**DELETE, "ReturnValues": "UPDATED_OLD"},
         "ReturnValues can only be ALL_OLD or NONE", near={**DELETE, "ReturnValues": "ALL_OLD"}),
    Rule("a condition that does not hold",
         {**THINGS, "ConditionExpression": "attribute_not_exists(P)"},
         "The conditional request failed", error="ConditionalCheckFailedException",
         near={**DELETE, "ConditionExpression": "attribute_not_exists(P)"}),
    Rule("a table that does not exist", {**DELETE, "TableName": "Absent"},
         "Requested resource not found", error="ResourceNotFoundException"),
    Rule("values without an expression",
         {**DELETE, "ExpressionAttributeValues": {":v": {"S": "v"}}},
         "ExpressionAttributeValues can only be specified when using expressions: "
         "ConditionExpression is null"),
]
