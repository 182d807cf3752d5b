// What is on the wire itself: headers, checksums, error bodies, and the pages beside the API.

import assert from 'node:assert/strict';
import {connect} from 'node:net';
import {before, test} from 'node:test';
import {crc32} from 'node:zlib';
import {createTable, onAws, region, server} from './fixture.mjs';

const TARGET = 'DynamoDB_20120810';
// AWS answers unsigned requests with one error only, whatever is in them.
const define = onAws ? () => {} : test;

let table;
before(async () => table = await createTable('Wire', {ID: 'S'}));

const date = '20260101';
const authorization = `AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/${date}/${region}/dynamodb/` +
    `aws4_request, SignedHeaders=host;x-amz-date;x-amz-target, Signature=${'0'.repeat(64)}`;

function headersOf(operation, more = {}) {
  return {
    'content-type': 'application/x-amz-json-1.0',
    'x-amz-target': `${TARGET}.${operation}`,
    'x-amz-date': `${date}T000000Z`,
    authorization,
    ...more,
  };
}

// `body` is sent as it is when it is a string or bytes.
async function call(operation, body, headers = headersOf(operation)) {
  const raw = typeof body === 'string' || body instanceof Uint8Array ? body : JSON.stringify(body);
  const answer = await fetch(server.endpoint, {method: 'POST', headers, body: raw});
  const bytes = Buffer.from(await answer.arrayBuffer());
  const {status, headers: answered} = answer;
  return {status, headers: answered, bytes, json: JSON.parse(bytes.toString())};
}

function assertError(answer, name, message) {
  assert.equal(answer.status, 400, answer.bytes.toString());
  assert.equal(answer.json.__type.split('#').at(-1), name, answer.bytes.toString());
  const text = answer.json.message ?? answer.json.Message;
  if (message instanceof RegExp) assert.match(text, message);
  else if (message !== undefined) assert.equal(text, message);
}

define('every answer has an id and the checksum of its body', async () => {
  const answers = [
    await call('ListTables', {}),
    await call('DescribeTable', {TableName: 'absent-table'}),
    await call('NoSuchOperation', {}),
    await call('ListTables', '{'),
  ];
  for (const {headers, bytes} of answers) {
    assert.match(headers.get('x-amzn-requestid'), /^[A-Z0-9-]{20,64}$/i);
    assert.equal(headers.get('x-amz-crc32'), String(crc32(bytes)));
    assert.equal(headers.get('content-type'), 'application/x-amz-json-1.0');
    assert.equal(Number(headers.get('content-length')), bytes.length);
  }
  assert.equal(new Set(answers.map(({headers}) => headers.get('x-amzn-requestid'))).size, 4);
});

define('an error of DynamoDB names its full type', async () => {
  const answer = await call('DescribeTable', {TableName: 'absent-table'});
  assertError(answer, 'ResourceNotFoundException',
              'Requested resource not found: Table: absent-table not found');
  assert.equal(answer.json.__type,
               'com.amazonaws.dynamodb.v20120810#ResourceNotFoundException');
});

for (const [what, body] of [
  ['half an object', '{"TableName":'], ['an array', '[]'], ['a string', '"x"'],
  ['two objects', '{}{}'], ['a number where a string belongs', '{"TableName": 5}'],
  ['a string where a number belongs', '{"Limit": "x"}'], ['a single quote', "{'a': 1}"],
  ['bytes that are no UTF-8', Uint8Array.from([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x3a, 0x31, 0x7d])],
  ['very deep nesting', '{"a":'.repeat(20_000) + '1' + '}'.repeat(20_000)],
]) {
  define(`malformed JSON: ${what}`, async () => {
    const operation = what.includes('string belongs') ? 'DescribeTable' : 'ListTables';
    assertError(await call(operation, body), 'SerializationException');
  });
}

define('base64 that is none is refused', async () => {
  const Item = {ID: {S: 'x'}, V: {B: '***'}};
  assertError(await call('PutItem', {TableName: table, Item}), 'SerializationException');
});

for (const [what, value] of [
  ['no type', {}], ['two types', {S: 'x', N: '1'}], ['an unknown type', {X: 'x'}],
]) {
  define(`an attribute value of ${what} is refused`, async () => {
    const answer = await call('PutItem', {TableName: table, Item: {ID: {S: 'x'}, V: value}});
    assertError(answer, 'ValidationException');
  });
}

define('a number that is JSON and not a string is refused', async () => {
  const answer = await call('PutItem', {TableName: table, Item: {ID: {S: 'x'}, V: {N: 1}}});
  assertError(answer, 'SerializationException');
});

