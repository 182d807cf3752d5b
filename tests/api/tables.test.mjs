// CreateTable, DescribeTable, ListTables, DeleteTable, UpdateTable without indexes, DescribeLimits.

import assert from 'node:assert/strict';
import {test} from 'node:test';
import {
  CreateTableCommand, DeleteTableCommand, DescribeContinuousBackupsCommand,
  DescribeEndpointsCommand, DescribeLimitsCommand, DescribeTableCommand, DescribeTimeToLiveCommand,
  ListTablesCommand, UpdateTableCommand,
} from '@aws-sdk/client-dynamodb';
import {
  createTable, definitions, item, keySchema, put, refused, send, uniqueName, untilActive, untilGone,
} from './fixture.mjs';

const simple = (TableName) => ({
  TableName,
  KeySchema: keySchema('ID'),
  AttributeDefinitions: definitions({ID: 'S'}),
  BillingMode: 'PAY_PER_REQUEST',
});

test('a table is created, described, listed and deleted', async () => {
  const TableName = uniqueName('Music');
  const before = Date.now();
  const {TableDescription} = await send(CreateTableCommand, {
    ...simple(TableName),
    KeySchema: keySchema('Artist', 'Song'),
    AttributeDefinitions: definitions({Artist: 'S', Song: 'S'}),
  });
  assert.equal(TableDescription.TableName, TableName);
  assert.equal(TableDescription.TableStatus, 'CREATING');
  assert.equal(TableDescription.BillingModeSummary.BillingMode, 'PAY_PER_REQUEST');
  assert.equal(TableDescription.ItemCount, 0);
  assert.equal(TableDescription.TableSizeBytes, 0);
  assert.equal(TableDescription.DeletionProtectionEnabled, false);
  assert.equal(TableDescription.ProvisionedThroughput.ReadCapacityUnits, 0);
  assert.equal(TableDescription.ProvisionedThroughput.NumberOfDecreasesToday, 0);
  assert.match(TableDescription.TableId, /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
  assert.match(TableDescription.TableArn,
               new RegExp(`^arn:aws:dynamodb:[a-z0-9-]+:[0-9]{12}:table/${TableName}$`));
  const age = TableDescription.CreationDateTime.getTime() - before;
  assert.ok(Math.abs(age) < 60_000, `created ${age} ms after the request`);

  const table = await untilActive(TableName);
  assert.deepEqual(table.KeySchema, keySchema('Artist', 'Song'));
  assert.deepEqual(new Set(table.AttributeDefinitions.map((d) => d.AttributeName)),
                   new Set(['Artist', 'Song']));
  assert.equal(table.TableId, TableDescription.TableId);

  const byArn = await send(DescribeTableCommand, {TableName: table.TableArn});
  assert.equal(byArn.Table.TableName, TableName);

  const {TableNames} = await send(
      ListTablesCommand, {ExclusiveStartTableName: TableName.slice(0, -1), Limit: 1});
  assert.deepEqual(TableNames, [TableName]);

  const deleted = await send(DeleteTableCommand, {TableName});
  assert.equal(deleted.TableDescription.TableStatus, 'DELETING');
  await untilGone(TableName);
});

test('a provisioned table keeps its throughput', async () => {
  const TableName = await createTable('Provisioned', {ID: 'S'}, {
    BillingMode: 'PROVISIONED',
    ProvisionedThroughput: {ReadCapacityUnits: 7, WriteCapacityUnits: 3},
  });
  const {Table} = await send(DescribeTableCommand, {TableName});
  assert.equal(Table.ProvisionedThroughput.ReadCapacityUnits, 7);
  assert.equal(Table.ProvisionedThroughput.WriteCapacityUnits, 3);
});

test('ListTables pages in the order of names', async () => {
  const stem = uniqueName('Paged');
  const names = ['a', 'b', 'c', 'd', 'e'].map((letter) => `${stem}-${letter}`);
  for (const name of [...names].reverse()) await send(CreateTableCommand, simple(name));
  const seen = [];
  let start = stem;
  while (seen.length < names.length) {
    const page = await send(ListTablesCommand, {ExclusiveStartTableName: start, Limit: 2});
    assert.ok(page.TableNames.length <= 2);
    seen.push(...page.TableNames.filter((name) => name.startsWith(`${stem}-`)));
    if (!page.LastEvaluatedTableName) break;
    assert.equal(page.LastEvaluatedTableName, page.TableNames.at(-1));
    start = page.LastEvaluatedTableName;
  }
  assert.deepEqual(seen, names);
  for (const TableName of names) {
    await untilActive(TableName);
    await send(DeleteTableCommand, {TableName});
  }
});

test('a table that exists cannot be created again', async () => {
  const TableName = await createTable('Twice', {ID: 'S'});
  await refused(send(CreateTableCommand, simple(TableName)), 'ResourceInUseException',
                `Table already exists: ${TableName}`);
});

test('a table that does not exist is not found', async () => {
  const TableName = uniqueName('Absent');
  const message = `Requested resource not found: Table: ${TableName} not found`;
  await refused(send(DescribeTableCommand, {TableName}), 'ResourceNotFoundException', message);
  await refused(send(DeleteTableCommand, {TableName}), 'ResourceNotFoundException', message);
  await refused(put(TableName, item({ID: 'a'})), 'ResourceNotFoundException',
                'Requested resource not found');
});

for (const [what, change] of [
  ['a name of two characters', {TableName: 'ab'}],
  ['a name with a blank', {TableName: 'with blank'}],
  ['a key without a definition', {AttributeDefinitions: definitions({Other: 'S'})}],
  ['a definition that nothing uses', {AttributeDefinitions: definitions({ID: 'S', More: 'S'})}],
  ['no partition key', {KeySchema: [{AttributeName: 'ID', KeyType: 'RANGE'}]}],
  ['two partition keys', {
    KeySchema: [...keySchema('ID'), ...keySchema('More')],
    AttributeDefinitions: definitions({ID: 'S', More: 'S'}),
  }],
  ['a key that is a map', {AttributeDefinitions: definitions({ID: 'M'})}],
  ['throughput on demand', {ProvisionedThroughput: {ReadCapacityUnits: 1, WriteCapacityUnits: 1}}],
  ['provisioned without throughput', {BillingMode: 'PROVISIONED'}],
  ['throughput of zero', {
    BillingMode: 'PROVISIONED',
    ProvisionedThroughput: {ReadCapacityUnits: 0, WriteCapacityUnits: 1},
  }],
]) {
  test(`CreateTable refuses ${what}`, async () => {
    const request = {...simple(uniqueName('Refused')), ...change};
    await refused(send(CreateTableCommand, request), 'ValidationException');
    if (request.TableName.length > 2 && !request.TableName.includes(' ')) {
      await refused(send(DescribeTableCommand, {TableName: request.TableName}),
                    'ResourceNotFoundException');
    }
  });
}

test('deletion protection is respected and can be taken away', async () => {
  const TableName = await createTable('Protected', {ID: 'S'}, {DeletionProtectionEnabled: true});
  await refused(send(DeleteTableCommand, {TableName}), 'ValidationException',
                /deletion protection/i);
  await send(UpdateTableCommand, {TableName, DeletionProtectionEnabled: false});
  await untilActive(TableName);
  await send(DeleteTableCommand, {TableName});
  await untilGone(TableName);
});

test('UpdateTable changes the billing mode', async () => {
  const TableName = await createTable('Billing', {ID: 'S'});
  await send(UpdateTableCommand, {
    TableName,
    BillingMode: 'PROVISIONED',
    ProvisionedThroughput: {ReadCapacityUnits: 5, WriteCapacityUnits: 6},
  });
  const table = await untilActive(TableName);
  assert.equal(table.ProvisionedThroughput.WriteCapacityUnits, 6);
  await refused(send(UpdateTableCommand, {TableName}), 'ValidationException');
});

test('a table made again under the same name is empty and has another id', async () => {
  const TableName = await createTable('Again', {ID: 'S'});
  const first = await untilActive(TableName);
  await put(TableName, item({ID: 'a'}));
  await send(DeleteTableCommand, {TableName});
  await untilGone(TableName);
  await send(CreateTableCommand, simple(TableName));
  const second = await untilActive(TableName);
  assert.equal(second.TableArn, first.TableArn);
  assert.notEqual(second.TableId, first.TableId);
  assert.equal(second.ItemCount, 0);
});

test('what infrastructure tools ask on every plan is answered truthfully', async () => {
  const TableName = await createTable('Plan', {ID: 'S'});
  const {TimeToLiveDescription} = await send(DescribeTimeToLiveCommand, {TableName});
  assert.deepEqual(TimeToLiveDescription, {TimeToLiveStatus: 'DISABLED'});
  const {ContinuousBackupsDescription} = await send(DescribeContinuousBackupsCommand, {TableName});
  assert.equal(ContinuousBackupsDescription.ContinuousBackupsStatus, 'ENABLED');
  const recovery = ContinuousBackupsDescription.PointInTimeRecoveryDescription;
  assert.equal(recovery.PointInTimeRecoveryStatus, 'DISABLED');
  const limits = await send(DescribeLimitsCommand, {});
  assert.ok(limits.AccountMaxReadCapacityUnits > 0);
  assert.ok(limits.TableMaxWriteCapacityUnits > 0);
  const {Endpoints} = await send(DescribeEndpointsCommand, {});
  assert.ok(Endpoints[0].Address.length > 0);
  assert.ok(Endpoints[0].CachePeriodInMinutes > 0);
});
