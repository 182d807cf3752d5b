// UpdateItem: the four clauses, functions, paths, return values, refusals.

import assert from 'node:assert/strict';
import {before, test} from 'node:test';
import {GetItemCommand, ScanCommand, UpdateItemCommand} from '@aws-sdk/client-dynamodb';
import {av, createTable, item, keySchema, put, refused, send} from './fixture.mjs';

let table;
before(async () => table = await createTable('Updates', {ID: 'S'}));

async function get(key) {
  const request = {TableName: table, Key: item({ID: key}), ConsistentRead: true};
  return (await send(GetItemCommand, request)).Item;
}

function update(key, UpdateExpression, values, more = {}) {
  return send(UpdateItemCommand, {
    TableName: table,
    Key: item({ID: key}),
    UpdateExpression,
    ExpressionAttributeValues: values,
    ...more,
  });
}

test('an update of an absent item makes one', async () => {
  await update('new', 'SET A = :a', {':a': av(1)});
  assert.deepEqual(await get('new'), item({ID: 'new', A: 1}));
  await send(UpdateItemCommand, {TableName: table, Key: item({ID: 'key only'})});
  assert.deepEqual(await get('key only'), item({ID: 'key only'}));
});

test('REMOVE alone on an absent item makes none', async () => {
  await update('removed', 'REMOVE A', undefined);
  assert.equal(await get('removed'), undefined);
});

for (const [what, old, expression, values, wanted] of [
  ['SET of several attributes', {A: 1}, 'SET A = :a, B = :b', {':a': av(2), ':b': av('x')},
   {A: 2, B: 'x'}],
  ['SET reads the values before the update', {A: 1, B: 2}, 'SET A = B, B = A', undefined,
   {A: 2, B: 1}],
  ['addition', {A: 5}, 'SET A = A + :d', {':d': {N: '0.5'}}, {A: 5.5}],
  ['subtraction', {A: 5}, 'SET A = :d - A', {':d': av(2)}, {A: -3}],
  ['if_not_exists takes the value', {}, 'SET A = if_not_exists(A, :z) + :d',
   {':z': av(0), ':d': av(1)}, {A: 1}],
  ['if_not_exists keeps the value', {A: 9}, 'SET A = if_not_exists(A, :z)', {':z': av(0)}, {A: 9}],
  ['list_append behind', {L: [1]}, 'SET L = list_append(L, :m)', {':m': av([2, 3])},
   {L: [1, 2, 3]}],
  ['list_append before', {L: [1]}, 'SET L = list_append(:m, L)', {':m': av([0])}, {L: [0, 1]}],
  ['a path into a map', {M: {a: 1, b: {c: 2}}}, 'SET M.b.c = :v, M.n = :v', {':v': av(7)},
   {M: {a: 1, b: {c: 7}, n: 7}}],
  ['an element of a list', {L: [1, 2, 3]}, 'SET L[1] = :v', {':v': av('x')}, {L: [1, 'x', 3]}],
  ['an element past the end is appended', {L: [1]}, 'SET L[9] = :v', {':v': av(2)}, {L: [1, 2]}],
  ['REMOVE of attributes and elements', {A: 1, L: [0, 1, 2, 3], M: {a: 1, b: 2}},
   'REMOVE A, L[1], L[3], M.a', undefined, {L: [0, 2], M: {b: 2}}],
  ['REMOVE of what is not there', {A: 1}, 'REMOVE B', undefined, {A: 1}],
  ['ADD to a number', {A: 5}, 'ADD A :d', {':d': av(-7)}, {A: -2}],
  ['ADD to nothing', {}, 'ADD A :d', {':d': av(3)}, {A: 3}],
  ['all clauses at once', {A: 1, B: 2}, 'SET C = :x REMOVE B ADD A :x', {':x': av(1)},
   {A: 2, C: 1}],
]) {
  test(`update: ${what}`, async () => {
    await put(table, item({ID: 'u', ...old}));
    await update('u', expression, values);
    assert.deepEqual(await get('u'), item({ID: 'u', ...wanted}));
  });
}

