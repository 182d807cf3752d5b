"""JSON of the wrong type."""

from rule import KEY, Rule

STRUCTURE = "Start of structure or map found where not expected"
FIELD = "Unexpected field type"
PACKAGE = "com.amazonaws.dynamodb.v20120810."
# AWS's decoder trips over a list or map inside another.
CAST = ("class sun.reflect.generics.reflectiveObjects.ParameterizedTypeImpl cannot be cast to class "
        "java.lang.Class (sun.reflect.generics.reflectiveObjects.ParameterizedTypeImpl and "
        "java.lang.Class are in module java.base of loader 'bootstrap')")
SCALARS = [("a string", "x", "STRING_VALUE"), ("true", True, "TRUE_VALUE"),
           ("false", False, "FALSE_VALUE"), ("a number", 23, "NUMBER_VALUE"),
           ("a large number", 2147483648, "NUMBER_VALUE"), ("a fraction", 34.5, "DECIMAL_VALUE")]
STRING, TRUE, FALSE, NUMBER, LARGE, FRACTION = SCALARS


def converted(java_name, *scalars):
    """What one of Java's scalars does not take."""
    return [*((what, value, f"{token} cannot be converted to {java_name}")
              for what, value, token in scalars),
            ("a list", [], f"Unrecognized collection type class java.lang.{java_name}"),
            ("a structure", {}, STRUCTURE)]


def scalars(text):
    return [(what, value, text) for what, value, _ in SCALARS]


def mapped(value_name, scalar=FIELD):
    return [*scalars(scalar),
            ("a list", [], f"Unrecognized collection type java.util.Map<java.lang.String, "
                           f"{value_name}>")]


TEXT = converted("String", *SCALARS[1:])
FLAG = [("a string", "x", "Unexpected token received from parser"),
        *converted("Boolean", NUMBER, LARGE)]
COUNT = converted("Integer", STRING, TRUE, FALSE)
UNITS = converted("Long", STRING, TRUE, FALSE)
BYTES = [*((what, value, "only base-64-encoded strings are convertible to bytes")
           for what, value, _ in SCALARS[1:]),
         ("a list", [], "Unrecognized collection type class java.nio.ByteBuffer"),
         ("a structure", {}, STRUCTURE),
         ("five characters", "23456",
          "Base64 encoded length is expected a multiple of 4 bytes but found: 5"),
         ("padding in front", "=+/=", "Invalid last non-pad Base64 character dectected"),
         ("padding in the middle", "+/+=", "Invalid last non-pad Base64 character dectected")]
LIST = [*scalars(FIELD), ("a structure", {}, STRUCTURE)]
INNER_LIST = [*scalars(CAST), ("a structure", {}, STRUCTURE)]


def member(name):
    return [*scalars(FIELD), ("a list", [], f"Unrecognized collection type class {PACKAGE}{name}")]


def element(name):
    return [*scalars("Unexpected value type in payload"),
            ("a list", [], f"Unrecognized collection type class {PACKAGE}{name}")]


def item(value):
    return {"TableName": "Things", "Item": {**KEY, "V": value}}


def index_updates(update):
    return {"TableName": "Things", "GlobalSecondaryIndexUpdates": [update]}


