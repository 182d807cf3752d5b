"""Attribute values, in each place where one can stand."""

from rule import OBSERVED, OURS, Rule

KEY = {"P": {"S": "value"}, "R": {"N": "1"}}

INVALID = "One or more parameter values were invalid: "
OVERFLOW = "Number overflow. Attempting to store a number with magnitude larger than supported range"
UNDERFLOW = ("Number underflow. Attempting to store a number with magnitude smaller than supported "
             "range")
NUMERIC = "The parameter cannot be converted to a numeric value"
DIGITS = "Attempting to store more than 38 significant digits in a Number"
ONE_OF = "must contain exactly one of the supported datatypes"
EMPTY_NAME = "Empty attribute name"
STARTING_KEY = "The provided starting key is invalid: "
# Of which nothing is said of a starting key.
BRIEF = ("number", "numeric", "digits", "duplicates")


def deep(levels):
    value = {"N": "1"}
    for _ in range(levels - 1):
        value = {"L": [value]}
    return value


# (what, the value, the text, a value that is just good)
VALUES = [
    ("no type", {}, f"Supplied AttributeValue is empty, {ONE_OF}", {"S": ""}),
    ("an unknown type", {"X": "x"}, f"Supplied AttributeValue is empty, {ONE_OF}", None),
    ("a type of null", {"S": None}, f"Supplied AttributeValue is empty, {ONE_OF}", None),
    ("two types", {"S": "a", "N": "1"},
     f"Supplied AttributeValue has more than one datatypes set, {ONE_OF}", {"S": "a", "N": None}),
    ("a number that is empty", {"N": ""}, NUMERIC, None),
    ("a number that is none", {"N": "b"}, f"{NUMERIC}: b", {"N": "+1"}),
    ("a number with a blank", {"N": " 1"}, f"{NUMERIC}:  1", {"N": "1"}),
    ("39 digits", {"N": "1" * 39}, DIGITS, {"N": "1" * 38}),
    ("39 digits behind the point", {"N": "-1." + "1" * 38}, DIGITS, {"N": "-1." + "1" * 37}),
    ("a number of 1E126", {"N": "1e126"}, OVERFLOW, {"N": "9." + "9" * 37 + "e125"}),
    ("a number of -1E126", {"N": "-1e126"}, OVERFLOW, {"N": "-9." + "9" * 37 + "e125"}),
    ("a number of 1E-131", {"N": "1e-131"}, UNDERFLOW, {"N": "1e-130"}),
    ("a number of -1E-131", {"N": "-1e-131"}, UNDERFLOW, {"N": "-1e-130"}),
    ("NULL that is false", {"NULL": False},
     INVALID + "Null attribute value types must have the value of true", {"NULL": True}),
    ("an empty set of strings", {"SS": []}, INVALID + "An string set  may not be empty",
     {"SS": [""]}),
    ("an empty set of numbers", {"NS": []}, INVALID + "An number set  may not be empty",
     {"NS": ["1"]}),
    ("an empty set of binaries", {"BS": []}, INVALID + "Binary sets should not be empty",
     {"BS": ["YQ=="]}),
    ("a string twice in a set", {"SS": ["a", "a"]},
     INVALID + "Input collection [a, a] contains duplicates.", {"SS": ["a", "A"]}),
    ("a number twice in a set", {"NS": ["1", "1.0"]}, "Input collection contains duplicates",
     {"NS": ["1", "2"]}),
    ("a binary twice in a set", {"BS": ["Yg==", "Yg=="]},
     INVALID + "Input collection [Yg==, Yg==]of type BS contains duplicates.",
     {"BS": ["Yg==", "Yw=="]}),
    ("a number in a set that is none", {"NS": ["1", "b", "a"]}, f"{NUMERIC}: b", None),
    ("a map with a name of no characters", {"M": {"": {"S": "x"}}}, INVALID + EMPTY_NAME,
     {"M": {" ": {"S": "x"}}}),
    ("33 levels", deep(33),
     "Nesting Levels have exceeded supported limits: Attributes in the item have nested levels "
     "beyond supported limit", deep(32)),
]


def in_values(value):
    return {"TableName": "Things", "Key": KEY, "UpdateExpression": "SET V = :v",
            "ExpressionAttributeValues": {":v": value}}


