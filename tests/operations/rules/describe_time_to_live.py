"""DescribeTimeToLive."""

from rule import Rule

RULES = [
    Rule("a table that does not exist", {"TableName": "Absent"},
         "Requested resource not found: Table: Absent not found",
         error="ResourceNotFoundException"),
    Rule("a table that is being deleted", None,
         "Cannot describe time to live while table is in DELETING state: Current table state is "
         "DELETING", test="SlowTableOperationsTest.StatesRefuseWhatTheServiceRefuses"),
]
