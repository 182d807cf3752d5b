// dynamoose: models that make, wait for and update their own tables.

import assert from 'node:assert/strict';
import {after, before, test} from 'node:test';
import dynamoose from 'dynamoose';
import {credentials, onAws, region, server, tableName, untilActive} from '../api/fixture.mjs';

const local = onAws ? {} : {endpoint: server.endpoint, credentials};
const service = new dynamoose.aws.ddb.DynamoDB({region, ...local});
dynamoose.aws.ddb.set(service);

const name = tableName('Dynamoose');
const options = {
  create: true, initialize: false, waitForActive: {enabled: true, check: {frequency: 20, timeout: 30_000}},
  update: true, throughput: 'ON_DEMAND', tags: {owner: 'tests'},
};
const catSchema = () => new dynamoose.Schema({
  owner: {type: String, hashKey: true},
  name: {type: String, rangeKey: true},
  breed: {type: String, index: {name: 'byBreed', type: 'global', rangeKey: 'age', project: ['color']}},
  age: {type: Number, index: {name: 'byAge', type: 'local', project: true}},
  color: String,
  nicknames: {type: Set, schema: [String]},
  toys: {type: Array, schema: [{type: Object, schema: {kind: String, price: Number}}]},
  home: {type: Object, schema: {city: String, floor: Number}},
  photo: Buffer,
  born: Date,
  expires: Number,
}, {timestamps: true});

let Cat;
let table;
before(async () => {
  Cat = dynamoose.model(name, catSchema());
  table = new dynamoose.Table(name, [Cat], options);
  await table.initialize();
});
after(() => service.destroy());

test('the table that it makes and waits for', async () => {
  const description = await untilActive(name);
  assert.equal(description.BillingModeSummary.BillingMode, 'PAY_PER_REQUEST');
  assert.deepEqual(description.GlobalSecondaryIndexes.map(({IndexName}) => IndexName), ['byBreed']);
  assert.deepEqual(description.LocalSecondaryIndexes.map(({IndexName}) => IndexName), ['byAge']);
});

test('create, get, save, update and delete', async () => {
  const made = await Cat.create({
    owner: 'o', name: 'Tom', breed: 'Manx', age: 3, color: 'grey', nicknames: new Set(['T', 'Tommy']),
    toys: [{kind: 'ball', price: 1.5}], home: {city: 'Rome', floor: 2}, photo: Buffer.from([0, 255]),
    born: new Date(1_700_000_000_000), expires: 1_900_000_000,
  });
  assert.ok(made.createdAt);
  const found = await Cat.get({owner: 'o', name: 'Tom'}, {consistent: true});
  assert.deepEqual(found.nicknames, new Set(['T', 'Tommy']));
  assert.deepEqual([...found.photo], [0, 255]);
  assert.deepEqual(found.born, new Date(1_700_000_000_000));
  assert.deepEqual(found.toys, [{kind: 'ball', price: 1.5}]);
  await assert.rejects(Cat.create({owner: 'o', name: 'Tom'}), {name: 'ConditionalCheckFailedException'});

  found.color = 'black';
  await found.save();
  const updated = await Cat.update({owner: 'o', name: 'Tom'}, {
    $SET: {home: {city: 'Oslo', floor: 1}}, $ADD: {age: 2, nicknames: new Set(['X'])}, $REMOVE: ['toys'],
    $DELETE: {nicknames: new Set(['T'])},
  }).catch((error) => error);
  // Two actions on one set are one too many for DynamoDB as well.
  assert.equal(updated.name, 'ValidationException');
  assert.match(updated.message, /Two document paths overlap with each other/);
  const good = await Cat.update({owner: 'o', name: 'Tom'}, {
    $SET: {home: {city: 'Oslo', floor: 1}}, $ADD: {age: 2, nicknames: new Set(['X'])}, $REMOVE: ['toys'],
  });
  assert.equal(good.age, 5);
  assert.equal(good.color, 'black');
  assert.equal(good.toys, undefined);
  assert.equal(good.nicknames.size, 3);

  const condition = new dynamoose.Condition().where('age').gt(50).or().where('color').not().exists();
  await assert.rejects(Cat.update({owner: 'o', name: 'Tom'}, {color: 'x'}, {condition}),
                       {name: 'ConditionalCheckFailedException'});
  await assert.rejects(Cat.delete({owner: 'o', name: 'Tom'}, {condition}),
                       {name: 'ConditionalCheckFailedException'});
  await Cat.delete({owner: 'o', name: 'Tom'});
  assert.equal(await Cat.get({owner: 'o', name: 'Tom'}), undefined);
});