# (where, the operation, the request with the value, the text around that of the value). Depth is
# told without anything around it.
PLACES = [
    ("an item", "PutItem", lambda v: {"TableName": "Things", "Item": {**KEY, "V": v}}, "{}"),
    ("a list of an item", "PutItem",
     lambda v: {"TableName": "Things", "Item": {**KEY, "V": {"L": [v]}}}, "{}"),
    ("a map of an item", "PutItem",
     lambda v: {"TableName": "Things", "Item": {**KEY, "V": {"M": {"X": v}}}}, "{}"),
    ("a key", "GetItem", lambda v: {"TableName": "Things", "Key": {**KEY, "P": v}}, "{}"),
    ("the values of an expression", "UpdateItem", in_values,
     "ExpressionAttributeValues contains invalid value: {} for key :v"),
    ("a starting key", "Scan",
     lambda v: {"TableName": "Things", "ExclusiveStartKey": {**KEY, "P": v}},
     STARTING_KEY + "{}"),
    ("a starting key of a query", "Query",
     lambda v: {"TableName": "Things", "KeyConditionExpression": "P = :p",
                "ExpressionAttributeValues": {":p": {"S": "p"}},
                "ExclusiveStartKey": {**KEY, "P": v}}, STARTING_KEY + "{}"),
    ("a batch", "BatchWriteItem", lambda v: {"RequestItems": {"Things": [
        {"PutRequest": {"Item": {**KEY, "V": v}}}]}}, "{}"),
    ("a key of a batch", "BatchGetItem",
     lambda v: {"RequestItems": {"Things": {"Keys": [{**KEY, "P": v}]}}}, "{}"),
    ("a transaction", "TransactWriteItems", lambda v: {"TransactItems": [
        {"Put": {"TableName": "Things", "Item": {**KEY, "V": v}}}]}, "{}"),
    ("the values of a transaction", "TransactWriteItems",
     lambda v: {"TransactItems": [{"Update": in_values(v)}]},
     "ExpressionAttributeValues contains invalid value: {} for key :v"),
]


# (where, the operation, the request with the name, the text before ours): names of attributes.
NAMED = [
    ("an item", "PutItem", lambda n: {"TableName": "Things", "Item": {**KEY, n: {"S": "x"}}}, ""),
    ("a key", "GetItem", lambda n: {"TableName": "Things", "Key": {**KEY, n: {"S": "x"}}}, ""),
    ("a starting key", "Scan",
     lambda n: {"TableName": "Things", "ExclusiveStartKey": {**KEY, n: {"S": "x"}}}, STARTING_KEY),
    ("AttributesToGet", "GetItem",
     lambda n: {"TableName": "Things", "Key": KEY, "AttributesToGet": [n]}, ""),
    ("Expected", "DeleteItem", lambda n: {"TableName": "Things", "Key": KEY, "Expected": {
        n: {"ComparisonOperator": "NULL"}}}, ""),
    ("AttributeUpdates", "UpdateItem", lambda n: {"TableName": "Things", "Key": KEY,
     "AttributeUpdates": {n: {"Value": {"S": "x"}}}}, ""),
    ("a filter", "Scan", lambda n: {"TableName": "Things", "ScanFilter": {
        n: {"ComparisonOperator": "NULL"}}}, ""),
]


def names():
    for where, operation, make, before in NAMED:
        takes_any = where not in ("a key", "a starting key")
        yield Rule(f"an attribute name of no characters, in {where}", make(""),
                   before + INVALID + EMPTY_NAME, operation=operation, words=OURS,
                   near=make("x") if takes_any else None, group="an attribute name of no characters")


def rules():
    for what, value, text, good in VALUES:
        for where, operation, make, around in PLACES:
            is_depth = "levels" in what
            if "starting key" in where and any(word in text.lower() for word in BRIEF):
                around = "{}"
            if is_depth and where.startswith(("a list", "a map")):
                continue
            yield Rule(f"{what}, in {where}", make(value),
                       text if is_depth else around.format(text), operation=operation,
                       near=None if good is None else make(good), group=what,
                       words=OURS if EMPTY_NAME in text else OBSERVED)


# Told before a value that cannot be.
EMPTY = {"P": {}, "R": {"N": "1"}}
BOTH = ("Can not use both expression and non-expression parameters in the same request: "
        "Non-expression parameters: {{{}}} Expression parameters: {{{}}}")
NAMES = "ExpressionAttributeNames can only be specified when using expressions"
PROJECTIONS = {"AttributesToGet": ["A"], "ProjectionExpression": "A"}
FIRST = [
    ("PutItem", {"Item": EMPTY, "Expected": {"A": {}}, "ConditionExpression": ""},
     BOTH.format("Expected", "ConditionExpression")),
    ("PutItem", {"Item": EMPTY, "Expected": {"A": {}}, "ExpressionAttributeNames": {}}, NAMES),
    ("PutItem", {"Item": EMPTY, "ExpressionAttributeValues": {":v": {}}},
     "ExpressionAttributeValues can only be specified when using expressions: ConditionExpression "
     "is null"),
    ("UpdateItem", {"Key": EMPTY, "AttributeUpdates": {"A": {"Value": {}}},
                    "UpdateExpression": ""}, BOTH.format("AttributeUpdates", "UpdateExpression")),
    ("DeleteItem", {"Key": EMPTY, "Expected": {"A": {"Value": {}}}, "ConditionExpression": ""},
     BOTH.format("Expected", "ConditionExpression")),
    ("GetItem", {"Key": EMPTY, **PROJECTIONS},
     BOTH.format("AttributesToGet", "ProjectionExpression")),
    ("Query", {"ExclusiveStartKey": EMPTY, **PROJECTIONS},
     BOTH.format("AttributesToGet", "ProjectionExpression")),
    ("Scan", {"ExclusiveStartKey": EMPTY, "ExpressionAttributeNames": {}}, NAMES),
]

