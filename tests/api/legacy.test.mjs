// The parameters that DynamoDB had before expressions: Expected, ConditionalOperator,
// AttributeUpdates, KeyConditions, QueryFilter, ScanFilter, AttributesToGet.

import assert from 'node:assert/strict';
import {before, test} from 'node:test';
import {
  BatchGetItemCommand, DeleteItemCommand, GetItemCommand, PutItemCommand, QueryCommand,
  ScanCommand, UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import {av, createTable, item, keySchema, put, refused, send} from './fixture.mjs';

const invalid = (problem) => `One or more parameter values were invalid: ${problem}`;
const condition = (ComparisonOperator, ...values) =>
    ({ComparisonOperator, AttributeValueList: values.map(av)});

let table;
let sorted;
before(async () => {
  table = await createTable('Legacy', {ID: 'S'});
  sorted = await createTable('LegacySorted', {P: 'S', R: 'N'}, {
    AttributeTypes: {L: 'S', G: 'S'},
    LocalSecondaryIndexes: [{
      IndexName: 'by-l',
      KeySchema: keySchema('P', 'L'),
      Projection: {ProjectionType: 'KEYS_ONLY'},
    }],
    GlobalSecondaryIndexes: [{
      IndexName: 'by-g',
      KeySchema: keySchema('G'),
      Projection: {ProjectionType: 'ALL'},
    }],
  });
  for (let i = 0; i < 6; ++i) {
    await put(sorted, item({P: 'p', R: i, L: `l${9 - i}`, G: 'g', A: i % 2, 'dotted.name': i}));
  }
});

async function get(key) {
  const request = {TableName: table, Key: item({ID: key}), ConsistentRead: true};
  return (await send(GetItemCommand, request)).Item;
}
const update = (key, AttributeUpdates, more = {}) => send(
    UpdateItemCommand, {TableName: table, Key: item({ID: key}), AttributeUpdates, ...more});
const query = (more) => send(QueryCommand, {
  TableName: sorted,
  KeyConditions: {P: condition('EQ', 'p')},
  ...more,
});
const scan = (more) => send(ScanCommand, {TableName: sorted, ...more});
const sortKeys = ({Items}) => Items.map(({R}) => Number(R.N));

test('AttributeUpdates put, add and delete', async () => {
  await put(table, {...item({ID: 'u', N: 1, L: [1], Gone: 'x'}), S: {SS: ['a', 'b']}});
  await update('u', {
    New: {Value: av('new')},
    N: {Action: 'ADD', Value: av(4)},
    L: {Action: 'ADD', Value: av([2, 3])},
    S: {Action: 'DELETE', Value: {SS: ['b', 'z']}},
    Gone: {Action: 'DELETE'},
    Absent: {Action: 'DELETE'},
    Count: {Action: 'ADD', Value: av(1)},
    'a.b': {Action: 'PUT', Value: av(null)},
  });
  assert.deepEqual(await get('u'), {
    ...item({ID: 'u', N: 5, L: [1, 2, 3], New: 'new', Count: 1, 'a.b': null}),
    S: {SS: ['a']},
  });
});

test('AttributeUpdates return what an UpdateExpression returns', async () => {
  const run = async (ReturnValues) => {
    await put(table, item({ID: 'r', A: 1, B: 2}));
    const updates = {A: {Action: 'ADD', Value: av(4)}, C: {Value: av(5)}};
    return (await update('r', updates, {ReturnValues})).Attributes;
  };
  assert.equal(await run('NONE'), undefined);
  assert.deepEqual(await run('ALL_OLD'), item({ID: 'r', A: 1, B: 2}));
  assert.deepEqual(await run('UPDATED_OLD'), item({A: 1}));
  assert.deepEqual(await run('ALL_NEW'), item({ID: 'r', A: 5, B: 2, C: 5}));
  assert.deepEqual(await run('UPDATED_NEW'), item({A: 5, C: 5}));
});

test('AttributeUpdates of an absent item', async () => {
  await update('none', {A: {Action: 'DELETE'}});
  assert.equal(await get('none'), undefined);
  await update('touched', {});
  assert.deepEqual(await get('touched'), item({ID: 'touched'}));
  await update('added', {A: {Action: 'ADD', Value: av(2)}});
  assert.deepEqual(await get('added'), item({ID: 'added', A: 2}));
});

for (const [what, updates, message] of [
  ['no value', {A: {}}, invalid('Only DELETE action is allowed when no attribute value is specified')],
  ['ADD without a value', {A: {Action: 'ADD'}},
   invalid('Only DELETE action is allowed when no attribute value is specified')],
  ['ADD of a string', {A: {Action: 'ADD', Value: av('x')}},
   invalid('ADD action is not supported for the type S')],
  ['DELETE of a number', {A: {Action: 'DELETE', Value: av(1)}},
   invalid('DELETE action with value is not supported for the type N')],
  ['ADD to another type', {T: {Action: 'ADD', Value: av(1)}},
   'Type mismatch for attribute to update'],
  ['DELETE from another type', {T: {Action: 'DELETE', Value: {SS: ['a']}}},
   'Type mismatch for attribute to update'],
  ['a key attribute', {ID: {Value: av('x')}},
   invalid('Cannot update attribute ID. This attribute is part of the key')],
  ['an unknown action', {A: {Action: 'SET', Value: av(1)}},
   /at 'attributeUpdates\.A\.member\.action' failed to satisfy constraint: Member must satisfy enum value set: \[ADD, PUT, DELETE\]/],
]) {
  test(`AttributeUpdates are refused with ${what}`, async () => {
    const old = item({ID: 'bad', A: 1, T: 'text'});
    await put(table, old);
    await refused(update('bad', updates), 'ValidationException', message);
    assert.deepEqual(await get('bad'), old);
  });
}

for (const [what, Expected, holds, ConditionalOperator] of [
  ['a value', {A: {Value: av(1)}}, true],
  ['a value that exists', {A: {Value: av(1), Exists: true}}, true],
  ['another value', {A: {Value: av(2)}}, false],
  ['an absent attribute', {Z: {Exists: false}}, true],
  ['an attribute that is there', {A: {Exists: false}}, false],
  ['EQ with Value', {A: {ComparisonOperator: 'EQ', Value: av(1)}}, true],
  ['NE of an absent attribute', {Z: condition('NE', 1)}, true],
  ['GT', {A: condition('GT', 0)}, true],
  ['LE of another type', {A: condition('LE', 'x')}, false],
  ['BETWEEN', {A: condition('BETWEEN', 0, 1)}, true],
  ['IN', {A: condition('IN', 0, 2)}, false],
  ['NULL', {A: condition('NULL')}, false],
  ['NOT_NULL', {A: condition('NOT_NULL')}, true],
  ['CONTAINS in a string', {T: condition('CONTAINS', 'ex')}, true],
  ['CONTAINS in a list', {L: condition('CONTAINS', true)}, true],
  ['NOT_CONTAINS', {T: condition('NOT_CONTAINS', 'zz')}, true],
  ['NOT_CONTAINS of an absent attribute', {Z: condition('NOT_CONTAINS', 'zz')}, false],
  ['BEGINS_WITH', {T: condition('BEGINS_WITH', 'te')}, true],
  ['two conditions', {A: {Value: av(1)}, T: {Value: av('other')}}, false],
  ['two conditions and AND', {A: {Value: av(1)}, T: {Value: av('other')}}, false, 'AND'],
  ['two conditions and OR', {A: {Value: av(1)}, T: {Value: av('other')}}, true, 'OR'],
  ['no conditions', {}, true],
]) {
  test(`writes expect ${what}`, async () => {
    const old = item({ID: 'e', A: 1, T: 'text', L: [1, true]});
    const table_key = {TableName: table, Expected, ConditionalOperator};
    for (const [Command, input] of [
      [UpdateItemCommand, {Key: item({ID: 'e'}), AttributeUpdates: {U: {Value: av('u')}}}],
      [PutItemCommand, {Item: item({ID: 'e', New: 1})}],
      [DeleteItemCommand, {Key: item({ID: 'e'})}],
    ]) {
      await put(table, old);
      const written = send(Command, {...table_key, ...input});
      if (holds) {
        await written;
        assert.notDeepEqual(await get('e'), old);
      } else {
        await refused(written, 'ConditionalCheckFailedException', 'The conditional request failed');
        assert.deepEqual(await get('e'), old);
      }
    }
  });
}

test('an unmet expectation shows the item where asked for', async () => {
  await put(table, item({ID: 'shown', A: 1}));
  const error = await refused(
      update('shown', {}, {
        Expected: {A: {Value: av(2)}},
        ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
      }),
      'ConditionalCheckFailedException');
  assert.deepEqual(error.Item, item({ID: 'shown', A: 1}));
});

for (const [what, expected, message] of [
  ['nothing', {}, 'Value must be provided when Exists is null for Attribute: A'],
  ['Exists alone', {Exists: true}, 'Value must be provided when Exists is true for Attribute: A'],
  ['a Value that does not exist', {Exists: false, Value: av(1)},
   'Value cannot be used when Exists is false for Attribute: A'],
  ['Value and a list', {Value: av(1), ...condition('EQ', 1)},
   'Value and AttributeValueList cannot be used together for Attribute: A'],
  ['Exists and an operator', {Exists: false, ...condition('EQ', 1)},
   'Exists and ComparisonOperator cannot be used together for Attribute: A'],
  ['an operator alone', {ComparisonOperator: 'EQ'},
   'Value or AttributeValueList must be used with ComparisonOperator: EQ for Attribute: A'],
  ['a list alone', {AttributeValueList: [av(1)]},
   'AttributeValueList can only be used with a ComparisonOperator for Attribute: A'],
  ['too few bounds', condition('BETWEEN', 1),
   'Invalid number of argument(s) for the BETWEEN ComparisonOperator'],
  ['a type that does not go with the operator', condition('BEGINS_WITH', 1),
   'ComparisonOperator BEGINS_WITH is not valid for N AttributeValue type'],
]) {
  test(`Expected is refused with ${what}`, async () => {
    await refused(update('e', {}, {Expected: {A: expected}}), 'ValidationException',
                  invalid(message));
  });
}

test('KeyConditions choose a range of the sort key', async () => {
  for (const [sort, wanted] of [
    [undefined, [0, 1, 2, 3, 4, 5]],
    [condition('EQ', 2), [2]],
    [condition('LT', 2), [0, 1]],
    [condition('LE', 2), [0, 1, 2]],
    [condition('GT', 3), [4, 5]],
    [condition('GE', 3), [3, 4, 5]],
    [condition('BETWEEN', 1, 3), [1, 2, 3]],
  ]) {
    const KeyConditions = {P: condition('EQ', 'p'), ...(sort && {R: sort})};
    assert.deepEqual(sortKeys(await query({KeyConditions})), wanted);
  }
  assert.deepEqual(
      sortKeys(await query({
        IndexName: 'by-l',
        KeyConditions: {P: condition('EQ', 'p'), L: condition('BEGINS_WITH', 'l9')},
      })),
      [0]);
  assert.deepEqual(sortKeys(await query({ScanIndexForward: false, Limit: 2})), [5, 4]);
});

for (const [what, KeyConditions, message, more] of [
  ['no condition', {}, 'Conditions can be of length 1 or 2 only'],
  ['three conditions',
   {P: condition('NULL'), R: condition('NULL'), X: condition('NULL')},
   'Conditions can be of length 1 or 2 only'],
  ['no partition key', {R: condition('EQ', 1)}, 'Query condition missed key schema element: P'],
  ['another attribute', {P: condition('EQ', 'p'), X: condition('EQ', 1)},
   'Query condition missed key schema element: R'],
  ['a range of the partition key', {P: condition('GT', 'p')}, 'Query key condition not supported'],
  ['an operator that is not indexed', {P: condition('EQ', 'p'), R: condition('NE', 1)},
   'Attempted conditional constraint is not an indexable operation'],
  ['another type', {P: condition('EQ', 1)},
   invalid('Condition parameter type does not match schema type')],
  ['bounds out of order', {P: condition('EQ', 'p'), R: condition('BETWEEN', 2, 1)},
   'The BETWEEN condition was provided a range where the lower bound is greater than the upper bound'],
  ['a sort key that the index lacks', {G: condition('EQ', 'g'), R: condition('EQ', 1)},
   'Query key condition not supported', {IndexName: 'by-g'}],
]) {
  test(`KeyConditions are refused with ${what}`, async () => {
    await refused(query({KeyConditions, ...more}), 'ValidationException', message);
  });
}

test('a Query without any condition on the key is refused', async () => {
  await refused(query({KeyConditions: undefined, QueryFilter: {A: condition('EQ', 1)}}),
                'ValidationException',
                'Either the KeyConditions or KeyConditionExpression parameter must be specified ' +
                    'in the request.');
});

test('QueryFilter and ScanFilter choose items after they are counted', async () => {
  const page = await query({QueryFilter: {A: condition('EQ', 1)}});
  assert.deepEqual(sortKeys(page), [1, 3, 5]);
  assert.equal(page.Count, 3);
  assert.equal(page.ScannedCount, 6);
  const either = {A: condition('EQ', 1), 'dotted.name': condition('EQ', 4)};
  assert.deepEqual(sortKeys(await query({QueryFilter: either, ConditionalOperator: 'OR'})),
                   [1, 3, 4, 5]);
  assert.deepEqual(sortKeys(await query({QueryFilter: either})), []);
  // A ScanFilter may name key attributes.
  const scanned = await scan({ScanFilter: {R: condition('GE', 4), P: condition('EQ', 'p')}});
  assert.deepEqual(sortKeys(scanned).sort(), [4, 5]);
  await refused(query({QueryFilter: {R: condition('EQ', 1)}}), 'ValidationException',
                'QueryFilter can only contain non-primary key attributes: ' +
                    'Primary key attribute: R');
});

test('KeyConditions go with a FilterExpression and a ProjectionExpression', async () => {
  const page = await query({
    FilterExpression: 'A = :one',
    ProjectionExpression: 'R',
    ExpressionAttributeValues: {':one': av(1)},
  });
  assert.deepEqual(page.Items, [1, 3, 5].map((R) => item({R})));
});

test('AttributesToGet are names of attributes, and no paths', async () => {
  const Key = item({P: 'p', R: 2});
  const AttributesToGet = ['dotted.name', 'A', 'Absent'];
  const wanted = item({A: 0, 'dotted.name': 2});
  const read = {TableName: sorted, Key, AttributesToGet};
  assert.deepEqual((await send(GetItemCommand, read)).Item, wanted);
  const RequestItems = {[sorted]: {Keys: [Key], AttributesToGet}};
  const batch = await send(BatchGetItemCommand, {RequestItems});
  assert.deepEqual(batch.Responses[sorted], [wanted]);
  const page = await query({AttributesToGet, QueryFilter: {A: condition('EQ', 0)}});
  assert.deepEqual(page.Items[1], wanted);
  assert.equal((await scan({AttributesToGet: ['R']})).Items.length, 6);
  assert.deepEqual(
      (await send(GetItemCommand, {...read, AttributesToGet: ['Absent']})).Item, {});
});

test('AttributesToGet costs what the whole item costs', async () => {
  const Key = item({P: 'wide', R: 1});
  await put(sorted, {...Key, ...item({W: 'w'.repeat(9000)})});
  const {ConsumedCapacity} = await send(GetItemCommand, {
    TableName: sorted,
    Key,
    AttributesToGet: ['P'],
    ConsistentRead: true,
    ReturnConsumedCapacity: 'TOTAL',
  });
  assert.equal(ConsumedCapacity.CapacityUnits, 3);
});

test('AttributesToGet on indexes and beside Select', async () => {
  const AttributesToGet = ['A'];
  // A local index fetches what it lacks.
  assert.deepEqual((await query({IndexName: 'by-l', AttributesToGet, Limit: 1})).Items,
                   [item({A: 1})]);
  await query({AttributesToGet, Select: 'SPECIFIC_ATTRIBUTES'});
  await refused(query({AttributesToGet, Select: 'COUNT'}), 'ValidationException',
                'Cannot specify the AttributesToGet when choosing to get only the Count');
  await refused(query({AttributesToGet, Select: 'ALL_ATTRIBUTES'}), 'ValidationException',
                'Cannot specify the AttributesToGet when choosing to get ALL_ATTRIBUTES');
  await refused(query({AttributesToGet: ['A', 'B', 'A']}), 'ValidationException',
                invalid('Duplicate value in attribute name: A'));
  await refused(query({AttributesToGet: []}), 'ValidationException',
                /at 'attributesToGet' failed to satisfy constraint: Member must have length greater than or equal to 1/);
});

const mixed = (legacy, expressions) =>
    'Can not use both expression and non-expression parameters in the same request: ' +
    `Non-expression parameters: {${legacy}} Expression parameters: {${expressions}}`;

test('legacy parameters and expressions do not mix', async () => {
  const values = {ExpressionAttributeValues: {':v': av(1)}};
  const two = {A: condition('EQ', 1), B: condition('EQ', 1)};
  for (const [ask, legacy, expressions] of [
    [() => scan({
       AttributesToGet: ['A'], ScanFilter: two, ConditionalOperator: 'AND',
       FilterExpression: 'A = :v', ProjectionExpression: 'B', ...values,
     }),
     'AttributesToGet, ScanFilter, ConditionalOperator', 'ProjectionExpression, FilterExpression'],
    [() => query({
       QueryFilter: two, ConditionalOperator: 'AND', KeyConditionExpression: 'P = :v',
       FilterExpression: 'A = :v', ProjectionExpression: 'B', ...values,
     }),
     'QueryFilter, ConditionalOperator, KeyConditions',
     'ProjectionExpression, FilterExpression, KeyConditionExpression'],
    [() => update('m', {A: {Value: av(1)}}, {
       Expected: two, ConditionalOperator: 'AND', UpdateExpression: 'SET A = :v',
       ConditionExpression: 'attribute_exists(A)', ...values,
     }),
     'AttributeUpdates, Expected, ConditionalOperator', 'UpdateExpression, ConditionExpression'],
    [() => put(table, item({ID: 'm'}), {Expected: {}, ConditionExpression: 'attribute_exists(A)'}),
     'Expected', 'ConditionExpression'],
    [() => send(GetItemCommand, {
       TableName: table, Key: item({ID: 'm'}), AttributesToGet: ['A'], ProjectionExpression: 'A',
     }),
     'AttributesToGet', 'ProjectionExpression'],
  ]) {
    await refused(ask(), 'ValidationException', mixed(legacy, expressions));
  }
});

test('ConditionalOperator joins two conditions or more', async () => {
  const without = 'ConditionalOperator cannot be used without Filter or Expected';
  const tooFew =
      'ConditionalOperator can only be used when Filter or Expected has two or more elements';
  const ConditionalOperator = 'AND';
  const one = {A: condition('EQ', 1)};
  for (const [ask, message] of [
    [() => scan({ConditionalOperator}), without],
    [() => scan({ConditionalOperator, ScanFilter: {}}), without],
    [() => scan({ConditionalOperator, ScanFilter: one}), tooFew],
    [() => query({ConditionalOperator}), without],
    [() => query({ConditionalOperator, QueryFilter: one}), tooFew],
    [() => update('c', {}, {ConditionalOperator}), without],
    [() => update('c', {}, {ConditionalOperator, Expected: one}), tooFew],
    [() => put(table, item({ID: 'c'}), {ConditionalOperator}), without],
    [() => send(DeleteItemCommand, {
       TableName: table, Key: item({ID: 'c'}), ConditionalOperator, Expected: one,
     }),
     tooFew],
  ]) {
    await refused(ask(), 'ValidationException', message);
  }
  await refused(scan({ConditionalOperator: 'XOR'}), 'ValidationException',
                /at 'conditionalOperator' failed to satisfy constraint: Member must satisfy enum value set: \[OR, AND\]/);
});
