"""CreateTable."""

from rule import ARN, UNITS, Rule, definitions, index, key

INVALID = "One or more parameter values were invalid: "


def table(keys=("P",), types=None, name="Made", **more):
    kinds = ("HASH", "RANGE", "RANGE")
    return {"TableName": name, "BillingMode": "PAY_PER_REQUEST",
            "AttributeDefinitions": definitions(**(types or {k: "S" for k in keys})),
            "KeySchema": [key(k, kinds[i]) for i, k in enumerate(keys)], **more}


def provisioned(**more):
    made = table(BillingMode="PROVISIONED", **more)
    return made


def local(*indexes, types=None):
    return table(("P", "R"), types or {"P": "S", "R": "S", "L": "S"},
                 LocalSecondaryIndexes=list(indexes))


def overall(*indexes, types=None, **more):
    return table(types=types or {"P": "S", "G": "S", "H": "S"},
                 GlobalSecondaryIndexes=list(indexes), **more)


def include(name, count, first=0):
    made = index(name, "G", "H")
    made["Projection"] = {"ProjectionType": "INCLUDE",
                          "NonKeyAttributes": [f"n{first + i}" for i in range(count)]}
    return made


def schema(*keys):
    made = index("good", "G")
    made["KeySchema"] = list(keys)
    return made


TAG = {"Key": "k", "Value": "v"}
GOOD_LOCAL = index("good", "P", "L")
TRILLION = 1_000_000_000_000
PARTS = {f"K{i}": "S" for i in range(5)}

