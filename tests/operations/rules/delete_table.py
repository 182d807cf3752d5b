"""DeleteTable."""

from rule import Rule

ONE_AFTER_THE_OTHER = "SlowTableOperationsTest.StatesRefuseWhatTheServiceRefuses"
RULES = [
    Rule("no name", {}, "The parameter 'TableName' is required but was not present in the request"),
    Rule("a table that does not exist", {"TableName": "Absent"},
         "Requested resource not found: Table: Absent not found",
         error="ResourceNotFoundException"),
    Rule("a protected table", {"TableName": "Protected"},
         "Resource cannot be deleted as it is currently protected against deletion. Disable "
         "deletion protection first."),
    Rule("a table that is being created", None,
         "Attempt to change a resource which is still in use: Table is being created: Things",
         error="ResourceInUseException", test=ONE_AFTER_THE_OTHER),
    Rule("a table whose index is being filled or deleted", None,
         "Attempt to change a resource which is still in use: Cannot delete table while indexes are "
         "being created, updated, or deleted.",
         error="ResourceInUseException", test=ONE_AFTER_THE_OTHER),
    Rule("a table that is being deleted", None,
         "Attempt to change a resource which is still in use: Table is being deleted: Things",
         error="ResourceInUseException", test=ONE_AFTER_THE_OTHER),
]