# (the member, its operation, the request with a value there, what it does not take)
MEMBERS = [
    ("TableName", "GetItem", lambda v: {"TableName": v}, TEXT),
    ("ReturnValues", "PutItem", lambda v: {"ReturnValues": v}, TEXT),
    ("ConsistentRead", "GetItem", lambda v: {"ConsistentRead": v}, FLAG),
    ("Limit", "Scan", lambda v: {"Limit": v}, COUNT),
    ("ProvisionedThroughput", "CreateTable", lambda v: {"ProvisionedThroughput": v},
     member("ProvisionedThroughput")),
    ("ReadCapacityUnits", "CreateTable",
     lambda v: {"ProvisionedThroughput": {"ReadCapacityUnits": v}}, UNITS),
    ("KeySchema", "CreateTable", lambda v: {"KeySchema": v}, LIST),
    ("an element of KeySchema", "CreateTable", lambda v: {"KeySchema": [v]},
     element("KeySchemaElement")),
    ("Projection", "CreateTable",
     lambda v: {"GlobalSecondaryIndexes": [{"Projection": v}]}, member("Projection")),
    ("an element of NonKeyAttributes", "CreateTable",
     lambda v: {"GlobalSecondaryIndexes": [{"Projection": {"NonKeyAttributes": [v]}}]}, TEXT),
    ("an element of GlobalSecondaryIndexUpdates", "UpdateTable", index_updates,
     element("GlobalSecondaryIndexUpdate")),
    ("Create", "UpdateTable", lambda v: index_updates({"Create": v}),
     member("CreateGlobalSecondaryIndexAction")),
    ("Delete", "UpdateTable", lambda v: index_updates({"Delete": v}),
     member("DeleteGlobalSecondaryIndexAction")),
    ("Update", "UpdateTable", lambda v: index_updates({"Update": v}),
     member("UpdateGlobalSecondaryIndexAction")),
    ("Key", "GetItem", lambda v: {"Key": v}, mapped(PACKAGE + "AttributeValue")),
    ("ExpressionAttributeNames", "GetItem", lambda v: {"ExpressionAttributeNames": v},
     mapped("java.lang.String")),
    ("a value of ExpressionAttributeNames", "GetItem",
     lambda v: {"ExpressionAttributeNames": {"#n": v}}, TEXT),
    ("RequestItems", "BatchGetItem", lambda v: {"RequestItems": v},
     mapped(PACKAGE + "KeysAndAttributes")),
    ("a table of RequestItems", "BatchGetItem", lambda v: {"RequestItems": {"Things": v}},
     element("KeysAndAttributes")),
    ("Keys", "BatchGetItem", lambda v: {"RequestItems": {"Things": {"Keys": v}}}, LIST),
    ("an element of Keys", "BatchGetItem", lambda v: {"RequestItems": {"Things": {"Keys": [v]}}},
     mapped(PACKAGE + "AttributeValue", CAST)),
    ("RequestItems", "BatchWriteItem", lambda v: {"RequestItems": v},
     mapped(f"java.util.List<{PACKAGE}WriteRequest>")),
    ("a table of RequestItems", "BatchWriteItem", lambda v: {"RequestItems": {"Things": v}},
     INNER_LIST),
    ("a request of RequestItems", "BatchWriteItem", lambda v: {"RequestItems": {"Things": [v]}},
     element("WriteRequest")),
    ("PutRequest", "BatchWriteItem",
     lambda v: {"RequestItems": {"Things": [{"PutRequest": v}]}}, member("PutRequest")),
    ("DeleteRequest", "BatchWriteItem",
     lambda v: {"RequestItems": {"Things": [{"DeleteRequest": v}]}}, member("DeleteRequest")),
    ("TransactItems", "TransactWriteItems", lambda v: {"TransactItems": v}, LIST),
    ("Put", "TransactWriteItems", lambda v: {"TransactItems": [{"Put": v}]}, member("Put")),
    ("Update", "TransactWriteItems", lambda v: {"TransactItems": [{"Update": v}]},
     member("Update")),
    ("an element of Tags", "TagResource", lambda v: {"Tags": [v]}, element("Tag")),
    ("an attribute value", "PutItem", item, element("AttributeValue")),
    ("S", "PutItem", lambda v: item({"S": v}), TEXT),
    ("N", "PutItem", lambda v: item({"N": v}), TEXT),
    ("B", "PutItem", lambda v: item({"B": v}), BYTES),
    ("BOOL", "PutItem", lambda v: item({"BOOL": v}), FLAG),
    ("NULL", "PutItem", lambda v: item({"NULL": v}), FLAG),
    ("SS", "PutItem", lambda v: item({"SS": v}), LIST),
    ("an element of SS", "PutItem", lambda v: item({"SS": [v]}), TEXT),
    ("NS", "PutItem", lambda v: item({"NS": v}), LIST),
    ("an element of NS", "PutItem", lambda v: item({"NS": [v]}), TEXT),
    ("BS", "PutItem", lambda v: item({"BS": v}), LIST),
    ("an element of BS", "PutItem", lambda v: item({"BS": [v]}), BYTES),
    ("L", "PutItem", lambda v: item({"L": v}), LIST),
    ("an element of L", "PutItem", lambda v: item({"L": [v]}), element("AttributeValue")),
    ("M", "PutItem", lambda v: item({"M": v}), mapped(PACKAGE + "AttributeValue")),
    ("a value of M", "PutItem", lambda v: item({"M": {"X": v}}), element("AttributeValue")),
    ("an element of BS inside a list", "PutItem", lambda v: item({"L": [{"BS": [v]}]}), BYTES),
]


KINDS = ((TEXT, "a string"), (FLAG, "a boolean"), (COUNT, "an integer"), (UNITS, "a long"),
         (BYTES, "a blob"), (LIST, "a list"), (INNER_LIST, "a list in a map"))


def rules():
    for name, operation, make, refusals in MEMBERS:
        kind = next((kind for known, kind in KINDS if known is refusals),
                    "a map" if "java.util.Map" in refusals[-1][2] else "a structure")
        for what, value, text in refusals:
            yield Rule(f"{what} for {name} ({operation})", make(value), text,
                       error="SerializationException", operation=operation,
                       group=f"{what} for {kind}")


def body(when, text, message, **more):
    return Rule(when, text, message, error="SerializationException", operation="GetItem", **more)


TWICE = "A key occurs twice in one JSON object"
RULES = [
    *rules(),
    body("no body", "", "The request body is empty", words="ours"),
    body("half a body", '{"TableName":', "The request body is not valid JSON", words="ours"),
    body("a body that is no object", "[]", "The request body is not a JSON object", words="ours"),
    body("a body that is not UTF-8", b'{"TableName":"\xff"}', "The request body is not valid UTF-8",
         words="ours"),
    body("257 brackets", '{"a":' * 257 + "1" + "}" * 257, "The request body is nested too deeply",
         words="ours"),
    body("a member twice", '{"TableName":"a","TableName":"b"}', TWICE, words="ours"),
    body("an attribute twice", '{"Key":{"P":{"S":"a"},"P":{"S":"b"}}}', TWICE, words="ours"),
    body("a type twice", '{"Key":{"P":{"S":"a","S":"b"}}}', TWICE, words="ours"),
]
