// UpdateTimeToLive and DescribeTimeToLive, and that items go when their time is over. AWS takes days
// for that, and half an hour between two changes: tests of both are ours alone.

import assert from 'node:assert/strict';
import {mkdtemp, rm} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {test} from 'node:test';
import {setTimeout as sleep} from 'node:timers/promises';
import {
  CreateBackupCommand, CreateTableCommand, DescribeBackupCommand, DescribeTableCommand,
  DescribeTimeToLiveCommand, GetItemCommand, PutItemCommand, ScanCommand, UpdateTimeToLiveCommand,
} from '@aws-sdk/client-dynamodb';
import {
  createTable, definitions, eventually, item, keySchema, newClient, onAws, put, refused, send,
  server,
} from './fixture.mjs';
import {startServer} from './server.mjs';

const define = onAws ? () => {} : test;
const HOUR = 3600;
const now = () => Math.floor(Date.now() / 1000);

const change = (TableName, AttributeName, Enabled) => send(
    UpdateTimeToLiveCommand, {TableName, TimeToLiveSpecification: {AttributeName, Enabled}});
const describe = async (TableName) =>
    (await send(DescribeTimeToLiveCommand, {TableName})).TimeToLiveDescription;
const until = (TableName, status) => eventually(
    () => describe(TableName), ({TimeToLiveStatus}) => TimeToLiveStatus === status);
const idsOf = async (TableName, more = {}) =>
    (await send(ScanCommand, {TableName, ...more})).Items.map(({ID}) => ID.S).sort();

async function createExpiring(stem, more = {}) {
  const TableName = await createTable(stem, {ID: 'S'}, more);
  await change(TableName, 'Expires', true);
  await until(TableName, 'ENABLED');
  return TableName;
}

test('a table tells whether its items expire, and by which attribute', async () => {
  const TableName = await createTable('Ttl', {ID: 'S'});
  assert.deepEqual(await describe(TableName), {TimeToLiveStatus: 'DISABLED'});
  await refused(change(TableName, 'Expires', false), 'ValidationException',
                'TimeToLive is already disabled');

  const {TimeToLiveSpecification} = await change(TableName, 'Expires', true);
  assert.deepEqual(TimeToLiveSpecification, {AttributeName: 'Expires', Enabled: true});
  await until(TableName, 'ENABLED');
  const {Table} = await send(DescribeTableCommand, {TableName});
  assert.deepEqual(
      (await send(DescribeTimeToLiveCommand, {TableName: Table.TableArn})).TimeToLiveDescription,
      {TimeToLiveStatus: 'ENABLED', AttributeName: 'Expires'});
  await refused(change(TableName, 'Expires', true), 'ValidationException',
                'TimeToLive is already enabled');
  await refused(change(TableName, 'Other', false), 'ValidationException',
                'TimeToLive is active on a different AttributeName: current AttributeName is ' +
                    'Expires');
});

test('a key attribute may tell when an item expires', async () => {
  const TableName = await createTable('TtlKey', {ID: 'S', Expires: 'N'});
  await change(TableName, 'Expires', true);
  await until(TableName, 'ENABLED');
});

define('expired items go, from the indexes too, and no others', async () => {
  const index = {
    IndexName: 'ByKind', KeySchema: keySchema('Kind'), Projection: {ProjectionType: 'ALL'},
  };
  const TableName = await createTable(
      'Gone', {ID: 'S'}, {AttributeTypes: {Kind: 'S'}, GlobalSecondaryIndexes: [index]});
  // Before the time to live is turned on: the job finds them.
  await put(TableName, item({ID: 'early', Kind: 'k', Expires: now() - HOUR}));
  await put(TableName, item({ID: 'early, later', Kind: 'k', Expires: now() + HOUR}));
  await change(TableName, 'Expires', true);
  await until(TableName, 'ENABLED');
  const rest = {
    'in an hour': now() + HOUR,
    'milliseconds': Date.now() - 1000,
    'six years ago': now() - 6 * 365 * 24 * HOUR,
    'a string': String(now() - HOUR),
  };
  for (const [ID, Expires] of Object.entries(rest)) {
    await put(TableName, item({ID, Kind: 'k', Expires}));
  }
  await put(TableName, item({ID: 'never', Kind: 'k'}));
  await put(TableName, item({ID: 'an hour ago', Kind: 'k', Expires: now() - HOUR}));
  await put(TableName, item({ID: 'in a moment', Kind: 'k', Expires: now() + 1}));
  const wanted = [...Object.keys(rest), 'never', 'early, later'].sort();
  await eventually(() => idsOf(TableName), (ids) => ids.length <= wanted.length);
  assert.deepEqual(await idsOf(TableName), wanted);
  assert.deepEqual(await idsOf(TableName, {IndexName: 'ByKind'}), wanted);
  const {Table} = await send(DescribeTableCommand, {TableName});
  assert.equal(Table.ItemCount, wanted.length);
  assert.equal(Table.GlobalSecondaryIndexes[0].ItemCount, wanted.length);
});

