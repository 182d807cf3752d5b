"""What a rule is, and the tables that rules are tried on.

Each file of rules/ lists the rules of one operation (its name is the file's) or of what several
operations share. A rule is its own test case: a request that breaks it, and what is answered then.
"""

import dataclasses
import pathlib

# Where a text comes from.
OBSERVED = ""  # DynamoDB's own: documented, or seen by people who wrote it down
OURS = "ours"  # nobody tells DynamoDB's, or DynamoDB has no such case


@dataclasses.dataclass
class Rule:
    when: str  # the condition in words: the name of the case
    # Text or bytes are sent as they are. None: no request can bring it about; `test` does.
    request: dict | str | bytes | None
    text: str  # of the error, whole; … stands for anything
    near: dict | None = None  # a request that just does not break the rule
    error: str = "ValidationException"
    words: str = OBSERVED
    operation: str = ""  # where the file is not that of one operation
    reason: bool = False  # the text is the message of the first cancellation reason
    group: str = ""  # cases of one group and text are one row of the page
    test: str = ""  # `Suite.Name` of the C++ test that stands for the request


def key(name, kind="HASH"):
    return {"AttributeName": name, "KeyType": kind}


def definitions(**types):
    return [{"AttributeName": name, "AttributeType": kind} for name, kind in types.items()]


def index(name, *keys, projection="ALL", **more):
    kinds = ("HASH", "RANGE")
    return {"IndexName": name, "KeySchema": [key(k, kinds[i]) for i, k in enumerate(keys)],
            "Projection": {"ProjectionType": projection}, **more}


UNITS = {"ReadCapacityUnits": 5, "WriteCapacityUnits": 5}
KEY = {"P": {"S": "p"}, "R": {"N": "1"}}
ABSENT_KEY = {"P": {"S": "absent"}, "R": {"N": "1"}}
ITEM = {**KEY, "A": {"N": "1"}, "Text": {"S": "text"}, "L": {"S": "l"}, "G": {"S": "g"},
        "H": {"N": "1"}, "List": {"L": [{"N": "1"}]}, "Map": {"M": {"X": {"N": "1"}}},
        "Set": {"SS": ["a"]}}
THINGS = {"TableName": "Things", "Key": KEY}
ARN = "arn:aws:dynamodb:us-east-1:000000000000:table/"

TABLES = [
    {"TableName": "Things", "BillingMode": "PAY_PER_REQUEST",
     "AttributeDefinitions": definitions(P="S", R="N", L="S", G="S", H="N"),
     "KeySchema": [key("P"), key("R", "RANGE")],
     "LocalSecondaryIndexes": [index("local", "P", "L", projection="KEYS_ONLY")],
     "GlobalSecondaryIndexes": [index("global", "G", "H", projection="KEYS_ONLY")]},
    {"TableName": "Simple", "BillingMode": "PAY_PER_REQUEST",
     "AttributeDefinitions": definitions(K="S"), "KeySchema": [key("K")]},
    {"TableName": "Binary", "BillingMode": "PAY_PER_REQUEST",
     "AttributeDefinitions": definitions(K="B"), "KeySchema": [key("K")]},
    {"TableName": "Provisioned", "ProvisionedThroughput": UNITS,
     "AttributeDefinitions": definitions(K="S", G="S"), "KeySchema": [key("K")],
     "GlobalSecondaryIndexes": [index("global", "G", ProvisionedThroughput=UNITS)]},
    {"TableName": "Protected", "BillingMode": "PAY_PER_REQUEST",
     "DeletionProtectionEnabled": True,
     "AttributeDefinitions": definitions(K="S"), "KeySchema": [key("K")]},
    {"TableName": "Streamed", "BillingMode": "PAY_PER_REQUEST",
     "StreamSpecification": {"StreamEnabled": True, "StreamViewType": "KEYS_ONLY"},
     "AttributeDefinitions": definitions(K="S"), "KeySchema": [key("K")]},
    {"TableName": "Expiring", "BillingMode": "PAY_PER_REQUEST",
     "AttributeDefinitions": definitions(K="S"), "KeySchema": [key("K")]},
    {"TableName": "Recoverable", "BillingMode": "PAY_PER_REQUEST",
     "AttributeDefinitions": definitions(K="S"), "KeySchema": [key("K")]},
    {"TableName": "Indexed", "BillingMode": "PAY_PER_REQUEST",
     "AttributeDefinitions": definitions(K="S", G="S"), "KeySchema": [key("K")],
     "GlobalSecondaryIndexes": [index(f"global{i}", "G") for i in range(20)]},
]
# The time to live of `Expiring`.
EXPIRING = {"TableName": "Expiring",
            "TimeToLiveSpecification": {"AttributeName": "t", "Enabled": True}}
# The point-in-time recovery of `Recoverable`.
RECOVERY = {"TableName": "Recoverable",
            "PointInTimeRecoverySpecification": {"PointInTimeRecoveryEnabled": True}}
# Of `Simple`: eleven fit into a transaction, twelve do not.
LARGE_ITEMS = [{"K": {"S": f"large{i}"}, "V": {"S": "v" * 380_000}} for i in range(12)]

# They stand for the ARN of a backup of `Simple`, and for that of the stream of `Streamed`, its shard
# and an iterator of that.
BACKUP = "$BACKUP"
STREAM = "$STREAM"
SHARD = "$SHARD"
ITERATOR = "$ITERATOR"

RULES_FOLDER = pathlib.Path(__file__).resolve().parent / "rules"


def operation_of(stem):
    """`PutItem` of `put_item`."""
    return "".join(word.capitalize() for word in stem.split("_"))
