// Query on the table: key conditions, order, paging, filters, Select, capacity.

import assert from 'node:assert/strict';
import {before, test} from 'node:test';
import {QueryCommand} from '@aws-sdk/client-dynamodb';
import {av, createTable, item, put, refused, send} from './fixture.mjs';

const SORTED = ['-1000', '-1.5', '-0.001', '0', '0.001', '1', '2', '10', '100.5', '1E+20'];
let table;
let words;
before(async () => {
  table = await createTable('Query', {P: 'S', R: 'N'});
  words = await createTable('Words', {P: 'S', R: 'S'});
  const shuffled = [...SORTED].sort();
  for (const [i, R] of shuffled.entries()) {
    await put(table, {P: {S: 'p'}, R: {N: R}, Even: {BOOL: SORTED.indexOf(R) % 2 === 0}, I: av(i)});
  }
  await put(table, item({P: 'other', R: 1}));
  for (const R of ['\u{1f4be}', 'z', 'abc', '\u00e9', 'a', 'b', 'ab']) {
    await put(words, item({P: 'p', R}));
  }
});

const expanded = (text) => text === '1E+20' ? `1${'0'.repeat(20)}` : text;

function query(KeyConditionExpression, values, more = {}) {
  return send(QueryCommand, {
    TableName: table,
    KeyConditionExpression,
    ExpressionAttributeValues: {':p': av('p'), ...values},
    ConsistentRead: true,
    ...more,
  });
}
const sortKeys = ({Items}) => Items.map(({R}) => R.N ?? R.S);

test('a query gives one partition in the order of numbers', async () => {
  const answer = await query('P = :p');
  assert.deepEqual(sortKeys(answer), SORTED.map(expanded));
  assert.equal(answer.Count, SORTED.length);
  assert.equal(answer.ScannedCount, SORTED.length);
  assert.equal(answer.LastEvaluatedKey, undefined);
  const backward = await query('P = :p', {}, {ScanIndexForward: false});
  assert.deepEqual(sortKeys(backward), SORTED.map(expanded).reverse());
});

test('strings sort by their UTF-8 bytes', async () => {
  const answer = await query('P = :p', {}, {TableName: words});
  assert.deepEqual(sortKeys(answer), ['a', 'ab', 'abc', 'b', 'z', '\u00e9', '\u{1f4be}']);
});

for (const [condition, values, wanted] of [
  ['R = :a', {':a': av(1)}, ['1']],
  ['R < :a', {':a': av(0)}, ['-1000', '-1.5', '-0.001']],
  ['R <= :a', {':a': av(-1.5)}, ['-1000', '-1.5']],
  ['R > :a', {':a': av(10)}, ['100.5', '1E+20']],
  ['R >= :a', {':a': av(100.5)}, ['100.5', '1E+20']],
  ['R BETWEEN :a AND :b', {':a': {N: '-0.001'}, ':b': av(1)}, ['-0.001', '0', '0.001', '1']],
]) {
  test(`sort key condition ${condition}`, async () => {
    const answer = await query(`P = :p AND ${condition}`, values);
    assert.deepEqual(sortKeys(answer), wanted.map(expanded));
    const turned = await query(`${condition} AND (P = :p)`, values, {ScanIndexForward: false});
    assert.deepEqual(sortKeys(turned), wanted.map(expanded).reverse());
  });
}

test('begins_with takes a prefix', async () => {
  const answer =
      await query('P = :p AND begins_with(R, :a)', {':a': av('ab')}, {TableName: words});
  assert.deepEqual(sortKeys(answer), ['ab', 'abc']);
});

for (const forward of [true, false]) {
  test(`pages of three cover the partition once, ${forward ? 'forward' : 'backward'}`, async () => {
    const seen = [];
    let ExclusiveStartKey;
    do {
      const page =
          await query('P = :p', {}, {Limit: 3, ExclusiveStartKey, ScanIndexForward: forward});
      assert.ok(page.Count <= 3);
      seen.push(...sortKeys(page));
      ExclusiveStartKey = page.LastEvaluatedKey;
    } while (ExclusiveStartKey);
    const wanted = SORTED.map(expanded);
    assert.deepEqual(seen, forward ? wanted : wanted.reverse());
  });
}

