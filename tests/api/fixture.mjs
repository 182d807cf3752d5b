// What every test file shares: one server (each file is a process and has its own), a client of it,
// and the few steps that nearly every test takes.

import assert from 'node:assert/strict';
import {after} from 'node:test';
import {setTimeout as sleep} from 'node:timers/promises';
import {
  CreateTableCommand, DeleteTableCommand, DescribeTableCommand, DynamoDBClient, PutItemCommand,
  ScanCommand,
} from '@aws-sdk/client-dynamodb';
import {startServer} from './server.mjs';

// "aws" means AWS itself. Tests of what only our server has are not defined then.
const given = process.env.GRAMME_ENDPOINT;
export const onAws = given === 'aws';
export const server = given ? {endpoint: onAws ? undefined : given, stop: async () => {}} :
                              await startServer();

export const region = process.env.AWS_REGION ?? 'us-east-1';
export const credentials = {accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'example'};

export function newClient(options = {}) {
  const local = onAws ? {} : {endpoint: server.endpoint, credentials};
  return new DynamoDBClient({region, maxAttempts: 3, ...local, ...options});
}
export const client = newClient();
export const send = (Command, input) => client.send(new Command(input));

const created = new Set();
after(async () => {
  if (given) {
    for (const TableName of created) await send(DeleteTableCommand, {TableName}).catch(() => {});
  }
  client.destroy();
  await server.stop();
});

// A name that no other run has used.
export function uniqueName(stem) {
  return `${stem}-${process.pid}-${Math.random().toString(36).slice(2, 10)}`;
}

// Asks again until `done(answer)`, for what is finished a while after its request.
export async function eventually(ask, done, timeoutMs = onAws ? 600_000 : 30_000) {
  for (const start = Date.now();; await sleep(onAws ? 1000 : 20)) {
    const answer = await ask();
    if (done(answer)) return answer;
    assert.ok(Date.now() - start < timeoutMs, `still not done: ${JSON.stringify(answer)}`);
  }
}

export async function untilActive(TableName) {
  const {Table} = await eventually(
      () => send(DescribeTableCommand, {TableName}),
      ({Table: table}) => table.TableStatus === 'ACTIVE' &&
          (table.GlobalSecondaryIndexes ?? []).every((index) => index.IndexStatus === 'ACTIVE'));
  return Table;
}

export async function untilGone(TableName) {
  await eventually(
      () => send(DescribeTableCommand, {TableName}).then(() => false, (error) => error.name),
      (answer) => answer === 'ResourceNotFoundException');
}

// keySchema('ID') or keySchema('ID', 'At'), as CreateTable and an index want it.
export function keySchema(partitionKey, sortKey) {
  const schema = [{AttributeName: partitionKey, KeyType: 'HASH'}];
  if (sortKey) schema.push({AttributeName: sortKey, KeyType: 'RANGE'});
  return schema;
}

export function definitions(types) {
  return Object.entries(types).map(
      ([AttributeName, AttributeType]) => ({AttributeName, AttributeType}));
}

// A name for a table that the test creates by other means; it goes where the others go at the end.
export function tableName(stem) {
  const name = uniqueName(stem);
  created.add(name);
  return name;
}

// Creates an on-demand table whose key attributes are `types` in order, and waits until it is
// ACTIVE. `more` is merged into the request; its AttributeTypes are further definitions, for
// indexes.
export async function createTable(stem, types, {AttributeTypes = {}, ...more} = {}) {
  const TableName = tableName(stem);
  await send(CreateTableCommand, {
    TableName,
    KeySchema: keySchema(...Object.keys(types)),
    AttributeDefinitions: definitions({...types, ...AttributeTypes}),
    BillingMode: 'PAY_PER_REQUEST',
    ...more,
  });
  await untilActive(TableName);
  return TableName;
}

// In the order of their IDs, of a table whose key is that string alone.
export const itemsOf = async (TableName) =>
    (await send(ScanCommand, {TableName, ConsistentRead: true})).Items.sort(
        (a, b) => a.ID.S < b.ID.S ? -1 : 1);

export const put = (TableName, Item, more = {}) => send(PutItemCommand, {TableName, Item, ...more});

// The request must fail with this error; `message` is the whole text or a pattern in it.
export async function refused(promise, name, message) {
  const error = await promise.then(
      (answer) => assert.fail(`accepted, wanted ${name}: ${JSON.stringify(answer)}`),
      (failure) => failure);
  if (error instanceof assert.AssertionError) throw error;
  assert.equal(error.name, name, `${error.name}: ${error.message}`);
  if (message instanceof RegExp) assert.match(error.message, message);
  else if (message !== undefined) assert.equal(error.message, message);
  return error;
}

// Number, string and nested values in the wire's form, for tests that are not about types.
export function av(value) {
  if (value === null) return {NULL: true};
  if (typeof value === 'number') return {N: String(value)};
  if (typeof value === 'string') return {S: value};
  if (typeof value === 'boolean') return {BOOL: value};
  if (value instanceof Uint8Array) return {B: value};
  if (Array.isArray(value)) return {L: value.map(av)};
  return {M: item(value)};
}
export function item(values) {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, av(value)]));
}
