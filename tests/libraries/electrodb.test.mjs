// ElectroDB: entities and a service over one table, with composite keys that it writes itself.

import assert from 'node:assert/strict';
import {before, test} from 'node:test';
import electrodb from 'electrodb';
import {client, createTable, keySchema, uniqueName} from '../api/fixture.mjs';

const {Entity, Service} = electrodb;
let Employee;
let Task;
let company;
before(async () => {
  const table = await createTable('Electro', {pk: 'S', sk: 'S'}, {
    AttributeTypes: {gsi1pk: 'S', gsi1sk: 'S', lsi1sk: 'S'},
    GlobalSecondaryIndexes: [{
      IndexName: 'gsi1pk-gsi1sk-index',
      KeySchema: keySchema('gsi1pk', 'gsi1sk'),
      Projection: {ProjectionType: 'ALL'},
    }],
    LocalSecondaryIndexes: [
      {IndexName: 'lsi1', KeySchema: keySchema('pk', 'lsi1sk'), Projection: {ProjectionType: 'ALL'}},
    ],
  });
  Employee = new Entity({
    model: {entity: 'employee', version: '1', service: 'company'},
    attributes: {
      office: {type: 'string', required: true},
      employee: {type: 'string', required: true},
      team: {type: 'string', required: true},
      salary: {type: 'number', default: 0},
      skills: {type: 'set', items: 'string'},
      address: {type: 'map', properties: {city: {type: 'string'}, floor: {type: 'number'}}},
      notes: {type: 'list', items: {type: 'string'}},
      hired: {type: 'string', default: '2020-01-01'},
      expires: {type: 'number'},
    },
    indexes: {
      byOffice: {
        collection: 'workplace',
        pk: {field: 'pk', composite: ['office']}, sk: {field: 'sk', composite: ['employee']},
      },
      byTeam: {
        index: 'gsi1pk-gsi1sk-index', collection: 'assignments',
        pk: {field: 'gsi1pk', composite: ['team']}, sk: {field: 'gsi1sk', composite: ['employee']},
      },
      byHired: {
        index: 'lsi1',
        pk: {field: 'pk', composite: ['office']}, sk: {field: 'lsi1sk', composite: ['hired']},
      },
    },
  }, {client, table});
  Task = new Entity({
    model: {entity: 'task', version: '1', service: 'company'},
    attributes: {
      office: {type: 'string', required: true},
      task: {type: 'string', required: true},
      team: {type: 'string', required: true},
      points: {type: 'number'},
    },
    indexes: {
      byOffice: {
        collection: 'workplace',
        pk: {field: 'pk', composite: ['office']}, sk: {field: 'sk', composite: ['task']},
      },
      byTeam: {
        index: 'gsi1pk-gsi1sk-index', collection: 'assignments',
        pk: {field: 'gsi1pk', composite: ['team']}, sk: {field: 'gsi1sk', composite: ['task']},
      },
    },
  }, {client, table});
  company = new Service({employee: Employee, task: Task}, {client, table});
});

const person = (office, employee, more = {}) => ({office, employee, team: `${office}-core`, ...more});

test('create, get, update, upsert, patch and remove', async () => {
  const office = uniqueName('office');
  const made = await Employee.create(person(office, 'ada', {
    skills: ['math'], address: {city: 'London', floor: 1}, notes: ['first'],
  })).go();
  assert.equal(made.data.salary, 0);
  await assert.rejects(Employee.create(person(office, 'ada')).go(), /The conditional request failed/);

  await Employee.update({office, employee: 'ada'})
      .add({salary: 100, skills: ['poetry']})
      .append({notes: ['second']})
      .data(({address}, {set, add}) => {
        set(address.city, 'Paris');
        add(address.floor, 2);
      })
      .where(({salary}, {lt}) => lt(salary, 50))
      .go({response: 'all_new'});
  const {data} = await Employee.get({office, employee: 'ada'}).go({consistent: true});
  assert.deepEqual(data.address, {city: 'Paris', floor: 3});
  assert.deepEqual(data.notes, ['first', 'second']);
  assert.deepEqual([...data.skills].sort(), ['math', 'poetry']);
  assert.equal(data.salary, 100);

  const patched = await Employee.patch({office, employee: 'ada'})
      .subtract({salary: 30}).delete({skills: ['math', 'poetry']}).remove(['notes'])
      .go({response: 'all_new'});
  assert.equal(patched.data.salary, 70);
  assert.equal(patched.data.notes, undefined);
  await assert.rejects(Employee.patch({office, employee: 'nobody'}).set({salary: 1}).go());

  await Employee.upsert(person(office, 'bob', {salary: 5})).go();
  await Employee.upsert({...person(office, 'bob'), salary: 6}).go();
  assert.equal((await Employee.get({office, employee: 'bob'}).go()).data.salary, 6);
  const removed = await Employee.remove({office, employee: 'bob'}).go({response: 'all_old'});
  assert.equal(removed.data.salary, 6);
  await assert.rejects(Employee.remove({office, employee: 'bob'})
      .where(({employee}, {exists}) => exists(employee)).go());
});