test('a page may start after a key that is not there', async () => {
  const answer = await query('P = :p', {}, {ExclusiveStartKey: item({P: 'p', R: 5})});
  assert.deepEqual(sortKeys(answer), ['10', '100.5', '1E+20'].map(expanded));
  await refused(query('P = :p', {}, {ExclusiveStartKey: item({P: 'p'})}), 'ValidationException');
  await refused(query('P = :p', {}, {ExclusiveStartKey: item({P: 'x', R: 5})}),
                'ValidationException');
});

test('a filter takes away after Limit has counted', async () => {
  const filter = {FilterExpression: 'Even = :t', Limit: 4};
  const answer = await query('P = :p', {':t': av(true)}, filter);
  assert.equal(answer.ScannedCount, 4);
  assert.equal(answer.Count, 2);
  assert.ok(answer.LastEvaluatedKey);
});

test('Select and ProjectionExpression choose what is answered', async () => {
  const count = await query('P = :p', {}, {Select: 'COUNT'});
  assert.equal(count.Count, SORTED.length);
  assert.equal(count.Items, undefined);
  const some = await query('P = :p AND R = :a', {':a': av(1)}, {ProjectionExpression: 'R'});
  assert.deepEqual(some.Items, [item({R: 1})]);
  await refused(query('P = :p', {}, {Select: 'COUNT', ProjectionExpression: 'R'}),
                'ValidationException');
  await refused(query('P = :p', {}, {Select: 'SPECIFIC_ATTRIBUTES'}), 'ValidationException');
  await refused(query('P = :p', {}, {Select: 'ALL_PROJECTED_ATTRIBUTES'}), 'ValidationException');
});

test('a page ends at 1 MB of items', async () => {
  const big = await createTable('Pages', {P: 'S', R: 'N'});
  for (let R = 0; R < 5; ++R) await put(big, item({P: 'p', R, V: 'x'.repeat(300_000)}));
  const first = await query('P = :p', {}, {TableName: big});
  assert.ok(first.Count >= 3 && first.Count <= 4, `${first.Count} items`);
  const second =
      await query('P = :p', {}, {TableName: big, ExclusiveStartKey: first.LastEvaluatedKey});
  assert.deepEqual([...sortKeys(first), ...sortKeys(second)], ['0', '1', '2', '3', '4']);
});

test('consumed capacity is that of all that was read', async () => {
  const total = {ReturnConsumedCapacity: 'TOTAL'};
  const strong = await query('P = :p', {}, total);
  assert.equal(strong.ConsumedCapacity.CapacityUnits, 1);
  const eventual = await query('P = :p', {}, {...total, ConsistentRead: false});
  assert.equal(eventual.ConsumedCapacity.CapacityUnits, 0.5);
});

for (const [what, condition, values, more, message] of [
  ['no condition', undefined, undefined, {},
   'Either the KeyConditions or KeyConditionExpression parameter must be specified in the ' +
       'request.'],
  ['no partition key', 'R = :a', {':a': av(1)}, {ExpressionAttributeValues: {':a': av(1)}},
   /Query condition missed key schema element/],
  ['a range of the partition key', 'P > :p', {}, {}, /Query key condition not supported/],
  ['another attribute', 'P = :p AND I = :a', {':a': av(1)}, {},
   /Query condition missed key schema element: R|Query key condition not supported/],
  ['<> on the sort key', 'P = :p AND R <> :a', {':a': av(1)}, {}, /operator/i],
  ['OR', 'P = :p OR R = :a', {':a': av(1)}, {}, /OR/],
  ['the wrong type', 'P = :p AND R = :a', {':a': av('x')}, {}, /type/],
  ['bounds in the wrong order', 'P = :p AND R BETWEEN :a AND :b', {':a': av(2), ':b': av(1)}, {},
   /BETWEEN/],
  ['a filter on a key', 'P = :p', {':a': av(1)}, {FilterExpression: 'R = :a'},
   /Filter Expression can only contain non-primary key attributes/],
  ['a limit of zero', 'P = :p', {}, {Limit: 0}, /[Ll]imit/],
  ['an unknown index', 'P = :p', {}, {IndexName: 'none'},
   'The table does not have the specified index: none'],
]) {
  test(`a query is refused with ${what}`, async () => {
    const given = condition ? more : {ExpressionAttributeValues: undefined, ...more};
    await refused(query(condition, values, given), 'ValidationException', message);
  });
}
