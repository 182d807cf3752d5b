"""The server itself, whatever the operation."""

from rule import Rule


def by_test(when, text, test, error="ValidationException", words=""):
    return Rule(when, None, text, error=error, test=test, words=words)


RULES = [
    by_test("items of a transaction on several machines, which no release has yet",
            "Transaction request cannot include items of different groups",
            "TransactionTest.NoItemIsNamedTwice", words="ours"),
    by_test("the server cannot keep up", "Rate exceeded",
            "DispatcherTest.RefusesWhatTheFullPoolCannotTake", "ThrottlingException"),
    by_test("the request waited too long, or runs again too often",
            "The service is currently unavailable. Please try again.",
            "DispatcherTest.GivesUpRequestsThatWaitedTooLong", "ServiceUnavailable"),
    by_test("a bug, or an answer that a crash could undo", "Internal server error",
            "DispatcherTest.TurnsAnEscapeIntoInternalServerError", "InternalServerError"),
    by_test("another transaction holds the item", "Transaction is ongoing for the item",
            "TransactionConflictsTest.AWriteOfOneItemIsRefused", "TransactionConflictException"),
    by_test("the disk is full", "The server has no space left to store the change",
            "CatalogTest.ATableThatTheDiskHadNoSpaceForNeverWas", "InternalServerError", words="ours"),
]
