// On-demand backups: made, described, listed, restored and deleted.

import assert from 'node:assert/strict';
import {before, test} from 'node:test';
import {setTimeout as sleep} from 'node:timers/promises';
import {
  CreateBackupCommand, DeleteBackupCommand, DeleteTableCommand, DescribeBackupCommand,
  DescribeTableCommand, ListBackupsCommand, QueryCommand, RestoreTableFromBackupCommand,
} from '@aws-sdk/client-dynamodb';
import {
  av, createTable, eventually, item, itemsOf, keySchema, onAws, put, refused, send, uniqueName,
  untilActive, untilGone,
} from './fixture.mjs';

const index = {
  IndexName: 'ByKind',
  KeySchema: keySchema('Kind'),
  Projection: {ProjectionType: 'ALL'},
};

let table;
let first;
before(async () => {
  table = await createTable('Backed', {ID: 'S'}, {
    AttributeTypes: {Kind: 'S'},
    GlobalSecondaryIndexes: [index],
  });
  for (let i = 0; i < 20; ++i) await put(table, item({ID: `i${i}`, Kind: i % 2 ? 'a' : 'b', N: i}));
  first = await backUp(table, 'first-backup');
});

async function backUp(TableName, BackupName) {
  const request = () => send(CreateBackupCommand, {TableName, BackupName});
  const answer = await eventually(
      () => request().catch((error) => error),
      // A table of AWS takes some seconds until it can be backed up.
      (result) => !onAws || result.name !== 'ContinuousBackupsUnavailableException');
  if (answer instanceof Error) throw answer;
  return answer.BackupDetails;
}

async function untilAvailable(BackupArn) {
  const {BackupDescription} = await eventually(
      () => send(DescribeBackupCommand, {BackupArn}),
      (answer) => answer.BackupDescription.BackupDetails.BackupStatus === 'AVAILABLE');
  return BackupDescription;
}

async function restore(BackupArn, more = {}) {
  const TargetTableName = uniqueName('Restored');
  const {TableDescription} =
      await send(RestoreTableFromBackupCommand, {BackupArn, TargetTableName, ...more});
  await untilActive(TargetTableName);
  return {TargetTableName, TableDescription};
}

test('a backup is CREATING, then AVAILABLE, and describes its table', async () => {
  assert.equal(first.BackupName, 'first-backup');
  assert.equal(first.BackupStatus, 'CREATING');
  assert.equal(first.BackupType, 'USER');
  assert.match(first.BackupArn,
               new RegExp(`:table/${table}/backup/0[0-9]{13}-[0-9a-f]{8}$`));
  const id = first.BackupArn.split('/').at(-1);
  assert.equal(Number(id.split('-')[0]), first.BackupCreationDateTime.getTime());

  const description = await untilAvailable(first.BackupArn);
  const {BackupDetails, SourceTableDetails, SourceTableFeatureDetails} = description;
  assert.deepEqual(BackupDetails.BackupCreationDateTime, first.BackupCreationDateTime);
  assert.equal(BackupDetails.BackupExpiryDateTime, undefined);
  assert.equal(SourceTableDetails.TableName, table);
  assert.deepEqual(SourceTableDetails.KeySchema, keySchema('ID'));
  assert.equal(SourceTableDetails.BillingMode, 'PAY_PER_REQUEST');
  const [recorded] = SourceTableFeatureDetails.GlobalSecondaryIndexes;
  assert.equal(recorded.IndexName, 'ByKind');
  assert.deepEqual(recorded.Projection, index.Projection);
  assert.equal(SourceTableFeatureDetails.TimeToLiveDescription, undefined);
});

