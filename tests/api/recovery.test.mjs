// Point-in-time recovery: turned on and off, tables restored to a moment, deleted tables recovered.

import assert from 'node:assert/strict';
import {test} from 'node:test';
import {setTimeout as sleep} from 'node:timers/promises';
import {
  DeleteBackupCommand, DeleteTableCommand, DescribeBackupCommand, DescribeContinuousBackupsCommand,
  DescribeTableCommand, ListBackupsCommand, QueryCommand, RestoreTableFromBackupCommand,
  RestoreTableToPointInTimeCommand, TransactWriteItemsCommand, UpdateContinuousBackupsCommand,
  UpdateTableCommand,
  waitUntilTableExists, waitUntilTableNotExists,
} from '@aws-sdk/client-dynamodb';
import {
  av, client, createTable, eventually, item, itemsOf, keySchema, onAws, put, refused, send, server,
  tableName, uniqueName,
} from './fixture.mjs';

const waiting = {client, minDelay: onAws ? 5 : 0.02, maxDelay: onAws ? 20 : 0.1,
                 maxWaitTime: onAws ? 1800 : 60};
const RESTORED = onAws ? 600_000 : 30_000;

const index = {
  IndexName: 'ByKind',
  KeySchema: keySchema('Kind'),
  Projection: {ProjectionType: 'ALL'},
};
const indexed = {AttributeTypes: {Kind: 'S'}, GlobalSecondaryIndexes: [index]};

async function recoveryOf(TableName) {
  const {ContinuousBackupsDescription} = await send(DescribeContinuousBackupsCommand, {TableName});
  assert.equal(ContinuousBackupsDescription.ContinuousBackupsStatus, 'ENABLED');
  return ContinuousBackupsDescription.PointInTimeRecoveryDescription;
}

async function setRecovery(TableName, specification) {
  const request = () => send(UpdateContinuousBackupsCommand,
                             {TableName, PointInTimeRecoverySpecification: specification});
  const answer = await eventually(
      () => request().catch((error) => error),
      // A table of AWS takes some seconds until it can be backed up.
      (result) => !onAws || result.name !== 'ContinuousBackupsUnavailableException');
  if (answer instanceof Error) throw answer;
  return answer.ContinuousBackupsDescription.PointInTimeRecoveryDescription;
}
const protect = (TableName, more = {}) =>
    setRecovery(TableName, {PointInTimeRecoveryEnabled: true, ...more});

async function restore(SourceTableName, more = {UseLatestRestorableTime: true}) {
  const TargetTableName = tableName('Restored');
  const {TableDescription} = await send(RestoreTableToPointInTimeCommand,
                                        {SourceTableName, TargetTableName, ...more});
  await waitUntilTableExists(waiting, {TableName: TargetTableName});
  return {TargetTableName, TableDescription};
}

// The next whole second that can be restored, with nothing written meanwhile.
async function nextMoment(TableName) {
  const now = Date.now();
  const {LatestRestorableDateTime} = await eventually(
      () => recoveryOf(TableName), (recovery) => recovery.LatestRestorableDateTime > now, RESTORED);
  return LatestRestorableDateTime;
}

test('all of it is described while it is on, and only then', async () => {
  const table = await createTable('Window', {ID: 'S'});
  assert.deepEqual(await recoveryOf(table), {PointInTimeRecoveryStatus: 'DISABLED'});
  const on = await protect(table);
  assert.equal(on.PointInTimeRecoveryStatus, 'ENABLED');
  assert.equal(on.RecoveryPeriodInDays, 35);
  const described = await eventually(() => recoveryOf(table),
                                     (recovery) => recovery.LatestRestorableDateTime !== undefined);
  assert.ok(described.EarliestRestorableDateTime <= described.LatestRestorableDateTime);
  assert.ok(Math.abs(described.EarliestRestorableDateTime - Date.now()) < 60_000);

  assert.equal((await protect(table, {RecoveryPeriodInDays: 7})).RecoveryPeriodInDays, 7);
  // Told to the next whole second, once that has passed.
  const {EarliestRestorableDateTime} = await recoveryOf(table);
  assert.ok(Math.abs(EarliestRestorableDateTime - described.EarliestRestorableDateTime) < 1000);
  const off = await setRecovery(table, {PointInTimeRecoveryEnabled: false});
  assert.deepEqual(off, {PointInTimeRecoveryStatus: 'DISABLED'});
  assert.equal((await protect(table)).RecoveryPeriodInDays, 35);
  if (!onAws) {
    assert.ok((await recoveryOf(table)).EarliestRestorableDateTime >
              described.EarliestRestorableDateTime);
  }
});

