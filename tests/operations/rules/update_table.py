"""UpdateTable."""

from rule import UNITS, Rule, definitions, index

INVALID = "One or more parameter values were invalid: "


def update(table="Things", **changes):
    return {"TableName": table, **changes}


def indexes(*updates, table="Things", **more):
    return update(table, GlobalSecondaryIndexUpdates=list(updates), **more)


def create(name, *keys, **more):
    return {"Create": index(name, *keys, **more)}


def stream(enabled, table="Things", **more):
    return update(table, StreamSpecification={"StreamEnabled": enabled,
                                              "StreamViewType": "NEW_IMAGE"}, **more)


DELETE = {"Delete": {"IndexName": "global"}}
NEW = definitions(New="S")
NEEDED = ("At least one of ProvisionedThroughput, BillingMode, UpdateStreamEnabled, "
          "GlobalSecondaryIndexUpdates, SSESpecification, ReplicaUpdates, "
          "MultiAccountReplicaReady, ReplicaTransitRoleArn, MultiRegionConsistency, "
          "DeletionProtectionEnabled, OnDemandThroughput, WarmThroughput or TableClass is required")
UNITS_OF_GLOBAL = {"Update": {"IndexName": "global", "ProvisionedThroughput": UNITS}}
IN_USE = "Attempt to change a resource which is still in use: "
WHILE_DROPPED = "SlowTableOperationsTest.AnIndexThatIsBeingFilledMayBeDropped"
RULES = [
    Rule("no name", {}, "The parameter 'TableName' is required but was not present in the request"),
    Rule("no change", update(), NEEDED),
    Rule("an empty list of index changes", indexes(), NEEDED),
    Rule("an empty list of index changes beside another change",
         indexes(DeletionProtectionEnabled=False),
         INVALID + "List of GlobalSecondaryIndexUpdates is empty"),
    Rule("a table that does not exist", update("Absent", DeletionProtectionEnabled=False),
         "Requested resource not found: Table: Absent not found",
         error="ResourceNotFoundException"),
    Rule("an index change that is none", indexes({}),
         INVALID + "One of GlobalSecondaryIndexUpdate.Update, GlobalSecondaryIndexUpdate.Create, "
         "GlobalSecondaryIndexUpdate.Delete must not be null"),
    Rule("an index change that is two", indexes({**DELETE, **create("more", "New")}),
         INVALID + "Only one global secondary index action is allowed per "
         "GlobalSecondaryIndexUpdate object"),
    Rule("two changes of one index", indexes(DELETE, DELETE),
         INVALID + "Only one global secondary index update per index is allowed simultaneously. "
         "Index: global"),
    Rule("two indexes at once",
         indexes(create("more", "New"), create("most", "New"), AttributeDefinitions=NEW),
         "Subscriber limit exceeded: Only 1 online index can be created or deleted simultaneously "
         "per table", error="LimitExceededException"),
    Rule("an index and deletion protection",
         indexes(create("more", "New"), AttributeDefinitions=NEW, DeletionProtectionEnabled=False),
         INVALID + "DeletionProtection modification must be the only operation in the request"),
    Rule("an index and throughput of the table",
         indexes(create("more", "New"), AttributeDefinitions=NEW, ProvisionedThroughput=UNITS),
         INVALID + "You cannot create or delete index while updating table IOPS"),
    Rule("an index and on-demand maxima",
         indexes(create("more", "New"), AttributeDefinitions=NEW,
                 OnDemandThroughput={"MaxReadRequestUnits": 1}),
         INVALID + "OnDemandThroughput can only be combined with BillingMode in an UpdateTable "
         "request"),
    Rule("a stream and deletion protection", stream(True, DeletionProtectionEnabled=False),
         INVALID + "DeletionProtection modification must be the only operation in the request"),
    Rule("a stream and an index",
         indexes(create("more", "New"), AttributeDefinitions=NEW,
                 StreamSpecification=stream(True)["StreamSpecification"]),
         INVALID + "You cannot create or delete index while changing stream status"),
    Rule("a stream and throughput of the table", stream(True, ProvisionedThroughput=UNITS),
         INVALID + "You cannot modify stream status while updating table IOPS"),
    Rule("a stream and provisioned", stream(True, BillingMode="PROVISIONED"),
         INVALID + "You cannot modify stream status while updating table IOPS"),
    Rule("a stream and on-demand maxima",
         stream(True, OnDemandThroughput={"MaxReadRequestUnits": 1}),
         INVALID + "OnDemandThroughput can only be combined with BillingMode in an UpdateTable "
         "request"),
    Rule("a stream without a view type",
         update(StreamSpecification={"StreamEnabled": True}),
         INVALID + "If stream is being enabled then UpdateViewType is required"),
    Rule("no stream with a view type",
         update(StreamSpecification={"StreamEnabled": False, "StreamViewType": "KEYS_ONLY"}),
         INVALID + "If stream is being disabled, then UpdateViewType must not be specified"),
    Rule("a second stream", stream(True, table="Streamed"),
         "Table already has an enabled stream: TableName: Streamed"),
    Rule("no stream to disable", update(StreamSpecification={"StreamEnabled": False}),
         "Table has no stream to disable: TableName: Things"),
    Rule("an index that exists", indexes(create("global", "G"), AttributeDefinitions=definitions(G="S")),
         "Attempting to create an index which already exists"),
    Rule("an index that does not exist", indexes({"Delete": {"IndexName": "absent"}}),
         "Requested resource not found: Index absent for table Things",
         error="ResourceNotFoundException"),
    Rule("a local index that is to go", indexes({"Delete": {"IndexName": "local"}}),
         "Cannot delete an index that is not a GlobalSecondaryIndex: local"),
    Rule("a local index that is to change",
         indexes({"Update": {"IndexName": "local",
                             "OnDemandThroughput": {"MaxReadRequestUnits": 1}}}),
         "Cannot update an index that is not a GlobalSecondaryIndex: local"),
    Rule("an index without definitions", indexes(create("more", "New")),
         INVALID + "AttributeDefinitions is not specified for index: more"),
    Rule("an index whose key is defined by the table alone",
         indexes(create("more", "G"), AttributeDefinitions=NEW),
         INVALID + "Some index key attributes are not defined in AttributeDefinitions. Keys: [G], "
         "AttributeDefinitions: [New]"),
    Rule("an index with more keys than definitions",
         indexes(create("more", "G", "New"), AttributeDefinitions=NEW),
         "Invalid KeySchema: Some index key attribute have no definition"),
    Rule("a 21st global index",
         indexes(create("more", "New"), AttributeDefinitions=NEW, table="Indexed"),
         "Subscriber limit exceeded: Number of global secondary indexes exceeds per-table limit of "
         "20",
         error="LimitExceededException"),
    Rule("an index without a change",
         indexes({"Update": {"IndexName": "global"}}),
         INVALID + "Update of a global secondary index needs ProvisionedThroughput or "
         "OnDemandThroughput: global", words="ours"),
    Rule("provisioned without units", update(BillingMode="PROVISIONED"),
         INVALID + "ProvisionedThroughput must be specified when BillingMode is PROVISIONED"),
    Rule("provisioned again without units", update("Provisioned", BillingMode="PROVISIONED"),
         INVALID + "ProvisionedThroughput must be specified when BillingMode is PROVISIONED"),
    Rule("provisioned without units of an index",
         update(BillingMode="PROVISIONED", ProvisionedThroughput=UNITS),
         INVALID + "ProvisionedThroughput must be specified for index: global"),
    Rule("an index without units, provisioned",
         indexes(create("more", "New"), AttributeDefinitions=NEW, table="Provisioned"),
         INVALID + "Both ReadCapacityUnits and WriteCapacityUnits must be specified for index: "
         "more"),
    Rule("an index with units, on demand",
         indexes(create("more", "New", ProvisionedThroughput=UNITS), AttributeDefinitions=NEW),
         INVALID + "Neither ReadCapacityUnits nor WriteCapacityUnits can be specified for index: "
         "more when BillingMode is PAY_PER_REQUEST"),
    Rule("units of an index, on demand", indexes(UNITS_OF_GLOBAL),
         INVALID + "The only Updates for index: global when TableThroughputMode is PAY_PER_REQUEST "
         "can be to OnDemandThroughput, WarmThroughput"),
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
    Rule("an index that is being deleted", None,
         IN_USE + "Index is being deleted. Table: Music Index: by-owner",
         error="ResourceInUseException", test=WHILE_DROPPED),
    Rule("throughput while an index is being deleted", None,
         IN_USE + "Can't change table IOPS when an index is being deleted. Table: Music Indexes: "
         "[by-owner]", error="ResourceInUseException", test=WHILE_DROPPED),
    Rule("on-demand maxima while an index is being deleted", None,
         IN_USE + "OnDemandThroughput cannot be updated while index deletion is in progress for "
         "indexes: [by-owner]", error="ResourceInUseException", test=WHILE_DROPPED),
]
