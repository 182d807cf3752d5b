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
         INVALID + "Tag keys starting with aws: are reserved: aws:k", operation="TagResource",
         words="ours"),
    Rule("a tag twice", tag(TAG, TAG), INVALID + "Duplicate tag key: k", operation="TagResource",
         words="ours"),
    Rule("51 tags", tag(*[{**TAG, "Key": f"t{i}"} for i in range(51)]),
         INVALID + "Too many tags: a resource has at most 50", operation="TagResource",
         words="ours", near=tag(*[{**TAG, "Key": f"t{i}"} for i in range(49)])),
]