RULES = [
    Rule("no name", {}, "The parameter 'TableName' is required but was not present in the request"),
    Rule("a name of two characters", table(name="ab"),
         "1 validation error detected: Value 'ab' at 'tableName' failed to satisfy constraint: "
         "Member must have length greater than or equal to 3"),
    Rule("an ARN as name", table(name=ARN + "Made"),
         INVALID + "a new table takes a name, not an ARN", words="ours"),
    Rule("a table that exists", table(name="Things"), "Table already exists: Things",
         error="ResourceInUseException"),
    Rule("provisioned without units", provisioned(),
         INVALID + "ReadCapacityUnits and WriteCapacityUnits must both be specified when "
         "BillingMode is PROVISIONED"),
    Rule("on demand with units", table(ProvisionedThroughput=UNITS),
         INVALID + "Neither ReadCapacityUnits nor WriteCapacityUnits can be specified when "
         "BillingMode is PAY_PER_REQUEST"),
    Rule("provisioned with on-demand maxima",
         provisioned(ProvisionedThroughput=UNITS, OnDemandThroughput={"MaxReadRequestUnits": 5}),
         INVALID + "MaxReadRequestUnits for OnDemandThroughput cannot be specified when table "
         "BillingMode is PROVISIONED."),
    Rule("an on-demand maximum of 0", table(OnDemandThroughput={"MaxReadRequestUnits": 0}),
         INVALID + "Requested MaxReadRequestUnits for OnDemandThroughput for table is outside of "
         "valid range"),
    Rule("no on-demand maximum, of an index",
         overall(index("good", "G", "H", OnDemandThroughput={"MaxWriteRequestUnits": -1})),
         INVALID + "Requested MaxWriteRequestUnits for OnDemandThroughput for index : good is "
         "outside of valid range",
         near=overall(index("good", "G", "H", OnDemandThroughput={"MaxWriteRequestUnits": 1}),
                      name="Nearly")),
    Rule("more than 1,000,000,000,000 units",
         provisioned(ProvisionedThroughput={**UNITS, "ReadCapacityUnits": TRILLION + 1}),
         f"Given value {TRILLION + 1} for ReadCapacityUnits is out of bounds"),
    Rule("more than 1,000,000,000,000 units of an index",
         overall(index("good", "G", "H",
                       ProvisionedThroughput={**UNITS, "WriteCapacityUnits": TRILLION + 1}),
                 BillingMode="PROVISIONED", ProvisionedThroughput=UNITS),
         f"Given value {TRILLION + 1} for WriteCapacityUnits is out of bounds for index good"),
    Rule("no key", {**table(), "KeySchema": None},
         INVALID + "Some index key attribute have no definition", words="ours"),
    Rule("three keys", table(("P", "R", "X")),
         "1 validation error detected: Value '[KeySchemaElement(attributeName=P, keyType=HASH), "
         "KeySchemaElement(attributeName=R, keyType=RANGE), KeySchemaElement(attributeName=X, "
         "keyType=RANGE)]' at 'keySchema' failed to satisfy constraint: Member must have length "
         "less than or equal to 2"),
    Rule("more keys than definitions", table(("P", "R"), {"P": "S"}),
         "Invalid KeySchema: Some index key attribute have no definition"),
    Rule("an attribute twice in the key", table(("P", "P"), {"P": "S"}),
         "Invalid KeySchema: Some index key attribute have no definition"),
    Rule("a key without a definition", table(("P",), {"X": "S"}),
         INVALID + "Some index key attributes are not defined in AttributeDefinitions. Keys: [P], "
         "AttributeDefinitions: [X]"),
    Rule("one attribute for both keys", table(("P", "P"), {"P": "S", "R": "S"}),
         "Both the Hash Key and the Range Key element in the KeySchema have the same name"),
    Rule("a sort key first", {**table(), "KeySchema": [key("P", "RANGE")]},
         "Invalid KeySchema: The first KeySchemaElement is not a HASH key type"),
    Rule("two partition keys",
         {**table(("P", "R")), "KeySchema": [key("P"), key("R")]},
         "Invalid KeySchema: The second KeySchemaElement is not a RANGE key type"),
    Rule("an attribute defined twice",
         {**table(), "AttributeDefinitions": definitions(P="S") + definitions(P="N")},
         "Attribute Name is duplicated: P"),
    Rule("a definition that no key uses", table(types={"P": "S", "X": "S"}),
         INVALID + "Number of attributes in KeySchema does not exactly match number of attributes "
         "defined in AttributeDefinitions"),
    Rule("a definition that neither a key nor an index uses",
         overall(index("good", "G")),
         INVALID + "Some AttributeDefinitions are not used. AttributeDefinitions: [P, G, H], keys "
         "used: [G, P]"),
    Rule("an empty list of local indexes", local(),
         INVALID + "List of LocalSecondaryIndexes is empty"),
    Rule("a local index without a sort key in the table",
         table(types={"P": "S", "L": "S"}, LocalSecondaryIndexes=[GOOD_LOCAL]),
         INVALID + "Table KeySchema does not have a range key, which is required when specifying a "
         "LocalSecondaryIndex"),
    Rule("a local index without a sort key", local(index("bare", "P"), types={"P": "S", "R": "S"}),
         INVALID + "Index KeySchema does not have a range key for index: bare"),
    Rule("a local index with another partition key", local(index("other", "R", "L")),
         INVALID + "Index KeySchema does not have the same leading hash key as table KeySchema for "
         "index: other. index hash key: R, table hash key: P"),
    Rule("a local index with three keys",
         local({**GOOD_LOCAL, "KeySchema": [key("P"), key("R", "RANGE"), key("L", "RANGE")]}),
         "1 validation error detected: Value '[KeySchemaElement(attributeName=P, keyType=HASH), "
         "KeySchemaElement(attributeName=R, keyType=RANGE), KeySchemaElement(attributeName=L, "
         "keyType=RANGE)]' at 'localSecondaryIndexes.1.member.keySchema' failed to satisfy "
         "constraint: Member must have length less than or equal to 2", words="ours"),
    Rule("six local indexes", local(*[index(f"local{i}", "P", "L") for i in range(6)]),
         INVALID + "Number of LocalSecondaryIndexes exceeds per-table limit of 5"),
    Rule("an empty list of global indexes", overall(),
         INVALID + "List of GlobalSecondaryIndexes is empty"),
    Rule("an index key without a definition", overall(index("good", "X")),
         INVALID + "Some index key attributes are not defined in AttributeDefinitions. Keys: [X], "
         "AttributeDefinitions: [P, G, H]"),
    Rule("five partition keys of a global index",
         overall(schema(*[key(f"K{i}") for i in range(5)]), types={"P": "S", **PARTS}),
         INVALID + "The KeySchema exceeds the maximum allowed number of HASH key attributes"),
    Rule("one attribute for two of three keys of a global index",
         overall(schema(key("G"), key("H", "RANGE"), key("H", "RANGE"))),
         "The KeySchema contains multiple key attributes with the same name"),
    Rule("a partition key behind a sort key of a global index",
         overall(schema(key("G"), key("H", "RANGE"), key("P"))),
         INVALID + "All HASH key attributes must precede RANGE key attributes in the KeySchema"),
    Rule("21 global indexes", overall(*[index(f"global{i}", "G", "H") for i in range(21)]),
         INVALID + "GlobalSecondaryIndex count exceeds the per-table limit of 20"),
    Rule("two indexes of one name", overall(index("same", "G"), index("same", "H")),
         INVALID + "Duplicate index name: same"),
    Rule("a projection without a type",
         overall({**index("good", "G", "H"), "Projection": {}}),
         INVALID + "Unknown ProjectionType: null"),
    Rule("attributes that the projection does not take",
         overall({**index("good", "G", "H"), "Projection": {
             "ProjectionType": "ALL", "NonKeyAttributes": ["A"]}}),
         INVALID + "ProjectionType is ALL, but NonKeyAttributes is specified"),
    Rule("INCLUDE without attributes", overall(index("good", "G", "H", projection="INCLUDE")),
         INVALID + "ProjectionType is INCLUDE, but NonKeyAttributes is not specified"),
    Rule("an attribute projected twice",
         overall({**index("good", "G", "H"), "Projection": {
             "ProjectionType": "INCLUDE", "NonKeyAttributes": ["A", "A"]}}),
         INVALID + "Duplicate element in NonKeyAttributes: A"),
    Rule("101 projected attributes",
         overall(*[include(f"global{i}", 20, 20 * i) for i in range(5)], include("last", 1)),
         INVALID + "The total number of projected non-key attributes exceeds the per-table limit of "
         "100", words="ours"),
    Rule("a provisioned index without units",
         overall(index("good", "G", "H"), BillingMode="PROVISIONED", ProvisionedThroughput=UNITS),
         INVALID + "ProvisionedThroughput is not specified for index: good"),
    Rule("an index on demand with units",
         overall(index("good", "G", "H", ProvisionedThroughput=UNITS)),
         INVALID + "ProvisionedThroughput should not be specified for index: good when BillingMode "
         "is PAY_PER_REQUEST"),
    Rule("a tag of AWS's own", table(Tags=[{**TAG, "Key": "aws:k"}]),
         "Tag Key cannot be prefixed with aws:, Key: aws:k"),
    Rule("a tag twice", table(Tags=[TAG, TAG]),
         "Duplicate Tag Keys provided as input: Duplicate Tag Key found k"),
    Rule("51 tags", table(Tags=[{**TAG, "Key": f"k{i}"} for i in range(51)]),
         "Number of Tags exceed the current limit for the provided ResourceArn"),
    Rule("2,501 tables", None,
         "Subscriber limit exceeded: the number of tables cannot exceed 2500",
         error="LimitExceededException", words="ours",
         test="CatalogTest.HasALimitOfTables"),
    Rule("a stream without a view type", table(StreamSpecification={"StreamEnabled": True}),
         INVALID + "Table is being created with a stream enabled, UpdateViewType is required"),
    Rule("no stream with a view type",
         table(StreamSpecification={"StreamEnabled": False, "StreamViewType": "KEYS_ONLY"}),
         INVALID + "Table is being created with a stream disabled, UpdateViewType should not be "
         "specified"),
]
