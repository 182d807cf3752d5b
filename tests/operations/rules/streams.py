"""Streams."""

from rule import ARN, ITERATOR, OURS, SHARD, STREAM, Rule

INVALID = "One or more parameter values were invalid: "
ABSENT = ARN + "Streamed/stream/2020-01-01T00:00:00.000"
ABSENT_SHARD = "shardId-00000000000000000001-00000001"
NUMBER = "1" * 21
TRIMMED = "The operation attempted to read past the oldest stream record in a shard."
WHO_IS_LATE = "StreamTest.WhoComesTooLateIsTold"


def describe(stream=STREAM, **more):
    return {"StreamArn": stream, **more}


def begin(kind, stream=STREAM, shard=SHARD, **more):
    return {"StreamArn": stream, "ShardId": shard, "ShardIteratorType": kind, **more}


def split(count, stream=STREAM):
    return {"StreamArn": stream, "ShardCount": count}


RULES = [
    Rule("the ARN of a table", describe(ARN + "Streamed"), "Invalid StreamArn", describe(),
         operation="DescribeStream", words=OURS),
    Rule("a stream that does not exist", describe(ABSENT),
         f"Requested resource not found: Stream: {ABSENT} not found",
         error="ResourceNotFoundException", operation="DescribeStream"),
    Rule("a page of more shards", describe(Limit=101),
         INVALID + "Limit should be less than or equal to 100", describe(Limit=100),
         operation="DescribeStream"),
    Rule("a page that begins at no shard", describe(ExclusiveStartShardId="x" * 28),
         "Invalid ShardId", describe(ExclusiveStartShardId=ABSENT_SHARD),
         operation="DescribeStream", words=OURS),
    Rule("half a filter", describe(ShardFilter={"Type": "CHILD_SHARDS"}),
         INVALID + "ShardFilter needs both Type and ShardId",
         describe(ShardFilter={"Type": "CHILD_SHARDS", "ShardId": ABSENT_SHARD}),
         operation="DescribeStream", words=OURS),
    Rule("a page of more streams", {"Limit": 101},
         INVALID + "Limit should be less than or equal to 100", {"Limit": 100},
         operation="ListStreams"),
    Rule("a page that begins in another table",
         {"TableName": "Simple", "ExclusiveStartStreamArn": STREAM},
         INVALID + "ExclusiveStartStreamArn is not a stream of the table TableName",
         {"TableName": "Streamed", "ExclusiveStartStreamArn": STREAM},
         operation="ListStreams", words=OURS),
    Rule("no shard id", begin("LATEST", shard="x" * 28), "Invalid ShardId", begin("LATEST"),
         operation="GetShardIterator", words=OURS),
    Rule("a shard that does not exist", begin("LATEST", shard=ABSENT_SHARD),
         f"Requested resource not found: Shard: {ABSENT_SHARD} not found",
         error="ResourceNotFoundException", operation="GetShardIterator", words=OURS),
    Rule("no sequence number to begin at", begin("AT_SEQUENCE_NUMBER"),
         INVALID + "SequenceNumber must be specified for ShardIteratorType AT_SEQUENCE_NUMBER",
         begin("AT_SEQUENCE_NUMBER", SequenceNumber=NUMBER), operation="GetShardIterator",
         words=OURS),
    Rule("a sequence number that is not looked at", begin("LATEST", SequenceNumber=NUMBER),
         INVALID + "SequenceNumber cannot be specified for ShardIteratorType LATEST",
         operation="GetShardIterator", words=OURS),
    Rule("no sequence number", begin("AT_SEQUENCE_NUMBER", SequenceNumber="x" * 21),
         "Invalid SequenceNumber", begin("AT_SEQUENCE_NUMBER", SequenceNumber=NUMBER),
         operation="GetShardIterator", words=OURS),
    Rule("a sequence number past the end of the shard",
         begin("AFTER_SEQUENCE_NUMBER", SequenceNumber="9" * 40), "Invalid SequenceNumber",
         begin("AFTER_SEQUENCE_NUMBER", SequenceNumber=NUMBER), operation="GetShardIterator",
         words=OURS),
    Rule("a sequence number that is trimmed", None, TRIMMED, error="TrimmedDataAccessException",
         operation="GetShardIterator", test=WHO_IS_LATE),
    Rule("a page of more records", {"ShardIterator": ITERATOR, "Limit": 1001},
         INVALID + "Limit should be less than or equal to 1000",
         {"ShardIterator": ITERATOR, "Limit": 1000}, operation="GetRecords"),
    Rule("no iterator", {"ShardIterator": ITERATOR + "0"}, "Invalid ShardIterator",
         {"ShardIterator": ITERATOR}, operation="GetRecords"),
    Rule("an iterator of a shard that is gone", None, "Invalid ShardId in ShardIterator",
         error="ResourceNotFoundException", operation="GetRecords",
         test="StreamTest.IteratorsAreNotToBeMadeUp"),
    Rule("an old iterator", None,
         "Iterator expired. The iterator was created at time … while right now it is … which is "
         "further in the future than the tolerated delay of 900000 milliseconds.",
         error="ExpiredIteratorException", operation="GetRecords",
         test="StreamTest.AnIteratorLivesFifteenMinutes", words=OURS),
    Rule("records that are trimmed", None, TRIMMED, error="TrimmedDataAccessException",
         operation="GetRecords", test=WHO_IS_LATE),
    Rule("no double of the shards", split(3),
         "The number of open shards of a stream can only be doubled, once or several times; there "
         "are …", operation="UpdateStreamShardCount", words=OURS),
    Rule("more shards than a stream has", split(512), "A stream has at most 256 open shards",
         error="LimitExceededException", operation="UpdateStreamShardCount", words=OURS),
    Rule("shards of a table whose stream is disabled", None,
         "Table has no enabled stream: TableName: …", operation="UpdateStreamShardCount",
         words=OURS, test="StreamTest.SplitShardsHandOverToTheirChildren"),
    Rule("shards of a stream that is disabled", None, "The stream is not enabled: …",
         operation="UpdateStreamShardCount", words=OURS,
         test="StreamTest.SplitShardsHandOverToTheirChildren"),
]
