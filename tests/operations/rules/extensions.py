"""Beyond DynamoDB: RestoreTable, CreateBackups."""

from rule import ARN, BACKUP, OURS, UNITS, Rule

MADE = ARN + "Simple/backup/01489602797149-73d8d5bc"
INVALID = "One or more parameter values were invalid: "
LATEST = {"UseLatestRestorableTime": True}


def restore(when, text, request, **more):
    return Rule(when, request, text, operation="RestoreTable", **more)


def from_backup(when, text, arn=BACKUP, target="Restored", request=None, **more):
    return restore(when, text, {"BackupArn": arn, "TargetTableName": target, **(request or {})},
                   **more)


def to_time(when, text, source="Recoverable", target="Restored", request=None, **more):
    request = LATEST if request is None else request
    return restore(when, text, {"SourceTableName": source, "TargetTableName": target, **request},
                   **more)


def together(when, text, tables, name="Backup", **more):
    return Rule(when, {"TableNames": tables, "BackupName": name}, text, operation="CreateBackups",
                **more)


RULES = [
    restore("no source", "Must provide exactly one of: BackupArn, SourceTableName", LATEST,
            words=OURS),
    restore("two sources", "Must provide exactly one of: BackupArn, SourceTableName",
            {"BackupArn": BACKUP, "SourceTableName": "Recoverable", **LATEST}, words=OURS),
    from_backup("a moment of a backup",
                "Invalid Request: RestoreDateTime and UseLatestRestorableTime cannot be set where "
                "a backup is restored", request={"RestoreDateTime": 1}, words=OURS),
    from_backup("the latest moment of a backup",
                "Invalid Request: RestoreDateTime and UseLatestRestorableTime cannot be set where "
                "a backup is restored", request=LATEST, words=OURS),
    to_time("two times",
            "Invalid Request: Both RestoreDateTime and UseLatestRestorableTime cannot be set for "
            "point-in-time restore request. Please specify either RestoreDateTime time or "
            "UseLatestRestorableTime", request={"RestoreDateTime": 1, **LATEST}),
    to_time("no time",
            "Invalid Request: Either one of RestoreDateTime or UseLatestRestorableTime must be "
            "specified, but not both", request={}),
    from_backup("a setting that is not known",
                "1 validation error detected: Value 'COLOUR' at 'keep.2.member' failed to satisfy "
                "constraint: Member must satisfy enum value set: [TAGS, DELETION_PROTECTION, "
                "TIME_TO_LIVE, STREAM, POINT_IN_TIME_RECOVERY]",
                request={"Keep": ["TAGS", "COLOUR"]}),
    from_backup("no ARN of a backup", "Invalid Backup ARN", arn=ARN + "Simple" + "/stream/2026"),
    from_backup("a backup that does not exist", f"Backup not found: {MADE}", arn=MADE,
                error="BackupNotFoundException"),
    restore("a backup of a table that exists, under its name", "Table already exists: Simple",
            {"BackupArn": BACKUP}, error="TableAlreadyExistsException"),
    restore("a moment of a table, under its name", "Table already exists: Recoverable",
            {"SourceTableName": "Recoverable", **LATEST}, error="TableAlreadyExistsException"),
    to_time("a table that does not exist", "Table not found: Absent", source="Absent",
            error="TableNotFoundException"),
    to_time("a table without recovery",
            "Point in time recovery is not enabled for table 'Simple'", source="Simple",
            error="PointInTimeRecoveryUnavailableException"),
    to_time("a time before the first",
            "RestoreDateTime '…' must be within EarliestRestorableDateTime '…' and "
            "LatestRestorableDateTime '…'", request={"RestoreDateTime": 0},
            error="InvalidRestoreTimeException"),
    from_backup("units on demand",
                "Cannot override ProvisionedThroughput unless BillingMode is PROVISIONED",
                request={"ProvisionedThroughputOverride": UNITS}),
    from_backup("a key to encrypt with",
                "The parameter 'sSESpecificationOverride' is not supported by this server: "
                "encryption keys are not served",
                request={"SSESpecificationOverride": {"Enabled": True}}, words=OURS),
    together("no tables",
             "1 validation error detected: Value '[]' at 'tableNames' failed to satisfy "
             "constraint: Member must have length greater than or equal to 1", [],
             near={"TableNames": ["Simple"], "BackupName": "Backup"}),
    together("101 tables",
             "1 validation error detected: Value '…' at 'tableNames' failed to satisfy constraint: "
             "Member must have length less than or equal to 100",
             [f"Table{i}" for i in range(101)]),
    together("a name of two letters",
             "1 validation error detected: Value 'ab' at 'backupName' failed to satisfy "
             "constraint: Member must have length greater than or equal to 3", ["Simple"],
             name="ab"),
    together("a table twice", INVALID + "TableNames names a table twice: Simple",
             ["Simple", "Things", "Simple"], words=OURS,
             near={"TableNames": ["Simple", "Things"], "BackupName": "Backup"}),
    together("a table by its name and its ARN",
             INVALID + f"TableNames names a table twice: {ARN}Simple", ["Simple", ARN + "Simple"],
             words=OURS),
    together("a table that does not exist among others", "Table not found: Absent",
             ["Simple", "Absent"], error="TableNotFoundException"),
    together("an ARN of a table that does not exist", f"Table not found: {ARN}Absent",
             [ARN + "Absent"], error="TableNotFoundException"),
]
