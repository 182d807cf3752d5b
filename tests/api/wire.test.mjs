// What is on the wire itself: headers, checksums, error bodies, and the pages beside the API.

import assert from 'node:assert/strict';
import {request as httpRequest} from 'node:http';
import {connect} from 'node:net';
import {before, test} from 'node:test';
import {crc32, gunzipSync, gzipSync} from 'node:zlib';
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

// Without the comforts of fetch, which undoes compression. `headers` are all that is sent.
function exactly(method, path, headers, body = '') {
  return new Promise((resolve, reject) => {
    const outgoing = httpRequest(new URL(path, server.endpoint), {method, headers}, (incoming) => {
      const chunks = [];
      incoming.on('data', (chunk) => chunks.push(chunk));
      incoming.on('end', () => resolve({
                           status: incoming.statusCode,
                           headers: incoming.headers,
                           bytes: Buffer.concat(chunks),
                         }));
    });
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}

for (const type of [
  'application/x-amz-json-1.0', 'application/x-amz-json-1.1', 'application/json',
  'application/x-amz-json-1.0; charset=utf-8', 'Application/X-Amz-Json-1.0 ;charset=UTF-8',
]) {
  define(`a request of ${type} is answered in kind`, async () => {
    const answer = await call('ListTables', {}, headersOf('ListTables', {'content-type': type}));
    assert.equal(answer.status, 200);
    assert.equal(answer.headers.get('content-type'), type.split(';')[0].trim().toLowerCase());
  });
}

for (const type of ['text/plain', 'application/x-www-form-urlencoded', undefined]) {
  define(`a request of ${type ?? 'no type'} is none of DynamoDB`, async () => {
    const headers = headersOf('ListTables', {'content-type': type, 'content-length': 2});
    if (!type) delete headers['content-type'];
    const {status, headers: answered, bytes} = await exactly('POST', '/', headers, '{}');
    assert.equal(status, 404);
    assert.equal(bytes.toString(), '<UnknownOperationException/>\n');
    assert.equal(answered['x-amz-crc32'], '3552371480');
    assert.match(answered['x-amzn-requestid'], /^[A-Z0-9]{52}$/);
  });
}

define('a body may come packed', async () => {
  const Item = {ID: {S: 'packed'}, Text: {S: 'packed '.repeat(10_000)}};
  const body = gzipSync(JSON.stringify({TableName: table, Item}));
  const headers = headersOf('PutItem', {'content-encoding': 'gzip', 'content-length': body.length});
  assert.equal((await exactly('POST', '/', headers, body)).status, 200);
  const Key = {ID: Item.ID};
  assert.deepEqual((await call('GetItem', {TableName: table, Key})).json.Item, Item);
});

define('a body that is not packed, or unpacks to more than 16 MB, is refused', async () => {
  for (const body of [Buffer.from('{}'), gzipSync(Buffer.alloc(64 * 1024 * 1024, ' '))]) {
    const headers =
        headersOf('ListTables', {'content-encoding': 'gzip', 'content-length': body.length});
    const {status} = await exactly('POST', '/', headers, body);
    assert.ok([400, 413].includes(status), `${status}`);
  }
  assert.equal((await call('ListTables', {})).status, 200);
});

define('a large answer is packed for who accepts it, and its checksum is that of the bytes sent', async () => {
  const Item = {ID: {S: 'large'}, Text: {S: 'large '.repeat(2000)}};
  await call('PutItem', {TableName: table, Item});
  const body = JSON.stringify({TableName: table, Key: {ID: Item.ID}});
  const ask = (encoding) => exactly('POST', '/', headersOf('GetItem', {
    'content-length': body.length,
    ...(encoding && {'accept-encoding': encoding}),
  }), body);
  for (const encoding of ['gzip', 'deflate, gzip;q=0.5', 'GZIP , br']) {
    const {headers, bytes} = await ask(encoding);
    assert.equal(headers['content-encoding'], 'gzip', encoding);
    assert.equal(headers['x-amz-crc32'], String(crc32(bytes)));
    assert.equal(Number(headers['content-length']), bytes.length);
    assert.ok(bytes.length < 2000);
    assert.deepEqual(JSON.parse(gunzipSync(bytes).toString()).Item, Item);
  }
  for (const encoding of [undefined, 'identity', 'br', 'gzip;q=0', 'gzip; q=0.0']) {
    const {headers, bytes} = await ask(encoding);
    assert.equal(headers['content-encoding'], undefined, encoding);
    assert.equal(headers['x-amz-crc32'], String(crc32(bytes)));
    assert.deepEqual(JSON.parse(bytes.toString()).Item, Item);
  }
});

define('a small answer and an error are not packed', async () => {
  for (const operation of ['ListTables', 'NoSuch']) {
    const headers = headersOf(operation, {'accept-encoding': 'gzip', 'content-length': 2});
    const answer = await exactly('POST', '/', headers, '{}');
    assert.equal(answer.headers['content-encoding'], undefined);
    assert.equal(answer.headers['x-amz-crc32'], String(crc32(answer.bytes)));
  }
});

define('a client that waits to be invited is invited', async () => {
  const body = '{}';
  const head = Object.entries({
    ...headersOf('ListTables'),
    host: new URL(server.endpoint).host,
    'content-length': body.length,
    expect: '100-continue',
  });
  const {hostname, port} = new URL(server.endpoint);
  const text = await new Promise((resolve, reject) => {
    let received = '';
    const socket = connect(Number(port), hostname, () => socket.write(
        `POST / HTTP/1.1\r\n${head.map(([k, v]) => `${k}: ${v}\r\n`).join('')}\r\n`));
    socket.setTimeout(10_000, () => reject(new Error(`no answer; so far: ${received}`)));
    socket.on('error', reject);
    socket.on('data', (data) => {
      const wasInvited = received.includes('100 Continue');
      received += data;
      if (!wasInvited && received.includes('100 Continue')) socket.write(body);
      if (received.includes('TableNames')) {
        socket.destroy();
        resolve(received);
      }
    });
  });
  assert.match(text, /^HTTP\/1\.1 100 Continue\r\n\r\nHTTP\/1\.1 200 OK\r\n/);
});

define('a page of this machine may ask, and is told what it may', async () => {
  const origin = 'http://localhost:5173';
  const asked = 'content-type,x-amz-target,x-own-header';
  const preflight = await exactly('OPTIONS', '/', {
    origin,
    'access-control-request-method': 'POST',
    'access-control-request-headers': asked,
  });
  assert.equal(preflight.status, 200);
  assert.equal(preflight.bytes.length, 0);
  assert.equal(preflight.headers['access-control-allow-origin'], origin);
  assert.equal(preflight.headers['access-control-allow-methods'], 'POST');
  assert.equal(preflight.headers['access-control-allow-headers'], asked);
  assert.equal(preflight.headers['access-control-max-age'], '172800');

  const answer = await call('NoSuch', {}, headersOf('NoSuch', {origin}));
  assert.equal(answer.headers.get('access-control-allow-origin'), origin);
  assert.match(answer.headers.get('access-control-expose-headers'), /x-amz-crc32/);

  const foreign = await exactly('OPTIONS', '/', {origin: 'http://example.com'});
  assert.equal(foreign.status, 403);
  assert.equal(foreign.headers['access-control-allow-origin'], undefined);
});

define('GET and HEAD tell that the service is there', async () => {
  const get = await exactly('GET', '/', {});
  assert.equal(get.status, 200);
  assert.equal(get.bytes.toString(), `healthy: dynamodb.${region}.amazonaws.com `);
  const head = await exactly('HEAD', '/', {});
  assert.equal(head.status, 200);
  assert.equal(head.bytes.length, 0);
  assert.equal(head.headers['content-length'], get.headers['content-length']);
  for (const method of ['PUT', 'DELETE', 'PATCH']) {
    const refused = await exactly(method, '/', {'content-length': 0});
    assert.equal(refused.status, 405, method);
    assert.match(refused.headers.allow, /POST/);
  }
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