const cats = (owner, count) => Array.from({length: count}, (_, i) => ({
  owner, name: `c${String(i).padStart(2, '0')}`, breed: i % 2 ? 'Manx' : 'Tabby', age: i, color: 'red',
}));

test('batches', async () => {
  const {unprocessedItems} = await Cat.batchPut(cats('batch', 20));
  assert.deepEqual(unprocessedItems, []);
  const keys = cats('batch', 20).map(({owner, name: cat}) => ({owner, name: cat}));
  const found = await Cat.batchGet([...keys, {owner: 'batch', name: 'none'}]);
  assert.equal(found.length, 20);
  await Cat.batchDelete(keys);
  assert.equal((await Cat.query('owner').eq('batch').exec()).length, 0);
});

test('queries and scans, page by page', async () => {
  await Cat.batchPut(cats('pages', 12));
  const names = [];
  let startAt;
  do {
    let query = Cat.query('owner').eq('pages').where('name').ge('c02').sort('descending').limit(4);
    if (startAt) query = query.startAt(startAt);
    const page = await query.exec();
    names.push(...page.map((cat) => cat.name));
    startAt = page.lastKey;
  } while (startAt);
  assert.deepEqual(names, ['c11', 'c10', 'c09', 'c08', 'c07', 'c06', 'c05', 'c04', 'c03', 'c02']);

  const manx = await Cat.query('breed').eq('Manx').where('age').between(3, 9).filter('owner').eq('pages')
      .using('byBreed').all().exec();
  assert.deepEqual(manx.map(({age}) => age), [3, 5, 7, 9]);
  const young = await Cat.query('owner').eq('pages').where('age').lt(3).using('byAge').attributes(['age']).exec();
  assert.deepEqual(young.map(({age}) => age), [0, 1, 2]);
  const {count} = await Cat.query('owner').eq('pages').filter('color').in(['red', 'blue']).count().exec();
  assert.equal(count, 12);

  const scanned = await Cat.scan().where('owner').eq('pages').and().parenthesis(
      new dynamoose.Condition().where('age').lt(2).or().where('name').beginsWith('c1')).all().exec();
  assert.deepEqual(scanned.map(({age}) => age).sort((a, b) => a - b), [0, 1, 10, 11]);
  const parallel = await Cat.scan('owner').contains('pag').parallel(3).all().exec();
  assert.equal(parallel.length, 12);
});

test('transactions', async () => {
  await dynamoose.transaction([
    Cat.transaction.create({owner: 'tx', name: 'a', age: 1}),
    Cat.transaction.create({owner: 'tx', name: 'b', age: 2}),
  ]);
  const both = await dynamoose.transaction([
    Cat.transaction.get({owner: 'tx', name: 'a'}), Cat.transaction.get({owner: 'tx', name: 'b'}),
  ]);
  assert.deepEqual(both.map(({age}) => age), [1, 2]);
  const error = await dynamoose.transaction([
    Cat.transaction.update({owner: 'tx', name: 'a'}, {age: 9}),
    Cat.transaction.delete({owner: 'tx', name: 'b'}),
    Cat.transaction.condition({owner: 'tx', name: 'none'}, new dynamoose.Condition('age').exists()),
  ]).catch((failure) => failure);
  assert.equal(error.name, 'TransactionCanceledException');
  assert.deepEqual(error.CancellationReasons.map(({Code}) => Code), ['None', 'None', 'ConditionalCheckFailed']);
  assert.equal((await Cat.get({owner: 'tx', name: 'a'})).age, 1);
});

test('a changed model updates its table: an index, its tags', async () => {
  const Next = dynamoose.model(name, new dynamoose.Schema({
    owner: {type: String, hashKey: true},
    name: {type: String, rangeKey: true},
    age: {type: Number, index: {name: 'byAge', type: 'local', project: true}},
    color: {type: String, index: {name: 'byColor', type: 'global', project: true}},
  }));
  const changed = new dynamoose.Table(name, [Next], {...options, tags: {owner: 'others', more: 'yes'}});
  await changed.initialize();
  const description = await untilActive(name);
  assert.deepEqual(description.GlobalSecondaryIndexes.map(({IndexName}) => IndexName), ['byColor']);
  const {Tags} = await service.listTagsOfResource({ResourceArn: description.TableArn});
  assert.deepEqual(Object.fromEntries(Tags.map(({Key, Value}) => [Key, Value])), {owner: 'others', more: 'yes'});
  const red = await Next.query('color').eq('red').using('byColor').limit(3).exec();
  assert.equal(red.length, 3);
});