test('batches larger than one request', async () => {
  const office = uniqueName('office');
  const people = Array.from({length: 60}, (_, i) => person(office, `e${String(i).padStart(3, '0')}`));
  const put = await Employee.put(people).go({concurrency: 2});
  assert.deepEqual(put.unprocessed, []);
  const keys = people.map(({employee}) => ({office, employee}));
  const got = await Employee.get(keys).go({preserveBatchOrder: true});
  assert.deepEqual(got.data.map(({employee}) => employee), people.map(({employee}) => employee));
  const removed = await Employee.delete(keys).go();
  assert.deepEqual(removed.unprocessed, []);
  assert.equal((await Employee.query.byOffice({office}).go({pages: 'all'})).data.length, 0);
});

test('queries with cursors, filters and each index', async () => {
  const office = uniqueName('office');
  for (let i = 0; i < 9; ++i) {
    await Employee.put(person(office, `e${i}`, {salary: i, hired: `202${9 - i}-01-01`})).go();
  }
  const names = [];
  let cursor = null;
  do {
    const page = await Employee.query.byOffice({office}).gte({employee: 'e2'}).go({cursor, limit: 3});
    names.push(...page.data.map(({employee}) => employee));
    cursor = page.cursor;
  } while (cursor);
  assert.deepEqual(names, ['e2', 'e3', 'e4', 'e5', 'e6', 'e7', 'e8']);

  const filtered = await Employee.query.byTeam({team: `${office}-core`})
      .where(({salary}, {between}) => between(salary, 3, 5))
      .where(({hired}, {contains}) => contains(hired, '202'))
      .go({order: 'desc', attributes: ['employee', 'salary'], pages: 'all'});
  assert.deepEqual(filtered.data.map(({salary}) => salary), [5, 4, 3]);

  const hired = await Employee.query.byHired({office})
      .between({hired: '2022-01-01'}, {hired: '2024-12-31'}).go();
  assert.deepEqual(hired.data.map(({employee}) => employee), ['e7', 'e6', 'e5']);
  const begins = await Employee.query.byOffice({office}).begins({employee: 'e'}).go({count: 4});
  assert.equal(begins.data.length, 4);
  const scanned = await Employee.scan.where(({office: o}, {eq}) => eq(o, office)).go({pages: 'all'});
  assert.equal(scanned.data.length, 9);
});

test('collections: several entities by one query', async () => {
  const office = uniqueName('office');
  await Employee.put(person(office, 'ada')).go();
  await Task.put([1, 2, 3].map((n) => ({office, task: `t${n}`, team: `${office}-core`, points: n}))).go();
  const {data} = await company.collections.workplace({office}).go({pages: 'all'});
  assert.equal(data.employee.length, 1);
  assert.equal(data.task.length, 3);
  const byTeam = await company.collections.assignments({team: `${office}-core`})
      .where(({points}, {gt, notExists}) => `${gt(points, 1)} OR ${notExists(points)}`).go();
  assert.equal(byTeam.data.employee.length, 1);
  assert.deepEqual(byTeam.data.task.map(({task}) => task), ['t2', 't3']);
});

test('transactions of a service', async () => {
  const office = uniqueName('office');
  const written = await company.transaction.write(({employee, task}) => [
    employee.create(person(office, 'ada')).commit(),
    task.create({office, task: 't', team: 'x', points: 1}).commit(),
  ]).go({token: uniqueName('t').slice(-36)});
  assert.equal(written.canceled, false);

  const {data, canceled} = await company.transaction.write(({employee, task}) => [
    employee.create(person(office, 'ada')).commit({response: 'all_old'}),
    task.patch({office, task: 't'}).add({points: 1}).commit(),
    task.check({office, task: 'none'}).where(({points}, {exists}) => exists(points)).commit(),
  ]).go();
  assert.equal(canceled, true);
  assert.deepEqual(data.map(({rejected, code}) => [rejected, code]), [
    [true, 'ConditionalCheckFailed'], [false, 'None'], [true, 'ConditionalCheckFailed'],
  ]);
  assert.equal(data[0].item.employee, 'ada');

  const read = await company.transaction.get(({employee, task}) => [
    employee.get({office, employee: 'ada'}).commit(), task.get({office, task: 't'}).commit(),
    task.get({office, task: 'none'}).commit(),
  ]).go();
  assert.deepEqual(read.data.map(({item}) => item?.points ?? item?.employee), ['ada', 1, undefined]);
});
