// Requests made at random from a seed, most of them good, some spoiled somewhere: whatever comes, each
// is answered, none with a fault of the server, and afterwards counts and indexes agree with the items.
//
//   GRAMME_API_SEED=7 tests/api/run random.test.mjs    runs one seed again

import assert from 'node:assert/strict';
import {test} from 'node:test';
import {DescribeTableCommand, ScanCommand} from '@aws-sdk/client-dynamodb';
import {createTable, keySchema, onAws, send, server} from './fixture.mjs';

const seed = Number(process.env.GRAMME_API_SEED ?? Date.now() % 1_000_000);
const REQUEST_COUNT = 2000;

// A small generator that needs nothing: mulberry32.
let state = seed;
function random() {
  state = (state + 0x6D2B79F5) | 0;
  let t = Math.imul(state ^ (state >>> 15), 1 | state);
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
  return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
}
const below = (n) => Math.floor(random() * n);
const pick = (list) => list[below(list.length)];
const some = (most, make) => Array.from({length: below(most + 1)}, make);
const distinct = (most, make) => [...new Set([make(), ...some(most, make)])];

const text = () => pick(['', 'a', 'b', 'zz', 'é', '\u{1f4be}', 'x'.repeat(300)]);
const number = () => pick(['0', '1', '-1', '1.5', '1E125', '-1E-130', '9'.repeat(38), '7', '100']);
const bytes = () => Buffer.from(some(3, () => below(256))).toString('base64');

function value(depth = 0) {
  const type = pick(depth < 3 ? ['S', 'N', 'B', 'BOOL', 'NULL', 'SS', 'NS', 'BS', 'L', 'M'] : ['S']);
  switch (type) {
    case 'S': return {S: text()};
    case 'N': return {N: number()};
    case 'B': return {B: bytes()};
    case 'BOOL': return {BOOL: random() < 0.5};
    case 'NULL': return {NULL: true};
    case 'SS': return {SS: distinct(3, text)};
    case 'NS': return {NS: distinct(3, number)};
    case 'BS': return {BS: distinct(3, bytes)};
    case 'L': return {L: some(3, () => value(depth + 1))};
    default: return {M: Object.fromEntries(some(3, () => [pick('abcd'), value(depth + 1)]))};
  }
}

const key = () => ({p: {S: pick('abc')}, s: {N: `${below(5)}`}});
function item() {
  const made = Object.fromEntries(some(4, () => [pick('abc'), value()]));
  if (random() < 0.6) made.g = {S: pick('xyz')};
  if (random() < 0.6) made.l = {N: `${below(9)}`};
  return {...made, ...key()};
}

const path = () => pick(['a', 'b', 'c', 'a.b', 'a[0]', 'b[1].c', 'g', 'l']);
const operand = () => random() < 0.5 ? path() : pick([':a', ':b']);
function condition(depth = 0) {
  if (depth < 3 && random() < 0.4) {
    return `(${condition(depth + 1)}) ${pick(['AND', 'OR', 'AND NOT'])} (${condition(depth + 1)})`;
  }
  return pick([
    () => `${operand()} ${pick(['=', '<>', '<', '>='])} ${operand()}`,
    () => `${operand()} IN (${operand()}, ${operand()})`,
    () => `attribute_not_exists(${path()})`,
    () => `contains(${path()}, ${operand()})`,
    () => `size(${path()}) > :a`,
  ])();
}
function update() {
  return pick([
    () => `SET ${path()} = ${operand()}`,
    () => `SET ${path()} = if_not_exists(${path()}, :a) + :b`,
    () => `SET ${path()} = list_append(${operand()}, ${operand()})`,
    () => `REMOVE ${path()}`,
    () => `ADD ${path()} :a`,
    () => `DELETE ${path()} :a`,
    () => `SET ${path()} = :a REMOVE ${path()} ADD ${path()} :b`,
  ])();
}

// With the values that its expressions name.
function withValues(request) {
  const names = Object.entries(request)
      .filter(([name]) => name.endsWith('Expression')).map(([, expression]) => expression).join(' ');
  const values = [':a', ':b'].filter((name) => names.includes(name)).map((name) => [name, value()]);
  return values.length ? {...request, ExpressionAttributeValues: Object.fromEntries(values)} : request;
}

