// DynamoDB-Toolbox: entities with schemas, in one table.

import assert from 'node:assert/strict';
import {before, test} from 'node:test';
import {DynamoDBDocumentClient} from '@aws-sdk/lib-dynamodb';
import {
  $add, $append, $delete, $get, $remove, $set, $sum, BatchDeleteRequest, BatchGetCommand,
  BatchGetRequest, BatchPutRequest, BatchWriteCommand, ConditionCheck, DeleteItemCommand,
  DeletePartitionCommand, DeleteTransaction, Entity, executeBatchGet, executeBatchWrite,
  executeTransactGet, executeTransactWrite, GetItemCommand, GetTransaction, isConditionCheckFailed,
  isTransactionCancelled, item, list, map, number, PutItemCommand, PutTransaction, QueryCommand,
  record, ScanCommand, set, string, Table, UpdateAttributesCommand, UpdateItemCommand,
  UpdateTransaction,
} from 'dynamodb-toolbox';
import {client, createTable, keySchema} from '../api/fixture.mjs';

let table;
let User;
let Order;
before(async () => {
  const name = await createTable('Toolbox', {pk: 'S', sk: 'S'}, {
    AttributeTypes: {status: 'S', total: 'N'},
    GlobalSecondaryIndexes: [
      {IndexName: 'byStatus', KeySchema: keySchema('status', 'total'), Projection: {ProjectionType: 'ALL'}},
    ],
  });
  table = new Table({
    name,
    documentClient: DynamoDBDocumentClient.from(client, {marshallOptions: {removeUndefinedValues: true}}),
    partitionKey: {name: 'pk', type: 'string'},
    sortKey: {name: 'sk', type: 'string'},
    indexes: {
      byStatus: {
        type: 'global',
        partitionKey: {name: 'status', type: 'string'},
        sortKey: {name: 'total', type: 'number'},
      },
    },
  });
  User = new Entity({
    name: 'User',
    table,
    schema: item({
      id: string().key().savedAs('pk').transform({
        encode: (id) => `user#${id}`, decode: (id) => id.slice(5),
      }),
      kind: string().key().default('profile').savedAs('sk'),
      name: string(),
      age: number().default(0),
      tags: set(string()).optional(),
      history: list(string()).default([]),
      address: map({city: string(), zip: string().optional()}).optional(),
      scores: record(string(), number()).optional(),
    }),
  });
  Order = new Entity({
    name: 'Order',
    table,
    schema: item({
      pk: string().key(), sk: string().key(), status: string().enum('open', 'done'), total: number(),
    }),
  });
});

const orders = (pk, count) => Array.from({length: count}, (_, i) =>
    ({pk, sk: `o${String(i).padStart(2, '0')}`, status: i % 2 ? 'done' : 'open', total: i * 10}));
const writeAll = (items) => executeBatchWrite(table.build(BatchWriteCommand)
    .requests(...items.map((each) => Order.build(BatchPutRequest).item(each))));

test('an item is put, read, updated by each extension and deleted', async () => {
  await User.build(PutItemCommand).item({
    id: '1', name: 'Ada', tags: new Set(['a', 'b']), address: {city: 'London'}, scores: {x: 1},
  }).send();
  const {Item} = await User.build(GetItemCommand).key({id: '1'}).options({consistent: true}).send();
  assert.equal(Item.name, 'Ada');
  assert.equal(Item.id, '1');
  assert.ok(Item.created && Item.modified);

  const {Attributes} = await User.build(UpdateItemCommand).item({
    id: '1',
    age: $add(30),
    tags: $add(new Set(['c'])),
    history: $append(['moved']),
    address: {zip: 'N1'},
    scores: {x: $sum($get('scores.x'), 5)},
  }).options({returnValues: 'ALL_NEW'}).send();
  assert.equal(Attributes.age, 30);
  assert.deepEqual(Attributes.tags, new Set(['a', 'b', 'c']));
  assert.deepEqual(Attributes.history, ['moved']);
  assert.deepEqual(Attributes.address, {city: 'London', zip: 'N1'});
  assert.deepEqual(Attributes.scores, {x: 6});

  const second = await User.build(UpdateItemCommand).item({
    id: '1', tags: $delete(new Set(['a', 'b', 'c'])), address: $set({city: 'Paris'}), scores: $remove(),
  }).options({returnValues: 'ALL_NEW', condition: {attr: 'age', eq: 30}}).send();
  assert.equal(second.Attributes.tags, undefined);
  assert.equal(second.Attributes.scores, undefined);
  assert.deepEqual(second.Attributes.address, {city: 'Paris'});

  await User.build(UpdateAttributesCommand).item({id: '1', name: 'Ada L.'}).send();
  const gone = await User.build(DeleteItemCommand).key({id: '1'}).options({returnValues: 'ALL_OLD'}).send();
  assert.equal(gone.Attributes.name, 'Ada L.');
  assert.equal((await User.build(GetItemCommand).key({id: '1'}).send()).Item, undefined);
});

