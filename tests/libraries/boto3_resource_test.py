"""boto3's resource interface: tables as objects, Decimal for numbers, conditions as expressions.

Run by boto3.test.mjs, which starts the server; GRAMME_ENDPOINT names it ("aws" means AWS itself).
"""

import os
import time
import unittest
from datetime import datetime, timezone
from decimal import Decimal

import boto3
from boto3.dynamodb.conditions import Attr, Key
from boto3.dynamodb.types import Binary
from botocore.config import Config
from botocore.exceptions import ClientError

ENDPOINT = os.environ["GRAMME_ENDPOINT"]
SETTINGS = {"config": Config(retries={"max_attempts": 3})}
if ENDPOINT != "aws":
    SETTINGS["endpoint_url"] = ENDPOINT
# Of no whole second.
MOMENT = datetime.fromtimestamp(0.5, timezone.utc)


class ResourceTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.dynamodb = boto3.resource("dynamodb", **SETTINGS)
        cls.table = cls.dynamodb.create_table(
            TableName=f"Boto-{os.getpid()}",
            KeySchema=[{"AttributeName": "user", "KeyType": "HASH"},
                       {"AttributeName": "at", "KeyType": "RANGE"}],
            AttributeDefinitions=[{"AttributeName": "user", "AttributeType": "S"},
                                  {"AttributeName": "at", "AttributeType": "N"},
                                  {"AttributeName": "kind", "AttributeType": "S"}],
            GlobalSecondaryIndexes=[{
                "IndexName": "by_kind",
                "KeySchema": [{"AttributeName": "kind", "KeyType": "HASH"},
                              {"AttributeName": "at", "KeyType": "RANGE"}],
                "Projection": {"ProjectionType": "ALL"}}],
            BillingMode="PAY_PER_REQUEST")
        cls.table.wait_until_exists()

    @classmethod
    def tearDownClass(cls):
        cls.table.delete()
        cls.table.wait_until_not_exists()
        cls.dynamodb.meta.client.close()

    def refuse(self, code, call, *args, **kwargs):
        with self.assertRaises(ClientError) as caught:
            call(*args, **kwargs)
        self.assertEqual(caught.exception.response["Error"]["Code"], code)
        return caught.exception.response

    def test_table_describes_itself(self):
        self.table.reload()
        self.assertEqual(self.table.table_status, "ACTIVE")
        self.assertEqual(self.table.global_secondary_indexes[0]["IndexName"], "by_kind")
        self.assertIn(self.table.name, [table.name for table in self.dynamodb.tables.all()])
        self.assertTrue(self.table.table_arn.endswith(f"table/{self.table.name}"))

    def test_every_type_comes_back(self):
        item = {
            "user": "types", "at": Decimal(1), "text": "é💾", "empty": "", "yes": True, "none": None,
            "exact": Decimal("3.1415926535897932384626433832795028841"), "small": Decimal("1E-130"),
            "bytes": Binary(b"\x00\xff"), "list": [Decimal(1), "two", [None]], "map": {"a": {"b": "c"}},
            "strings": {"a", "b"}, "numbers": {Decimal(1), Decimal("2.5")},
            "binaries": {Binary(b"x"), Binary(b"y")},
        }
        self.table.put_item(Item=item)
        found = self.table.get_item(Key={"user": "types", "at": 1}, ConsistentRead=True)["Item"]
        self.assertEqual(found, item)

    def test_conditions(self):
        key = {"user": "conditions", "at": 1}
        self.table.put_item(Item={**key, "count": 1}, ConditionExpression=Attr("user").not_exists())
        self.refuse("ConditionalCheckFailedException", self.table.put_item, Item=key,
                    ConditionExpression=Attr("user").not_exists())
        changed = self.table.update_item(
            Key=key,
            UpdateExpression="SET #c = #c + :one, tags = :tags, seen = list_append(if_not_exists(seen, :none), :now)",
            ConditionExpression=Attr("count").between(1, 9) & ~Attr("gone").exists() &
            (Attr("count").is_in([1, 2]) | Attr("tags").contains("x")),
            ExpressionAttributeNames={"#c": "count"},
            ExpressionAttributeValues={":one": 1, ":tags": {"x", "y"}, ":none": [], ":now": [5]},
            ReturnValues="ALL_NEW")
        self.assertEqual(changed["Attributes"],
                         {**key, "count": 2, "tags": {"x", "y"}, "seen": [Decimal(5)]})
        self.refuse("ConditionalCheckFailedException", self.table.delete_item, Key=key,
                    ConditionExpression=Attr("tags").size().gt(2))
        old = self.table.delete_item(Key=key, ReturnValues="ALL_OLD",
                                     ConditionExpression=Attr("count").attribute_type("N"))
        self.assertEqual(old["Attributes"]["count"], 2)
        self.assertNotIn("Item", self.table.get_item(Key=key))

    def test_batch_writer_and_queries(self):
        # More than one request holds, and a key given twice, of which the writer keeps the last.
        with self.table.batch_writer(overwrite_by_pkeys=["user", "at"]) as batch:
            for i in range(60):
                batch.put_item(Item={"user": "batch", "at": i, "kind": "odd" if i % 2 else "even"})
            batch.put_item(Item={"user": "batch", "at": 0, "kind": "even", "last": True})
        found, request = [], {"KeyConditionExpression": Key("user").eq("batch") & Key("at").gte(10),
                              "FilterExpression": Attr("kind").eq("odd"), "Limit": 7,
                              "ScanIndexForward": False}
        while True:
            page = self.table.query(**request)
            found += [int(item["at"]) for item in page["Items"]]
            if "LastEvaluatedKey" not in page:
                break
            request["ExclusiveStartKey"] = page["LastEvaluatedKey"]
        self.assertEqual(found, list(range(59, 10, -2)))

        indexed = self.table.query(IndexName="by_kind", ProjectionExpression="#a",
                                   ExpressionAttributeNames={"#a": "at"},
                                   KeyConditionExpression=Key("kind").eq("even") & Key("at").between(4, 8))
        self.assertEqual(indexed["Items"], [{"at": Decimal(n)} for n in (4, 6, 8)])
        self.assertEqual(self.table.query(KeyConditionExpression=Key("user").eq("batch"),
                                          Select="COUNT")["Count"], 60)
        scanned = sum(self.table.scan(FilterExpression=Attr("user").begins_with("bat"), Segment=segment,
                                      TotalSegments=3)["Count"] for segment in range(3))
        self.assertEqual(scanned, 60)

        keys = [{"user": "batch", "at": i} for i in range(3)] + [{"user": "batch", "at": 999}]
        got = self.dynamodb.batch_get_item(RequestItems={self.table.name: {"Keys": keys}})
        self.assertEqual(len(got["Responses"][self.table.name]), 3)
        self.assertEqual(got["UnprocessedKeys"], {})
        with self.table.batch_writer() as batch:
            for i in range(60):
                batch.delete_item(Key={"user": "batch", "at": i})
        self.assertEqual(self.table.query(KeyConditionExpression=Key("user").eq("batch"))["Count"], 0)

    def test_transactions_of_the_client_below(self):
        client = self.dynamodb.meta.client
        name = self.table.name
        client.transact_write_items(TransactItems=[
            {"Put": {"TableName": name, "Item": {"user": "tx", "at": 1, "v": 1}}},
            {"Put": {"TableName": name, "Item": {"user": "tx", "at": 2, "v": 2}}}])
        got = client.transact_get_items(TransactItems=[
            {"Get": {"TableName": name, "Key": {"user": "tx", "at": 1}}},
            {"Get": {"TableName": name, "Key": {"user": "tx", "at": 9}}}])
        self.assertEqual(got["Responses"], [{"Item": {"user": "tx", "at": 1, "v": 1}}, {}])
        response = self.refuse(
            "TransactionCanceledException", client.transact_write_items, TransactItems=[
                {"Delete": {"TableName": name, "Key": {"user": "tx", "at": 1}}},
                {"ConditionCheck": {"TableName": name, "Key": {"user": "tx", "at": 9},
                                    "ConditionExpression": "attribute_exists(v)"}}])
        self.assertEqual([reason["Code"] for reason in response["CancellationReasons"]],
                         ["None", "ConditionalCheckFailed"])
        with self.assertRaises(client.exceptions.TransactionCanceledException):
            client.transact_write_items(TransactItems=[
                {"Update": {"TableName": name, "Key": {"user": "tx", "at": 1},
                            "UpdateExpression": "SET v = v + :n", "ConditionExpression": "v > :n",
                            "ExpressionAttributeValues": {":n": 1}}}])

    def test_errors_have_their_names(self):
        self.refuse("ValidationException", self.table.get_item, Key={"user": "no sort key"})
        self.refuse("ResourceNotFoundException", self.dynamodb.Table("no-such-table").scan)
        self.refuse("ResourceInUseException", self.dynamodb.create_table, TableName=self.table.name,
                    KeySchema=[{"AttributeName": "a", "KeyType": "HASH"}],
                    AttributeDefinitions=[{"AttributeName": "a", "AttributeType": "S"}],
                    BillingMode="PAY_PER_REQUEST")

    def test_a_moment_that_was_told_can_be_restored(self):
        client, name = self.dynamodb.meta.client, self.table.name
        self.table.put_item(Item={"user": "moment", "at": 1})
        client.update_continuous_backups(
            TableName=name,
            PointInTimeRecoverySpecification={"PointInTimeRecoveryEnabled": True})
        description = {}
        while not (description.get("EarliestRestorableDateTime", MOMENT).microsecond == 0
                   and description.get("LatestRestorableDateTime", MOMENT).microsecond == 0):
            time.sleep(0.1)
            answer = client.describe_continuous_backups(TableName=name)
            description = answer["ContinuousBackupsDescription"]["PointInTimeRecoveryDescription"]
        for which in ("EarliestRestorableDateTime", "LatestRestorableDateTime"):
            restored = f"{name}-{which}"
            client.restore_table_to_point_in_time(
                SourceTableName=name, TargetTableName=restored,
                RestoreDateTime=description[which])
            table = self.dynamodb.Table(restored)
            table.wait_until_exists()
            self.assertEqual(table.get_item(Key={"user": "moment", "at": 1})["Item"]["at"], 1)
            table.delete()

    def test_tags(self):
        client = self.dynamodb.meta.client
        client.tag_resource(ResourceArn=self.table.table_arn, Tags=[{"Key": "team", "Value": "a"}])
        tags = client.list_tags_of_resource(ResourceArn=self.table.table_arn)["Tags"]
        self.assertEqual(tags, [{"Key": "team", "Value": "a"}])


if __name__ == "__main__":
    unittest.main()
