"""Backups: CreateBackup, DescribeBackup, DeleteBackup, ListBackups, RestoreTableFromBackup."""

from rule import ARN, BACKUP, OURS, UNITS, Rule, index

MADE = "arn:aws:dynamodb:us-east-1:000000000000:table/Simple/backup/01700000000000-00000000"
INVALID = "One or more parameter values were invalid: "


def describe(when, arn, text, **more):
    return Rule(when, {"BackupArn": arn}, text, operation="DescribeBackup", **more)


def restore(when, text, arn=BACKUP, target="Restored", **more):
    overrides = more.pop("overrides", {})
    return Rule(when, {"TargetTableName": target, "BackupArn": arn, **overrides}, text,
                operation="RestoreTableFromBackup", **more)


def by_test(when, text, test, error="ValidationException", **more):
    return Rule(when, None, text, error=error, test=test, **more)


RULES = [
    Rule("a table that does not exist", {"TableName": "Absent", "BackupName": "Backup"},
         "Table not found: Absent", error="TableNotFoundException", operation="CreateBackup"),
    describe("what is no ARN", "x" * 37, "Invalid Backup ARN"),
    describe("the ARN of a table", ARN + "Simple", "Invalid Backup ARN"),
    describe("an ARN of another partition", MADE.replace("arn:aws:", "arn:aws-cn:"),
             "BackupArn is not valid"),
    describe("an ARN of 36 characters", "x" * 36,
             "1 validation error detected: Value '" + "x" * 36 + "' at 'backupArn' failed to "
             "satisfy constraint: Member must have length greater than or equal to 37"),
    describe("an ARN of another service", MADE.replace("dynamodb", "backup"),
             "BackupArn is not valid"),
    describe("an ARN of another account", MADE.replace("000000000000", "111111111111"),
             "Access is denied", error="AccessDeniedException"),
    describe("an ARN without a region", MADE.replace("us-east-1", ""), "Access is denied",
             error="AccessDeniedException"),
    describe("an ARN of no region", MADE.replace("us-east-1", "nowhere"), "BackupArn is not valid"),
    describe("a backup that does not exist", MADE, f"Backup not found: {MADE}",
             error="BackupNotFoundException"),
    Rule("a backup that does not exist, to delete", {"BackupArn": MADE},
         f"Backup not found: {MADE}", error="BackupNotFoundException", operation="DeleteBackup"),
    Rule("an ARN of another account, to delete",
         {"BackupArn": MADE.replace("000000000000", "111111111111")}, "Access is denied",
         error="AccessDeniedException", operation="DeleteBackup"),
    Rule("a type in lower case", {"BackupType": "user"},
         "1 validation error detected: Value 'user' at 'backupType' failed to satisfy constraint: "
         "Member must satisfy enum value set: [USER, SYSTEM, AWS_BACKUP, ALL]",
         operation="ListBackups", near={"BackupType": "USER"}),
    Rule("a page of 101", {"Limit": 101},
         "1 validation error detected: Value '101' at 'limit' failed to satisfy constraint: Member "
         "must have value less than or equal to 100", operation="ListBackups", near={"Limit": 100}),
    Rule("a range of time that is none", {"TimeRangeLowerBound": 2, "TimeRangeUpperBound": 1},
         "Time range lower bound must be less than or equal to upper bound",
         operation="ListBackups", near={"TimeRangeLowerBound": 1, "TimeRangeUpperBound": 1}),
    Rule("a start in another region",
         {"ExclusiveStartBackupArn": MADE.replace("us-east-1", "eu-west-1")},
         "Invalid Request: The supplied ExclusiveStartBackupArn does not match the region",
         operation="ListBackups"),
    restore("a table that exists", "Table already exists: Things", target="Things",
            error="TableAlreadyExistsException"),
    restore("a backup that does not exist, to restore", f"Backup not found: {MADE}", arn=MADE,
            error="BackupNotFoundException"),
    restore("units on demand",
            "Cannot override ProvisionedThroughput unless BillingMode is PROVISIONED",
            overrides={"ProvisionedThroughputOverride": UNITS}),
    restore("provisioned without units",
            "Must override ProvisionedThroughput if BillingMode is overridden to PROVISIONED",
            overrides={"BillingModeOverride": "PROVISIONED"}),
    restore("maxima of a provisioned table",
            "Cannot override OnDemandThroughput unless BillingMode is PAY_PER_REQUEST",
            overrides={"BillingModeOverride": "PROVISIONED", "ProvisionedThroughputOverride": UNITS,
                       "OnDemandThroughputOverride": {"MaxReadRequestUnits": 5}}),
    restore("a maximum of 0",
            "Requested MaxReadRequestUnits for OnDemandThroughput is outside of valid range",
            overrides={"OnDemandThroughputOverride": {"MaxReadRequestUnits": 0}}),
    restore("an index that the backup does not have",
            "Index more does not match a secondary index that existed in the source table and "
            "cannot be created during the restore operation",
            overrides={"GlobalSecondaryIndexOverride": [index("more", "X")]}),
    by_test("a backup of another Region",
            "Invalid Request: sseSpecificationOverride must be provided for cross-region restores",
            "BackupOperationsTest.ARestoreFromAnotherRegionSaysSo"),
    restore("a key to encrypt with",
            "The parameter 'sSESpecificationOverride' is not supported by this server: encryption "
            "keys are not served", overrides={"SSESpecificationOverride": {"Enabled": True}},
            words=OURS),
    by_test("two indexes of one name", INVALID + "Duplicate index name: same",
            "RestoredTableTest.RefusesOneNameForTwoIndexes"),
    by_test("an index without units", INVALID + "ProvisionedThroughput is not specified for index: "
            "global", "RestoredTableTest.KnowsTheRulesOfThroughput"),
    by_test("an index with units on demand", INVALID + "ProvisionedThroughput should not be "
            "specified for index: global when BillingMode is PAY_PER_REQUEST",
            "RestoredTableTest.HasNoProvisionedThroughputOnDemand"),
    by_test("a backup that is being made", f"Backup is being created: {MADE}",
            "BackupTest.CannotBeDeletedWhileItIsMadeOrRestored", "BackupInUseException"),
    by_test("a backup that is being restored", f"Backup is being used to restore table: {MADE}",
            "BackupTest.CannotBeDeletedWhileItIsMadeOrRestored", "BackupInUseException"),
    by_test("a backup that is being restored, to another table",
            f"Backup is being used to restore another table: {MADE}",
            "BackupOperationsTest.RestoreRefusesConflictsInDynamoDbsWords",
            "BackupInUseException"),
    by_test("a table that is being restored",
            f"Table: Restored is already being restored from backup: {MADE}",
            "BackupOperationsTest.RestoreRefusesConflictsInDynamoDbsWords", "TableInUseException"),
    by_test("51 restores",
            "Subscriber limit exceeded: Only 50 restore operations can be done simultaneously",
            "BackupOperationsTest.FiftyRestoresRunAtOnceAndNoMore", "LimitExceededException"),
]
