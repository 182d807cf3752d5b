// ReturnConsumedCapacity: what each operation costs, on the table and on each index.

import assert from 'node:assert/strict';
import {before, test} from 'node:test';
import {
  BatchGetItemCommand, BatchWriteItemCommand, DeleteItemCommand, GetItemCommand, PutItemCommand,
  QueryCommand, ScanCommand, TransactGetItemsCommand, TransactWriteItemsCommand, UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import {av, createTable, item, keySchema, put, send} from './fixture.mjs';

let table;
before(async () => {
  table = await createTable('Capacity', {P: 'S', R: 'S'}, {
    AttributeTypes: {G: 'S', L: 'S'},
    LocalSecondaryIndexes: [
      {IndexName: 'lsi', KeySchema: keySchema('P', 'L'), Projection: {ProjectionType: 'ALL'}},
    ],
    GlobalSecondaryIndexes: [{
      IndexName: 'gsi',
      KeySchema: keySchema('G'),
      Projection: {ProjectionType: 'INCLUDE', NonKeyAttributes: ['Proj']},
    }],
  });
});

const INDEXES = {ReturnConsumedCapacity: 'INDEXES'};
const key = (P) => item({P, R: 'r'});
const kb = (count) => 'x'.repeat(count * 1024);

// {total, table, gsi, lsi} as they are told; an index without cost is not told at all.
function unitsOf(consumed) {
  const units = {total: consumed.CapacityUnits, table: consumed.Table.CapacityUnits};
  const {GlobalSecondaryIndexes: global, LocalSecondaryIndexes: local} = consumed;
  if (global) units.gsi = global.gsi.CapacityUnits;
  if (local) units.lsi = local.lsi.CapacityUnits;
  return units;
}

async function cost(Command, input) {
  return unitsOf((await send(Command, {TableName: table, ...INDEXES, ...input})).ConsumedCapacity);
}

const full = {G: 'g', L: 'l', Proj: 'p', Other: 'o'};
for (const [what, old, write, wanted] of [
  ['a put into both indexes', undefined, full, {total: 3, table: 1, gsi: 1, lsi: 1}],
  ['a put into no index', undefined, {Other: 'o'}, {total: 1, table: 1}],
  ['a put into the local index', undefined, {L: 'l'}, {total: 2, table: 1, lsi: 1}],
  ['the same item again', full, full, {total: 1, table: 1}],
  ['a larger item', {Other: kb(1)}, {Other: kb(3)}, {total: 4, table: 4}],
  ['a smaller item', {Other: kb(3)}, {Other: kb(1)}, {total: 4, table: 4}],
  ['an attribute that only one index has', full, {...full, Other: 'o2'},
   {total: 2, table: 1, lsi: 1}],
  ['an attribute that both have', full, {...full, Proj: 'p2'},
   {total: 3, table: 1, gsi: 1, lsi: 1}],
  ['another key of the global index', full, {...full, G: 'g2'},
   {total: 4, table: 1, gsi: 2, lsi: 1}],
  ['another key of the local index', full, {...full, L: 'l2'}, {total: 3, table: 1, lsi: 2}],
  ['an item that leaves the global index', full, {L: 'l', Proj: 'p', Other: 'o'},
   {total: 3, table: 1, gsi: 1, lsi: 1}],
  ['a large entry that grows', {G: 'g', Proj: kb(1)}, {G: 'g', Proj: kb(2)},
   {total: 6, table: 3, gsi: 3}],
  ['a large entry that moves', {G: 'g', Proj: kb(1)}, {G: 'g2', Proj: kb(2)},
   {total: 8, table: 3, gsi: 5}],
]) {
  test(`a write costs: ${what}`, async () => {
    const P = `w ${what}`;
    const prepare = async () => {
      await send(DeleteItemCommand, {TableName: table, Key: key(P)});
      if (old) await put(table, item({P, R: 'r', ...old}));
    };
    await prepare();
    assert.deepEqual(await cost(PutItemCommand, {Item: item({P, R: 'r', ...write})}), wanted);
    // As an update the same. What the new item lacks goes; index keys among it too.
    await prepare();
    const updates = Object.fromEntries([
      ...Object.keys(old ?? {}).map((name) => [name, {Action: 'DELETE'}]),
      ...Object.entries(write).map(([name, value]) => [name, {Value: av(value)}]),
    ]);
    assert.deepEqual(await cost(UpdateItemCommand, {Key: key(P), AttributeUpdates: updates}),
                     wanted);
  });
}

test('a delete costs the item and each of its entries', async () => {
  await put(table, item({P: 'd', R: 'r', ...full, Other: kb(2)}));
  assert.deepEqual(await cost(DeleteItemCommand, {Key: key('d')}),
                   {total: 7, table: 3, gsi: 1, lsi: 3});
  assert.deepEqual(await cost(DeleteItemCommand, {Key: key('d')}), {total: 1, table: 1});
});

test('TOTAL tells the sum, NONE and nothing tell nothing', async () => {
  const Item = item({P: 't', R: 'r', ...full});
  const write = (ReturnConsumedCapacity) =>
      send(PutItemCommand, {TableName: table, Item, ReturnConsumedCapacity});
  assert.deepEqual((await write('TOTAL')).ConsumedCapacity, {TableName: table, CapacityUnits: 3});
  assert.equal((await write('NONE')).ConsumedCapacity, undefined);
  assert.equal((await write()).ConsumedCapacity, undefined);
});

test('reads cost 4 KB each, half unless consistent', async () => {
  await put(table, item({P: 'r', R: 'r', G: 'read', L: 'l', Proj: 'p', Other: kb(5)}));
  const get = (more) => cost(GetItemCommand, {Key: key('r'), ...more});
  assert.deepEqual(await get({ConsistentRead: true}), {total: 2, table: 2});
  assert.deepEqual(await get({}), {total: 1, table: 1});
  assert.deepEqual(await get({ProjectionExpression: 'P'}), {total: 1, table: 1});
  assert.deepEqual(await cost(GetItemCommand, {Key: key('absent')}), {total: 0.5, table: 0.5});
  const query = (more) => cost(QueryCommand, {
    KeyConditions: {P: {ComparisonOperator: 'EQ', AttributeValueList: [av('r')]}},
    ...more,
  });
  assert.deepEqual(await query({}), {total: 1, table: 1});
  assert.deepEqual(await query({ConsistentRead: true, Select: 'COUNT'}), {total: 2, table: 2});
  assert.deepEqual(await query({IndexName: 'lsi'}), {total: 1, table: 0, lsi: 1});
  const onG = {G: {ComparisonOperator: 'EQ', AttributeValueList: [av('read')]}};
  assert.deepEqual(await query({IndexName: 'gsi', KeyConditions: onG}),
                   {total: 0.5, table: 0, gsi: 0.5});
  const onNothing = {G: {ComparisonOperator: 'EQ', AttributeValueList: [av('nobody')]}};
  assert.deepEqual(await query({IndexName: 'gsi', KeyConditions: onNothing}),
                   {total: 0.5, table: 0, gsi: 0.5});
  const scanned = await cost(ScanCommand, {IndexName: 'gsi', Limit: 1});
  assert.deepEqual(scanned, {total: 0.5, table: 0, gsi: 0.5});
});

test('batches cost the sum of their items, each alone', async () => {
  const wrote = await send(BatchWriteItemCommand, {
    RequestItems: {[table]: [
      {PutRequest: {Item: item({P: 'b1', R: 'r', G: 'g', Proj: 'p'})}},
      {PutRequest: {Item: item({P: 'b2', R: 'r', Other: kb(5)})}},
    ]},
    ...INDEXES,
  });
  assert.deepEqual(unitsOf(wrote.ConsumedCapacity[0]), {total: 8, table: 7, gsi: 1});
  const read = await send(BatchGetItemCommand, {
    RequestItems: {[table]: {Keys: [key('b1'), key('b2'), key('absent')]}},
    ...INDEXES,
  });
  assert.deepEqual(unitsOf(read.ConsumedCapacity[0]), {total: 2, table: 2});
});

test('transactions cost twice on the table, and tell reads or writes', async () => {
  await put(table, item({P: 'x1', R: 'r', Other: kb(5)}));
  const wrote = await send(TransactWriteItemsCommand, {
    TransactItems: [
      {Put: {TableName: table, Item: item({P: 'x2', R: 'r', G: 'g', Proj: 'p'})}},
      {ConditionCheck: {
        TableName: table, Key: key('x1'), ConditionExpression: 'attribute_exists(P)',
      }},
    ],
    ...INDEXES,
  });
  const [consumed] = wrote.ConsumedCapacity;
  assert.deepEqual(unitsOf(consumed), {total: 15, table: 14, gsi: 1});
  assert.equal(consumed.WriteCapacityUnits, 15);
  const read = await send(TransactGetItemsCommand, {
    TransactItems: [
      {Get: {TableName: table, Key: key('x1')}},
      {Get: {TableName: table, Key: key('absent')}},
    ],
    ...INDEXES,
  });
  assert.deepEqual(unitsOf(read.ConsumedCapacity[0]), {total: 6, table: 6});
  assert.equal(read.ConsumedCapacity[0].ReadCapacityUnits, 6);
});
