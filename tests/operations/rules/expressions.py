"""Expressions, wherever one stands."""

from rule import KEY, Rule

VALUES = {":v": {"S": "v"}, ":n": {"N": "1"}, ":m": {"N": "2"}}


def condition(text, names=None, values=None, **more):
    used = values if values is not None else {n: v for n, v in VALUES.items() if n in text}
    request = {"TableName": "Things", "Key": KEY, "ConditionExpression": text, **more}
    if names:
        request["ExpressionAttributeNames"] = names
    if used:
        request["ExpressionAttributeValues"] = used
    return request


def rule(when, text, problem, near=None, names=None, **more):
    return Rule(when, condition(text, names), f"Invalid ConditionExpression: {problem}",
                near=None if near is None else condition(near), operation="UpdateItem", **more)


def whole(when, request, text, near=None, **more):
    return Rule(when, request, text, near=near, operation="UpdateItem", **more)


def terms(count):
    return " OR ".join(["A = :n"] * count)


NAMES = "ExpressionAttributeNames"
ATTRIBUTE_VALUES = "ExpressionAttributeValues"
RESERVED = "Attribute name is a reserved keyword; reserved keyword: "
OPERAND = "Incorrect operand type for operator or function; operator or function: "
DEEP = {"N": "1"}
for _ in range(32):
    DEEP = {"L": [DEEP]}