test('a failed condition is recognised', async () => {
  const command = User.build(PutItemCommand).item({id: 'once', name: 'N'})
      .options({condition: {attr: 'id', exists: false}});
  await command.send();
  await assert.rejects(command.send(), (error) => isConditionCheckFailed(error));
  await assert.rejects(
      User.build(UpdateItemCommand).item({id: 'once', age: 1}).options({condition: {and: [
        {attr: 'name', beginsWith: 'N'}, {or: [{attr: 'age', gt: 5}, {not: {attr: 'age', in: [0, 1]}}]},
        {attr: 'history', type: 'L'}, {size: 'name', lte: 3},
      ]}}).send(),
      (error) => isConditionCheckFailed(error));
});

test('batches of several entities', async () => {
  await executeBatchWrite(table.build(BatchWriteCommand).requests(
      User.build(BatchPutRequest).item({id: 'b1', name: 'B1'}),
      Order.build(BatchPutRequest).item({pk: 'b', sk: 'o', status: 'open', total: 1})));
  const read = table.build(BatchGetCommand).requests(
      User.build(BatchGetRequest).key({id: 'b1'}), Order.build(BatchGetRequest).key({pk: 'b', sk: 'o'}),
      Order.build(BatchGetRequest).key({pk: 'b', sk: 'none'}));
  const {Responses} = await executeBatchGet(read);
  assert.equal(Responses[0][0].name, 'B1');
  assert.equal(Responses[0][1].total, 1);
  assert.equal(Responses[0][2], undefined);
  await executeBatchWrite(table.build(BatchWriteCommand).requests(
      User.build(BatchDeleteRequest).key({id: 'b1'})));
  assert.equal((await executeBatchGet(read)).Responses[0][0], undefined);
});

test('queries of the table and of an index, page by page, and scans', async () => {
  await writeAll(orders('q', 12));
  const first = await table.build(QueryCommand).entities(Order)
      .query({partition: 'q', range: {gte: 'o02'}}).options({limit: 4, reverse: true}).send();
  assert.deepEqual(first.Items.map(({sk}) => sk), ['o11', 'o10', 'o09', 'o08']);
  const rest = await table.build(QueryCommand).entities(Order)
      .query({partition: 'q', range: {gte: 'o02'}})
      .options({reverse: true, exclusiveStartKey: first.LastEvaluatedKey, maxPages: Infinity, limit: 4})
      .send();
  assert.deepEqual(rest.Items.map(({sk}) => sk), ['o07', 'o06', 'o05', 'o04', 'o03', 'o02']);

  const open = await table.build(QueryCommand).entities(Order)
      .query({index: 'byStatus', partition: 'open', range: {between: [20, 80]}})
      .options({filters: {Order: {attr: 'pk', eq: 'q'}}, attributes: ['sk', 'total']}).send();
  assert.deepEqual(open.Items, [20, 40, 60, 80].map((total) => ({sk: `o0${total / 10}`, total})));

  const scanned = await table.build(ScanCommand).entities(Order)
      .options({filters: {Order: {attr: 'pk', eq: 'q'}}, maxPages: Infinity, limit: 5}).send();
  assert.equal(scanned.Items.length, 12);
  const {Count} = await table.build(ScanCommand).options({select: 'COUNT', segment: 0, totalSegments: 1}).send();
  assert.ok(Count >= 12);

  await table.build(DeletePartitionCommand).entities(Order).query({partition: 'q'}).send();
  assert.equal((await table.build(QueryCommand).query({partition: 'q'}).send()).Count, 0);
});

test('transactions', async () => {
  await writeAll(orders('t', 3));
  await executeTransactWrite(
      Order.build(ConditionCheck).key({pk: 't', sk: 'o00'}).condition({attr: 'total', eq: 0}),
      Order.build(UpdateTransaction).item({pk: 't', sk: 'o01', total: $add(5)}),
      Order.build(DeleteTransaction).key({pk: 't', sk: 'o02'}),
      Order.build(PutTransaction).item({pk: 't', sk: 'o03', status: 'done', total: 3}));
  const {Responses} = await executeTransactGet(
      Order.build(GetTransaction).key({pk: 't', sk: 'o01'}),
      Order.build(GetTransaction).key({pk: 't', sk: 'o02'}),
      Order.build(GetTransaction).key({pk: 't', sk: 'o03'}));
  assert.deepEqual(Responses.map((each) => each?.Item?.total), [15, undefined, 3]);

  await assert.rejects(
      executeTransactWrite(
          Order.build(PutTransaction).item({pk: 't', sk: 'new', status: 'open', total: 1}),
          Order.build(ConditionCheck).key({pk: 't', sk: 'o00'}).condition({attr: 'total', gt: 0})),
      (error) => {
        assert.ok(isTransactionCancelled(error), error);
        assert.deepEqual(error.CancellationReasons.map(({Code}) => Code), ['None', 'ConditionalCheckFailed']);
        return true;
      });
  assert.equal((await Order.build(GetItemCommand).key({pk: 't', sk: 'new'}).send()).Item, undefined);
});
