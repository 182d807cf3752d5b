"""The constraints of the service model: one of each kind."""

from rule import KEY, Rule

NOT_NULL = "failed to satisfy constraint: Member must not be null"
LARGE = {"P": {"S": "p"}, "R": {"N": "1"}, "a" * 65_536: {"S": "a"}}


def get(**more):
    return {"TableName": "Things", "Key": KEY, **more}


RULES = [
    Rule("two required members are missing", {},
         f"2 validation errors detected: Value null at 'tableName' {NOT_NULL}; Value null at 'key' "
         f"{NOT_NULL}", operation="GetItem", near=get()),
    Rule("a string that is too short", {"TableName": "", "Key": KEY},
         "1 validation error detected: Value '' at 'tableName' failed to satisfy constraint: Member "
         "must have length greater than or equal to 1", operation="GetItem"),
    Rule("a list that is too long", {"TransactItems": [{"Get": get()}] * 101},
         "", operation="TransactGetItems"),
    Rule("a number that is too small", {"Limit": 0},
         "1 validation error detected: Value '0' at 'limit' failed to satisfy constraint: Member "
         "must have value greater than or equal to 1", operation="ListTables", near={"Limit": 1}),
    Rule("a number that is too large", {"Limit": 101},
         "1 validation error detected: Value '101' at 'limit' failed to satisfy constraint: Member "
         "must have value less than or equal to 100", operation="ListTables", near={"Limit": 100}),
    Rule("what is none of the values", get(ReturnConsumedCapacity="INVALID"),
         "1 validation error detected: Value 'INVALID' at 'returnConsumedCapacity' failed to satisfy "
         "constraint: Member must satisfy enum value set: [INDEXES, TOTAL, NONE]",
         operation="GetItem", near=get(ReturnConsumedCapacity="NONE")),
    Rule("three that are none of the values",
         {"TableName": "Things", "Item": KEY, "ReturnConsumedCapacity": "INVALID",
          "ReturnItemCollectionMetrics": "INVALID", "ReturnValues": "INVALID"},
         "3 validation errors detected: Value 'INVALID' at 'returnValues' failed to satisfy "
         "constraint: Member must satisfy enum value set: [ALL_NEW, UPDATED_OLD, ALL_OLD, NONE, "
         "UPDATED_NEW]; Value 'INVALID' at 'returnConsumedCapacity' failed to satisfy constraint: "
         "Member must satisfy enum value set: [INDEXES, TOTAL, NONE]; Value 'INVALID' at "
         "'returnItemCollectionMetrics' failed to satisfy constraint: Member must satisfy enum value "
         "set: [SIZE, NONE]", operation="PutItem"),
    Rule("a name with other characters", {"ExclusiveStartTableName": "a b"},
         "1 validation error detected: Value 'a b' at 'exclusiveStartTableName' failed to satisfy "
         "constraint: Member must satisfy regular expression pattern: [a-zA-Z0-9_.-]+",
         operation="ListTables"),
    Rule("an element of a list that is too long",
         {"ResourceArn": "arn:aws:dynamodb:us-east-1:000000000000:table/Simple",
          "TagKeys": ["k" * 129]},
         f"1 validation error detected: Value '[{'k' * 129}]' at 'tagKeys' failed to satisfy "
         "constraint: Member must satisfy constraint: [Member must have length less than or equal to "
         "128, Member must have length greater than or equal to 1]", operation="UntagResource"),
    Rule("a key of a map that is too long", {"RequestItems": {"t" * 1025: {"Keys": [KEY]}}},
         "", operation="BatchGetItem"),
    Rule("an attribute name of 65,536 characters", {"TableName": "Things", "Item": LARGE},
         "", operation="PutItem"),
    Rule("a list in a map that is too long",
         {"RequestItems": {"Simple": [{"DeleteRequest": {"Key": {"K": {"S": str(i)}}}}
                                      for i in range(26)]}},
         "", operation="BatchWriteItem"),
    Rule("what is not served",
         {"TableName": "Made", "BillingMode": "PAY_PER_REQUEST", "KeySchema": [
             {"AttributeName": "K", "KeyType": "HASH"}],
          "AttributeDefinitions": [{"AttributeName": "K", "AttributeType": "S"}],
          "SSESpecification": {"Enabled": True}},
         "The parameter 'sSESpecification' is not supported by this server: encryption keys are "
         "not served", operation="CreateTable", words="ours"),
]

# The value that these show is the whole request, made into a text as AWS does, and cut off.
ENDS = {
    "a list that is too long":
        "' at 'transactItems' failed to satisfy constraint: Member must have length less than or "
        "equal to 100",
    "a key of a map that is too long":
        "' at 'requestItems' failed to satisfy constraint: Map keys must satisfy constraint: [Member "
        "must have length less than or equal to 1024, Member must have length greater than or equal "
        "to 1]",
    "an attribute name of 65,536 characters":
        "' at 'item' failed to satisfy constraint: Map keys must satisfy constraint: [Member must "
        "have length less than or equal to 65535, Member must have length greater than or equal to "
        "0]",
    "a list in a map that is too long":
        "' at 'requestItems' failed to satisfy constraint: Map value must satisfy constraint: "
        "[Member must have length less than or equal to 25, Member must have length greater than or "
        "equal to 1]",
}
for rule in RULES:
    if rule.when in ENDS:
        rule.text = "1 validation error detected: Value '…" + ENDS[rule.when]