function writeOf(TableName) {
  const only = random() < 0.3 ? {ConditionExpression: condition()} : {};
  return pick([
    () => ['Put', {TableName, Item: item(), ...only}],
    () => ['Update', {TableName, Key: key(), UpdateExpression: update(), ...only}],
    () => ['Delete', {TableName, Key: key(), ...only}],
  ])();
}

function request(TableName) {
  const [verb, write] = writeOf(TableName);
  return pick([
    () => [`${verb}Item`, withValues(write)],
    () => [`${verb}Item`, withValues(write)],
    () => ['GetItem', withValues({TableName, Key: key(), ProjectionExpression: path()})],
    () => ['Query', {
      ...withValues({TableName, KeyConditionExpression: 'g = :g', FilterExpression: condition()}),
      IndexName: 'ByG',
    }],
    () => ['Scan', withValues({TableName, FilterExpression: condition(), Limit: 1 + below(9)})],
    () => ['BatchWriteItem', {RequestItems: {[TableName]: some(3, () => random() < 0.5 ?
        {PutRequest: {Item: item()}} : {DeleteRequest: {Key: key()}})}}],
    () => ['TransactWriteItems', {TransactItems: [write, ...some(2, () => writeOf(TableName)[1])]
        .map((each) => ({[each.Item ? 'Put' : each.UpdateExpression ? 'Update' : 'Delete']:
            withValues(each)}))}],
  ])();
}

function spoiled(node) {
  if (random() < 0.05) {
    return pick([null, true, '', 0, -1, 1.5, 1e30, 'x', [], {}, [[]], {S: 1}, {N: 1}, '\u0000']);
  }
  if (Array.isArray(node)) return node.map(spoiled);
  if (node === null || typeof node !== 'object') return node;
  return Object.fromEntries(Object.entries(node).filter(() => random() > 0.02)
      .map(([name, inner]) => [name, spoiled(inner)]));
}

async function everyItem(TableName, IndexName) {
  const {Items} = await send(ScanCommand, {TableName, IndexName, ConsistentRead: !IndexName});
  return Items;
}
const sorted = (items) => items
    .map((each) => JSON.stringify(Object.entries(each).sort(([a], [b]) => a < b ? -1 : 1))).sort();

(onAws ? () => {} : test)('whatever is asked is answered, and indexes agree with their table',
                         async () => {
  console.log(`seed ${seed}`);
  const table = await createTable('Random', {p: 'S', s: 'N'}, {
    AttributeTypes: {g: 'S', l: 'N'},
    GlobalSecondaryIndexes: [
      {IndexName: 'ByG', KeySchema: keySchema('g'), Projection: {ProjectionType: 'ALL'}},
    ],
    LocalSecondaryIndexes: [
      {IndexName: 'ByL', KeySchema: keySchema('p', 'l'), Projection: {ProjectionType: 'ALL'}},
    ],
  });
  let accepted = 0;
  for (let i = 0; i < REQUEST_COUNT; ++i) {
    const [operation, good] = request(table);
    const body = JSON.stringify(random() < 0.3 ? spoiled(good) : good);
    const where = `seed ${seed}, request ${i}: ${operation} ${body}`;
    const response = await fetch(server.endpoint, {
      method: 'POST', body,
      headers: {
        'X-Amz-Target': `DynamoDB_20120810.${operation}`,
        'Content-Type': 'application/x-amz-json-1.0',
      },
    }).catch((error) => assert.fail(`${where}: ${error.cause ?? error}`));
    const answer = await response.text();
    assert.ok(response.status === 200 || response.status === 400, `${where}: ${answer}`);
    accepted += response.status === 200 ? 1 : 0;
  }
  assert.ok(accepted > REQUEST_COUNT / 10, `only ${accepted} were good, seed ${seed}`);

  const items = await everyItem(table);
  const {Table} = await send(DescribeTableCommand, {TableName: table});
  assert.equal(Table.ItemCount, items.length, `seed ${seed}`);
  const indexes = [...Table.GlobalSecondaryIndexes, ...Table.LocalSecondaryIndexes];
  for (const {IndexName, KeySchema, ItemCount} of indexes) {
    const wanted = items.filter((each) => KeySchema.every(({AttributeName}) => AttributeName in each));
    assert.deepEqual(sorted(await everyItem(table, IndexName)), sorted(wanted), `seed ${seed}`);
    assert.equal(ItemCount, wanted.length, `seed ${seed}`);
  }
});