test('a backup restores its own instant, with the index', async () => {
  const TableName = await createTable('Instant', {ID: 'S'}, {
    AttributeTypes: {Kind: 'S'},
    GlobalSecondaryIndexes: [index],
  });
  for (let i = 0; i < 5; ++i) await put(TableName, item({ID: `i${i}`, Kind: 'k'}));
  const wanted = await itemsOf(TableName);
  // AWS backs up what was committed up to a minute before; here the instant is exact.
  if (onAws) await sleep(60_000);
  const {BackupArn} = await backUp(TableName, 'instant');
  if (!onAws) await put(TableName, item({ID: 'later', Kind: 'k'}));
  await untilAvailable(BackupArn);

  const {TargetTableName, TableDescription} = await restore(BackupArn);
  assert.equal(TableDescription.TableStatus, 'CREATING');
  assert.equal(TableDescription.RestoreSummary.SourceBackupArn, BackupArn);
  assert.equal(TableDescription.RestoreSummary.RestoreInProgress, true);
  const {Table} = await send(DescribeTableCommand, {TableName: TargetTableName});
  assert.equal(Table.RestoreSummary, undefined);
  assert.deepEqual(await itemsOf(TargetTableName), wanted);
  const {Count} = await send(QueryCommand, {
    TableName: TargetTableName,
    IndexName: 'ByKind',
    KeyConditionExpression: 'Kind = :k',
    ExpressionAttributeValues: {':k': av('k')},
  });
  assert.equal(Count, 5);
});

test('a backup outlives its table', async () => {
  const TableName = await createTable('Outlived', {ID: 'S'});
  await put(TableName, item({ID: 'kept'}));
  const {BackupArn} = await backUp(TableName, 'outlives');
  await untilAvailable(BackupArn);
  await send(DeleteTableCommand, {TableName});
  await untilGone(TableName);
  const {BackupSummaries} = await send(ListBackupsCommand, {TableName});
  assert.deepEqual(BackupSummaries.map((summary) => summary.BackupArn), [BackupArn]);
  const {TargetTableName} = await restore(BackupArn);
  if (!onAws) assert.deepEqual(await itemsOf(TargetTableName), [item({ID: 'kept'})]);
});

test('overrides change what is restored', async () => {
  await untilAvailable(first.BackupArn);
  const provisioned = {
    BillingModeOverride: 'PROVISIONED',
    ProvisionedThroughputOverride: {ReadCapacityUnits: 3, WriteCapacityUnits: 4},
    GlobalSecondaryIndexOverride: [],
  };
  const {TargetTableName} = await restore(first.BackupArn, provisioned);
  const {Table} = await send(DescribeTableCommand, {TableName: TargetTableName});
  assert.equal(Table.ProvisionedThroughput.WriteCapacityUnits, 4);
  assert.equal(Table.GlobalSecondaryIndexes, undefined);

  const renamed = await restore(
      first.BackupArn, {GlobalSecondaryIndexOverride: [{...index, IndexName: 'Renamed'}]});
  const second = await send(DescribeTableCommand, {TableName: renamed.TargetTableName});
  assert.equal(second.Table.GlobalSecondaryIndexes[0].IndexName, 'Renamed');

  const request = {BackupArn: first.BackupArn, TargetTableName: uniqueName('Refused')};
  const wrong = [
    [{BillingModeOverride: 'PROVISIONED'},
     'Must override ProvisionedThroughput if BillingMode is overridden to PROVISIONED'],
    [{ProvisionedThroughputOverride: {ReadCapacityUnits: 1, WriteCapacityUnits: 1}},
     'Cannot override ProvisionedThroughput unless BillingMode is PROVISIONED'],
    [{GlobalSecondaryIndexOverride: [{...index, KeySchema: keySchema('Other')}]},
     'Index ByKind does not match a secondary index that existed in the source table and cannot ' +
         'be created during the restore operation'],
  ];
  for (const [more, message] of wrong) {
    await refused(send(RestoreTableFromBackupCommand, {...request, ...more}),
                  'ValidationException', message);
  }
  await refused(send(DescribeTableCommand, {TableName: request.TargetTableName}),
                'ResourceNotFoundException');
});

