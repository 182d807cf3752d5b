"""UpdateItem."""

from rule import ABSENT_KEY, KEY, THINGS, Rule


def update(expression, names=None, key=KEY, **values):
    request = {"TableName": "Things", "Key": key, "UpdateExpression": expression}
    if names:
        request["ExpressionAttributeNames"] = names
    if values:
        request["ExpressionAttributeValues"] = {f":{n}": v for n, v in values.items()}
    return request


ONE = {"N": "1"}
GOOD = update("SET A = :v", v=ONE)
NUMBERS = "Attempting to store more than 38 significant digits in a Number"

RULES = [
    Rule("a key attribute is updated", update("SET R = :v", v=ONE),
         "One or more parameter values were invalid: Cannot update attribute R. This attribute is "
         "part of the key", near=GOOD),
    Rule("a key without the sort key", {"TableName": "Things", "Key": {"P": {"S": "p"}}},
         "The provided key element does not match the schema"),
    Rule("a table that does not exist", {"TableName": "Absent", "Key": KEY},
         "Requested resource not found", error="ResourceNotFoundException"),
    Rule("a condition that does not hold",
         {**GOOD, "ConditionExpression": "attribute_not_exists(P)"},
         "The conditional request failed", error="ConditionalCheckFailedException"),
    Rule("values without an expression",
         {**THINGS, "ExpressionAttributeValues": {":v": {"S": "v"}}},
         "ExpressionAttributeValues can only be specified when using expressions: UpdateExpression "
         "and ConditionExpression are null"),
    Rule("an empty expression", update(""),
         "Invalid UpdateExpression: The expression can not be empty;"),
    Rule("an expression of no known clause", update("INVALID SYNTAX HERE"),
         'Invalid UpdateExpression: Syntax error; token: "INVALID", near: "INVALID SYNTAX"'),
    Rule("a clause twice", update("SET A = :v SET B = :v", v=ONE),
         'Invalid UpdateExpression: The "SET" section can only be used once in an update '
         "expression;", near=update("SET A = :v, B = :v", v=ONE)),
    Rule("a path twice", update("SET A = :v, A = :v", v=ONE),
         "Invalid UpdateExpression: Two document paths overlap with each other; must remove or "
         "rewrite one of these paths; path one: [A], path two: [A]"),
    Rule("paths of which one is inside the other", update("SET M = :v, M.X = :v", v=ONE),
         "Invalid UpdateExpression: Two document paths overlap with each other; must remove or "
         "rewrite one of these paths; path one: [M], path two: [M, X]",
         near=update("SET #m.X = :v, #m.Y = :v", {"#m": "Map"}, v=ONE)),
    Rule("paths that contradict each other", update("SET M.X = :v, M[1] = :v", v=ONE),
         "Invalid UpdateExpression: Two document paths conflict with each other; must remove or "
         "rewrite one of these paths; path one: [M, X], path two: [M, [1]]"),
    Rule("ADD of a string", update("ADD A :v", v={"S": "1"}),
         "Invalid UpdateExpression: Incorrect operand type for operator or function; operator: ADD, "
         "operand type: STRING, typeSet: ALLOWED_FOR_ADD_OPERAND"),
    Rule("DELETE of a number", update("DELETE A :v", v=ONE),
         "Invalid UpdateExpression: Incorrect operand type for operator or function; operator: "
         "DELETE, operand type: NUMBER, typeSet: ALLOWED_FOR_DELETE_OPERAND"),
    Rule("a sum with a string as value", update("SET A = A + :v", v={"S": "1"}),
         "Invalid UpdateExpression: Incorrect operand type for operator or function; operator or "
         "function: +, operand type: S", near=update("SET A = A + :v", v=ONE)),
    Rule("a sum with a string in the item", update("SET B = #l + :v", {"#l": "List"}, v=ONE),
         "An operand in the update expression has an incorrect data type"),
    Rule("a path to nothing is read", update("SET A = Absent"),
         "The provided expression refers to an attribute that does not exist in the item",
         near=update("SET A = if_not_exists(Absent, :v)", v=ONE)),
    Rule("a path below nothing is written", update("SET Absent.X = :v", v=ONE),
         "The document path provided in the update expression is invalid for update"),
    Rule("a sum over 38 digits", update("SET A = :a + :b", a={"N": "1" + "0" * 37}, b={"N": "0.1"}),
         NUMBERS, words="ours"),
    Rule("a sum that is too large",
         update("SET A = :a + :a", a={"N": "5e125"}),
         "Number overflow. Attempting to store a number with magnitude larger than supported range"),
    Rule("an item that grows over 409,600 bytes",
         update("SET V = :v", key=ABSENT_KEY, v={"S": "v" * 409_600}),
         "Item size to update has exceeded the maximum allowed size"),
    Rule("a list that grows over 409,600 bytes",
         update("SET V = list_append(:v, :v)", key=ABSENT_KEY, v={"L": [{"S": "v" * 205_000}]}),
         "Item size to update has exceeded the maximum allowed size",
         near=update("SET V = list_append(:v, :v)", key=ABSENT_KEY, v={"L": [{"S": "v" * 204_000}]})),
    Rule("a key attribute of an index gets another type", update("SET G = :v", v=ONE),
         "One or more parameter values were invalid: Type mismatch for Index Key G Expected: S "
         "Actual: N IndexName: global", near=update("SET G = :v", v={"S": "g"})),
    Rule("a key attribute of an index gets an attribute of another type",
         update("SET G = A"),
         "The update expression attempted to update the secondary index key to unsupported type",
         near=update("SET G = #t", {"#t": "Text"})),
    Rule("a path into a key attribute of an index", update("SET G.X = :v", v=ONE),
         "Key attributes must be scalars; list random access '[]' and map lookup '.' are not "
         "allowed: IndexKey: G"),
    Rule("a path into a key attribute",
         {**GOOD, "ConditionExpression": "attribute_exists(P.X)"},
         "Key attributes must be scalars; list random access '[]' and map lookup '.' are not "
         "allowed: Key: P"),
    Rule("a key attribute of an index gets an empty string", update("SET G = :v", v={"S": ""}),
         "One or more parameter values are not valid. The update expression attempted to update a "
         "secondary index key to a value that is not supported. The AttributeValue for a key "
         "attribute cannot contain an empty string value."),
    Rule("a sort key of 1,025 bytes, of an index", update("SET L = :v", v={"S": "l" * 1025}),
         "The update expression attempted to update the secondary index key beyond allowed size "
         "limits", near=update("SET L = :v", v={"S": "l"})),
    Rule("a function that only conditions have", update("SET A = begins_with(A, :v)", v=ONE),
         "Invalid UpdateExpression: The function is not allowed in an update expression; function: "
         "begins_with"),
]
