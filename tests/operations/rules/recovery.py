"""Point-in-time recovery: UpdateContinuousBackups, RestoreTableToPointInTime, deleted tables."""

from rule import ARN, OURS, UNITS, Rule, index

NEVER = 99_999_999_999
ELSEWHERE = ARN.replace("us-east-1", "eu-west-1") + "Recoverable"
FOREIGN = ARN.replace("000000000000", "111111111111") + "Recoverable"
BOTH_TIMES = (
    "Invalid Request: Both RestoreDateTime and UseLatestRestorableTime cannot be set for "
    "point-in-time restore request. Please specify either RestoreDateTime time or "
    "UseLatestRestorableTime")
NO_TIME = ("Invalid Request: Either one of RestoreDateTime or UseLatestRestorableTime must be "
           "specified, but not both")
OUTSIDE = ("RestoreDateTime '…' must be within EarliestRestorableDateTime '…' and "
           "LatestRestorableDateTime '…'")


def update(when, text, enabled=True, table="Recoverable", period=None, **more):
    specification = {"PointInTimeRecoveryEnabled": enabled}
    if period is not None:
        specification["RecoveryPeriodInDays"] = period
    return Rule(when, {"TableName": table, "PointInTimeRecoverySpecification": specification},
                text, operation="UpdateContinuousBackups", **more)


def restore(when, text, source="Recoverable", target="Restored", **more):
    """The latest moment, unless a time is given."""
    request = {"TargetTableName": target, **more.pop("request", {"UseLatestRestorableTime": True})}
    if source is not None:
        request["SourceTableName"] = source
    return Rule(when, request, text, operation="RestoreTableToPointInTime", **more)


def from_arn(when, text, arn, **more):
    request = more.pop("request", {}) | {"SourceTableArn": arn, "UseLatestRestorableTime": True}
    return restore(when, text, source=None, request=request, **more)


def overridden(when, text, overrides, **more):
    return restore(when, text, request={"UseLatestRestorableTime": True, **overrides}, **more)


def by_test(when, text, test, error="ValidationException", **more):
    return Rule(when, None, text, error=error, test=test, **more)


