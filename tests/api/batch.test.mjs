// BatchWriteItem and BatchGetItem.

import assert from 'node:assert/strict';
import {before, test} from 'node:test';
import {BatchGetItemCommand, BatchWriteItemCommand} from '@aws-sdk/client-dynamodb';
import {createTable, eventually, item, put, refused, send, uniqueName} from './fixture.mjs';

let one;
let two;
before(async () => {
  one = await createTable('BatchOne', {ID: 'S'});
  two = await createTable('BatchTwo', {P: 'S', R: 'N'});
});

const write = (RequestItems, more = {}) => send(BatchWriteItemCommand, {RequestItems, ...more});
const read = (RequestItems, more = {}) => send(BatchGetItemCommand, {RequestItems, ...more});
const putOf = (values) => ({PutRequest: {Item: item(values)}});
const deleteOf = (values) => ({DeleteRequest: {Key: item(values)}});
const keysOf = (...values) => ({Keys: values.map(item), ConsistentRead: true});
const ids = (count, stem) => Array.from({length: count}, (_, i) => `${stem}${i}`);

test('puts and deletes in two tables are done and read back', async () => {
  await put(one, item({ID: 'gone'}));
  const wrote = await write({
    [one]: [putOf({ID: 'a', V: 1}), deleteOf({ID: 'gone'})],
    [two]: [putOf({P: 'p', R: 1}), putOf({P: 'p', R: 2})],
  });
  assert.deepEqual(wrote.UnprocessedItems, {});
  const {Responses, UnprocessedKeys} = await read({
    [one]: keysOf({ID: 'a'}, {ID: 'gone'}),
    [two]: keysOf({P: 'p', R: 1}, {P: 'p', R: 2}, {P: 'p', R: 3}),
  });
  assert.deepEqual(UnprocessedKeys, {});
  assert.deepEqual(Responses[one], [item({ID: 'a', V: 1})]);
  assert.deepEqual(new Set(Responses[two].map(({R}) => R.N)), new Set(['1', '2']));
});

test('a projection applies to each table', async () => {
  await put(one, item({ID: 'proj', A: 1, B: 2}));
  const {Responses} = await read({
    [one]: {
      ...keysOf({ID: 'proj'}),
      ProjectionExpression: '#b',
      ExpressionAttributeNames: {'#b': 'B'},
    },
  });
  assert.deepEqual(Responses[one], [item({B: 2})]);
});

test('one hundred keys are read and 101 are refused', async () => {
  for (let start = 0; start < 100; start += 25) {
    await write({[one]: ids(100, 'many').slice(start, start + 25).map((ID) => putOf({ID}))});
  }
  const {Responses} = await read({[one]: keysOf(...ids(100, 'many').map((ID) => ({ID})))});
  assert.equal(Responses[one].length, 100);
  await refused(read({[one]: keysOf(...ids(101, 'many').map((ID) => ({ID})))}),
                'ValidationException');
});

test('25 writes are done and 26 are refused', async () => {
  await write({[one]: ids(25, 'w').map((ID) => putOf({ID}))});
  await refused(write({[one]: ids(26, 'x').map((ID) => putOf({ID}))}), 'ValidationException');
  const {Responses} = await read({[one]: keysOf({ID: 'x0'})});
  assert.deepEqual(Responses[one], []);
});

test('what does not fit into 16 MB comes back as unprocessed', async () => {
  const names = ids(50, 'large');
  for (let start = 0; start < names.length; start += 25) {
    const puts = names.slice(start, start + 25).map((ID) => putOf({ID, V: 'x'.repeat(390_000)}));
    await eventually(() => write({[one]: puts.splice(0)}).then(({UnprocessedItems}) => {
      puts.push(...UnprocessedItems[one] ?? []);
      return puts.length;
    }), (left) => left === 0);
  }
  const seen = new Set();
  let keys = {[one]: keysOf(...names.map((ID) => ({ID})))};
  let calls = 0;
  for (; Object.keys(keys).length > 0 && calls < 100; ++calls) {
    const {Responses, UnprocessedKeys} = await read(keys);
    for (const {ID} of Responses[one]) seen.add(ID.S);
    keys = UnprocessedKeys;
  }
  assert.equal(seen.size, 50);
  assert.ok(calls > 1);
});

test('consumed capacity is told per table', async () => {
  const {ConsumedCapacity} =
      await write({[one]: [putOf({ID: 'c1'}), putOf({ID: 'c2'})], [two]: [putOf({P: 'c', R: 1})]},
                  {ReturnConsumedCapacity: 'TOTAL'});
  const units = Object.fromEntries(ConsumedCapacity.map((c) => [c.TableName, c.CapacityUnits]));
  assert.deepEqual(units, {[one]: 2, [two]: 1});
});

test('a batch that is refused writes nothing', async () => {
  const absent = uniqueName('Absent');
  const wrong = [
    [{[one]: [putOf({ID: 'n'}), putOf({ID: 'dup'}), deleteOf({ID: 'dup'})]}, 'ValidationException',
     'Provided list of item keys contains duplicates'],
    [{[one]: [putOf({ID: 'n'}), putOf({Other: 'x'})]}, 'ValidationException', undefined],
    [{[one]: [putOf({ID: 'n'})], [absent]: [putOf({ID: 'x'})]}, 'ResourceNotFoundException',
     undefined],
    [{[one]: []}, 'ValidationException', undefined],
    [{}, 'ValidationException', undefined],
  ];
  for (const [request, name, message] of wrong) await refused(write(request), name, message);
  const {Responses} = await read({[one]: keysOf({ID: 'n'})});
  assert.deepEqual(Responses[one], []);
});

test('a read of the same key twice is refused', async () => {
  await refused(read({[one]: keysOf({ID: 'a'}, {ID: 'a'})}), 'ValidationException',
                'Provided list of item keys contains duplicates');
});