test('ADD and DELETE work on sets, and an emptied set is gone', async () => {
  await put(table, {...item({ID: 'set'}), S: {SS: ['a', 'b']}});
  await update('set', 'ADD S :m', {':m': {SS: ['b', 'c']}});
  assert.deepEqual([...(await get('set')).S.SS].sort(), ['a', 'b', 'c']);
  await update('set', 'DELETE S :m', {':m': {SS: ['a', 'x']}});
  assert.deepEqual([...(await get('set')).S.SS].sort(), ['b', 'c']);
  await update('set', 'DELETE S :m', {':m': {SS: ['b', 'c']}});
  assert.deepEqual(await get('set'), item({ID: 'set'}));
});

test('each form of ReturnValues gives what it names', async () => {
  const run = async (ReturnValues) => {
    await put(table, item({ID: 'ret', A: 1, B: 2}));
    const set = {':v': av(5)};
    return (await update('ret', 'SET A = :v, C = :v', set, {ReturnValues})).Attributes;
  };
  assert.equal(await run('NONE'), undefined);
  assert.deepEqual(await run('ALL_OLD'), item({ID: 'ret', A: 1, B: 2}));
  assert.deepEqual(await run('UPDATED_OLD'), item({A: 1}));
  assert.deepEqual(await run('ALL_NEW'), item({ID: 'ret', A: 5, B: 2, C: 5}));
  assert.deepEqual(await run('UPDATED_NEW'), item({A: 5, C: 5}));
});

test('a condition that fails leaves the item as it was', async () => {
  await put(table, item({ID: 'c', A: 1}));
  await refused(update('c', 'SET A = :n', {':n': av(2), ':o': av(5)},
                       {ConditionExpression: 'A = :o'}),
                'ConditionalCheckFailedException', 'The conditional request failed');
  assert.deepEqual(await get('c'), item({ID: 'c', A: 1}));
});

for (const [what, expression, values, message] of [
  ['a key attribute', 'SET ID = :v', {':v': av('x')},
   'One or more parameter values were invalid: Cannot update attribute ID. ' +
       'This attribute is part of the key'],
  ['overlapping paths', 'SET M.a = :v, M = :v', {':v': av(1)}, /overlap/],
  ['the same path twice', 'SET A = :v REMOVE A', {':v': av(1)}, /overlap/],
  ['a clause twice', 'SET A = :v SET B = :v', {':v': av(1)}, /only be used once/],
  ['a path through nothing', 'SET Absent.x = :v', {':v': av(1)},
   'The document path provided in the update expression is invalid for update'],
  ['an operand that is not there', 'SET A = Absent', undefined,
   'The provided expression refers to an attribute that does not exist in the item'],
  ['addition to a string', 'SET T = T + :v', {':v': av(1)}, /incorrect data type/i],
  ['ADD of a string', 'ADD A :v', {':v': av('x')}, /[Ii]ncorrect operand type/],
  ['ADD to another type', 'ADD T :v', {':v': av(1)}, /type/],
  ['an unknown function', 'SET A = upper(:v)', {':v': av('x')}, /[Ii]nvalid function name/],
  ['a syntax error', 'SET A :v', {':v': av(1)}, /Syntax error/],
]) {
  test(`an update is refused with ${what}`, async () => {
    const old = item({ID: 'bad', A: 1, T: 'text', M: {a: 1}});
    await put(table, old);
    await refused(update('bad', expression, values), 'ValidationException', message);
    assert.deepEqual(await get('bad'), old);
  });
}

test('the keys of the table and of its indexes keep their types', async () => {
  const indexed = await createTable('UpdatesIndexed', {ID: 'S'}, {
    AttributeTypes: {G: 'S'},
    GlobalSecondaryIndexes: [
      {IndexName: 'by-g', KeySchema: keySchema('G'), Projection: {ProjectionType: 'ALL'}},
    ],
  });
  const change = (more) => send(UpdateItemCommand, {
    TableName: indexed,
    Key: item({ID: 'i'}),
    ...more,
  });
  const one = {ExpressionAttributeValues: {':n': av(1)}};
  await put(indexed, item({ID: 'i', N: 1, G: 'g'}));
  const mismatch = 'One or more parameter values were invalid: ' +
      'Type mismatch for Index Key G Expected: S Actual: N IndexName: by-g';
  await refused(change({UpdateExpression: 'SET G = :n', ...one}), 'ValidationException', mismatch);
  await refused(change({UpdateExpression: 'SET G = N + :n', ...one}), 'ValidationException',
                mismatch);
  await refused(change({AttributeUpdates: {G: {Value: av(1)}}}), 'ValidationException', mismatch);
  await refused(change({UpdateExpression: 'SET G = N'}), 'ValidationException',
                'The update expression attempted to update the secondary index key to ' +
                    'unsupported type');
  const scalars = "Key attributes must be scalars; list random access '[]' and map lookup '.' " +
      'are not allowed: ';
  await refused(change({UpdateExpression: 'SET G.a = :n', ...one}), 'ValidationException',
                `${scalars}IndexKey: G`);
  await refused(change({ConditionExpression: 'attribute_exists(ID.a)'}), 'ValidationException',
                `${scalars}Key: ID`);
  const Key = item({ID: 'i'});
  await refused(send(GetItemCommand, {TableName: indexed, Key, ProjectionExpression: 'ID[0], N'}),
                'ValidationException', `${scalars}Key: ID`);
  await refused(send(ScanCommand, {TableName: indexed, FilterExpression: 'attribute_exists(G.a)'}),
                'ValidationException', `${scalars}IndexKey: G`);
  assert.deepEqual((await send(GetItemCommand, {TableName: indexed, Key})).Item,
                   item({ID: 'i', N: 1, G: 'g'}));
});