RULES = [
    update("a table that does not exist", "Table not found: Absent", table="Absent",
           error="TableNotFoundException"),
    update("a table that does not exist, to disable", "Table not found: Absent", table="Absent",
           enabled=False, error="TableNotFoundException"),
    Rule("a table that does not exist, to describe", {"TableName": "Absent"},
         "Table not found: Absent", error="TableNotFoundException",
         operation="DescribeContinuousBackups"),
    Rule("an ARN of a table that does not exist, to describe", {"TableName": ARN + "Absent"},
         f"Table not found: {ARN}Absent", error="TableNotFoundException",
         operation="DescribeContinuousBackups"),
    update("a period of no recovery",
           "Invalid Request: Cannot specify RecoveryPeriodInDays when disabling point-in-time "
           "recovery.", table="Simple", enabled=False, period=35,
           near={"TableName": "Simple",
                 "PointInTimeRecoverySpecification": {"PointInTimeRecoveryEnabled": False}}),
    update("a period of 36 days",
           "1 validation error detected: Value '36' at "
           "'pointInTimeRecoverySpecification.recoveryPeriodInDays' failed to satisfy constraint: "
           "Member must have value less than or equal to 35", period=36,
           near={"TableName": "Recoverable", "PointInTimeRecoverySpecification": {
               "PointInTimeRecoveryEnabled": True, "RecoveryPeriodInDays": 35}}),
    update("a period of no days",
           "1 validation error detected: Value '0' at "
           "'pointInTimeRecoverySpecification.recoveryPeriodInDays' failed to satisfy constraint: "
           "Member must have value greater than or equal to 1", period=0),
    Rule("not whether", {"TableName": "Recoverable", "PointInTimeRecoverySpecification": {}},
         "1 validation error detected: Value null at "
         "'pointInTimeRecoverySpecification.pointInTimeRecoveryEnabled' failed to satisfy "
         "constraint: Member must not be null", operation="UpdateContinuousBackups"),
    restore("two sources", "Must provide exactly one of: sourceTableArn, sourceTableName",
            request={"SourceTableArn": ARN + "Recoverable", "UseLatestRestorableTime": True}),
    restore("no source",
            "The parameter 'TableName' is required but was not present in the request",
            source=None),
    restore("two times", BOTH_TIMES,
            request={"UseLatestRestorableTime": True, "RestoreDateTime": 1}),
    restore("no time", NO_TIME, request={}),
    restore("no time, said aloud", NO_TIME, request={"UseLatestRestorableTime": False}),
    restore("a target that is no name",
            "1 validation error detected: Value 'bad name!' at 'targetTableName' failed to satisfy "
            "constraint: Member must satisfy regular expression pattern: [a-zA-Z0-9_.-]+",
            target="bad name!"),
    from_arn("a source that is no ARN", "sourceTableArn is not a valid ARN", "Recoverable"),
    from_arn("a source that is no table", "sourceTableArn is not a valid ARN",
             ARN + "Recoverable/index/index"),
    from_arn("a source of another service", "sourceTableArn is not a valid ARN",
             ARN.replace("dynamodb", "backup") + "Recoverable"),
    from_arn("a source of another account",
             "This action is only supported by accounts that match the resource owner's account",
             FOREIGN),
    from_arn("a source in another Region",
             "Invalid Request: sseSpecificationOverride must be provided for cross-region restores",
             ELSEWHERE),
    from_arn("a source in another Region, to be encrypted here", f"Table not found: {ELSEWHERE}",
             ELSEWHERE, request={"SSESpecificationOverride": {"Enabled": False}},
             error="TableNotFoundException", words=OURS),
    restore("a source that does not exist, and a target that does", "Table not found: Absent",
            source="Absent", target="Simple", error="TableNotFoundException"),
    from_arn("an ARN of a source that does not exist", f"Table not found: {ARN}Absent",
             ARN + "Absent", error="TableNotFoundException"),
    restore("a source without recovery, and a target that exists",
            "Point in time recovery is not enabled for table 'Simple'", source="Simple",
            target="Things", error="PointInTimeRecoveryUnavailableException"),
    restore("a source without recovery, and a time that never was",
            "Point in time recovery is not enabled for table 'Simple'", source="Simple",
            request={"RestoreDateTime": 0}, error="PointInTimeRecoveryUnavailableException"),
    restore("a time before the first, and a target that exists", OUTSIDE, target="Simple",
            request={"RestoreDateTime": 0}, error="InvalidRestoreTimeException"),
    restore("a time to come", OUTSIDE, request={"RestoreDateTime": NEVER},
            error="InvalidRestoreTimeException"),
    restore("a target that exists", "Table already exists: Simple", target="Simple",
            error="TableAlreadyExistsException"),
    restore("a target that is the source", "Table already exists: Recoverable",
            target="Recoverable", error="TableAlreadyExistsException"),
    overridden("units on demand, at a moment",
               "Cannot override ProvisionedThroughput unless BillingMode is PROVISIONED",
               {"ProvisionedThroughputOverride": UNITS}),
    overridden("provisioned without units, at a moment",
               "Must override ProvisionedThroughput if BillingMode is overridden to PROVISIONED",
               {"BillingModeOverride": "PROVISIONED"}),
    overridden("a maximum of 0, at a moment",
               "Requested MaxReadRequestUnits for OnDemandThroughput is outside of valid range",
               {"OnDemandThroughputOverride": {"MaxReadRequestUnits": 0}}),
    overridden("an index that the source does not have",
               "Index more does not match a secondary index that existed in the source table and "
               "cannot be created during the restore operation",
               {"GlobalSecondaryIndexOverride": [index("more", "X")]}),
    overridden("warm throughput of an index",
               "The parameter 'globalSecondaryIndexOverride.1.member.warmThroughput' is not "
               "supported by this server: warm throughput is not served",
               {"GlobalSecondaryIndexOverride": [
                   index("more", "X", WarmThroughput={"ReadUnitsPerSecond": 5})]}, words=OURS),
    overridden("a key to encrypt with",
               "The parameter 'sSESpecificationOverride' is not supported by this server: "
               "encryption keys are not served", {"SSESpecificationOverride": {"Enabled": True}},
               words=OURS),
    by_test("a target that is being restored",
            "Table: Other is already being restored from backup: ARN",
            "RecoveryOperationsTest.ATargetBeingRestoredIsInUse", "TableInUseException"),
    by_test("51 restores, of backups and of moments",
            "Subscriber limit exceeded: Only 50 restore operations can be done simultaneously",
            "RecoveryOperationsTest.FiftyRestoresOfBothKindsRunAtOnceAndNoMore",
            "LimitExceededException"),
    by_test("the backup of a deleted table, to delete",
            "User is not allowed to delete the system backup with arn ARN. It will automatically "
            "expire on …", "RecoveryOperationsTest.ADeletedTableWithRecoveryLeavesASystemBackup"),
    by_test("a backup that restores to a moment begin with, to delete",
            "Backup is being used for point-in-time recovery: ARN",
            "RecoveryOperationsTest.NoListShowsABaseAndItMayBeRestored", "BackupInUseException",
            words=OURS),
    by_test("settings and tags of a table that is being restored",
            "Requested resource not found: Table: Copy not found",
            "RestoreTargetTest.IsNotThereForMostUntilItsMomentIsRestored",
            "ResourceNotFoundException"),
    by_test("a backup or recovery of a table that is being restored", "Table not found: Copy",
            "RestoreTargetTest.IsNotThereForMostUntilItsMomentIsRestored",
            "TableNotFoundException"),
    by_test("the deletion of a table that is being restored",
            "Attempt to change a resource which is still in use: Table is being created: Copy",
            "RestoreTargetTest.IsNotThereForMostUntilItsMomentIsRestored",
            "ResourceInUseException"),
    by_test("a new table of the name of one that is being restored", "Table is being used: Copy",
            "RestoreTargetTest.IsNotThereForMostUntilItsMomentIsRestored",
            "ResourceInUseException"),
    by_test("a target of the name of a table that is being deleted", "Table already exists: Music",
            "RestoreTargetTest.ATableThatIsBeingDeletedCanStillBeSaved",
            "TableAlreadyExistsException"),
    by_test("a backup or recovery of a table that is being created", "Table not found: Slow",
            "RestoreTargetTest.ATableThatIsBeingCreatedIsInUseAndHasNoBackups",
            "TableNotFoundException"),
    by_test("recovery that was turned on while the table went",
            "Point in time recovery is not enabled for table 'Music'",
            "RestoreTargetTest.RecoveryTurnedOnWhileATableGoesLeavesOne",
            "PointInTimeRecoveryUnavailableException", words=OURS),
]
