// Streams: what a table's changes look like to who follows them, through the SDK's client.

import assert from 'node:assert/strict';
import {after, before, test} from 'node:test';
import {
  BatchWriteItemCommand, CreateBackupCommand, DeleteBackupCommand, DeleteItemCommand,
  DeleteTableCommand, DescribeBackupCommand, DescribeTableCommand, RestoreTableFromBackupCommand,
  UpdateTableCommand, waitUntilTableExists,
} from '@aws-sdk/client-dynamodb';
import {
  DescribeStreamCommand, DynamoDBStreamsClient, GetRecordsCommand, GetShardIteratorCommand,
  ListStreamsCommand,
} from '@aws-sdk/client-dynamodb-streams';
import {
  client, createTable, credentials, eventually, item, onAws, put, refused, region, send, server,
  tableName, uniqueName, untilActive, untilGone,
} from './fixture.mjs';

const streams = new DynamoDBStreamsClient(
    {region, maxAttempts: 3, ...(onAws ? {} : {endpoint: server.endpoint, credentials})});
after(() => streams.destroy());
const ask = (Command, input) => streams.send(new Command(input));

const both = {StreamEnabled: true, StreamViewType: 'NEW_AND_OLD_IMAGES'};

let table;
let stream;
before(async () => {
  table = await createTable('Followed', {ID: 'S'}, {StreamSpecification: both});
  stream = (await untilActive(table)).LatestStreamArn;
});

const describe = async (StreamArn, more = {}) =>
    (await ask(DescribeStreamCommand, {StreamArn, ...more})).StreamDescription;

// All records of a stream that is not written to, parents before children.
async function recordsOf(StreamArn) {
  const records = [];
  for (const {ShardId} of (await describe(StreamArn)).Shards) {
    let {ShardIterator} = await ask(
        GetShardIteratorCommand, {StreamArn, ShardId, ShardIteratorType: 'TRIM_HORIZON'});
    for (let empty = 0; ShardIterator && empty < (onAws ? 30 : 1);) {
      const page = await ask(GetRecordsCommand, {ShardIterator, Limit: 7});
      records.push(...page.Records);
      empty = page.Records.length === 0 ? empty + 1 : 0;
      ShardIterator = page.NextShardIterator;
    }
  }
  return records;
}

test('a table tells its stream', async () => {
  const {Table} = await send(DescribeTableCommand, {TableName: table});
  assert.deepEqual(Table.StreamSpecification, both);
  assert.equal(Table.LatestStreamArn, `${Table.TableArn}/stream/${Table.LatestStreamLabel}`);
  const described = await describe(stream);
  assert.equal(described.StreamStatus, 'ENABLED');
  assert.equal(described.TableName, table);
  assert.deepEqual(described.KeySchema, Table.KeySchema);
  assert.ok(described.CreationRequestDateTime instanceof Date);
  const listed = await ask(ListStreamsCommand, {TableName: table});
  assert.deepEqual(listed.Streams, [
    {StreamArn: stream, TableName: table, StreamLabel: Table.LatestStreamLabel}]);
});

test('changes are followed in their order, with their images', async () => {
  await put(table, item({ID: 'a', N: 1}));
  await put(table, item({ID: 'a', N: 2}));
  await put(table, item({ID: 'a', N: 2}));
  await send(DeleteItemCommand, {TableName: table, Key: item({ID: 'a'})});
  await send(DeleteItemCommand, {TableName: table, Key: item({ID: 'a'})});
  const records = await eventually(
      async () => (await recordsOf(stream)).filter((r) => r.dynamodb.Keys.ID.S === 'a'),
      (found) => found.length >= 3);
  assert.deepEqual(
      records.map(({eventName, dynamodb}) =>
          [eventName, dynamodb.OldImage?.N.N, dynamodb.NewImage?.N.N]),
      [['INSERT', undefined, '1'], ['MODIFY', '1', '2'], ['REMOVE', '2', undefined]]);
  for (const record of records) {
    assert.equal(record.eventSource, 'aws:dynamodb');
    assert.equal(record.eventVersion, '1.1');
    assert.equal(record.awsRegion, region);
    assert.match(record.eventID, /^[0-9a-f]{32}$/);
    assert.equal(record.userIdentity, undefined);
    assert.match(record.dynamodb.SequenceNumber, /^\d{21,40}$/);
    assert.equal(record.dynamodb.StreamViewType, 'NEW_AND_OLD_IMAGES');
    assert.ok(record.dynamodb.SizeBytes > 0);
    assert.ok(Math.abs(Date.now() - record.dynamodb.ApproximateCreationDateTime) < 3_600_000);
  }
});

