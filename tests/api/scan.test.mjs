// Scan: paging, segments, filters.

import assert from 'node:assert/strict';
import {before, test} from 'node:test';
import {BatchWriteItemCommand, ScanCommand} from '@aws-sdk/client-dynamodb';
import {av, createTable, item, refused, send} from './fixture.mjs';

const COUNT = 200;
let table;
before(async () => {
  table = await createTable('Scan', {ID: 'S'});
  for (let start = 0; start < COUNT; start += 25) {
    const puts = Array.from(
        {length: 25}, (_, i) => ({PutRequest: {Item: item({ID: `i${start + i}`, N: start + i})}}));
    await send(BatchWriteItemCommand, {RequestItems: {[table]: puts}});
  }
});

const scan = (more = {}) => send(ScanCommand, {TableName: table, ConsistentRead: true, ...more});

async function scanAll(more = {}) {
  const seen = [];
  let ExclusiveStartKey;
  do {
    const page = await scan({...more, ExclusiveStartKey});
    if (more.Limit) assert.ok(page.ScannedCount <= more.Limit);
    seen.push(...page.Items.map(({ID}) => ID.S));
    ExclusiveStartKey = page.LastEvaluatedKey;
  } while (ExclusiveStartKey);
  return seen;
}

const all = Array.from({length: COUNT}, (_, i) => `i${i}`).sort();

test('a scan gives every item once', async () => {
  const answer = await scan();
  assert.equal(answer.Count, COUNT);
  assert.deepEqual(answer.Items.map(({ID}) => ID.S).sort(), all);
});

for (const Limit of [1, 7, 199, 200, 201]) {
  test(`pages of ${Limit} give every item once, in the same order`, async () => {
    const paged = await scanAll({Limit});
    assert.deepEqual([...paged].sort(), all);
    assert.deepEqual(paged, await scanAll());
  });
}

for (const TotalSegments of [1, 2, 3, 8, 1000]) {
  test(`${TotalSegments} segments divide the table`, async () => {
    const parts = [];
    for (let start = 0; start < TotalSegments; start += 50) {
      const some = Array.from({length: Math.min(50, TotalSegments - start)}, (_, i) => start + i);
      parts.push(...await Promise.all(
          some.map((Segment) => scanAll({Segment, TotalSegments, Limit: 20}))));
    }
    assert.deepEqual(parts.flat().sort(), all);
  });
}

test('a filter counts what it has read', async () => {
  const answer =
      await scan({FilterExpression: 'N < :n', ExpressionAttributeValues: {':n': av(50)}});
  assert.equal(answer.Count, 50);
  assert.equal(answer.ScannedCount, COUNT);
});

test('a count needs no items', async () => {
  const answer = await scan({Select: 'COUNT'});
  assert.equal(answer.Count, COUNT);
  assert.equal(answer.Items, undefined);
});

for (const [what, more, message] of [
  ['a segment without their number', {Segment: 0}, /TotalSegments/],
  ['their number without a segment', {TotalSegments: 4}, /Segment/],
  ['a segment that is not one of them', {Segment: 4, TotalSegments: 4},
   'The Segment parameter is zero-based and must be less than parameter TotalSegments: ' +
       'Segment: 4 is not less than TotalSegments: 4'],
  ['no segments', {Segment: 0, TotalSegments: 0}, undefined],
  ['too many segments', {Segment: 0, TotalSegments: 1_000_001}, undefined],
  ['a limit of zero', {Limit: 0}, undefined],
  ['a start key of another form', {ExclusiveStartKey: item({Other: 'x'})}, undefined],
]) {
  test(`a scan is refused with ${what}`, async () => {
    await refused(scan(more), 'ValidationException', message);
  });
}