test('a table is restored to a second between two writes', async () => {
  const table = await createTable('Between', {ID: 'S'}, indexed);
  await put(table, item({ID: 'before', Kind: 'k', N: 1}));
  await protect(table);
  await put(table, item({ID: 'kept', Kind: 'k', N: 1}));
  const wanted = await itemsOf(table);
  const moment = await nextMoment(table);
  await put(table, item({ID: 'kept', Kind: 'k', N: 2}));
  await put(table, item({ID: 'later', Kind: 'k', N: 2}));

  const {TargetTableName, TableDescription} = await restore(table, {RestoreDateTime: moment});
  assert.equal(TableDescription.TableStatus, 'CREATING');
  const {SourceBackupArn, SourceTableArn, RestoreDateTime, RestoreInProgress} =
      TableDescription.RestoreSummary;
  assert.equal(SourceBackupArn, undefined);
  assert.match(SourceTableArn, new RegExp(`:table/${table}$`));
  assert.deepEqual(RestoreDateTime, moment);
  assert.equal(RestoreInProgress, true);
  const {Table} = await send(DescribeTableCommand, {TableName: TargetTableName});
  assert.equal(Table.RestoreSummary, undefined);
  assert.deepEqual(await itemsOf(TargetTableName), wanted);
  const {Count} = await send(QueryCommand, {
    TableName: TargetTableName,
    IndexName: 'ByKind',
    KeyConditionExpression: 'Kind = :k',
    ExpressionAttributeValues: {':k': av('k')},
  });
  assert.equal(Count, 2);
  assert.deepEqual(await recoveryOf(TargetTableName), {PointInTimeRecoveryStatus: 'DISABLED'});
});

test('the latest moment is there right away, by ARN too', async () => {
  const table = await createTable('Latest', {ID: 'S'});
  await protect(table);
  if (!onAws) await put(table, item({ID: 'answered'}));
  const {Table} = await send(DescribeTableCommand, {TableName: table});
  const {TargetTableName} = await restore(
      undefined, {SourceTableArn: Table.TableArn, UseLatestRestorableTime: true});
  // What AWS has not reached yet, is here.
  if (!onAws) assert.deepEqual(await itemsOf(TargetTableName), [item({ID: 'answered'})]);
});

test('overrides change what a moment becomes', async () => {
  const table = await createTable('Overridden', {ID: 'S'}, indexed);
  await protect(table);
  const {TargetTableName} = await restore(table, {
    UseLatestRestorableTime: true,
    BillingModeOverride: 'PROVISIONED',
    ProvisionedThroughputOverride: {ReadCapacityUnits: 3, WriteCapacityUnits: 4},
    GlobalSecondaryIndexOverride: [],
  });
  const {Table} = await send(DescribeTableCommand, {TableName: TargetTableName});
  assert.equal(Table.ProvisionedThroughput.WriteCapacityUnits, 4);
  assert.equal(Table.GlobalSecondaryIndexes, undefined);
});

