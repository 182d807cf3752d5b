// PutItem, GetItem, DeleteItem: types, the limits of values, conditions, return values, capacity.

import assert from 'node:assert/strict';
import {before, test} from 'node:test';
import {DeleteItemCommand, GetItemCommand} from '@aws-sdk/client-dynamodb';
import {av, createTable, item, put, refused, send} from './fixture.mjs';

let table;
let ranged;
before(async () => {
  table = await createTable('Items', {ID: 'S'});
  ranged = await createTable('Ranged', {P: 'B', R: 'N'});
});

const get = (key, more = {}) =>
    send(GetItemCommand, {TableName: table, Key: item({ID: key}), ConsistentRead: true, ...more});

// An SDK gives binary values as Uint8Array and sets in any order; this form compares.
function comparable(value) {
  const [[type, inner]] = Object.entries(value);
  const hex = (bytes) => Buffer.from(bytes).toString('hex');
  switch (type) {
    case 'B': return {B: hex(inner)};
    case 'BS': return {BS: inner.map(hex).sort()};
    case 'SS':
    case 'NS': return {[type]: [...inner].sort()};
    case 'L': return {L: inner.map(comparable)};
    case 'M':
      return {M: Object.fromEntries(Object.entries(inner).map(([k, v]) => [k, comparable(v)]))};
    default: return value;
  }
}

function nested(depth) {
  let value = {S: 'innermost'};
  for (let level = 0; level < depth; ++level) value = level % 2 ? {L: [value]} : {M: {m: value}};
  return value;
}

const LONGEST = '1234567890123456789012345678901234567.8';

test('an item of every type comes back as it was put', async () => {
  const values = {
    text: {S: 'gr\u00e2mme \u{1f4be} "quoted" \\ \u0001'},
    emptyText: {S: ''},
    number: {N: LONGEST},
    negative: {N: `-${LONGEST}`},
    largest: {N: '9'.repeat(38) + '0'.repeat(88)},
    smallest: {N: `0.${'0'.repeat(129)}1`},
    binary: {B: Uint8Array.from({length: 256}, (_, i) => i)},
    emptyBinary: {B: new Uint8Array()},
    yes: {BOOL: true},
    no: {BOOL: false},
    nothing: {NULL: true},
    texts: {SS: ['b', 'a', 'c']},
    numbers: {NS: ['3', '-1', LONGEST]},
    binaries: {BS: [Uint8Array.of(2), Uint8Array.of(1, 0)]},
    list: {L: [{S: 'x'}, {N: '1'}, {L: []}, {M: {}}]},
    map: {M: {'a.b[0]': {S: 'odd name'}, 'deep': nested(20)}},
  };
  await put(table, {ID: {S: 'types'}, ...values});
  const {Item} = await get('types');
  assert.deepEqual(comparable({M: Item}), comparable({M: {ID: {S: 'types'}, ...values}}));
});

test('an empty attribute name is refused, inside a map too', async () => {
  for (const item of [{'': {S: 'x'}}, {map: {M: {'': {S: 'x'}}}}]) {
    await assert.rejects(put(table, {ID: {S: 'empty name'}, ...item}), {name: 'ValidationException'});
  }
});

for (const [sent, stored] of [
  ['1', '1'], ['-0', '0'], ['0.000', '0'], ['1.50', '1.5'], ['007', '7'], ['+5', '5'],
  ['1e3', '1000'], ['1E+3', '1000'], ['12.5e-3', '0.0125'], ['1E125', `1${'0'.repeat(125)}`],
  ['-1E-130', `-0.${'0'.repeat(129)}1`], [LONGEST, LONGEST],
  [`1${'0'.repeat(60)}`, `1${'0'.repeat(60)}`],
]) {
  test(`the number ${sent} is stored as ${stored}`, async () => {
    await put(table, {ID: {S: `n${sent}`}, N: {N: sent}});
    assert.deepEqual((await get(`n${sent}`)).Item.N, {N: stored});
  });
}

for (const [sent, message] of [
  ['1'.repeat(39), 'Attempting to store more than 38 significant digits in a Number'],
  ['1E126',
   'Number overflow. Attempting to store a number with magnitude larger than supported range'],
  ['-1E126',
   'Number overflow. Attempting to store a number with magnitude larger than supported range'],
  ['1E-131',
   'Number underflow. Attempting to store a number with magnitude smaller than supported range'],
  ['', undefined], ['abc', undefined], ['1.2.3', undefined], [' 1', undefined], ['0x10', undefined],
  ['NaN', undefined], ['Infinity', undefined], ['1e', undefined],
]) {
  test(`the number "${sent.slice(0, 12)}" is refused and changes nothing`, async () => {
    await put(table, item({ID: 'kept', V: 1}));
    await refused(put(table, {ID: {S: 'kept'}, V: {N: sent}}), 'ValidationException', message);
    assert.deepEqual((await get('kept')).Item, item({ID: 'kept', V: 1}));
  });
}

