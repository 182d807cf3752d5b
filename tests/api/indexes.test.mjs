// Local and global secondary indexes, from creation and added later.

import assert from 'node:assert/strict';
import {before, test} from 'node:test';
import {
  CreateTableCommand, DeleteItemCommand, DescribeTableCommand, QueryCommand, ScanCommand,
  UpdateItemCommand, UpdateTableCommand,
} from '@aws-sdk/client-dynamodb';
import {
  av, createTable, definitions, eventually, item, keySchema, put, refused, send, uniqueName,
  untilActive,
} from './fixture.mjs';

const include = (...NonKeyAttributes) => ({ProjectionType: 'INCLUDE', NonKeyAttributes});
const all = {ProjectionType: 'ALL'};
const keysOnly = {ProjectionType: 'KEYS_ONLY'};

let table;
before(async () => {
  table = await createTable('Indexes', {P: 'S', R: 'N'}, {
    AttributeTypes: {City: 'S', Age: 'N', Score: 'N'},
    LocalSecondaryIndexes: [
      {IndexName: 'ByScore', KeySchema: keySchema('P', 'Score'), Projection: keysOnly},
    ],
    GlobalSecondaryIndexes: [
      {IndexName: 'ByCity', KeySchema: keySchema('City', 'Age'), Projection: all},
      {IndexName: 'CityKeys', KeySchema: keySchema('City'), Projection: keysOnly},
      {IndexName: 'CityNames', KeySchema: keySchema('City'), Projection: include('Name')},
    ],
  });
});

// Queries an index for one partition key value until it has `count` items.
function query(IndexName, name, value, count, more = {}) {
  const request = {
    TableName: table,
    IndexName,
    KeyConditionExpression: '#k = :v',
    ExpressionAttributeNames: {'#k': name},
    ExpressionAttributeValues: {':v': av(value)},
    ...more,
  };
  return eventually(() => send(QueryCommand, request), ({Count}) => Count === count);
}
const names = ({Items}) => Items.map(({Name}) => Name?.S);

test('a new table describes its indexes', async () => {
  const {Table} = await send(DescribeTableCommand, {TableName: table});
  const byName = Object.fromEntries(Table.GlobalSecondaryIndexes.map((i) => [i.IndexName, i]));
  assert.equal(byName.ByCity.IndexStatus, 'ACTIVE');
  assert.deepEqual(byName.CityNames.Projection, include('Name'));
  assert.equal(byName.ByCity.IndexArn, `${Table.TableArn}/index/ByCity`);
  assert.deepEqual(Table.LocalSecondaryIndexes[0].KeySchema, keySchema('P', 'Score'));
});

test('a GSI is sorted by its own key and has what is projected', async () => {
  const people = [['ann', 30], ['bob', 9], ['cid', 100], ['dan', 30]];
  for (const [R, [Name, Age]] of people.entries()) {
    await put(table, item({P: 'gsi', R, City: 'Ghent', Age, Name, Extra: 1}));
  }
  const full = await query('ByCity', 'City', 'Ghent', 4);
  assert.deepEqual(full.Items.map(({Age}) => Age.N), ['9', '30', '30', '100']);
  assert.deepEqual(full.Items[0],
                   item({P: 'gsi', R: 1, City: 'Ghent', Age: 9, Name: 'bob', Extra: 1}));
  const keys = await query('CityKeys', 'City', 'Ghent', 4);
  assert.deepEqual(Object.keys(keys.Items[0]).sort(), ['City', 'P', 'R']);
  const some = await query('CityNames', 'City', 'Ghent', 4);
  assert.deepEqual(Object.keys(some.Items[0]).sort(), ['City', 'Name', 'P', 'R']);

  // Equal index keys are paged through without loss.
  const seen = [];
  let ExclusiveStartKey;
  do {
    const page = await send(QueryCommand, {
      TableName: table,
      IndexName: 'ByCity',
      KeyConditionExpression: 'City = :c',
      ExpressionAttributeValues: {':c': av('Ghent')},
      Limit: 1,
      ExclusiveStartKey,
    });
    seen.push(...names(page));
    ExclusiveStartKey = page.LastEvaluatedKey;
    if (ExclusiveStartKey) {
      assert.deepEqual(Object.keys(ExclusiveStartKey).sort(), ['Age', 'City', 'P', 'R']);
    }
  } while (ExclusiveStartKey);
  assert.deepEqual(new Set(seen), new Set(['ann', 'bob', 'cid', 'dan']));
  assert.equal(seen.length, 4);
});

test('an index is sparse and follows each change', async () => {
  const key = item({P: 'sparse', R: 1});
  await put(table, {...key, ...item({City: 'Ypres', Age: 1, Name: 'eve'})});
  await query('ByCity', 'City', 'Ypres', 1);
  await put(table, {...key, ...item({City: 'Ypres', Name: 'eve'})});
  await query('ByCity', 'City', 'Ypres', 0);
  await query('CityNames', 'City', 'Ypres', 1);
  await send(UpdateItemCommand, {
    TableName: table,
    Key: key,
    UpdateExpression: 'SET City = :c, Age = :a',
    ExpressionAttributeValues: {':c': av('Mons'), ':a': av(2)},
  });
  await query('CityNames', 'City', 'Ypres', 0);
  await query('ByCity', 'City', 'Mons', 1);
  await send(DeleteItemCommand, {TableName: table, Key: key});
  await query('ByCity', 'City', 'Mons', 0);
});

