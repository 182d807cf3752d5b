"""Expected, AttributeUpdates, filters and key conditions: what expressions took the place of."""

from rule import KEY, THINGS, Rule

INVALID = "One or more parameter values were invalid: "
BOTH = ("Can not use both expression and non-expression parameters in the same request: "
        "Non-expression parameters: {{{}}} Expression parameters: {{{}}}")
ONE = {"N": "1"}
TEXT = {"S": "a"}


def expected(**conditions):
    return {"TableName": "Things", "Key": {"P": {"S": "absent"}, "R": ONE}, "Expected": conditions}


def delete(when, conditions, text, near=None, **more):
    return Rule(when, expected(**conditions), text, operation="DeleteItem",
                near=None if near is None else expected(**near), **more)


def compared(operator, *values):
    return {"ComparisonOperator": operator, "AttributeValueList": list(values)}


def updates(**attributes):
    return {**THINGS, "AttributeUpdates": attributes}


def update(when, attribute, text, near=None):
    return Rule(when, updates(A=attribute), text, operation="UpdateItem",
                near=None if near is None else updates(A=near))


def query(**conditions):
    return {"TableName": "Things", "KeyConditions": conditions}


SCAN = {"TableName": "Things"}
COUNT = INVALID + "Invalid number of argument(s) for the {} ComparisonOperator"
P = compared("EQ", {"S": "p"})

