"""UpdateTable."""

from rule import UNITS, Rule, definitions, index

INVALID = "One or more parameter values were invalid: "


def update(table="Things", **changes):
    return {"TableName": table, **changes}


def indexes(*updates, table="Things", **more):
    return update(table, GlobalSecondaryIndexUpdates=list(updates), **more)


def create(name, *keys, **more):
    return {"Create": index(name, *keys, **more)}


DELETE = {"Delete": {"IndexName": "global"}}
NEW = definitions(New="S")
NEEDED = ("At least one of ProvisionedThroughput, BillingMode, UpdateStreamEnabled, "
          "GlobalSecondaryIndexUpdates or SSESpecification or ReplicaUpdates is required")
RULES = [
    Rule("no name", {}, "The parameter 'TableName' is required but was not present in the request"),
    Rule("no change", update(), NEEDED),
    Rule("an empty list of index changes", indexes(), NEEDED),
    Rule("a table that does not exist", update("Absent", DeletionProtectionEnabled=False),
         "Requested resource not found: Table: Absent not found",
         error="ResourceNotFoundException"),
    Rule("an index change that is none", indexes({}),
         INVALID + "One of GlobalSecondaryIndexUpdate.Update, GlobalSecondaryIndexUpdate.Create, "
         "GlobalSecondaryIndexUpdate.Delete must not be null"),
    Rule("an index change that is two", indexes({**DELETE, **create("more", "New")}),
         INVALID + "Only one of GlobalSecondaryIndexUpdate.Update, "
         "GlobalSecondaryIndexUpdate.Create, GlobalSecondaryIndexUpdate.Delete may be given",
         words="ours"),
    Rule("two changes of one index", indexes(DELETE, DELETE),
         INVALID + "Only one global secondary index update per index is allowed simultaneously. "
         "Index: global"),
    Rule("two indexes at once",
         indexes(create("more", "New"), create("most", "New"), AttributeDefinitions=NEW),
         "Subscriber limit exceeded: Only 1 online index can be created or deleted simultaneously "
         "per table", error="LimitExceededException"),
    Rule("an index and deletion protection",
         indexes(create("more", "New"), AttributeDefinitions=NEW, DeletionProtectionEnabled=False),
         INVALID + "DeletionProtectionEnabled must be the only operation in the request"),
    Rule("an index and the billing mode",
         indexes(create("more", "New"), AttributeDefinitions=NEW, BillingMode="PAY_PER_REQUEST"),
         INVALID + "GlobalSecondaryIndexUpdates must be the only operation in the request"),
    Rule("an index that exists", indexes(create("global", "G")),
         "Attempting to create an index which already exists"),
    Rule("an index that does not exist", indexes({"Delete": {"IndexName": "absent"}}),
         "Requested resource not found: Index: absent not found",
         error="ResourceNotFoundException"),
    Rule("an index whose key is not defined", indexes(create("more", "New")),
         INVALID + "Some index key attributes are not defined in AttributeDefinitions. Keys: [New], "
         "AttributeDefinitions: [P, R, L, G, H]"),
    Rule("another type for a key attribute",
         indexes(create("more", "R"), AttributeDefinitions=definitions(R="S")),
         INVALID + "Attribute type of an existing key attribute cannot change: R", words="ours"),
    Rule("a 21st global index",
         indexes(create("more", "New"), AttributeDefinitions=NEW, table="Indexed"),
         "Subscriber limit exceeded: GlobalSecondaryIndex count exceeds the per-table limit of 20",
         error="LimitExceededException"),
    Rule("an index without a change",
         indexes({"Update": {"IndexName": "global"}}),
         INVALID + "Update of a global secondary index needs ProvisionedThroughput or "
         "OnDemandThroughput: global", words="ours"),
    Rule("provisioned without units", update(BillingMode="PROVISIONED"),
         INVALID + "ProvisionedThroughput must be specified when BillingMode is PROVISIONED",
         words="ours"),
    Rule("provisioned without units of an index",
         update(BillingMode="PROVISIONED", ProvisionedThroughput=UNITS),
         INVALID + "ProvisionedThroughput is not specified for index: global", words="ours"),
    Rule("the units that the table has", update("Provisioned", ProvisionedThroughput=UNITS),
         "The provisioned throughput for the table will not change. The requested value equals the "
         "current value. Current ReadCapacityUnits provisioned for the table: 5. Requested "
         "ReadCapacityUnits: 5. Current WriteCapacityUnits provisioned for the table: 5. Requested "
         "WriteCapacityUnits: 5. Refer to the Amazon DynamoDB Developer Guide for current limits "
         "and how to request higher limits."),
    Rule("the units that an index has",
         indexes({"Update": {"IndexName": "global", "ProvisionedThroughput": UNITS}},
                 table="Provisioned"),
         "The provisioned throughput for the index global will not change. The requested value "
         "equals the current value. Current ReadCapacityUnits provisioned for the index global: 5. "
         "Requested ReadCapacityUnits: 5. Current WriteCapacityUnits provisioned for the index "
         "global: 5. Requested WriteCapacityUnits: 5. Refer to the Amazon DynamoDB Developer Guide "
         "for current limits and how to request higher limits."),
]
