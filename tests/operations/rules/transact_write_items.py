"""TransactWriteItems."""

from rule import ABSENT_KEY, ITEM, KEY, Rule


def write(*items, **more):
    return {"TransactItems": list(items), **more}


def put(table="Things", **item):
    return {"Put": {"TableName": table, "Item": item}}


def update(expression, key=KEY, table="Things", **values):
    return {"Update": {"TableName": table, "Key": key, "UpdateExpression": expression,
                       "ExpressionAttributeValues": {f":{n}": v for n, v in values.items()}}}


def delete(key, table="Things"):
    return {"Delete": {"TableName": table, "Key": key}}


def check(key, table="Things", condition="attribute_exists(P)"):
    return {"ConditionCheck": {"TableName": table, "Key": key, "ConditionExpression": condition}}


def big(count):
    return write(*[put("Simple", K={"S": f"big{i}"}, V={"S": "v" * 380_000}) for i in range(count)])


ONE_OF = "TransactItems can only contain one of Check, Put, Update or Delete"
EMPTY = ("One or more parameter values are not valid. The AttributeValue for a key attribute cannot "
         "contain an empty string value. Key: K")
MISMATCH = "The provided key element does not match the schema"
REASON = {"error": "ValidationError", "reason": True}
WRONG = {"K": {"N": "5"}}
NONE = {"K": {"S": ""}}
X = {"S": "x"}

RULES = [
    Rule("an action that is none", write({}), ONE_OF),
    Rule("an action that is two", write({**put(**KEY), **delete(KEY)}), ONE_OF),
    Rule("an item twice", write(put(**ABSENT_KEY), delete(ABSENT_KEY)),
         "Transaction request cannot include multiple operations on one item",
         near=write(delete(ABSENT_KEY))),
    Rule("a table that does not exist", write(put("Absent", **KEY)),
         "Requested resource not found", error="ResourceNotFoundException"),
    Rule("items of more than 4 MB", big(12),
         "The aggregate size of the items in the transaction exceeds 4 MB", words="ours",
         near=big(11)),
    Rule("an item of 409,601 bytes", write(put("Simple", K={"S": "k"}, V={"S": "v" * 409_598})),
         "Item size has exceeded the maximum allowed size",
         near=write(put("Simple", K={"S": "k"}, V={"S": "v" * 409_597}))),
    Rule("a condition that does not hold",
         write(check(ABSENT_KEY)), "The conditional request failed",
         error="ConditionalCheckFailed", reason=True, near=write(check(KEY))),
    Rule("two conditions of which one does not hold",
         write(check(KEY), check(ABSENT_KEY)),
         "Transaction cancelled, please refer cancellation reasons for specific reasons [None, "
         "ConditionalCheckFailed]", error="TransactionCanceledException"),
    Rule("a token with another request", None,
         "The request uses the same client token as a previous, but non-identical request. Do not "
         "reuse a client token with different requests, unless the requests are identical",
         error="IdempotentParameterMismatchException",
         test="TransactionTest.ATokenGoesWithOneRequest"),
    Rule("another transaction holds the item of the second action", None,
         "Transaction cancelled, please refer cancellation reasons for specific reasons [None, "
         "TransactionConflict]", error="TransactionCanceledException",
         test="TransactionConflictsTest.ATransactionIsCancelledByTheActionsWhoseItemsAreHeld"),
    Rule("the same token is at work", None,
         "The transaction with the given request token is already in progress.",
         error="TransactionInProgressException",
         test="TransactionConflictsTest.ATokenThatIsHeldIsATransactionInProgress"),
    Rule("a put with a key of another type", write(put("Simple", **WRONG)),
         "One or more parameter values were invalid: Type mismatch for key K expected: S actual: N",
         **REASON),
    Rule("a put with an empty string as key", write(put("Simple", **NONE)), EMPTY),
    Rule("a put with an index key of another type", write(put(**KEY, G={"N": "5"})),
         "One or more parameter values were invalid: Type mismatch for Index Key G Expected: S "
         "Actual: N IndexName: global", **REASON),
    Rule("a put with an empty string as index key", write(put(**KEY, G={"S": ""})),
         "One or more parameter values are not valid. A value specified for a secondary index key "
         "is not supported. The AttributeValue for a key attribute cannot contain an empty string "
         "value. IndexName: global, IndexKey: G"),
    Rule("an update with an index key of another type", write(update("SET G = :v", v={"N": "5"})),
         "One or more parameter values were invalid: Type mismatch for Index Key G Expected: S "
         "Actual: N IndexName: global", **REASON),
    Rule("an update with an empty string as index key", write(update("SET G = :v", v={"S": ""})),
         "One or more parameter values are not valid. The update expression attempted to update a "
         "secondary index key to a value that is not supported. The AttributeValue for a key "
         "attribute cannot contain an empty string value."),
    Rule("an update with a key of another type",
         write(update("SET A = :v", WRONG, "Simple", v=X)), MISMATCH, **REASON),
    Rule("a delete with a key of another type", write(delete(WRONG, "Simple")), MISMATCH, **REASON),
    Rule("a check with a key of another type",
         write(check(WRONG, "Simple", "attribute_exists(K)")), MISMATCH, **REASON),
    Rule("an update with an empty string as key",
         write(update("SET A = :v", NONE, "Simple", v=X)), EMPTY),
    Rule("a delete with an empty string as key", write(delete(NONE, "Simple")), EMPTY),
    Rule("a check with an empty string as key",
         write(check(NONE, "Simple", "attribute_exists(K)")), EMPTY),
    Rule("an update of a key attribute", write(update("SET R = :v", v={"N": "1"})),
         "One or more parameter values were invalid: Cannot update attribute R. This attribute is "
         "part of the key", **REASON),
    Rule("an update that the item does not allow", write(update("SET A = Absent + :v", v={"N": "1"})),
         "The provided expression refers to an attribute that does not exist in the item", **REASON),
    Rule("an item that grows over 409,600 bytes",
         write(update("SET A = :v", ABSENT_KEY, v={"S": "v" * 409_600})),
         "Item size to update has exceeded the maximum allowed size", **REASON),
]
