// TagResource, UntagResource, ListTagsOfResource, and tags given to CreateTable.

import assert from 'node:assert/strict';
import {before, test} from 'node:test';
import {
  DescribeTableCommand, ListTagsOfResourceCommand, TagResourceCommand, UntagResourceCommand,
} from '@aws-sdk/client-dynamodb';
import {createTable, refused, send} from './fixture.mjs';

let arn;
before(async () => arn = await arnOf(await createTable('Tags', {ID: 'S'})));

async function arnOf(TableName) {
  return (await send(DescribeTableCommand, {TableName})).Table.TableArn;
}

async function tags(ResourceArn = arn) {
  const found = {};
  let NextToken;
  do {
    const page = await send(ListTagsOfResourceCommand, {ResourceArn, NextToken});
    for (const {Key, Value} of page.Tags) found[Key] = Value;
    NextToken = page.NextToken;
  } while (NextToken);
  return found;
}
const asTags = (pairs) => Object.entries(pairs).map(([Key, Value]) => ({Key, Value}));
const tag = (pairs, ResourceArn = arn) =>
    send(TagResourceCommand, {ResourceArn, Tags: asTags(pairs)});
const untag = (...TagKeys) => send(UntagResourceCommand, {ResourceArn: arn, TagKeys});

test('tags are added, replaced and taken away', async () => {
  assert.deepEqual(await tags(), {});
  await tag({owner: 'ann', stage: ''});
  assert.deepEqual(await tags(), {owner: 'ann', stage: ''});
  await tag({owner: 'bob', 'cost centre': 'x=1/2'});
  assert.deepEqual(await tags(), {owner: 'bob', stage: '', 'cost centre': 'x=1/2'});
  await untag('owner', 'never there');
  assert.deepEqual(await tags(), {stage: '', 'cost centre': 'x=1/2'});
  await untag('stage', 'cost centre');
  assert.deepEqual(await tags(), {});
});

test('a table may be created with tags', async () => {
  const TableName = await createTable('Tagged', {ID: 'S'}, {Tags: asTags({a: '1', b: '2'})});
  assert.deepEqual(await tags(await arnOf(TableName)), {a: '1', b: '2'});
});

test('fifty tags are the limit, counted after the change', async () => {
  const TableName = await createTable('Fifty', {ID: 'S'});
  const full = await arnOf(TableName);
  const fifty = Object.fromEntries(Array.from({length: 50}, (_, i) => [`k${i}`, `v${i}`]));
  await tag(fifty, full);
  assert.deepEqual(await tags(full), fifty);
  await refused(tag({more: 'x'}, full), 'ValidationException');
  await tag({k0: 'changed'}, full);
  assert.equal((await tags(full)).k0, 'changed');
});

test('keys and values are checked', async () => {
  const wrong = [{'aws:mine': 'x'}, {['k'.repeat(129)]: 'x'}, {k: 'v'.repeat(257)}, {'': 'x'}];
  for (const pairs of wrong) await refused(tag(pairs), 'ValidationException');
  assert.deepEqual(await tags(), {});
});

test('the tags of an absent table are not found', async () => {
  const absent = arn.replace(/[^/]*$/, 'no-such-table');
  const list = send(ListTagsOfResourceCommand, {ResourceArn: absent});
  await refused(list, 'ResourceNotFoundException');
  await refused(tag({a: 'b'}, absent), 'ResourceNotFoundException');
});
