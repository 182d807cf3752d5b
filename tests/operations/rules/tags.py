"""TagResource, UntagResource and ListTagsOfResource."""

from rule import ARN, Rule

INVALID = "One or more parameter values were invalid: "
TAG = {"Key": "k", "Value": "v"}


def tag(*tags, arn=ARN + "Simple"):
    return {"ResourceArn": arn, "Tags": list(tags)}


RULES = [
    Rule("no ARN to tag", {}, "Invalid TableArn", operation="TagResource"),
    Rule("no ARN to untag", {}, "Invalid TableArn", operation="UntagResource"),
    Rule("no ARN to list", {}, "Invalid TableArn", operation="ListTagsOfResource"),
    Rule("what is no ARN", tag(TAG, arn="not-a-valid-arn"),
         INVALID + "ARNs must start with 'arn:': not-a-valid-arn", operation="TagResource"),
    Rule("an ARN of another service", tag(TAG, arn=ARN.replace("dynamodb", "s3") + "Simple"),
         INVALID + "Provided Arn is not a DynamoDB resource arn: "
         "arn:aws:s3:us-east-1:000000000000:table/Simple", operation="TagResource"),
    Rule("the ARN of an index", tag(TAG, arn=ARN + "Things/index/global"),
         INVALID + "Invalid resource arn provided, only table or stream is accepted. Provided "
         f"resource arn: {ARN}Things/index/global", operation="TagResource"),
    Rule("half an ARN", tag(TAG, arn="arn:aws:dynamodb"),
         "Invalid TableArn: Invalid ResourceArn provided as input arn:aws:dynamodb",
         operation="TagResource"),
    Rule("a table that does not exist", {"ResourceArn": ARN + "Absent"},
         f"Requested resource not found: ResourceArn: {ARN}Absent not found",
         error="ResourceNotFoundException", operation="ListTagsOfResource"),
    Rule("no tag", tag(), "Atleast one Tag needs to be provided as Input.",
         operation="TagResource", near=tag(TAG)),
    Rule("no tag key", {"ResourceArn": ARN + "Simple", "TagKeys": []},
         "Atleast one Tag Key needs to be provided as Input.", operation="UntagResource"),
    Rule("a tag of AWS's own", tag({**TAG, "Key": "aws:k"}),
         "Tag Key cannot be prefixed with aws:, Key: aws:k", operation="TagResource"),
    Rule("a tag twice", tag(TAG, TAG),
         "Duplicate Tag Keys provided as input: Duplicate Tag Key found k",
         operation="TagResource"),
    Rule("51 tags", tag(*[{**TAG, "Key": f"t{i}"} for i in range(51)]),
         "Number of Tags exceed the current limit for the provided ResourceArn",
         operation="TagResource", near=tag(*[{**TAG, "Key": f"t{i}"} for i in range(49)])),
]
