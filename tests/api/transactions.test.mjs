// TransactWriteItems and TransactGetItems.

import assert from 'node:assert/strict';
import {before, test} from 'node:test';
import {
  GetItemCommand, TransactGetItemsCommand, TransactWriteItemsCommand, UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import {av, createTable, item, put, refused, send, uniqueName} from './fixture.mjs';

let table;
let other;
before(async () => {
  table = await createTable('TxOne', {ID: 'S'});
  other = await createTable('TxTwo', {P: 'S', R: 'N'});
});

const write = (TransactItems, more = {}) =>
    send(TransactWriteItemsCommand, {TransactItems, ...more});
const get = async (ID) =>
    (await send(GetItemCommand, {TableName: table, Key: item({ID}), ConsistentRead: true})).Item;

const putOf = (values, more = {}) => ({Put: {TableName: table, Item: item(values), ...more}});
const deleteOf = (ID) => ({Delete: {TableName: table, Key: item({ID})}});
const checkOf = (ID, ConditionExpression, values) => ({
  ConditionCheck: {
    TableName: table,
    Key: item({ID}),
    ConditionExpression,
    ExpressionAttributeValues: values,
  },
});
const updateOf = (ID, UpdateExpression, values, more = {}) => ({
  Update: {
    TableName: table,
    Key: item({ID}),
    UpdateExpression,
    ExpressionAttributeValues: values,
    ...more,
  },
});

test('all four actions in two tables happen together', async () => {
  await put(table, item({ID: 'checked', V: 1}));
  await put(table, item({ID: 'deleted'}));
  await put(table, item({ID: 'updated', N: 1}));
  await write([
    putOf({ID: 'put', V: 1}),
    deleteOf('deleted'),
    updateOf('updated', 'SET N = N + :o', {':o': av(1)}),
    checkOf('checked', 'V = :v', {':v': av(1)}),
    {Put: {TableName: other, Item: item({P: 'p', R: 1})}},
  ]);
  assert.deepEqual(await get('put'), item({ID: 'put', V: 1}));
  assert.equal(await get('deleted'), undefined);
  assert.deepEqual(await get('updated'), item({ID: 'updated', N: 2}));

  const {Responses} = await send(TransactGetItemsCommand, {
    TransactItems: [
      {Get: {TableName: other, Key: item({P: 'p', R: 1})}},
      {Get: {TableName: table, Key: item({ID: 'nothing'})}},
      {Get: {TableName: table, Key: item({ID: 'updated'}), ProjectionExpression: 'N'}},
    ],
  });
  assert.deepEqual(Responses, [{Item: item({P: 'p', R: 1})}, {}, {Item: item({N: 2})}]);
});

test('one failed condition cancels everything, with a reason for each action', async () => {
  await put(table, item({ID: 'there', V: 1}));
  const error = await refused(
      write([
        putOf({ID: 'never'}),
        putOf({ID: 'there', V: 2}, {
          ConditionExpression: 'attribute_not_exists(ID)',
          ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
        }),
        checkOf('absent', 'attribute_exists(ID)'),
      ]),
      'TransactionCanceledException',
      'Transaction cancelled, please refer cancellation reasons for specific reasons ' +
          '[None, ConditionalCheckFailed, ConditionalCheckFailed]');
  const [none, failed, absent] = error.CancellationReasons;
  assert.deepEqual(none, {Code: 'None'});
  assert.equal(failed.Code, 'ConditionalCheckFailed');
  assert.equal(failed.Message, 'The conditional request failed');
  assert.deepEqual(failed.Item, item({ID: 'there', V: 1}));
  assert.equal(absent.Code, 'ConditionalCheckFailed');
  assert.equal(absent.Item, undefined);
  assert.equal(await get('never'), undefined);
  assert.deepEqual(await get('there'), item({ID: 'there', V: 1}));
});

test('an update that cannot be applied cancels with ValidationError', async () => {
  await put(table, item({ID: 'text', V: 'x'}));
  const error = await refused(
      write([putOf({ID: 'never'}), updateOf('text', 'SET V = V + :o', {':o': av(1)})]),
      'TransactionCanceledException');
  assert.deepEqual(error.CancellationReasons.map(({Code}) => Code), ['None', 'ValidationError']);
  assert.equal(await get('never'), undefined);
});

test('the same token does the work once', async () => {
  const ClientRequestToken = uniqueName('t').slice(-36);
  await put(table, item({ID: 'token', N: 0}));
  const request = [updateOf('token', 'ADD N :o', {':o': av(1)})];
  for (let i = 0; i < 3; ++i) await write(request, {ClientRequestToken});
  assert.deepEqual(await get('token'), item({ID: 'token', N: 1}));
  await refused(write([updateOf('token', 'ADD N :o', {':o': av(2)})], {ClientRequestToken}),
                'IdempotentParameterMismatchException');
  assert.deepEqual(await get('token'), item({ID: 'token', N: 1}));
});

test('consumed capacity is twice that of plain requests', async () => {
  const total = {ReturnConsumedCapacity: 'TOTAL'};
  const wrote = await write([putOf({ID: 'c1'}), putOf({ID: 'c2'})], total);
  assert.equal(wrote.ConsumedCapacity[0].CapacityUnits, 4);
  const TransactItems = [{Get: {TableName: table, Key: item({ID: 'c1'})}}];
  const got = await send(TransactGetItemsCommand, {TransactItems, ...total});
  assert.equal(got.ConsumedCapacity[0].CapacityUnits, 2);
});

test('one hundred actions are done and 101 are refused', async () => {
  const actions = (count, stem) =>
      Array.from({length: count}, (_, i) => putOf({ID: `${stem}${i}`}));
  await write(actions(100, 'h'));
  assert.ok(await get('h99'));
  await refused(write(actions(101, 'i')), 'ValidationException');
  assert.equal(await get('i0'), undefined);
});

test('a transaction that is wrong in itself changes nothing', async () => {
  const absent = uniqueName('Absent');
  const wrong = [
    [[putOf({ID: 'w'}), deleteOf('w')], 'ValidationException',
     'Transaction request cannot include multiple operations on one item'],
    [[putOf({ID: 'w'}), {}], 'ValidationException', undefined],
    [[{...putOf({ID: 'w'}), ...deleteOf('v')}], 'ValidationException', undefined],
    [[putOf({ID: 'w'}), {Put: {TableName: absent, Item: item({ID: 'x'})}}],
     'ResourceNotFoundException', undefined],
    [[putOf({ID: 'w'}), checkOf('x', 'A = :missing')], 'ValidationException', /:missing/],
    [[], 'ValidationException', undefined],
  ];
  for (const [request, name, message] of wrong) await refused(write(request), name, message);
  assert.equal(await get('w'), undefined);
});

test('money that many clients move stays the same in sum', async () => {
  const accounts = Array.from({length: 10}, (_, i) => `account${i}`);
  for (const ID of accounts) await put(table, item({ID, Money: 100}));
  const Gets = accounts.map((ID) => ({Get: {TableName: table, Key: item({ID})}}));
  const total = async () => {
    const {Responses} = await send(TransactGetItemsCommand, {TransactItems: Gets});
    return Responses.reduce((sum, {Item}) => sum + Number(Item.Money.N), 0);
  };
  const enough = {ConditionExpression: 'Money >= :m'};
  const expected = ['TransactionCanceledException', 'TransactionConflictException'];
  const mover = async (seed) => {
    for (let i = 0; i < 25; ++i) {
      const from = accounts[(seed * 7 + i) % 10];
      const to = accounts[(seed * 7 + i * 3 + 1) % 10];
      if (from === to) continue;
      const m = {':m': av(1 + (i % 20))};
      await write([updateOf(from, 'SET Money = Money - :m', m, enough),
                   updateOf(to, 'SET Money = Money + :m', m)])
          .catch((error) => assert.ok(expected.includes(error.name), `${error}`));
    }
  };
  const observer = async () => {
    for (let i = 0; i < 25; ++i) {
      const sum = await total().catch((error) => {
        assert.ok(expected.includes(error.name), `${error}`);
        return 1000;
      });
      assert.equal(sum, 1000);
    }
  };
  await Promise.all([mover(1), mover(2), mover(3), mover(4), observer()]);
  assert.equal(await total(), 1000);
});

test('a plain write and a transaction on one item both count', async () => {
  await put(table, item({ID: 'both', N: 0}));
  const plain = {
    TableName: table,
    Key: item({ID: 'both'}),
    UpdateExpression: 'ADD N :o',
    ExpressionAttributeValues: {':o': av(1)},
  };
  let done = 0;
  const count = () => ++done;
  const conflict = (error) => assert.match(error.name, /^Transaction(Canceled|Conflict)Exception$/);
  const transacted = [updateOf('both', 'ADD N :o', {':o': av(1)})];
  const one = (i) => i % 2 ? send(UpdateItemCommand, plain) : write(transacted);
  await Promise.all(Array.from({length: 40}, (_, i) => one(i).then(count, conflict)));
  assert.deepEqual(await get('both'), item({ID: 'both', N: done}));
});