test('values may nest 32 levels deep and no deeper', async () => {
  // The attribute's own value is the first level.
  await put(table, {ID: {S: 'deep'}, V: nested(31)});
  assert.deepEqual((await get('deep')).Item.V, nested(31));
  await refused(put(table, {ID: {S: 'deep'}, V: nested(33)}), 'ValidationException', /[Nn]esting/);
});

for (const [what, value] of [
  ['an empty set of strings', {SS: []}],
  ['an empty set of numbers', {NS: []}],
  ['an empty set of binaries', {BS: []}],
  ['a set with a string twice', {SS: ['a', 'a']}],
  ['a set with a number twice in two forms', {NS: ['1', '1.0']}],
  ['NULL that is false', {NULL: false}],
]) {
  test(`${what} is refused`, async () => {
    await refused(put(table, {ID: {S: 'x'}, V: value}), 'ValidationException');
  });
}

test('an item may have 409600 bytes and not one more', async () => {
  // 5 bytes are the two names, 3 the value of the key.
  const text = 'x'.repeat(409_600 - 5 - 3);
  await put(table, item({ID: 'big', big: text}));
  assert.equal((await get('big')).Item.big.S.length, text.length);
  await refused(put(table, item({ID: 'big', big: `${text}x`})), 'ValidationException',
                'Item size has exceeded the maximum allowed size');
});

test('key attributes are checked', async () => {
  const wrong = [
    [{V: {S: 'x'}}, 'One or more parameter values were invalid: Missing the key ID in the item'],
    [{ID: {N: '1'}},
     'One or more parameter values were invalid: Type mismatch for key ID expected: S actual: N'],
    [{ID: {S: ''}}, /empty string value/],
    [{ID: {S: 'k'.repeat(2049)}}, /2048 bytes/],
  ];
  for (const [values, message] of wrong) {
    await refused(put(table, values), 'ValidationException', message);
  }
  const mismatch = 'The provided key element does not match the schema';
  for (const Key of [{ID: {N: '1'}}, {Other: {S: 'x'}}]) {
    await refused(send(GetItemCommand, {TableName: table, Key}), 'ValidationException', mismatch);
  }
  const both = {...item({ID: 'x', More: 'y'})};
  await refused(send(DeleteItemCommand, {TableName: table, Key: both}), 'ValidationException');
  await refused(send(GetItemCommand, {TableName: ranged, Key: {P: {B: Uint8Array.of(1)}}}),
                'ValidationException', mismatch);
});

test('a binary partition key and a number sort key find their item', async () => {
  const key = {P: {B: Uint8Array.of(0, 255, 1)}, R: {N: '-1.5'}};
  await put(ranged, {...key, V: {S: 'here'}});
  const {Item} = await send(
      GetItemCommand, {TableName: ranged, Key: {...key, R: {N: '-1.50'}}, ConsistentRead: true});
  assert.equal(Item.V.S, 'here');
});

test('an absent item has no Item member', async () => {
  const answer = await get('never put');
  assert.equal(answer.Item, undefined);
});

test('a put replaces the whole item and returns the old one when asked', async () => {
  await put(table, item({ID: 'old', A: 1, B: 2}));
  const {Attributes} = await put(table, item({ID: 'old', A: 3}), {ReturnValues: 'ALL_OLD'});
  assert.deepEqual(Attributes, item({ID: 'old', A: 1, B: 2}));
  assert.deepEqual((await get('old')).Item, item({ID: 'old', A: 3}));
  const fresh = await put(table, item({ID: 'fresh'}), {ReturnValues: 'ALL_OLD'});
  assert.equal(fresh.Attributes, undefined);
  await refused(put(table, item({ID: 'old'}), {ReturnValues: 'ALL_NEW'}), 'ValidationException');
});

test('a delete returns the old item and succeeds on an absent one', async () => {
  await put(table, item({ID: 'gone', A: 1}));
  const request = {TableName: table, Key: item({ID: 'gone'}), ReturnValues: 'ALL_OLD'};
  assert.deepEqual((await send(DeleteItemCommand, request)).Attributes, item({ID: 'gone', A: 1}));
  assert.equal((await get('gone')).Item, undefined);
  assert.equal((await send(DeleteItemCommand, request)).Attributes, undefined);
});

test('a condition decides, and tells the old item when asked', async () => {
  const once = {ConditionExpression: 'attribute_not_exists(ID)'};
  await put(table, item({ID: 'once', A: 1}), once);
  const error = await refused(
      put(table, item({ID: 'once', A: 2}),
          {...once, ReturnValuesOnConditionCheckFailure: 'ALL_OLD'}),
      'ConditionalCheckFailedException', 'The conditional request failed');
  assert.deepEqual(error.Item, item({ID: 'once', A: 1}));

  const request = {
    TableName: table,
    Key: item({ID: 'once'}),
    ConditionExpression: '#a > :limit AND attribute_type(#a, :type)',
    ExpressionAttributeNames: {'#a': 'A'},
    ExpressionAttributeValues: {':limit': av(1), ':type': av('N')},
  };
  await refused(send(DeleteItemCommand, request), 'ConditionalCheckFailedException');
  request.ExpressionAttributeValues[':limit'] = av(0);
  await send(DeleteItemCommand, request);
  assert.equal((await get('once')).Item, undefined);
});