test('a restore never goes over an existing table', async () => {
  await untilAvailable(first.BackupArn);
  await refused(send(RestoreTableFromBackupCommand,
                     {BackupArn: first.BackupArn, TargetTableName: table}),
                'TableAlreadyExistsException', `Table already exists: ${table}`);
});

test('names are not unique, and a list is in the order of creation', async () => {
  const TableName = await createTable('Listed', {ID: 'S'});
  const made = [];
  for (let i = 0; i < 5; ++i) {
    made.push(await backUp(TableName, 'same-name'));
    await sleep(5);
  }
  const arns = made.map(({BackupArn}) => BackupArn);
  assert.equal(new Set(arns).size, 5);
  for (const arn of arns) await untilAvailable(arn);

  const listed = [];
  let ExclusiveStartBackupArn;
  do {
    const page = await send(ListBackupsCommand, {TableName, Limit: 2, ExclusiveStartBackupArn});
    assert.ok(page.BackupSummaries.length <= 2);
    listed.push(...page.BackupSummaries);
    ExclusiveStartBackupArn = page.LastEvaluatedBackupArn;
  } while (ExclusiveStartBackupArn);
  assert.deepEqual(listed.map(({BackupArn}) => BackupArn), arns);
  assert.equal(listed[0].TableName, TableName);
  assert.equal(listed[0].BackupStatus, 'AVAILABLE');

  // The lower bound is part of the range and the upper bound is not.
  const range = await send(ListBackupsCommand, {
    TableName,
    TimeRangeLowerBound: made[1].BackupCreationDateTime,
    TimeRangeUpperBound: made[3].BackupCreationDateTime,
  });
  assert.deepEqual(range.BackupSummaries.map(({BackupArn}) => BackupArn), arns.slice(1, 3));
  const none = await send(ListBackupsCommand, {TableName, BackupType: 'SYSTEM'});
  assert.deepEqual(none.BackupSummaries, []);
  await refused(send(ListBackupsCommand, {
                  TimeRangeLowerBound: made[3].BackupCreationDateTime,
                  TimeRangeUpperBound: made[1].BackupCreationDateTime,
                }), 'ValidationException',
                'Time range lower bound must be less than or equal to upper bound');
  await refused(send(ListBackupsCommand, {Limit: 101}), 'ValidationException');
});

test('a deleted backup is gone at once', async () => {
  const {BackupArn} = await backUp(table, 'short-lived');
  await untilAvailable(BackupArn);
  const {BackupDescription} = await send(DeleteBackupCommand, {BackupArn});
  assert.equal(BackupDescription.BackupDetails.BackupStatus, 'DELETED');
  const message = `Backup not found: ${BackupArn}`;
  const restoring = {BackupArn, TargetTableName: uniqueName('Never')};
  for (const [Command, input] of [
    [DescribeBackupCommand, {BackupArn}],
    [DeleteBackupCommand, {BackupArn}],
    [RestoreTableFromBackupCommand, restoring],
  ]) {
    await refused(send(Command, input), 'BackupNotFoundException', message);
  }
  const {BackupSummaries} = await send(ListBackupsCommand, {TableName: table});
  assert.ok(BackupSummaries.every((summary) => summary.BackupArn !== BackupArn));
});

test('what cannot be backed up or found is refused', async () => {
  const absent = uniqueName('Absent');
  await refused(send(CreateBackupCommand, {TableName: absent, BackupName: 'name'}),
                'TableNotFoundException', `Table not found: ${absent}`);
  for (const BackupName of ['ab', 'with blank']) {
    await refused(send(CreateBackupCommand, {TableName: table, BackupName}), 'ValidationException');
  }
  const {Table} = await send(DescribeTableCommand, {TableName: table});
  await refused(send(DescribeBackupCommand, {BackupArn: Table.TableArn}), 'ValidationException',
                'Invalid Backup ARN');
  const {BackupSummaries} = await send(ListBackupsCommand, {TableName: absent});
  assert.deepEqual(BackupSummaries, []);
});