# Two faults, of which the first is told: dynalite's order, the best public record of DynamoDB's.
BAD = {"S": "a", "N": "1"}
TWO_TYPES = f"Supplied AttributeValue has more than one datatypes set, {ONE_OF}"
BAD_START = {"ExclusiveStartKey": {**KEY, "P": BAD}}
COUNT = INVALID + "Invalid number of argument(s) for the EQ ComparisonOperator"
FEW = {"A": {"ComparisonOperator": "EQ"}}
BAD_FILTER = {"A": {"ComparisonOperator": "EQ", "AttributeValueList": [BAD]}}
TWICE = {"AttributesToGet": ["A", "A"]}
BAD_VALUES = {"ExpressionAttributeValues": {":v": BAD}}
IN_VALUES = f"ExpressionAttributeValues contains invalid value: {TWO_TYPES} for key :v"
NO_NAMES = {"ExpressionAttributeNames": {}}
LARGE = {"Item": {**KEY, "V": {"S": "v" * 409_600}}}
IN_TURN = [
    ("PutItem", {"Item": {**KEY, "V": BAD}, "ReturnValues": "ALL_NEW"}, TWO_TYPES),
    ("PutItem", {"Item": KEY, "ReturnValues": "ALL_NEW", "ConditionExpression": "A = :v",
                 **BAD_VALUES}, "ReturnValues can only be ALL_OLD or NONE"),
    ("PutItem", {**LARGE, "ConditionExpression": "A = :v", **BAD_VALUES},
     "Item size has exceeded the maximum allowed size"),
    ("PutItem", {**LARGE, "Expected": {"A": {"Value": BAD}}},
     "Item size has exceeded the maximum allowed size"),
    ("Query", {"QueryFilter": BAD_FILTER, **TWICE, "KeyConditions": BAD_FILTER}, TWO_TYPES),
    ("Query", {"QueryFilter": FEW, **BAD_START}, COUNT),
    ("Query", {**TWICE, **BAD_START},
     INVALID + "Duplicate value in attribute name: A"),
    ("Query", {**BAD_START, "KeyConditions": BAD_FILTER}, STARTING_KEY + TWO_TYPES),
    ("Query", BAD_START, STARTING_KEY + TWO_TYPES),
    ("Query", {"KeyConditionExpression": "A = :v", **NO_NAMES, **BAD_VALUES},
     "ExpressionAttributeNames must not be empty"),
    ("Query", {"KeyConditions": BAD_FILTER, "FilterExpression": "A = :v", **BAD_VALUES}, IN_VALUES),
    ("Query", {"KeyConditions": BAD_FILTER, "FilterExpression": ""},
     "Invalid FilterExpression: The expression can not be empty;"),
    ("Query", {"KeyConditions": BAD_FILTER}, TWO_TYPES),
    ("Scan", {"ScanFilter": FEW, **TWICE, **BAD_START},
     INVALID + "Duplicate value in attribute name: A"),
    ("Scan", {"ScanFilter": FEW, **BAD_START}, COUNT),
    ("Scan", {**BAD_START, "Segment": 0}, STARTING_KEY + TWO_TYPES),
    ("Scan", {"FilterExpression": "A = :v", "Segment": 0, **BAD_VALUES},
     "The TotalSegments parameter is required but was not present in the request when Segment "
     "parameter is present"),
    ("Scan", {"FilterExpression": "A = :v", **NO_NAMES, **BAD_VALUES},
     "ExpressionAttributeNames must not be empty"),
]


def in_turn():
    for number, (operation, members, text) in enumerate(IN_TURN, 1):
        yield Rule(f"which of several faults is told, {number}",
                   {"TableName": "Things", **members}, text, operation=operation,
                   group="which of several faults is told")


def told_first():
    for operation, members, text in FIRST:
        yield Rule(f"{' and '.join(members)}, all wrong", {"TableName": "Things", **members}, text,
                   operation=operation)
    yield Rule("both projections, and a key that cannot be",
               {"RequestItems": {"Things": {"Keys": [EMPTY], **PROJECTIONS}}},
               BOTH.format("AttributesToGet", "ProjectionExpression"), operation="BatchGetItem")


RULES = [*rules(), *names(), *told_first(), *in_turn()]