test('a page limit neither repeats nor loses a record', async () => {
  const name = await createTable('Paged', {ID: 'S'}, {StreamSpecification: both});
  const {LatestStreamArn} = await untilActive(name);
  for (let i = 0; i < 2; ++i) {
    await send(BatchWriteItemCommand, {RequestItems: {[name]: Array.from({length: 25}, (_, n) =>
      ({PutRequest: {Item: item({ID: `${n}`, V: `${i}`})}}))}});
  }
  const records = await eventually(() => recordsOf(LatestStreamArn), (r) => r.length >= 50);
  assert.equal(new Set(records.map((r) => r.eventID)).size, 50);
  const seen = new Map();
  for (const {eventName, dynamodb} of records) {
    const id = dynamodb.Keys.ID.S;
    assert.equal(eventName, seen.has(id) ? 'MODIFY' : 'INSERT');
    seen.set(id, true);
  }
});

test('iterators begin where they are asked to', async () => {
  const records = await eventually(() => recordsOf(stream), (r) => r.length >= 3);
  const shards = (await describe(stream)).Shards;
  const ShardId = shards[0].ShardId;
  const from = async (ShardIteratorType, SequenceNumber) => {
    const {ShardIterator} = await ask(
        GetShardIteratorCommand, {StreamArn: stream, ShardId, ShardIteratorType, SequenceNumber});
    return (await ask(GetRecordsCommand, {ShardIterator})).Records;
  };
  const second = records[1].dynamodb.SequenceNumber;
  assert.equal((await from('AT_SEQUENCE_NUMBER', second))[0].dynamodb.SequenceNumber, second);
  assert.deepEqual((await from('AFTER_SEQUENCE_NUMBER', second))[0], records[2]);
  assert.deepEqual(await from('LATEST'), []);
});

test('a stream is disabled and enabled again', async () => {
  const name = await createTable('Switched', {ID: 'S'});
  const set = (StreamSpecification) =>
      send(UpdateTableCommand, {TableName: name, StreamSpecification});
  const {TableDescription} = await set({StreamEnabled: true, StreamViewType: 'KEYS_ONLY'});
  assert.equal(TableDescription.TableStatus, 'UPDATING');
  await waitUntilTableExists({client, maxWaitTime: 60}, {TableName: name});
  await refused(set(both), 'ValidationException',
                `Table already has an enabled stream: TableName: ${name}`);
  await put(name, item({ID: 'a', Text: 'x'}));
  const first = (await untilActive(name)).LatestStreamArn;
  await set({StreamEnabled: false});
  const disabled = await untilActive(name);
  assert.equal(disabled.StreamSpecification, undefined);
  assert.equal(disabled.LatestStreamArn, first);
  await refused(set({StreamEnabled: false}), 'ValidationException',
                `Table has no stream to disable: TableName: ${name}`);
  await put(name, item({ID: 'b'}));
  await set({StreamEnabled: true, StreamViewType: 'NEW_IMAGE'});
  const second = (await untilActive(name)).LatestStreamArn;
  assert.notEqual(second, first);
  await put(name, item({ID: 'c'}));
  const [old, ...more] = await recordsOf(first);
  assert.deepEqual(more, []);
  assert.deepEqual(old.dynamodb.Keys, item({ID: 'a'}));
  assert.equal(old.dynamodb.NewImage, undefined);
  const [{dynamodb}] = await eventually(() => recordsOf(second), (r) => r.length > 0);
  assert.deepEqual(dynamodb.NewImage, item({ID: 'c'}));
  assert.equal((await describe(first)).StreamStatus, 'DISABLED');
});

