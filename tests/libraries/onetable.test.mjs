// OneTable: one table of many models, with unique fields that it keeps by transactions.

import assert from 'node:assert/strict';
import {before, test} from 'node:test';
import {Table} from 'dynamodb-onetable';
import {client, refused, tableName, untilActive, untilGone} from '../api/fixture.mjs';

const schema = {
  format: 'onetable:1.1.0',
  version: '0.0.1',
  indexes: {
    primary: {hash: 'pk', sort: 'sk'},
    gs1: {hash: 'gs1pk', sort: 'gs1sk', project: ['name', 'email'], follow: true},
    ls1: {sort: 'created', type: 'local', project: 'all'},
  },
  models: {
    Account: {
      pk: {type: String, value: 'account#${id}'},
      sk: {type: String, value: 'account#'},
      id: {type: String, required: true},
      name: {type: String, required: true, unique: true},
      balance: {type: Number, default: 0},
    },
    User: {
      pk: {type: String, value: 'account#${account}'},
      sk: {type: String, value: 'user#${email}'},
      account: {type: String, required: true},
      // One address once in each account: the scope of its uniqueness.
      email: {type: String, required: true},
      login: {type: String, unique: true, scope: '${account}'},
      name: {type: String},
      age: {type: Number},
      tags: {type: Set},
      address: {type: Object, schema: {city: {type: String}, zip: {type: String}}},
      history: {type: Array},
      joined: {type: Date},
      expires: {type: Date, ttl: true},
      gs1pk: {type: String, value: 'users'},
      gs1sk: {type: String, value: 'user#${email}'},
    },
    // Without unique fields, which no batch may have.
    Note: {
      pk: {type: String, value: 'note#${book}'},
      sk: {type: String, value: 'note#${id}'},
      book: {type: String, required: true},
      id: {type: String, required: true},
      age: {type: Number},
    },
  },
  params: {isoDates: true, timestamps: true},
};

const name = tableName('OneTable');
const table = new Table({client, name, schema, partial: true, logger: false});
const Account = table.getModel('Account');
const User = table.getModel('User');
const Note = table.getModel('Note');
before(async () => {
  await table.createTable();
  await untilActive(name);
});

const isUnique = (error) => error.code === 'UniqueError';

test('the table that it makes', async () => {
  assert.equal(await table.exists(), true);
  assert.ok((await table.listTables()).includes(name));
  const {Table: found} = await table.describeTable();
  assert.deepEqual(found.GlobalSecondaryIndexes[0].Projection.ProjectionType, 'INCLUDE');
  assert.equal(found.LocalSecondaryIndexes[0].IndexName, 'ls1');
  assert.equal((await table.getKeys()).ls1.sort, 'created');
});

test('create, get, update, upsert and remove', async () => {
  const joined = new Date('2026-01-02T03:04:05.000Z');
  const key = {account: 'crud', email: 'a@x'};
  await User.create({
    ...key, name: 'Ada', age: 30, tags: new Set(['x']), address: {city: 'London'}, joined,
    history: ['one'], expires: joined,
  });
  const found = await User.get(key);
  assert.deepEqual(found.joined, joined);
  assert.deepEqual(found.expires, joined);
  assert.deepEqual(found.tags, new Set(['x']));
  await assert.rejects(User.create({...key, name: 'Again'}), /Cannot create/);

  const updated = await User.update({...key, name: 'Ada L.'}, {
    add: {age: 5}, set: {'address.zip': 'N1', history: 'list_append(if_not_exists(${history}, @{none}), @{more})'},
    substitutions: {none: [], more: ['two']},
  });
  assert.equal(updated.age, 35);
  assert.deepEqual(updated.address, {city: 'London', zip: 'N1'});
  assert.deepEqual(updated.history, ['one', 'two']);
  const removed = await User.update(key, {remove: ['history'], delete: {tags: new Set(['x'])}});
  assert.equal(removed.history, undefined);
  assert.equal(removed.tags, undefined);
  await assert.rejects(User.update(key, {where: '${age} > {99}', set: {age: 1}}), (error) =>
    error.code === 'ConditionalCheckFailedException' || /condition/i.test(error.message));
  await assert.rejects(User.update({account: 'crud', email: 'nobody', name: 'N'}));
  const made = await User.upsert({account: 'crud', email: 'new', name: 'New'});
  assert.equal(made.name, 'New');
  await User.remove(key);
  assert.equal(await User.get(key), undefined);
  await assert.rejects(User.remove(key, {exists: true}));
});