test('an index key of the wrong type is refused', async () => {
  for (const [City, message] of [[5, /Type mismatch/], ['', /empty string/]]) {
    await refused(put(table, item({P: 'bad', R: 1, City})), 'ValidationException', message);
  }
});

test('an LSI is read consistently and fetches what is not projected', async () => {
  for (const [R, Score] of [[1, 30], [2, 10], [3, 20]]) {
    await put(table, item({P: 'lsi', R, Score, Name: `n${R}`}));
  }
  await put(table, item({P: 'lsi', R: 4, Name: 'no score'}));
  const strong = {ConsistentRead: true};
  const keys = await query('ByScore', 'P', 'lsi', 3, strong);
  assert.deepEqual(keys.Items.map(({R}) => R.N), ['2', '3', '1']);
  assert.deepEqual(Object.keys(keys.Items[0]).sort(), ['P', 'R', 'Score']);
  const whole = await query('ByScore', 'P', 'lsi', 3, {...strong, Select: 'ALL_ATTRIBUTES'});
  assert.deepEqual(names(whole), ['n2', 'n3', 'n1']);
});

test('a GSI offers no consistent read and fetches nothing', async () => {
  const request = {
    TableName: table,
    IndexName: 'CityKeys',
    KeyConditionExpression: 'City = :c',
    ExpressionAttributeValues: {':c': av('Ghent')},
  };
  await refused(send(QueryCommand, {...request, ConsistentRead: true}), 'ValidationException',
                'Consistent reads are not supported on global secondary indexes');
  await refused(send(QueryCommand, {...request, Select: 'ALL_ATTRIBUTES'}), 'ValidationException');
});

test('an index can be scanned', async () => {
  await put(table, item({P: 'scan', R: 1, City: 'Lier'}));
  const {Items} = await eventually(
      () => send(ScanCommand, {TableName: table, IndexName: 'CityKeys'}),
      (answer) => answer.Items.some(({City}) => City.S === 'Lier'));
  assert.ok(Items.every(({City}) => City !== undefined));
});

test('a GSI that is added later has the old items and the new ones', async () => {
  const TableName = await createTable('Added', {ID: 'S'});
  for (let i = 0; i < 50; ++i) await put(TableName, item({ID: `i${i}`, Kind: i % 2 ? 'a' : 'b'}));
  await send(UpdateTableCommand, {
    TableName,
    AttributeDefinitions: definitions({ID: 'S', Kind: 'S'}),
    GlobalSecondaryIndexUpdates: [
      {Create: {IndexName: 'ByKind', KeySchema: keySchema('Kind'), Projection: all}},
    ],
  });
  await put(TableName, item({ID: 'during', Kind: 'a'}));
  await untilActive(TableName);
  await put(TableName, item({ID: 'after', Kind: 'a'}));
  const request = {
    TableName,
    IndexName: 'ByKind',
    KeyConditionExpression: 'Kind = :k',
    ExpressionAttributeValues: {':k': av('a')},
  };
  await eventually(() => send(QueryCommand, request), ({Count}) => Count === 27);

  await send(UpdateTableCommand,
             {TableName, GlobalSecondaryIndexUpdates: [{Delete: {IndexName: 'ByKind'}}]});
  await eventually(() => send(DescribeTableCommand, {TableName}),
                   ({Table}) => !Table.GlobalSecondaryIndexes?.length);
  await refused(send(QueryCommand, request), 'ValidationException',
                'The table does not have the specified index: ByKind');
});

for (const [what, change] of [
  ['an LSI without a sort key', {
    LocalSecondaryIndexes: [
      {IndexName: 'Bad', KeySchema: keySchema('P'), Projection: all},
    ],
  }],
  ['an LSI with another partition key', {
    LocalSecondaryIndexes: [
      {IndexName: 'Bad', KeySchema: keySchema('A', 'R'), Projection: all},
    ],
  }],
  ['two indexes of one name', {
    GlobalSecondaryIndexes: ['Same', 'Same'].map(
        (IndexName) => ({IndexName, KeySchema: keySchema('A'), Projection: all})),
  }],
  ['INCLUDE without attributes', {
    GlobalSecondaryIndexes: [{
      IndexName: 'Bad',
      KeySchema: keySchema('A'),
      Projection: {ProjectionType: 'INCLUDE'},
    }],
  }],
  ['an empty list of indexes', {GlobalSecondaryIndexes: []}],
  ['an index without a projection', {
    GlobalSecondaryIndexes: [{IndexName: 'Bad', KeySchema: keySchema('A')}],
  }],
]) {
  test(`CreateTable refuses ${what}`, async () => {
    await refused(send(CreateTableCommand, {
                    TableName: uniqueName('Bad'),
                    KeySchema: keySchema('P', 'R'),
                    AttributeDefinitions: definitions({P: 'S', R: 'N', A: 'S'}),
                    BillingMode: 'PAY_PER_REQUEST',
                    ...change,
                  }), 'ValidationException');
  });
}
