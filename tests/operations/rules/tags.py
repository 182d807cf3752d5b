"""TagResource, UntagResource and ListTagsOfResource."""

from rule import ARN, Rule

TAG = {"Key": "k", "Value": "v"}


def tag(*tags, arn=ARN + "Simple"):
    return {"ResourceArn": arn, "Tags": list(tags)}


RULES = [
    Rule("no ARN to tag", {}, "Invalid TableArn", operation="TagResource"),
    Rule("no ARN to untag", {}, "Invalid TableArn", operation="UntagResource"),
    Rule("no ARN to list", {}, "Invalid TableArn", operation="ListTagsOfResource"),
    Rule("what is no ARN", tag(TAG, arn="not-a-valid-arn"),
         "Invalid TableArn: Invalid ResourceArn provided as input not-a-valid-arn",
         operation="TagResource"),
    Rule("a table that does not exist", {"ResourceArn": ARN + "Absent"},
         f"Requested resource not found: ResourcArn: {ARN}Absent not found",
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