test('what cannot be restored is refused, and makes no table', async () => {
  const table = await createTable('Refused', {ID: 'S'});
  const TargetTableName = uniqueName('Never');
  const ask = (more) => send(RestoreTableToPointInTimeCommand, {TargetTableName, ...more});
  const latest = {SourceTableName: table, UseLatestRestorableTime: true};
  await refused(ask(latest), 'PointInTimeRecoveryUnavailableException',
                `Point in time recovery is not enabled for table '${table}'`);
  const {EarliestRestorableDateTime} = await protect(table);
  for (const RestoreDateTime of [new Date(0), new Date(Date.now() + 3_600_000)]) {
    await refused(ask({SourceTableName: table, RestoreDateTime}), 'InvalidRestoreTimeException',
                  /^RestoreDateTime '.*' must be within EarliestRestorableDateTime '/);
  }
  assert.ok(onAws || EarliestRestorableDateTime <= new Date());
  await refused(ask({...latest, SourceTableName: uniqueName('Absent')}), 'TableNotFoundException',
                /^Table not found: /);
  await refused(ask({...latest, TargetTableName: table}), 'TableAlreadyExistsException',
                `Table already exists: ${table}`);
  await refused(ask({SourceTableName: table}), 'ValidationException');
  await refused(send(DescribeTableCommand, {TableName: TargetTableName}),
                'ResourceNotFoundException');
});

test('a deleted table with recovery is recovered under its name', async () => {
  const table = await createTable('Deleted', {ID: 'S'}, indexed);
  await protect(table);
  for (let i = 0; i < 20; ++i) await put(table, item({ID: `i${i}`, Kind: 'k', N: i}));
  const wanted = await itemsOf(table);
  await send(DeleteTableCommand, {TableName: table});
  await waitUntilTableNotExists(waiting, {TableName: table});
  const {BackupSummaries: [backup]} = await eventually(
      () => send(ListBackupsCommand, {TableName: table, BackupType: 'SYSTEM'}),
      ({BackupSummaries}) => BackupSummaries[0]?.BackupStatus === 'AVAILABLE');
  assert.equal(backup.BackupName, `${table}$DeletedTableBackup`);
  assert.match(backup.BackupArn, /-00000000$/);
  assert.equal(backup.BackupExpiryDateTime - backup.BackupCreationDateTime, 35 * 86_400_000);
  const users = await send(ListBackupsCommand, {TableName: table});
  assert.deepEqual(users.BackupSummaries, []);
  const all = await send(ListBackupsCommand, {TableName: table, BackupType: 'ALL'});
  assert.deepEqual(all.BackupSummaries, [backup]);
  const {BackupDescription} = await send(DescribeBackupCommand, {BackupArn: backup.BackupArn});
  assert.deepEqual(BackupDescription.SourceTableFeatureDetails, {});
  await refused(send(DeleteBackupCommand, {BackupArn: backup.BackupArn}), 'ValidationException',
                /User is not allowed to delete the system backup with arn .* automatically expire/);

  await send(RestoreTableFromBackupCommand,
             {TargetTableName: table, BackupArn: backup.BackupArn});
  await waitUntilTableExists(waiting, {TableName: table});
  assert.deepEqual(await itemsOf(table), wanted);
});

test('a table without recovery leaves no backup', async () => {
  const table = await createTable('Unprotected', {ID: 'S'});
  await send(DeleteTableCommand, {TableName: table});
  await waitUntilTableNotExists(waiting, {TableName: table});
  if (onAws) await sleep(15_000);
  const {BackupSummaries} = await send(ListBackupsCommand, {TableName: table, BackupType: 'ALL'});
  assert.deepEqual(BackupSummaries, []);
});

test('a stream and recovery share a table', async () => {
  const table = await createTable('Streamed', {ID: 'S'});
  await protect(table);
  await put(table, item({ID: 'a'}));
  const setStream = (StreamEnabled, more = {}) => send(
      UpdateTableCommand, {TableName: table, StreamSpecification: {StreamEnabled, ...more}});
  await setStream(true, {StreamViewType: 'KEYS_ONLY'});
  await waitUntilTableExists(waiting, {TableName: table});
  await put(table, item({ID: 'b', N: 1}));
  await setStream(false);
  await waitUntilTableExists(waiting, {TableName: table});
  await put(table, item({ID: 'c'}));
  const wanted = await itemsOf(table);
  const moment = await nextMoment(table);
  const {TargetTableName} = await restore(table, {RestoreDateTime: moment});
  assert.deepEqual(await itemsOf(TargetTableName), wanted);
  const {Table} = await send(DescribeTableCommand, {TableName: TargetTableName});
  assert.equal(Table.StreamSpecification, undefined);
});

if (!onAws) {
  const ask = async (operation, body) => {
    const response = await fetch(server.endpoint, {
      method: 'POST', body: JSON.stringify(body),
      headers: {'Content-Type': 'application/x-amz-json-1.0',
                'X-Amz-Target': `GrammeAdmin_20261101.${operation}`},
    });
    return {status: response.status, ...await response.json()};
  };
  const restoreTable = (body) => ask('RestoreTable', body);

  test('a deleted table comes back under its name with the settings that are kept', async () => {
    const table = await createTable('Kept', {ID: 'S'}, {
      ...indexed, StreamSpecification: {StreamEnabled: true, StreamViewType: 'NEW_IMAGE'},
      Tags: [{Key: 'team', Value: 'web'}],
    });
    await protect(table, {RecoveryPeriodInDays: 3});
    await put(table, item({ID: 'a', Kind: 'k'}));
    const wanted = await itemsOf(table);
    await send(DeleteTableCommand, {TableName: table});
    await waitUntilTableNotExists(waiting, {TableName: table});
    const {BackupSummaries} = await eventually(
        () => send(ListBackupsCommand, {TableName: table, BackupType: 'SYSTEM'}),
        (list) => list.BackupSummaries[0]?.BackupStatus === 'AVAILABLE', RESTORED);
    const answer = await restoreTable({
      BackupArn: BackupSummaries[0].BackupArn, Keep: ['STREAM', 'POINT_IN_TIME_RECOVERY'],
    });
    assert.equal(answer.status, 200, JSON.stringify(answer));
    assert.equal(answer.TableDescription.TableName, table);
    assert.deepEqual(answer.Report, {
      Restored: [
        {Setting: 'KEY_SCHEMA'}, {Setting: 'ATTRIBUTE_DEFINITIONS'},
        {Setting: 'GLOBAL_SECONDARY_INDEX', IndexName: 'ByKind'}, {Setting: 'BILLING_MODE'},
        {Setting: 'STREAM'}, {Setting: 'POINT_IN_TIME_RECOVERY'},
      ],
      NotRestored: [{Setting: 'TAGS', Reason: 'not asked for: Keep does not contain TAGS'}],
    });
    await waitUntilTableExists(waiting, {TableName: table});
    const {Table} = await send(DescribeTableCommand, {TableName: table});
    assert.deepEqual(Table.StreamSpecification, {StreamEnabled: true, StreamViewType: 'NEW_IMAGE'});
    assert.deepEqual(await itemsOf(table), wanted);
    assert.equal((await recoveryOf(table)).RecoveryPeriodInDays, 3);
    assert.equal((await restoreTable({BackupArn: BackupSummaries[0].BackupArn})).__type.split('#')[1],
                 'TableAlreadyExistsException');
  });

  test('several tables are backed up at one instant', async () => {
    const names = [await createTable('Left', {ID: 'S'}), await createTable('Right', {ID: 'S'})];
    let isOver = false;
    const writing = (async () => {
      for (let N = 0; !isOver; ++N) {
        await send(TransactWriteItemsCommand, {
          TransactItems: names.map((TableName) => ({Put: {TableName, Item: item({ID: 'a', N})}})),
        });
      }
    })();
    await sleep(50);
    const answer = await ask('CreateBackups', {TableNames: names, BackupName: 'Together'});
    isOver = true;
    await writing;
    assert.equal(answer.status, 200, JSON.stringify(answer));
    assert.equal(answer.BackupDetails.length, 2);
    const copies = [];
    for (const [i, {BackupArn, BackupStatus}] of answer.BackupDetails.entries()) {
      assert.equal(BackupStatus, 'CREATING');
      assert.match(BackupArn, new RegExp(`:table/${names[i]}/backup/`));
      await eventually(
          () => send(DescribeBackupCommand, {BackupArn}),
          (whole) => whole.BackupDescription.BackupDetails.BackupStatus === 'AVAILABLE', RESTORED);
      copies.push(tableName('Copy'));
      const restored = await restoreTable({BackupArn, TargetTableName: copies[i]});
      assert.equal(restored.status, 200, JSON.stringify(restored));
      await waitUntilTableExists(waiting, {TableName: copies[i]});
    }
    assert.deepEqual(await itemsOf(copies[0]), await itemsOf(copies[1]));
  });
}