test('unique fields, kept by transactions', async () => {
  await Account.create({id: '1', name: 'acme'});
  await assert.rejects(Account.create({id: '2', name: 'acme'}), isUnique);
  await Account.create({id: '2', name: 'other'});
  await assert.rejects(Account.update({id: '2', name: 'acme'}, {return: 'get'}), isUnique);
  // Under another name, the first is free again.
  const renamed = await Account.update({id: '1', name: 'renamed'}, {return: 'get'});
  assert.equal(renamed.name, 'renamed');
  await Account.update({id: '2', name: 'acme'}, {return: 'get'});
  await Account.remove({id: '2'});
  await Account.create({id: '3', name: 'acme'});

  await User.create({account: 's1', email: 'a', login: 'ada'});
  await User.create({account: 's2', email: 'a', login: 'ada'});
  await assert.rejects(User.create({account: 's1', email: 'b', login: 'ada'}), isUnique);
  assert.equal(await User.get({account: 's1', email: 'b'}), undefined);
});

test('find by table and index, page by page, with conditions', async () => {
  for (let i = 0; i < 12; ++i) {
    await User.create({account: 'find', email: `u${String(i).padStart(2, '0')}`, name: `N${i % 3}`, age: i});
  }
  const seen = [];
  let next;
  do {
    const page = await User.find({account: 'find'}, {limit: 5, next});
    seen.push(...page.map(({email}) => email));
    next = page.next;
  } while (next);
  assert.deepEqual(seen, Array.from({length: 12}, (_, i) => `u${String(i).padStart(2, '0')}`));

  const reversed = await User.find({account: 'find', sk: {begins: 'user#u0'}}, {reverse: true, limit: 3});
  assert.deepEqual(reversed.map(({email}) => email), ['u09', 'u08', 'u07']);
  const older = await User.find({account: 'find'}, {where: '${age} >= {9} and ${name} <> {N1}'});
  assert.deepEqual(older.map(({age}) => age), [9, 11]);
  const {count} = await User.find({account: 'find', name: 'N2'}, {count: true});
  assert.equal(count, 4);
  // Follows the index to the items, whose further attributes it does not project.
  const followed = await User.find({gs1pk: 'users', gs1sk: {between: ['user#u02', 'user#u04']}}, {index: 'gs1', follow: true});
  assert.deepEqual(followed.map(({age}) => age), [2, 3, 4]);
  const bare = await User.find({email: 'u02'}, {index: 'gs1', follow: false});
  assert.equal(bare[0].age, undefined);
  assert.equal((await User.find({account: 'find'}, {index: 'ls1'})).length, 12);
  const scanned = await User.scan({account: 'find'}, {limit: 100});
  assert.ok(scanned.length <= 12);
  let groups = 0;
  for (let segment = 0; segment < 2; ++segment) {
    groups += (await User.scan({}, {where: '${account} = {find}', segment, segments: 2})).length;
  }
  assert.equal(groups, 12);
});

test('batches and transactions', async () => {
  const batch = {};
  for (let i = 0; i < 3; ++i) await Note.create({book: 'b', id: `e${i}`}, {batch, exists: null});
  assert.equal(await table.batchWrite(batch), true);
  const wanted = {};
  for (let i = 0; i < 3; ++i) await Note.get({book: 'b', id: `e${i}`}, {batch: wanted});
  assert.equal((await table.batchGet(wanted, {parse: true, hidden: false})).length, 3);

  const good = {};
  await Account.create({id: 't', name: 'tx'}, {transaction: good});
  await Note.update({book: 'b', id: 'e0', age: 7}, {transaction: good});
  await Note.remove({book: 'b', id: 'e1'}, {transaction: good});
  await table.transact('write', good);
  assert.equal((await Note.get({book: 'b', id: 'e0'})).age, 7);

  const bad = {};
  await Note.update({book: 'b', id: 'e0', age: 8}, {transaction: bad});
  await Note.create({book: 'b', id: 'e2'}, {transaction: bad});
  const error = await refused(table.transact('write', bad), 'OneTableError');
  assert.match(`${error.code} ${error.message}`, /TransactionCanceled|cancel/i);
  assert.equal((await Note.get({book: 'b', id: 'e0'})).age, 7);

  const reads = {};
  await Note.get({book: 'b', id: 'e0'}, {transaction: reads});
  await Account.get({id: 't'}, {transaction: reads});
  const items = await table.transact('get', reads, {parse: true, hidden: false});
  assert.equal(items.length, 2);
});

test('an index is added and removed, and at last the table', async () => {
  await table.updateTable({create: {name: 'gs2', hash: 'login', project: 'keys'}});
  await untilActive(name);
  await table.updateTable({remove: {name: 'gs2'}});
  assert.equal((await untilActive(name)).GlobalSecondaryIndexes.length, 1);
  await table.deleteTable('DeleteTableForever');
  await untilGone(name);
});
