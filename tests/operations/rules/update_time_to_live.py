"""UpdateTimeToLive."""

from rule import OURS, Rule

IN_USE = "Attempt to change a resource which is still in use: Table Music is being "
STATES = "TimeToLiveChangeTest.RefusesWhatTheTableHasOrIsBusyWith"


def change(table="Simple", attribute="t", enabled=True):
    return {"TableName": table,
            "TimeToLiveSpecification": {"AttributeName": attribute, "Enabled": enabled}}


RULES = [
    Rule("a table that does not exist", change("Absent"),
         "Requested resource not found: Table: Absent not found",
         error="ResourceNotFoundException"),
    Rule("off where it is off", change(enabled=False), "TimeToLive is already disabled"),
    Rule("on where it is on", change("Expiring"), "TimeToLive is already enabled"),
    Rule("on by another attribute", change("Expiring", "u"),
         "TimeToLive is active on a different AttributeName: current AttributeName is t"),
    Rule("off by another attribute", change("Expiring", "u", False),
         "TimeToLive is active on a different AttributeName: current AttributeName is t"),
    Rule("while the last change is under way", None,
         "Time to live has been modified multiple times within a fixed interval", test=STATES),
    Rule("a table that is being created", None, IN_USE + "created",
         error="ResourceInUseException", test=STATES),
    Rule("a table that is being deleted", None, IN_USE + "deleted",
         error="ResourceInUseException", words=OURS, test=STATES),
]