define('all violations of the model are told in one message', async () => {
  const answer = await call('GetItem', {});
  assertError(answer, 'ValidationException', /^2 validation errors detected: /);
  assert.match(answer.json.message, /'tableName'/);
  assert.match(answer.json.message, /'key'/);
});

for (const [what, target] of [
  ['an unknown operation', `${TARGET}.MakeCoffee`], ['an unknown service', 'Other_1.ListTables'],
  ['no operation', TARGET], ['no target', undefined],
]) {
  define(`${what} is answered with UnknownOperationException`, async () => {
    const headers = headersOf('ListTables', {'x-amz-target': target});
    if (!target) delete headers['x-amz-target'];
    assertError(await call('', {}, headers), 'UnknownOperationException');
  });
}

// Sends text over one connection and gives what comes back once `count` answers are there.
function exchange(text, count) {
  const {hostname, port} = new URL(server.endpoint);
  return new Promise((resolve, reject) => {
    let received = '';
    const socket = connect(Number(port), hostname, () => socket.write(text));
    socket.setTimeout(10_000, () => reject(new Error(`no answer; so far: ${received}`)));
    socket.on('error', reject);
    socket.on('data', (data) => {
      received += data;
      const heads = received.split(/(?=HTTP\/1\.1 \d)/);
      const whole = (part) => {
        const [head, body = ''] = part.split('\r\n\r\n');
        return Buffer.byteLength(body) >= Number(/content-length: *(\d+)/i.exec(head)?.[1] ?? NaN);
      };
      if (heads.length === count && heads.every(whole)) {
        socket.destroy();
        resolve(heads);
      }
    });
    socket.on('close', () => reject(new Error(`closed; so far: ${received}`)));
  });
}

function request(operation, body) {
  const head = Object.entries({
    ...headersOf(operation),
    host: new URL(server.endpoint).host,
    'content-length': Buffer.byteLength(body),
  });
  return `POST / HTTP/1.1\r\n${head.map(([k, v]) => `${k}: ${v}\r\n`).join('')}\r\n${body}`;
}

define('pipelined requests are answered in order, and errors leave the connection open', async () => {
  const key = (ID) => JSON.stringify({TableName: table, Item: {ID: {S: ID}}});
  const answers = await exchange(
      request('PutItem', key('a')) + request('PutItem', '{"bad"') + request('NoSuch', '{}') +
          request('DescribeTable', JSON.stringify({TableName: table})) +
          request('ListTables', '{}'),
      5);
  const statuses = answers.map((text) => Number(text.slice(9, 12)));
  assert.deepEqual(statuses, [200, 400, 400, 200, 200]);
  assert.match(answers[1], /SerializationException/);
  assert.match(answers[2], /UnknownOperationException/);
  assert.match(answers[3], /"Table":/);
  assert.match(answers[4], /"TableNames":/);
});

define('a body over 16 MB is refused', async () => {
  const text = JSON.stringify({TableName: table, Item: {ID: {S: 'x'.repeat(17 * 1024 * 1024)}}});
  const refusedBy = await fetch(
      server.endpoint, {method: 'POST', headers: headersOf('PutItem'), body: text})
          .then((answer) => answer.status, (error) => error.cause?.code ?? error.message);
  // The server may answer and close before the whole body has been sent.
  assert.ok([400, 413, 'ECONNRESET', 'EPIPE', 'UND_ERR_SOCKET'].includes(refusedBy), refusedBy);
  assert.equal((await call('ListTables', {})).status, 200);
});

define('health, readiness, metrics and a page for a browser are served', async () => {
  const get = (path, headers = {}) => fetch(new URL(path, server.endpoint), {headers});
  assert.equal((await get('/healthz')).status, 200);
  assert.equal((await get('/readyz')).status, 200);

  await call('ListTables', {});
  const metrics = await get('/metrics');
  assert.equal(metrics.status, 200);
  assert.match(metrics.headers.get('content-type'), /^text\/plain/);
  const text = await metrics.text();
  assert.match(text, /^# HELP gramme_\w+ .+$/m);
  assert.match(text, /^# TYPE gramme_\w+ (counter|gauge|histogram)$/m);
  assert.match(text, /^gramme_\w+\{[^}]*operation="ListTables"[^}]*\} [1-9]\d*$/m);

  const page = await get('/', {accept: 'text/html'});
  assert.equal(page.status, 200);
  assert.match(page.headers.get('content-type'), /^text\/html/);
  assert.match(await page.text(), /Gramme/);
  assert.equal((await get('/no-such-page')).status, 404);
});