test('UPDATED_OLD and UPDATED_NEW show the paths that were written, and no more', async () => {
  const run = async (ReturnValues, expression, values) => {
    await put(table, item({ID: 'paths', M: {a: 1, b: {c: 2, d: 3}}, L: [0, 1, 2, 3], Z: 9}));
    return (await update('paths', expression, values, {ReturnValues})).Attributes;
  };
  const v = {':v': av(7)};
  assert.deepEqual(await run('UPDATED_NEW', 'SET M.a = :v, M.b.c = :v', v),
                   item({M: {a: 7, b: {c: 7}}}));
  assert.deepEqual(await run('UPDATED_OLD', 'SET M.a = :v, M.b.c = :v', v),
                   item({M: {a: 1, b: {c: 2}}}));
  assert.deepEqual(await run('UPDATED_NEW', 'SET L[1] = :v, L[3] = :v', v), item({L: [7, 7]}));
  assert.deepEqual(await run('UPDATED_OLD', 'SET L[1] = :v, L[3] = :v', v), item({L: [1, 3]}));
  assert.deepEqual(await run('UPDATED_OLD', 'REMOVE M.b, Z'), item({M: {b: {c: 2, d: 3}}, Z: 9}));
  assert.equal(await run('UPDATED_NEW', 'REMOVE M.b, Z'), undefined);
  assert.deepEqual(await run('UPDATED_OLD', 'SET Extra = :v, Z = :v', v), item({Z: 9}));
  assert.equal(await run('UPDATED_OLD', 'SET Extra = :v', v), undefined);
  assert.deepEqual(await run('UPDATED_OLD', 'REMOVE L[1], L[9]'), item({L: [1]}));
  // The paths are looked up in the item as it is then: an element that moved up is shown, one that
  // was appended beyond the end is not.
  assert.deepEqual(await run('UPDATED_NEW', 'REMOVE L[1]'), item({L: [2]}));
  assert.equal(await run('UPDATED_NEW', 'SET L[100] = :v', v), undefined);
  assert.deepEqual(await run('UPDATED_NEW', 'SET L[4] = :v', v), item({L: [7]}));
});

test('an update that makes no item returns none, one that only touches it returns the key',
     async () => {
       const key = {TableName: table, Key: item({ID: 'nobody'}), ReturnValues: 'ALL_NEW'};
       const {Attributes} = await send(UpdateItemCommand, {...key, UpdateExpression: 'REMOVE A'});
       assert.equal(Attributes, undefined);
       assert.equal(await get('nobody'), undefined);
       const touched = await send(UpdateItemCommand, {...key, AttributeUpdates: {}});
       assert.deepEqual(touched.Attributes, key.Key);
     });

test('an update may not make the item larger than 400 KB', async () => {
  await put(table, item({ID: 'big', A: 'x'.repeat(300_000)}));
  await refused(update('big', 'SET B = :v', {':v': av('x'.repeat(200_000))}), 'ValidationException',
                'Item size to update has exceeded the maximum allowed size');
  assert.equal((await get('big')).B, undefined);
});

test('a hundred concurrent additions are all counted', async () => {
  await Promise.all(Array.from({length: 100}, () => update('count', 'ADD N :o', {':o': av(1)})));
  assert.deepEqual(await get('count'), item({ID: 'count', N: 100}));
});