define('an item that is renewed all the while stays', async () => {
  const TableName = await createExpiring('Renewed');
  await put(TableName, item({ID: 'other', Expires: now() - HOUR}));
  // Each time it has a second or less to live; the other one shows that the sweep came by.
  for (const end = Date.now() + 4000; Date.now() < end; await sleep(50)) {
    await put(TableName, item({ID: 'renewed', Expires: now() + 1, At: Date.now()}));
    await put(TableName, item({ID: 'renewed', Expires: now() + HOUR, At: Date.now()}));
  }
  await eventually(() => idsOf(TableName), (ids) => !ids.includes('other'));
  assert.deepEqual(await idsOf(TableName), ['renewed']);
});

define('turned off, nothing expires; turned on again, by another attribute', async () => {
  const TableName = await createExpiring('Off');
  await change(TableName, 'Expires', false);
  await until(TableName, 'DISABLED');
  assert.deepEqual(await describe(TableName), {TimeToLiveStatus: 'DISABLED'});
  await put(TableName, item({ID: 'a', Expires: now() - HOUR}));
  await put(TableName, item({ID: 'b', Until: now() - HOUR}));
  await change(TableName, 'Until', true);
  await eventually(() => idsOf(TableName), (ids) => ids.length === 1);
  assert.deepEqual(await idsOf(TableName), ['a']);
});

define('a backup tells that the items of its table expired', async () => {
  const TableName = await createExpiring('TtlBackup');
  const {BackupDetails} = await send(CreateBackupCommand, {TableName, BackupName: 'with-ttl'});
  const {BackupDescription} =
      await send(DescribeBackupCommand, {BackupArn: BackupDetails.BackupArn});
  assert.deepEqual(BackupDescription.SourceTableFeatureDetails.TimeToLiveDescription,
                   {TimeToLiveStatus: 'ENABLED', AttributeName: 'Expires'});
});

define('what became due while the server was down goes when it is back', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'gramme-ttl-'));
  const begin = async (args) => {
    const own = await startServer(['--data', join(folder, 'data'), ...args]);
    const client = newClient({endpoint: own.endpoint});
    return {
      ask: (Command, input) => client.send(new Command(input)),
      end: async () => {
        client.destroy();
        await own.stop();
      },
    };
  };
  const TableName = 'Down';
  let {ask, end} = await begin(['--ttl-sweep-interval', '3600']);
  try {
    await ask(CreateTableCommand, {
      TableName,
      KeySchema: keySchema('ID'),
      AttributeDefinitions: definitions({ID: 'S'}),
      BillingMode: 'PAY_PER_REQUEST',
    });
    const TimeToLiveSpecification = {AttributeName: 'Expires', Enabled: true};
    await ask(UpdateTimeToLiveCommand, {TableName, TimeToLiveSpecification});
    await eventually(() => ask(DescribeTimeToLiveCommand, {TableName}),
                     (answer) => answer.TimeToLiveDescription.TimeToLiveStatus === 'ENABLED');
    for (let i = 0; i < 250; ++i) {
      const Expires = now() + (i % 2 ? HOUR : -HOUR);
      await ask(PutItemCommand, {TableName, Item: item({ID: `i${i}`, Expires})});
    }
    assert.equal((await ask(ScanCommand, {TableName})).Count, 250);
    await end();
    ({ask, end} = await begin([]));
    await eventually(() => ask(ScanCommand, {TableName}), ({Count}) => Count === 125);
    const {Items} = await ask(ScanCommand, {TableName});
    assert.ok(Items.every(({Expires}) => Number(Expires.N) > now()));
  } finally {
    await end();
    await rm(folder, {recursive: true, force: true});
  }
});

define('the metrics count what was deleted', async () => {
  const TableName = await createExpiring('TtlMetrics');
  const metric = async (name) => {
    const text = await (await fetch(`${server.endpoint}/metrics`)).text();
    return Number(text.match(new RegExp(`^${name} (.*)$`, 'm'))[1]);
  };
  const before = await metric('gramme_ttl_deleted_total');
  await put(TableName, item({ID: 'a', Expires: now() - HOUR}));
  await eventually(() => metric('gramme_ttl_deleted_total'), (count) => count > before);
  await eventually(() => metric('gramme_ttl_lag_seconds'), (lag) => lag < HOUR);
  const {Item} = await send(GetItemCommand, {TableName, Key: item({ID: 'a'})});
  assert.equal(Item, undefined);
});