RULES = [
    rule("an empty expression", "", "The expression can not be empty;"),
    rule("4,097 bytes", "A = :n" + " " * 4091,
         "Expression size has exceeded the maximum allowed size; expression size: 4097",
         near="A = :n" + " " * 4090),
    rule("what is no expression", "A == :n", 'Syntax error; token: "=", near: "== :n"'),
    rule("an end in the middle", "A = ", 'Syntax error; token: "<EOF>", near: "= "'),
    rule("redundant parentheses", "((attribute_exists(A)))",
         "The expression has redundant parentheses;", near="(attribute_exists(A))"),
    rule("more than 300 operators", terms(151),
         "The expression contains too many operators or functions; maximum allowed: 300",
         near=terms(150), words="ours"),
    Rule("301 levels", None,
         "Invalid ConditionExpression: The expression has too many nesting levels; maximum allowed: "
         "300", words="ours", test="ConditionSyntaxTest.RefusesDeepNestingBeforeRecursing"),
    rule("a reserved word", "Size = :n", RESERVED + "Size"),
    rule("a function that nobody knows", "knows(A)", "Invalid function name; function: knows"),
    rule("a function that only updates have", "A = if_not_exists(A, :n)",
         "The function is not allowed in a condition expression; function: if_not_exists"),
    rule("a function as a condition that is none", "size(A)",
         "The function is not allowed to be used this way in an expression; function: size"),
    rule("a function with too many operands", "attribute_exists(A, B)",
         "Incorrect number of operands for operator or function; operator or function: "
         "attribute_exists, number of operands: 2"),
    rule("a function of a value that wants a path", "attribute_exists(:v)",
         "Operator or function requires a document path; operator or function: attribute_exists"),
    rule("a function of a wrong type", "begins_with(A, :n)", OPERAND + "begins_with, operand type: "
         "N"),
    rule("the same operand twice", "contains(A, A)",
         "The first operand must be distinct from the remaining operands for this operator or "
         "function; operator: contains, first operand: [A]"),
    rule("a type that nobody knows", "attribute_type(A, :v)",
         "Invalid attribute type name found; type: v, valid types: {B,NULL,SS,BOOL,L,BS,N,NS,S,M}"),
    rule("a range that is empty", "A BETWEEN :m AND :n",
         "The BETWEEN operator requires upper bound to be greater than or equal to lower bound; "
         "lower bound operand: AttributeValue: {N:2}, upper bound operand: AttributeValue: {N:1}",
         near="A BETWEEN :n AND :m"),
    rule("a range of two types", "A BETWEEN :n AND :v",
         "The BETWEEN operator requires same data type for lower and upper bounds; lower bound "
         "operand: AttributeValue: {N:1}, upper bound operand: AttributeValue: {S:v}"),
    rule("IN with 101 operands", "A IN (" + ", ".join([":n"] * 101) + ")",
         "The IN operator is provided with too many operands; number of operands: 101",
         near="A IN (" + ", ".join([":n"] * 100) + ")"),
    rule("an index that is too large", "A[99999999999] = :n",
         "List index is not within the allowable range; index: [99999999999]"),
    rule("a path of 33 elements", ".".join(["A"] * 33) + " = :n",
         "The document path has too many nesting levels; nesting levels: 33",
         near=".".join(["A"] * 32) + " = :n"),
    rule("a name that is not defined", "#a = :n",
         "An expression attribute name used in the document path is not defined; attribute name: "
         "#a"),
    whole("a value that is not defined", condition("A = :x"),
          "Invalid ConditionExpression: An expression attribute value used in expression is not "
          "defined; attribute value: :x"),
    whole("a name that is not used", condition("A = :n", {"#unused": "a"}),
          f"Value provided in {NAMES} unused in expressions: keys: {{#unused}}"),
    whole("a value that is not used", condition("attribute_exists(A)", values={":unused": {"S": "u"}}),
          f"Value provided in {ATTRIBUTE_VALUES} unused in expressions: keys: {{:unused}}"),
    whole("no name", condition("A = :n", ExpressionAttributeNames={}), f"{NAMES} must not be empty"),
    whole("no value", {**condition("attribute_exists(A)"), ATTRIBUTE_VALUES: {}},
          f"{ATTRIBUTE_VALUES} must not be empty"),
    whole("a name without a #", condition("A = :n", {"a": "a"}),
          f'{NAMES} contains invalid key: Syntax error; key: "a"'),
    whole("a value without a :", condition("attribute_exists(A)", values={"v": {"S": "v"}}),
          f'{ATTRIBUTE_VALUES} contains invalid key: Syntax error; key: "v"'),
    whole("a name of 256 bytes", condition("A = :n", {"#" + "n" * 255: "a"}),
          f"{NAMES} contains invalid key: The expression attribute map contains a key that is too "
          "long; size of key: 256", near=condition("#" + "n" * 254 + " = :n", {"#" + "n" * 254: "a"})),
    whole("a name for 65,536 bytes", condition("#a = :n", {"#a": "a" * 65_536}),
          "1 validation error detected: Value '{#a=" + "a" * 1020 + "' at 'expressionAttributeNames' "
          "failed to satisfy constraint: Map value must satisfy constraint: [Member must have length "
          "less than or equal to 65535, Member must have length greater than or equal to 0]"),
    Rule("a name for 65,536 bytes, where the constraints of the model are not checked", None,
         f"{NAMES} contains invalid value: Attribute name is too large, must be less than 65536 bytes "
         "for key #a", test="PlaceholdersTest.RefusesLongTokensAndEmptyNames"),
    Rule("a value that is nested too deep, where nobody looked before", None,
         f"{ATTRIBUTE_VALUES} contains invalid value: Nesting Levels have exceeded supported limits "
         "for key :v", test="PlaceholdersTest.RefusesValuesNestedTooDeeply"),
    whole("a name for nothing", condition("#a = :n", {"#a": ""}),
          f"{NAMES} contains invalid value: Empty attribute name for key #a"),
    whole("values of more than 2 MB",
          condition("A IN (:a, :b)", values={n: {"S": "v" * 1_048_576} for n in (":a", ":b")}),
          f"{ATTRIBUTE_VALUES} exceeds max size", words="ours",
          near=condition("A IN (:a, :b)", values={n: {"S": "v" * 1_048_570} for n in (":a", ":b")})),
    whole("a value that is nested too deep", condition("A = :d", values={":d": DEEP}),
          "Nesting Levels have exceeded supported limits: Attributes in the item have nested levels "
          "beyond supported limit"),
    Rule("overlapping paths of a projection",
         {"TableName": "Things", "Key": KEY, "ProjectionExpression": "A, A.B"},
         "Invalid ProjectionExpression: Two document paths overlap with each other; must remove or "
         "rewrite one of these paths; path one: [A], path two: [A, B]", operation="GetItem"),
    Rule("a projection that is none",
         {"TableName": "Things", "Key": KEY, "ProjectionExpression": "!!! INVALID !!!"},
         'Invalid ProjectionExpression: Syntax error; token: "!", near: "!!"', operation="GetItem"),
]