RULES = [
    Rule("Expected and a condition",
         {**THINGS, "Item": KEY, "Expected": {"A": {"Exists": False}},
          "ConditionExpression": "attribute_not_exists(A)"},
         BOTH.format("Expected", "ConditionExpression"), operation="PutItem"),
    Rule("AttributeUpdates and an expression",
         {**updates(A={"Value": ONE}), "UpdateExpression": "SET A = :v",
          "ExpressionAttributeValues": {":v": ONE}},
         BOTH.format("AttributeUpdates", "UpdateExpression"), operation="UpdateItem"),
    Rule("AttributesToGet and a projection",
         {**THINGS, "AttributesToGet": ["A"], "ProjectionExpression": "A"},
         BOTH.format("AttributesToGet", "ProjectionExpression"), operation="GetItem"),
    Rule("AttributesToGet and a projection, in a batch",
         {"RequestItems": {"Things": {"Keys": [KEY], "AttributesToGet": ["A"],
                                      "ProjectionExpression": "A"}}},
         BOTH.format("AttributesToGet", "ProjectionExpression"), operation="BatchGetItem"),
    Rule("an attribute twice", {**THINGS, "AttributesToGet": ["A", "A"]},
         INVALID + "Duplicate value in attribute name: A", operation="GetItem",
         near={**THINGS, "AttributesToGet": ["A", "B"]}),
    delete("neither a value nor Exists", {"A": {}},
           INVALID + "Value must be provided when Exists is null for Attribute: A",
           near={"A": {"Exists": False}}),
    delete("Exists without a value", {"A": {"Exists": True}},
           INVALID + "Value must be provided when Exists is true for Attribute: A",
           near={"A": {"Exists": True, "Value": ONE}}),
    delete("Exists false with a value", {"A": {"Exists": False, "Value": ONE}},
           INVALID + "Value cannot be used when Exists is false for Attribute: A"),
    delete("a comparison alone", {"A": {"ComparisonOperator": "LT"}},
           INVALID + "Value or AttributeValueList must be used with ComparisonOperator: LT for "
           "Attribute: A"),
    delete("a comparison and Exists", {"A": {"Exists": True, "ComparisonOperator": "LT"}},
           INVALID + "Exists and ComparisonOperator cannot be used together for Attribute: A"),
    delete("a value and a list", {"A": {**compared("LT", ONE), "Value": ONE}},
           INVALID + "Value and AttributeValueList cannot be used together for Attribute: A"),
    delete("a list without a comparison", {"A": {"AttributeValueList": [ONE]}},
           INVALID + "AttributeValueList can only be used with a ComparisonOperator for Attribute: "
           "A"),
    *(delete(f"{operator} of {len(values)}", {"A": compared(operator, *values)},
             COUNT.format(operator), near={"A": compared(operator, *near)})
      for operator, values, near in [
          ("EQ", [], [ONE]), ("NE", [ONE, ONE], [ONE]), ("NULL", [ONE], []),
          ("NOT_NULL", [ONE], []), ("BETWEEN", [ONE], [ONE, ONE]), ("IN", [], [ONE]),
          ("BEGINS_WITH", [TEXT, TEXT], [TEXT]), ("CONTAINS", [], [TEXT])]),
    delete("IN of 101", {"A": compared("IN", *[ONE] * 101)}, COUNT.format("IN"), words="ours",
           near={"A": compared("IN", *[ONE] * 100)}),
    delete("values of two types", {"A": compared("IN", ONE, TEXT)},
           INVALID + "AttributeValues inside AttributeValueList must be of same type",
           near={"A": compared("IN", ONE, {"N": "2"})}),
    *(delete(f"{operator} of a wrong type", {"A": compared(operator, value)},
             INVALID + f"ComparisonOperator {operator} is not valid for {kind} AttributeValue type")
      for operator, value, kind in [
          ("LT", {"BOOL": True}, "BOOL"), ("GE", {"L": []}, "L"), ("BEGINS_WITH", ONE, "N"),
          ("CONTAINS", {"SS": ["a"]}, "SS"), ("IN", {"M": {}}, "M")]),
    delete("a range that is empty", {"A": compared("BETWEEN", {"N": "2"}, ONE)},
           "The BETWEEN condition was provided a range where the lower bound is greater than the "
           "upper bound", near={"A": compared("BETWEEN", ONE, ONE)}),
    Rule("ConditionalOperator of nothing", {**THINGS, "Item": KEY, "ConditionalOperator": "AND"},
         "ConditionalOperator cannot be used without Filter or Expected", operation="PutItem"),
    Rule("ConditionalOperator of one",
         {**SCAN, "ConditionalOperator": "OR", "ScanFilter": {"A": compared("EQ", ONE)}},
         "ConditionalOperator can only be used when Filter or Expected has two or more elements",
         operation="Scan",
         near={**SCAN, "ConditionalOperator": "OR",
               "ScanFilter": {"A": compared("EQ", ONE), "B": compared("EQ", ONE)}}),
    Rule("a filter of 301 conditions",
         {**SCAN, "ScanFilter": {f"A{i}": compared("EQ", ONE) for i in range(301)}},
         INVALID + "Too many conditions in a filter; maximum allowed: 300", operation="Scan",
         words="ours",
         near={**SCAN, "ScanFilter": {f"A{i}": compared("EQ", ONE) for i in range(300)}}),
    update("PUT without a value", {"Action": "PUT"},
           INVALID + "Only DELETE action is allowed when no attribute value is specified",
           near={"Action": "DELETE"}),
    update("ADD of a string", {"Action": "ADD", "Value": TEXT},
           INVALID + "ADD action is not supported for the type S"),
    update("DELETE of a number", {"Action": "DELETE", "Value": ONE},
           INVALID + "DELETE action with value is not supported for the type N"),
    Rule("ADD to another type", updates(Text={"Action": "ADD", "Value": ONE}),
         "Type mismatch for attribute to update", operation="UpdateItem"),
    Rule("no key condition in KeyConditions", query(), "Conditions can be of length 1 or 2 only",
         operation="Query", near=query(P=P)),
    Rule("a key condition that cannot be searched for",
         query(P=P, R=compared("NE", ONE)),
         "Attempted conditional constraint is not an indexable operation", operation="Query",
         near=query(P=P, R=compared("GE", ONE))),
    Rule("a filter that cannot be read, beside key conditions that cannot be",
         {**query(P=compared("EQ")), "FilterExpression": ""},
         "Invalid FilterExpression: The expression can not be empty;", operation="Query"),
]
