// The AWS CLI, as a user types it: Debian's awscli in an empty home folder, and the pages of docs/
// that show it. Each shell block of such a page is run as it stands; where an output block follows,
// the answer must hold what that shows.

import assert from 'node:assert/strict';
import {execFile} from 'node:child_process';
import {mkdir, mkdtemp, readFile, rm, symlink} from 'node:fs/promises';
import {createServer} from 'node:net';
import {tmpdir} from 'node:os';
import {basename, delimiter, join, resolve} from 'node:path';
import {after, before, test} from 'node:test';
import {credentials, onAws, region, server, uniqueName} from './fixture.mjs';

// Debian's own, whatever other one stands before it in PATH.
const AWS = process.env.AWS_CLI ?? '/usr/bin/aws';
const define = onAws ? () => {} : test;
const binary = process.env.GRAMME_BINARY;
const docs = new URL('../../docs/', import.meta.url);

let home;
before(async () => {
  home = await mkdtemp(join(tmpdir(), 'gramme-cli-'));
  if (!binary) return;
  await mkdir(join(home, 'bin'));
  await symlink(resolve(binary), join(home, 'bin', 'gramme'));
});
after(() => rm(home, {recursive: true, force: true}));

function run(program, args) {
  const env = {
    HOME: home,
    PATH: [join(home, 'bin'), '/usr/bin', '/bin', process.env.PATH].join(delimiter),
    LANG: 'C.UTF-8',
    AWS_ACCESS_KEY_ID: credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    AWS_DEFAULT_REGION: region,
    AWS_PAGER: '',
  };
  return new Promise((resolve) => {
    const options = {env, cwd: home, timeout: 900_000, maxBuffer: 16 << 20};
    execFile(program, args, options, (error, stdout, stderr) => {
      resolve({code: error ? error.code ?? 'killed' : 0, stdout, stderr});
    });
  });
}

async function aws(...args) {
  const all = ['dynamodb', ...args, '--endpoint-url', server.endpoint, '--output', 'json'];
  const {code, stdout, stderr} = await run(AWS, all);
  return {code, stderr, json: stdout.trim() ? JSON.parse(stdout) : undefined};
}

async function awsGood(...args) {
  const answer = await aws(...args);
  assert.equal(answer.code, 0, answer.stderr);
  return answer.json;
}

define('a value of each type comes back through the CLI', async () => {
  const name = uniqueName('Cli');
  await awsGood('create-table', '--table-name', name, '--billing-mode', 'PAY_PER_REQUEST',
                '--key-schema', 'AttributeName=ID,KeyType=HASH',
                '--attribute-definitions', 'AttributeName=ID,AttributeType=S');
  await awsGood('wait', 'table-exists', '--table-name', name);
  let nested = {S: 'innermost'};
  for (let level = 0; level < 31; ++level) nested = {M: {m: nested}};
  const item = {
    ID: {S: 'types'},
    text: {S: 'gr\u00e2mme \u{1f4be}'},
    number: {N: '-12345678901234567890123456789012345678'},
    binary: {B: 'AP8B'},
    yes: {BOOL: true},
    nothing: {NULL: true},
    texts: {SS: ['a']},
    numbers: {NS: ['1.5']},
    binaries: {BS: ['AA==']},
    list: {L: [{S: 'x'}, {N: '1'}]},
    nested,
  };
  await awsGood('put-item', '--table-name', name, '--item', JSON.stringify(item));
  const {Item} = await awsGood('get-item', '--table-name', name, '--key', '{"ID":{"S":"types"}}');
  assert.deepEqual(Item, item);
  await awsGood('delete-table', '--table-name', name);
  await awsGood('wait', 'table-not-exists', '--table-name', name);
});

define('an error of the server is what the CLI tells', async () => {
  const {code, stderr} = await aws('describe-table', '--table-name', 'no-such-table');
  assert.equal(code, 254);
  assert.match(stderr, new RegExp(
      'An error occurred \\(ResourceNotFoundException\\) when calling the DescribeTable ' +
      'operation: Requested resource not found: Table: no-such-table not found'));
});

// The shell blocks of a page, each with the output block that follows it, if one does. What starts the
// server is left out: it runs.
function blocksOf(markdown) {
  const blocks = [];
  for (const [, kind, text] of markdown.matchAll(/^```(\w+)\n([^]*?)^```$/gm)) {
    if (kind === 'sh' && text.startsWith('./scripts/run')) continue;
    if (kind === 'sh') blocks.push({shell: text});
    else if (blocks.length > 0 && (kind === 'json' || kind === 'text')) blocks.at(-1)[kind] = text;
  }
  return blocks;
}

// `shown` stands for `actual` when each of its members does; "..." stands for anything.
function assertShows(actual, shown, path) {
  if (shown === '...') return;
  if (Array.isArray(shown)) {
    assert.ok(Array.isArray(actual), `${path} is no list`);
    assert.equal(actual.length, shown.length, `length of ${path}`);
    shown.forEach((value, i) => assertShows(actual[i], value, `${path}[${i}]`));
  } else if (shown !== null && typeof shown === 'object') {
    for (const [name, value] of Object.entries(shown)) {
      assert.ok(actual !== null && typeof actual === 'object' && name in actual,
                `${path}.${name} is not there: ${JSON.stringify(actual)}`);
      assertShows(actual[name], value, `${path}.${name}`);
    }
  } else {
    assert.deepEqual(actual, shown, path);
  }
}

// A port that nobody listens on.
function freePort() {
  return new Promise((resolvePort) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const {port} = probe.address();
      probe.close(() => resolvePort(port));
    });
  });
}

const pages = [
  'guides/backup-walkthrough.md', 'guides/protect-a-table.md', 'guides/restore-a-table.md',
  'guides/recover-a-deleted-table.md', 'guides/beyond-dynamodb.md', 'guides/let-items-expire.md',
  'guides/follow-a-stream.md',
  // Starts servers of its own.
  ...(binary ? ['guides/move-backups.md'] : []),
  '../README.md',
];
for (const page of pages) {
  define(`${basename(page)} does what it says`, async () => {
    let text = await readFile(new URL(page, docs), 'utf8');
    text = text.replaceAll('http://127.0.0.1:8000', server.endpoint);
    for (const port of ['8001', '8002']) text = text.replaceAll(port, await freePort());
    const blocks = blocksOf(text);
    assert.ok(blocks.length > 0);
    const mark = '--- end of block ---';
    const script = blocks.map(({shell}) => `${shell}\necho '${mark}'\n`).join('');
    const leaveNothing = 'trap \'kill $(jobs -p) 2>/dev/null || true\' EXIT';
    const {code, stdout, stderr} =
        await run('/bin/bash', ['-c', `set -e\n${leaveNothing}\n${script}`]);
    const outputs = stdout.split(`${mark}\n`);
    const reached = blocks[outputs.length - 1]?.shell ?? '';
    assert.equal(code, 0, `${stderr}\nin this block:\n${reached}`);
    for (const [i, {shell, json, text: wanted}] of blocks.entries()) {
      if (json) assertShows(JSON.parse(outputs[i]), JSON.parse(json), `the answer to\n${shell}`);
      if (wanted) assert.equal(outputs[i].trim(), wanted.trim(), shell);
    }
  });
}
