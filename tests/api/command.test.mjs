// The binary as an operator meets it: its flags, what it says when it cannot start, what is there
// after a restart, and backups without a server.

import assert from 'node:assert/strict';
import {execFile} from 'node:child_process';
import {access, mkdir, mkdtemp, open, readdir, rm, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {after, before, test} from 'node:test';
import {
  CreateBackupCommand, CreateTableCommand, DeleteTableCommand, DescribeBackupCommand,
  DescribeTableCommand, DynamoDBClient, GetItemCommand, ListBackupsCommand, PutItemCommand,
  QueryCommand, RestoreTableFromBackupCommand, ScanCommand,
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

// Flips one bit in the middle of a file.
async function damage(path) {
  const file = await open(path, 'r+');
  const {size} = await file.stat();
  const byte = Buffer.alloc(1);
  await file.read(byte, 0, 1, size >> 1);
  byte[0] ^= 16;
  await file.write(byte, 0, 1, size >> 1);
  await file.close();
}

define('backups are copied; what is damaged is named, and the others are copied', async () => {
  const from = join(folder, 'from');
  const to = join(folder, 'to');
  const copyTo = (target, ...more) =>
      run(['backup', 'copy', '--backup-dir', from, '--to', target, ...more]);
  const server = await startServer(['--data', join(folder, 'copied'), '--backup-dir', from]);
  const client = clientOf(server);
  await fill(client, 'Music');
  const arns = [await backUp(client, 'Music'), await backUp(client, 'Music'), await backUp(client, 'Music')];
  const ids = arns.map((arn) => arn.split('/').at(-1));

  // While the server goes on.
  const first = await copyTo(to, arns[0]);
  assert.equal(first.code, 0, first.stderr);
  assert.match(first.stdout, new RegExp(`^${ids[0]}  copied, [0-9]+ bytes\n$`));
  const all = await copyTo(to);
  assert.equal(all.code, 0, all.stderr);
  assert.match(all.stdout, new RegExp(
      `^${ids[0]}  there already\n${ids[1]}  copied, [0-9]+ bytes\n${ids[2]}  copied, [0-9]+ bytes\n$`));
  const verify = await run(['backup', 'verify', '--backup-dir', to]);
  assert.equal(verify.code, 0, verify.stdout);
  await server.stop();

  await damage(join(from, ids[1], 'data-000001'));
  const damaged = await copyTo(join(folder, 'third'));
  assert.equal(damaged.code, 5, damaged.stdout);
  assert.match(damaged.stdout, new RegExp(`${ids[1]}  not copied: data-000001: `));
  assert.deepEqual((await readdir(join(folder, 'third'))).sort(), [ids[0], ids[2]]);
  const restore = await run(['backup', 'restore', '--backup-dir', from, '--data', join(folder, 'none'),
                             '--target-table', 'Back', arns[1]]);
  assert.equal(restore.code, 5, restore.stderr);
  assert.match(restore.stderr, /data-000001/);

  const absent = await copyTo(to, '01489602797149-73d8d5bc');
  assert.equal(absent.code, 1);
  assert.match(absent.stdout, /not there/);
  await writeFile(join(to, ids[0], 'MANIFEST'), 'another');
  const other = await copyTo(to, arns[0]);
  assert.equal(other.code, 1);
  assert.match(other.stdout, /another backup of this id/);
  const nowhere = await copyTo(join(folder, 'unmounted', 'backups'));
  assert.equal(nowhere.code, 1);
  assert.match(nowhere.stderr, /is its disk mounted\?/);
  assert.equal((await run(['backup', 'copy', '--backup-dir', from])).code, 2);
});

define('a server that knows nothing serves a directory of backups, whatever else lies there', async () => {
  const backups = join(folder, 'found');
  const source = await startServer(['--data', join(folder, 'gone'), '--backup-dir', backups]);
  const before = clientOf(source);
  await fill(before, 'Music');
  const arns = [await backUp(before, 'Music'), await backUp(before, 'Music'), await backUp(before, 'Music')];
  const [whole, damaged, unreadable] = arns.map((arn) => arn.split('/').at(-1));
  await source.stop();
  await rm(join(folder, 'gone'), {recursive: true});
  await damage(join(backups, damaged, 'definitions'));
  // A manifest that cannot be read at all.
  await rm(join(backups, unreadable, 'MANIFEST'));
  await mkdir(join(backups, unreadable, 'MANIFEST'));
  await writeFile(join(backups, '01489602797149-73d8d5bc'), 'a file with the name of a backup');
  await writeFile(join(backups, 'notes.txt'), 'mine');
  await mkdir(join(backups, 'lost+found'));
  await mkdir(join(backups, '01489602797150-73d8d5bc', 'photos'), {recursive: true});

  const server = await startServer(['--data', join(folder, 'fresh'), '--backup-dir', backups]);
  const client = clientOf(server);
  const {BackupSummaries} = await client.send(new ListBackupsCommand({}));
  assert.deepEqual(BackupSummaries.map(({BackupArn}) => BackupArn), [arns[0]]);
  for (const id of [damaged, unreadable]) {
    assert.match(server.output(), new RegExp(`backup_damaged.*${id}`));
  }
  const {BackupDescription} = await client.send(new DescribeBackupCommand({BackupArn: arns[0]}));
  assert.equal(BackupDescription.SourceTableDetails.TableName, 'Music');
  await client.send(new RestoreTableFromBackupCommand({TargetTableName: 'Music', BackupArn: arns[0]}));
  for (let status; status !== 'ACTIVE';) {
    ({Table: {TableStatus: status}} =
         await client.send(new DescribeTableCommand({TableName: 'Music'})));
  }
  await assertFilled(client, 'Music');
  await backUp(client, 'Music');
  await server.stop();
  for (const left of ['notes.txt', 'lost+found', '01489602797149-73d8d5bc', whole,
                      join('01489602797150-73d8d5bc', 'photos')]) {
    await access(join(backups, left));
  }
});
