// The binary as an operator meets it: its flags, what it says when it cannot start, what is there
// after a restart, and backups without a server.

import assert from 'node:assert/strict';
import {execFile} from 'node:child_process';
import {mkdtemp, rm, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {after, before, test} from 'node:test';
import {
  CreateBackupCommand, CreateTableCommand, DeleteTableCommand, DescribeBackupCommand,
  DescribeTableCommand, DynamoDBClient, GetItemCommand, ListBackupsCommand, PutItemCommand,
  QueryCommand, ScanCommand,
} from '@aws-sdk/client-dynamodb';
import {startServer} from './server.mjs';

// Only of a binary of ours.
const define = process.env.GRAMME_ENDPOINT ? () => {} : test;

let folder;
before(async () => folder = await mkdtemp(join(tmpdir(), 'gramme-command-')));
after(() => rm(folder, {recursive: true, force: true}));

function run(args, env = {}) {
  return new Promise((resolve) => {
    const options = {env: {PATH: process.env.PATH, ...env}, cwd: folder, timeout: 120_000};
    execFile(process.env.GRAMME_BINARY, args, options, (error, stdout, stderr) => {
      resolve({code: error ? error.code ?? 'killed' : 0, stdout, stderr});
    });
  });
}

async function refusedToStart(args, code, pattern, env) {
  const answer = await run(args, env);
  assert.equal(answer.code, code, answer.stderr + answer.stdout);
  assert.match(answer.stderr, pattern);
  assert.equal(answer.stderr.trimEnd().split('\n').length, 1, `one line: ${answer.stderr}`);
}

function clientOf(server) {
  return new DynamoDBClient({
    endpoint: server.endpoint, region: 'us-east-1',
    credentials: {accessKeyId: 'local', secretAccessKey: 'local'},
  });
}

async function fill(client, TableName) {
  await client.send(new CreateTableCommand({
    TableName,
    BillingMode: 'PAY_PER_REQUEST',
    KeySchema: [{AttributeName: 'ID', KeyType: 'HASH'}],
    AttributeDefinitions: [
      {AttributeName: 'ID', AttributeType: 'S'}, {AttributeName: 'A', AttributeType: 'S'},
    ],
    GlobalSecondaryIndexes: [{
      IndexName: 'ByA',
      KeySchema: [{AttributeName: 'A', KeyType: 'HASH'}],
      Projection: {ProjectionType: 'ALL'},
    }],
  }));
  for (let i = 0; i < 5; ++i) {
    await client.send(new PutItemCommand({
      TableName, Item: {ID: {S: `${i}`}, A: {S: i < 2 ? 'few' : 'many'}},
    }));
  }
}

async function assertFilled(client, TableName) {
  const scan = await client.send(new ScanCommand({TableName}));
  assert.deepEqual(scan.Items.map(({ID}) => ID.S).sort(), ['0', '1', '2', '3', '4']);
  const query = await client.send(new QueryCommand({
    TableName, IndexName: 'ByA', KeyConditionExpression: 'A = :a',
    ExpressionAttributeValues: {':a': {S: 'many'}},
  }));
  assert.equal(query.Count, 3);
}

async function backUp(client, TableName) {
  const {BackupDetails: {BackupArn}} =
      await client.send(new CreateBackupCommand({TableName, BackupName: 'Kept'}));
  for (;;) {
    const {BackupDescription} = await client.send(new DescribeBackupCommand({BackupArn}));
    if (BackupDescription.BackupDetails.BackupStatus === 'AVAILABLE') return BackupArn;
  }
}

for (const [what, args, pattern, env] of [
  ['a flag', ['dev', '--prot', '1'], /--port/],
  ['a command', ['dve'], /dev/],
  ['a variable', ['dev'], /GRAMME_PROT.*GRAMME_PORT/, {GRAMME_PROT: '1'}],
]) {
  define(`${what} that does not exist is refused with the nearest that does`, async () => {
    await refusedToStart(args, 2, pattern, env);
  });
}

define('a key that does not exist in the file is refused with the nearest that does', async () => {
  const file = join(folder, 'wrong.toml');
  await writeFile(file, 'prot = 8000\n');
  await refusedToStart(['dev', '--config', file], 2, /'prot'.*'port'/);
});

for (const mode of ['dev', 'serve']) {
  define(`${mode} listens on loopback alone`, async () => {
    const args = [mode, '--data', join(folder, 'nowhere'), '--listen', '0.0.0.0:0'];
    await refusedToStart(args, 2, /loopback/);
  });
}

define('each value is shown with its origin, and a flag wins over a variable over the file',
       async () => {
  const file = join(folder, 'good.toml');
  await writeFile(file, 'port = 1\nregion = "eu-west-1"\nlog-level = "error"\n');
  const {code, stdout} = await run(
      ['config', 'show', '--config', file, '--port', '2', '--port', '3'],
      {GRAMME_PORT: '4', GRAMME_REGION: 'eu-north-1'});
  assert.equal(code, 0);
  assert.match(stdout, /port.*3.*flag --port/);
  assert.match(stdout, /region.*eu-north-1.*environment GRAMME_REGION/);
  assert.match(stdout, /log-level.*error.*file .*good\.toml/);
  assert.match(stdout, /durability.*always.*default/);
});

define('version says what this is', async () => {
  const {code, stdout} = await run(['version']);
  assert.equal(code, 0);
  assert.match(stdout, /^gramme \d+\.\d+\.\d+/);
});

define('a port that is taken and a directory that is held or cannot be made are named',
       async () => {
  const data = join(folder, 'held');
  const server = await startServer(['--data', data]);
  try {
    await refusedToStart(['dev', '--host', '127.0.0.1', '--port', `${server.port}`], 1,
                         new RegExp(`${server.port}`));
    await refusedToStart(['dev', '--port', '0', '--data', data], 1, /held/);
    const impossible = join(folder, 'file');
    await writeFile(impossible, '');
    await refusedToStart(['dev', '--port', '0', '--data', join(impossible, 'data')], 1, /file\/data/);
  } finally {
    await server.stop();
  }
});

define('tables, items, indexes and backups are there after a restart', async () => {
  const data = join(folder, 'restarted');
  let server = await startServer(['--data', data, '--region', 'eu-west-1']);
  let client = clientOf(server);
  await fill(client, 'Music');
  const arn = await backUp(client, 'Music');
  const {Table} = await client.send(new DescribeTableCommand({TableName: 'Music'}));
  assert.match(Table.TableArn, /^arn:aws:dynamodb:eu-west-1:/);
  await server.stop();

  server = await startServer(['--data', data]);
  client = clientOf(server);
  await assertFilled(client, 'Music');
  const again = await client.send(new DescribeTableCommand({TableName: 'Music'}));
  assert.deepEqual(again.Table, Table);
  const {BackupSummaries} = await client.send(new ListBackupsCommand({}));
  assert.deepEqual(BackupSummaries.map(({BackupArn}) => BackupArn), [arn]);
  await server.stop();
  // A directory keeps the region that it was made with.
  await refusedToStart(['dev', '--port', '0', '--data', data, '--region', 'us-east-2'], 1,
                       /eu-west-1/);
});

define('a backup is listed, verified and restored without its server and its source', async () => {
  const backups = join(folder, 'backups');
  const server = await startServer(['--data', join(folder, 'source'), '--backup-dir', backups]);
  const client = clientOf(server);
  await fill(client, 'Music');
  const arn = await backUp(client, 'Music');
  await client.send(new DeleteTableCommand({TableName: 'Music'}));
  await server.stop();
  await rm(join(folder, 'source'), {recursive: true});

  const list = await run(['backup', 'list', '--backup-dir', backups]);
  assert.equal(list.code, 0, list.stderr);
  assert.match(list.stdout, /Kept {2}5 items/);
  assert.ok(list.stdout.includes(arn));
  const verify = await run(['backup', 'verify', '--backup-dir', backups, arn]);
  assert.equal(verify.code, 0, verify.stderr);
  assert.match(verify.stdout, /good/);
  const target = join(folder, 'target');
  const restore = await run(
      ['backup', 'restore', '--backup-dir', backups, '--data', target, '--target-table', 'Back', arn]);
  assert.equal(restore.code, 0, restore.stderr);

  const second = await startServer(['--data', target]);
  const reader = clientOf(second);
  await assertFilled(reader, 'Back');
  const {Item} = await reader.send(
      new GetItemCommand({TableName: 'Back', Key: {ID: {S: '1'}}, ConsistentRead: true}));
  assert.deepEqual(Item, {ID: {S: '1'}, A: {S: 'few'}});
  await second.stop();
});
