"""Query."""

from rule import Rule

VALUES = {":p": {"S": "p"}, ":r": {"N": "1"}}


def query(condition="P = :p", **more):
    used = {name: value for name, value in VALUES.items() if name in str((condition, more))}
    values = {**used, **more.pop("values", {})}
    return {"TableName": "Things", "KeyConditionExpression": condition,
            **({"ExpressionAttributeValues": values} if values else {}), **more}


def invalid(problem):
    return f"Invalid KeyConditionExpression: {problem}"


START = {"P": {"S": "p"}, "R": {"N": "1"}}
RULES = [
    Rule("no key condition", {"TableName": "Things"},
         "Either the KeyConditions or KeyConditionExpression parameter must be specified in the "
         "request.", near=query()),
    Rule("names without an expression",
         {"TableName": "Things", "ExpressionAttributeNames": {"#n": "n"}},
         "ExpressionAttributeNames can only be specified when using expressions"),
    Rule("values without an expression",
         {"TableName": "Things", "ExpressionAttributeValues": {":v": {"S": "v"}}},
         "ExpressionAttributeValues can only be specified when using expressions: FilterExpression "
         "and KeyConditionExpression are null"),
    Rule("an empty key condition", query("", values=VALUES),
         invalid("The expression can not be empty;")),
    Rule("a condition without the partition key", query("R = :r"),
         "Query condition missed key schema element: P", near=query("P = :p AND R = :r")),
    Rule("a condition on another attribute", query("A = :r"),
         "Query condition missed key schema element: P"),
    Rule("a condition on another attribute beside the key", query("P = :p AND A = :r"),
         "Query condition missed key schema element: R"),
    Rule("a range of the partition key", query("P > :p"), "Query key condition not supported",
         near=query("P = :p")),
    Rule("a comparison with another type", query("P = :r"),
         "One or more parameter values were invalid: Condition parameter type does not match schema "
         "type"),
    Rule("an operator that keys do not have", query("P <> :p"),
         "Invalid operator used in KeyConditionExpression: <>"),
    Rule("OR", query("P = :p OR R = :r"),
         "Invalid operator used in KeyConditionExpression: OR"),
    Rule("two conditions on one key", query("P = :p AND P = :p"),
         "KeyConditionExpressions must only contain one condition per key"),
    Rule("a nested attribute", query("P.X = :p"),
         "KeyConditionExpressions cannot have conditions on nested attributes"),
    Rule("three conditions", query("P = :p AND R = :r AND A = :r"),
         "Conditions can be of length 1 or 2 only"),
    Rule("an operand of an operator", query("size(P) = :r"),
         "KeyConditionExpressions cannot contain nested operations"),
    Rule("two attributes in one condition", query("P = R"),
         "Invalid condition in KeyConditionExpression: Multiple attribute names used in one "
         "condition"),
    Rule("no attribute in a condition", query(":p = :p"),
         "Invalid condition in KeyConditionExpression: No key attribute specified"),
    Rule("a key in second place", query("P = :p AND begins_with(:p, R)"),
         "Invalid condition in KeyConditionExpression: begins_with operator must have the key "
         "attribute as its first operand"),
    Rule("an empty string as key", query("P = :e", values={":e": {"S": ""}}),
         "One or more parameter values are not valid. The AttributeValue for a key attribute cannot "
         "contain an empty string value. Key: P"),
    Rule("a partition key of 2,049 bytes", query("P = :e", values={":e": {"S": "p" * 2049}}),
         "One or more parameter values were invalid: Size of hashkey has exceeded the maximum size "
         "limit of2048 bytes", near=query("P = :e", values={":e": {"S": "p" * 2048}})),
    Rule("a filter of the partition key", query(FilterExpression="P = :p"),
         "Filter Expression can only contain non-primary key attributes: Primary key attribute: P"),
    Rule("a strong read of a global index",
         query("G = :p", IndexName="global", ConsistentRead=True),
         "Consistent reads are not supported on global secondary indexes",
         near=query(IndexName="local", ConsistentRead=True)),
    Rule("all attributes of a global index that has fewer",
         query("G = :p", IndexName="global", Select="ALL_ATTRIBUTES"),
         "One or more parameter values were invalid: Select type ALL_ATTRIBUTES is not supported "
         "for global secondary index global because its projection type is not ALL",
         near=query(IndexName="local", Select="ALL_ATTRIBUTES")),
    Rule("an attribute that a global index does not have",
         query("G = :p", IndexName="global", ProjectionExpression="A"),
         "One or more parameter values were invalid: Global secondary index global does not project "
         "[A]", near=query("G = :p", IndexName="global", ProjectionExpression="P")),
    Rule("an index that the table does not have", query(IndexName="absent"),
         "The table does not have the specified index: absent"),
    Rule("projected attributes without an index", query(Select="ALL_PROJECTED_ATTRIBUTES"),
         "ALL_PROJECTED_ATTRIBUTES can be used only when Querying using an IndexName"),
    Rule("specific attributes that are not named", query(Select="SPECIFIC_ATTRIBUTES"),
         "Must specify the AttributesToGet or ProjectionExpression when choosing to get "
         "SPECIFIC_ATTRIBUTES"),
    Rule("a projection of a count", query(Select="COUNT", ProjectionExpression="A"),
         "Cannot specify the ProjectionExpression when choosing to get only the Count"),
    Rule("a projection of all attributes", query(Select="ALL_ATTRIBUTES", ProjectionExpression="A"),
         "Cannot specify the ProjectionExpression when choosing to get ALL_ATTRIBUTES"),
    Rule("a starting key without the sort key", query(ExclusiveStartKey={"P": {"S": "p"}}),
         "The provided starting key is invalid: The provided key element does not match the schema",
         near=query(ExclusiveStartKey=START)),
    Rule("a starting key without the key of the index",
         query(IndexName="local", ExclusiveStartKey=START), "The provided starting key is invalid"),
    Rule("a sort key of 1,025 bytes as starting key",
         {"TableName": "Things", "IndexName": "local", "KeyConditionExpression": "P = :p",
          "ExpressionAttributeValues": {":p": {"S": "p"}},
          "ExclusiveStartKey": {**START, "L": {"S": "l" * 1025}}},
         "The provided starting key is invalid: One or more parameter values exceed the size limits "
         "of keys", words="ours"),
    Rule("an index that is being filled", None,
         "Cannot read from backfilling global secondary index: global",
         test="PagesTest.AnAbsentOrUnbuiltIndexIsRefused"),
    Rule("a starting key of another partition",
         query(ExclusiveStartKey={**START, "P": {"S": "other"}}),
         "The provided starting key is outside query boundaries based on provided conditions"),
    Rule("a starting key outside the range", query("P = :p AND R > :r", ExclusiveStartKey=START),
         "The provided starting key does not match the range key predicate"),
    Rule("a table that does not exist", {**query(), "TableName": "Absent"},
         "Requested resource not found", error="ResourceNotFoundException"),
]
