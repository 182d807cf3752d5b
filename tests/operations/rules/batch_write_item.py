"""BatchWriteItem."""

from rule import ABSENT_KEY, KEY, Rule


def write(*requests, table="Things"):
    return {"RequestItems": {table: list(requests)}}


def put(**item):
    return {"PutRequest": {"Item": item}}


def delete(key):
    return {"DeleteRequest": {"Key": key}}


def some(count):
    return [put(K={"S": f"k{i}"}) for i in range(count)]


ABSENCE = "The requestItems parameter is required for BatchWriteItem"
ONE_OF = ("Supplied AttributeValue has more than one datatypes set, must contain exactly one of the "
          "supported datatypes")
MISMATCH = "The provided key element does not match the schema"
RULES = [
    Rule("no RequestItems", {}, ABSENCE),
    Rule("no table", {"RequestItems": {}}, ABSENCE),
    Rule("26 writes in several tables",
         {"RequestItems": {"Simple": some(25), "Things": [delete(ABSENT_KEY)]}},
         "Too many items requested for the BatchWriteItem call",
         near={"RequestItems": {"Simple": some(24), "Things": [delete(ABSENT_KEY)]}}),
    Rule("a request that is neither", write({}), ONE_OF),
    Rule("a request that is both", write({**put(**KEY), **delete(KEY)}), ONE_OF),
    Rule("a put and a delete of one item", write(put(**ABSENT_KEY), delete(ABSENT_KEY)),
         "Provided list of item keys contains duplicates", near=write(delete(ABSENT_KEY))),
    Rule("a put without a key attribute", write(put(P={"S": "p"})), MISMATCH),
    Rule("a put with a key of another type", write(put(P={"S": "p"}, R={"S": "1"})), MISMATCH),
    Rule("a put with a key that is no scalar", write(put(K={"L": [{"S": "x"}]}), table="Simple"),
         MISMATCH),
    Rule("a put with an empty string as key", write(put(K={"S": ""}), table="Simple"),
         "One or more parameter values are not valid. The AttributeValue for a key attribute cannot "
         "contain an empty string value. Key: K"),
    Rule("a put with an empty binary as key", write(put(K={"B": ""}), table="Binary"),
         "One or more parameter values are not valid. The AttributeValue for a key attribute cannot "
         "contain an empty binary value. Key: K"),
    Rule("a put with an index key of another type", write(put(**KEY, G={"N": "5"})),
         "One or more parameter values were invalid: Type mismatch for Index Key G Expected: S "
         "Actual: N IndexName: global"),
    Rule("a delete without the sort key", write(delete({"P": {"S": "p"}})), MISMATCH),
    Rule("an item of 409,601 bytes",
         write(put(K={"S": "k"}, V={"S": "v" * 409_598}), table="Simple"),
         "Item size has exceeded the maximum allowed size",
         near=write(put(K={"S": "k"}, V={"S": "v" * 409_597}), table="Simple")),
    Rule("a table that does not exist", write(put(**KEY), table="Absent"),
         "Requested resource not found", error="ResourceNotFoundException"),
]