for (const [what, condition, values, holds] of [
  ['comparison of numbers by value', 'A = :v', {':v': {N: '1.0'}}, true],
  ['comparison of different types', 'A = :v', {':v': {S: '1'}}, false],
  ['<> of different types', 'A <> :v', {':v': {S: '1'}}, true],
  ['BETWEEN', 'A BETWEEN :v AND :w', {':v': av(1), ':w': av(2)}, true],
  ['IN', 'A IN (:v, :w)', {':v': av(7), ':w': av(1)}, true],
  ['begins_with', 'begins_with(T, :v)', {':v': av('he')}, true],
  ['contains on a string', 'contains(T, :v)', {':v': av('ell')}, true],
  ['contains on a list', 'contains(L, :v)', {':v': av('x')}, true],
  ['contains on a set', 'contains(SS, :v)', {':v': av('q')}, false],
  ['size of a string', 'size(T) = :v', {':v': av(5)}, true],
  ['a path into a list', 'L[1] = :v', {':v': av(2)}, true],
  ['a path into a map', 'M.mid.x = :v', {':v': av(3)}, true],
  ['a path that leads nowhere', 'attribute_exists(M.mid.y)', undefined, false],
  ['NOT and parentheses', 'NOT (A = :v OR T = :v)', {':v': av(9)}, true],
  ['AND before OR', 'A = :v OR A = :w AND A = :w', {':v': av(1), ':w': av(2)}, true],
]) {
  test(`condition: ${what}`, async () => {
    await put(table, {
      ...item({ID: 'cond', A: 1, T: 'hello', L: ['x', 2], M: {mid: {x: 3}}}),
      SS: {SS: ['p', 'r']},
    });
    const request = send(DeleteItemCommand, {
      TableName: table,
      Key: item({ID: 'cond'}),
      ConditionExpression: condition,
      ExpressionAttributeValues: values,
    });
    if (holds) await request;
    else await refused(request, 'ConditionalCheckFailedException');
  });
}

for (const [what, more, message] of [
  ['a value that no expression uses',
   {ConditionExpression: 'attribute_exists(ID)', ExpressionAttributeValues: {':x': av(1)}},
   'Value provided in ExpressionAttributeValues unused in expressions: keys: {:x}'],
  ['a name that no expression uses',
   {ConditionExpression: 'attribute_exists(ID)', ExpressionAttributeNames: {'#x': 'y'}},
   'Value provided in ExpressionAttributeNames unused in expressions: keys: {#x}'],
  ['a value that is not given', {ConditionExpression: 'A = :missing'}, /:missing/],
  ['a reserved word', {ConditionExpression: 'attribute_exists(Status)'}, /reserved keyword/],
  ['a syntax error', {ConditionExpression: 'A = = B'}, /Syntax error/],
  ['an empty expression', {ConditionExpression: ''}, /can not be empty/],
  ['values without an expression', {ExpressionAttributeValues: {':x': av(1)}}, undefined],
]) {
  test(`an expression is refused with ${what}`, async () => {
    await refused(put(table, item({ID: 'bad'}), more), 'ValidationException', message);
    assert.equal((await get('bad')).Item, undefined);
  });
}

test('a projection gives the paths that it names', async () => {
  await put(table, item({ID: 'proj', A: 1, L: ['x', 'y', 'z'], M: {a: 1, b: {c: 2, d: 3}}}));
  const {Item} = await get('proj', {
    ProjectionExpression: '#a, L[2], L[0], M.b.c, Absent',
    ExpressionAttributeNames: {'#a': 'A'},
  });
  assert.deepEqual(Item, item({A: 1, L: ['x', 'z'], M: {b: {c: 2}}}));
  await refused(get('proj', {ProjectionExpression: 'M, M.b'}), 'ValidationException', /overlap/);
});

test('consumed capacity follows the size of the item', async () => {
  const total = {ReturnConsumedCapacity: 'TOTAL'};
  const big = item({ID: 'cap', V: 'x'.repeat(5000)});
  const wrote = await put(table, big, total);
  assert.deepEqual(wrote.ConsumedCapacity, {TableName: table, CapacityUnits: 5});
  assert.equal((await get('cap', total)).ConsumedCapacity.CapacityUnits, 2);
  const eventual = await get('cap', {...total, ConsistentRead: false});
  assert.equal(eventual.ConsumedCapacity.CapacityUnits, 1);
  const absent = await get('cap nothing', total);
  assert.equal(absent.ConsumedCapacity.CapacityUnits, 1);
  // A write costs the larger of the item before and the item after.
  const smaller = await put(table, item({ID: 'cap'}), total);
  assert.equal(smaller.ConsumedCapacity.CapacityUnits, 5);
});

test('legacy parameters and expressions do not mix', async () => {
  const both = {
    Expected: {A: {Exists: false}},
    ConditionExpression: 'attribute_not_exists(A)',
  };
  await refused(put(table, item({ID: 'legacy'}), both), 'ValidationException', /xpression/);
  assert.equal((await get('legacy')).Item, undefined);
});
