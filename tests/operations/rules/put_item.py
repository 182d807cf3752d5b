"""PutItem."""

from rule import ITEM, Rule

KEY = {"P": {"S": "put"}, "R": {"N": "1"}}
PUT = {"TableName": "Things", "Item": KEY}


def put(**attributes):
    return {"TableName": "Things", "Item": {**KEY, **attributes}}


def sized(size):
    """An item of `Simple` of that many bytes: names count too."""
    return {"TableName": "Simple", "Item": {"K": {"S": "k"}, "V": {"S": "v" * (size - 3)}}}


RULES = [
    Rule("a key attribute is missing", {"TableName": "Things", "Item": {"P": {"S": "p"}}},
         "One or more parameter values were invalid: Missing the key R in the item", near=PUT),
    Rule("a key attribute has another type", put(R={"S": "1"}),
         "One or more parameter values were invalid: Type mismatch for key R expected: N actual: S",
         near=PUT),
    Rule("a key attribute is an empty string",
         {"TableName": "Things", "Item": {"P": {"S": ""}, "R": {"N": "1"}}},
         "One or more parameter values are not valid. The AttributeValue for a key attribute cannot "
         "contain an empty string value. Key: P", near=put(A={"S": ""})),
    Rule("a key attribute is an empty binary", {"TableName": "Binary", "Item": {"K": {"B": ""}}},
         "One or more parameter values are not valid. The AttributeValue for a key attribute cannot "
         "contain an empty binary value. Key: K",
         near={"TableName": "Binary", "Item": {"K": {"B": "YQ=="}, "A": {"B": ""}}}),
    Rule("a partition key of 2,049 bytes", {"TableName": "Simple", "Item": {"K": {"S": "k" * 2049}}},
         "One or more parameter values were invalid: Size of hashkey has exceeded the maximum size "
         "limit of2048 bytes", near={"TableName": "Simple", "Item": {"K": {"S": "k" * 2048}}}),
    Rule("a sort key of 1,025 bytes, of an index", put(L={"S": "l" * 1025}),
         "One or more parameter values were invalid: Aggregated size of all range keys has exceeded "
         "the size limit of 1024 bytes. IndexName: local", near=put(L={"S": "l" * 1024})),
    Rule("a partition key of 2,049 bytes, of an index", put(G={"S": "g" * 2049}),
         "One or more parameter values were invalid: Size of hashkey has exceeded the maximum size "
         "limit of2048 bytes. IndexName: global", near=put(G={"S": "g" * 2048})),
    Rule("a key attribute of an index has another type", put(G={"N": "1"}),
         "One or more parameter values were invalid: Type mismatch for Index Key G Expected: S "
         "Actual: N IndexName: global", near=put(G={"S": "1"})),
    Rule("a key attribute of an index is no scalar", put(L={"L": [{"S": "x"}]}),
         "One or more parameter values were invalid: Type mismatch for Index Key L Expected: S "
         "Actual: L IndexName: local"),
    Rule("a key attribute of an index is an empty string", put(L={"S": ""}),
         "One or more parameter values are not valid. A value specified for a secondary index key "
         "is not supported. The AttributeValue for a key attribute cannot contain an empty string "
         "value. IndexName: local, IndexKey: L", near=put(L={"S": "l"})),
    Rule("an item of 409,601 bytes", sized(409_601),
         "Item size has exceeded the maximum allowed size", near=sized(409_600)),
    Rule("an item that is too large with its entry in a local index",
         put(L={"S": "l" * 1000}, V={"S": "v" * 408_000}),
         "Item size has exceeded the maximum allowed size",
         near=put(L={"S": "l" * 500}, V={"S": "v" * 408_000})),
    Rule("ReturnValues of an update", {**PUT, "ReturnValues": "ALL_NEW"},
         "ReturnValues can only be ALL_OLD or NONE", near={**PUT, "ReturnValues": "ALL_OLD"}),
    Rule("a condition that does not hold",
         {"TableName": "Things", "Item": ITEM, "ConditionExpression": "attribute_not_exists(P)"},
         "The conditional request failed", error="ConditionalCheckFailedException",
         near={"TableName": "Things", "Item": ITEM, "ConditionExpression": "attribute_exists(P)"}),
    Rule("a table that does not exist", {"TableName": "Absent", "Item": KEY},
         "Requested resource not found", error="ResourceNotFoundException", near=PUT),
    Rule("values without an expression", {**PUT, "ExpressionAttributeValues": {":v": {"S": "v"}}},
         "ExpressionAttributeValues can only be specified when using expressions: "
         "ConditionExpression is null"),
    Rule("names without an expression", {**PUT, "ExpressionAttributeNames": {"#n": "n"}},
         "ExpressionAttributeNames can only be specified when using expressions"),
]