test('a stream outlives its table', async () => {
  const name = await createTable('Dropped', {ID: 'S'}, {StreamSpecification: both});
  const {LatestStreamArn} = await untilActive(name);
  await put(name, item({ID: 'a'}));
  await send(DeleteTableCommand, {TableName: name});
  await untilGone(name);
  const described = await describe(LatestStreamArn);
  assert.equal(described.StreamStatus, 'DISABLED');
  assert.ok(described.Shards[0].SequenceNumberRange.EndingSequenceNumber);
  assert.equal((await recordsOf(LatestStreamArn)).length, 1);
});

test('a backup tells the stream of its table, and a restored table has none', async () => {
  const {BackupDetails: {BackupArn}} = await eventually(
      () => send(CreateBackupCommand, {TableName: table, BackupName: 'followed'})
          .catch((error) => error),
      (answer) => !onAws || answer.name !== 'ContinuousBackupsUnavailableException');
  const {BackupDescription} = await eventually(
      () => send(DescribeBackupCommand, {BackupArn}),
      (answer) => answer.BackupDescription.BackupDetails.BackupStatus === 'AVAILABLE');
  assert.deepEqual(BackupDescription.SourceTableFeatureDetails.StreamDescription, both);
  const TargetTableName = tableName('Restored');
  await send(RestoreTableFromBackupCommand, {BackupArn, TargetTableName});
  const restored = await untilActive(TargetTableName);
  assert.equal(restored.StreamSpecification, undefined);
  assert.equal(restored.LatestStreamArn, undefined);
  await send(DeleteBackupCommand, {BackupArn});
});

test('what is not there is told by its name', async () => {
  const absent = stream.replace(table, uniqueName('Absent'));
  await refused(describe(absent), 'ResourceNotFoundException',
                `Requested resource not found: Stream: ${absent} not found`);
  await refused(ask(GetRecordsCommand, {ShardIterator: 'x'}), 'ValidationException',
                'Invalid ShardIterator');
});

const post = async (target, body) => {
  const response = await fetch(server.endpoint, {
    method: 'POST', body: JSON.stringify(body),
    headers: {'Content-Type': 'application/x-amz-json-1.0', 'X-Amz-Target': target},
  });
  return {status: response.status, ...await response.json()};
};

if (!onAws) {
  test('each operation is served under its own service alone', async () => {
    for (const target of [
      'DynamoDB_20120810.ListStreams', 'DynamoDBStreams_20120810.ListTables',
      'DynamoDB_20120810.UpdateStreamShardCount',
    ]) {
      const answer = await post(target, {});
      assert.equal(answer.status, 400);
      assert.match(answer.__type, /#UnknownOperationException$/);
    }
  });

  test('shards are split when asked', async () => {
    const name = await createTable('Split', {ID: 'S'}, {StreamSpecification: both});
    const {LatestStreamArn} = await untilActive(name);
    await put(name, item({ID: 'a'}));
    const answer = await post('GrammeAdmin_20261101.UpdateStreamShardCount',
                              {StreamArn: LatestStreamArn, ShardCount: 2});
    assert.equal(answer.status, 200, JSON.stringify(answer));
    assert.equal(answer.OpenShards.length, 2);
    await put(name, item({ID: 'a', N: 1}));
    const {Shards} = await describe(LatestStreamArn);
    assert.deepEqual(Shards.map((s) => s.ParentShardId),
                     [undefined, Shards[0].ShardId, Shards[0].ShardId]);
    const children = await describe(
        LatestStreamArn, {ShardFilter: {Type: 'CHILD_SHARDS', ShardId: Shards[0].ShardId}});
    assert.deepEqual(children.Shards, Shards.slice(1));
    assert.deepEqual((await recordsOf(LatestStreamArn)).map((r) => r.eventName),
                     ['INSERT', 'MODIFY']);
  });
}
