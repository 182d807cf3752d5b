// @aws-sdk/lib-dynamodb: the DocumentClient, which speaks of plain JavaScript values.

import assert from 'node:assert/strict';
import {before, test} from 'node:test';
import {
  BatchGetCommand, BatchWriteCommand, DeleteCommand, DynamoDBDocument, DynamoDBDocumentClient,
  GetCommand, NumberValue, paginateQuery, paginateScan, PutCommand, QueryCommand, ScanCommand,
  TransactGetCommand, TransactWriteCommand, UpdateCommand,
} from '@aws-sdk/lib-dynamodb';
import {client, createTable, keySchema, newClient, refused} from '../api/fixture.mjs';

const document = DynamoDBDocumentClient.from(client, {
  marshallOptions: {removeUndefinedValues: true, convertClassInstanceToMap: true},
});
const send = (Command, input) => document.send(new Command({TableName: table, ...input}));

let table;
before(async () => {
  table = await createTable('Music', {Artist: 'S', Song: 'S'}, {
    AttributeTypes: {Genre: 'S', Year: 'N'},
    GlobalSecondaryIndexes: [{
      IndexName: 'ByGenre',
      KeySchema: keySchema('Genre', 'Year'),
      Projection: {ProjectionType: 'INCLUDE', NonKeyAttributes: ['Album']},
    }],
    LocalSecondaryIndexes: [
      {IndexName: 'ByYear', KeySchema: keySchema('Artist', 'Year'), Projection: {ProjectionType: 'ALL'}},
    ],
  });
});

test('every type of JavaScript comes back as it went', async () => {
  class Album {
    constructor() {
      this.title = 'Kind of Blue';
      this.nothing = undefined;
    }
  }
  const Item = {
    Artist: 'types', Song: 'all',
    text: 'é💾', empty: '', number: -1.5, big: 12345678901234567890n, yes: true, no: false, none: null,
    bytes: new Uint8Array([0, 1, 255]), list: [1, 'two', [3], {four: 4}], map: {a: {b: [null]}},
    strings: new Set(['a', 'b']), numbers: new Set([1, 2.5]),
    binaries: new Set([new Uint8Array([1]), new Uint8Array([2])]),
    left: undefined, album: new Album(),
  };
  await send(PutCommand, {Item});
  const {Item: found} = await send(GetCommand, {Key: {Artist: 'types', Song: 'all'}});
  const {left, ...wanted} = Item;
  assert.deepEqual(found, {...wanted, album: {title: 'Kind of Blue'}});
});

test('numbers that JavaScript cannot hold travel as NumberValue', async () => {
  // A client of its own: the options stay with the client that they are given for.
  const own = newClient();
  const exact = DynamoDBDocumentClient.from(own, {unmarshallOptions: {wrapNumbers: true}});
  const digits = '3.1415926535897932384626433832795028841';
  const Key = {Artist: 'numbers', Song: 'pi'};
  await send(PutCommand, {Item: {...Key, pi: NumberValue.from(digits)}});
  const {Item} = await exact.send(new GetCommand({TableName: table, Key}));
  own.destroy();
  assert.equal(Item.pi.toString(), digits);
});

test('put, update and delete with conditions', async () => {
  const Key = {Artist: 'A', Song: 'conditions'};
  const once = {Item: {...Key, plays: 1}, ConditionExpression: 'attribute_not_exists(Artist)'};
  await send(PutCommand, once);
  const error = await refused(
      send(PutCommand, {...once, ReturnValuesOnConditionCheckFailure: 'ALL_OLD'}),
      'ConditionalCheckFailedException', 'The conditional request failed');
  // The client hands this one through as it came.
  assert.deepEqual(error.Item?.plays, {N: '1'});

  const {Attributes} = await send(UpdateCommand, {
    Key,
    UpdateExpression: 'SET #p = #p + :one, tags = :tags, #m = if_not_exists(#m, :map) REMOVE gone',
    ConditionExpression: '#p BETWEEN :one AND :nine',
    ExpressionAttributeNames: {'#p': 'plays', '#m': 'map'},
    ExpressionAttributeValues: {':one': 1, ':nine': 9, ':tags': new Set(['x', 'y']), ':map': {n: [1]}},
    ReturnValues: 'ALL_NEW',
  });
  assert.deepEqual(Attributes, {...Key, plays: 2, tags: new Set(['x', 'y']), map: {n: [1]}});

  const next = await send(UpdateCommand, {
    Key,
    UpdateExpression: 'SET #m.n = list_append(#m.n, :more) ADD plays :five DELETE tags :x',
    ExpressionAttributeNames: {'#m': 'map'},
    ExpressionAttributeValues: {':more': ['b'], ':five': 5, ':x': new Set(['x'])},
    ReturnValues: 'UPDATED_NEW',
  });
  assert.deepEqual(next.Attributes, {plays: 7, tags: new Set(['y']), map: {n: [1, 'b']}});

  await refused(send(DeleteCommand, {
    Key, ConditionExpression: 'plays < :n', ExpressionAttributeValues: {':n': 7},
  }), 'ConditionalCheckFailedException');
  const gone = await send(DeleteCommand, {Key, ReturnValues: 'ALL_OLD'});
  assert.equal(gone.Attributes.plays, 7);
});

test('batches, with what was not processed empty', async () => {
  const items = Array.from({length: 25}, (_, i) => ({Artist: 'batch', Song: `s${i}`, Year: i}));
  const written = await document.send(new BatchWriteCommand({
    RequestItems: {[table]: items.map((Item) => ({PutRequest: {Item}}))},
  }));
  assert.deepEqual(written.UnprocessedItems, {});
  const read = await document.send(new BatchGetCommand({
    RequestItems: {[table]: {
      Keys: items.map(({Artist, Song}) => ({Artist, Song})),
      ProjectionExpression: '#y', ExpressionAttributeNames: {'#y': 'Year'},
    }},
  }));
  assert.deepEqual(read.Responses[table].map(({Year}) => Year).sort((a, b) => a - b),
                   items.map(({Year}) => Year));
  assert.deepEqual(read.UnprocessedKeys, {});
  await document.send(new BatchWriteCommand({
    RequestItems: {[table]: items.map(({Artist, Song}) => ({DeleteRequest: {Key: {Artist, Song}}}))},
  }));
  const {Count} = await send(QueryCommand, {
    KeyConditionExpression: 'Artist = :a', ExpressionAttributeValues: {':a': 'batch'}, Select: 'COUNT',
  });
  assert.equal(Count, 0);
});

test('queries of the table and of both indexes, page by page', async () => {
  for (let i = 0; i < 12; ++i) {
    await send(PutCommand, {Item: {
      Artist: 'pages', Song: `s${String(i).padStart(2, '0')}`, Genre: 'Jazz', Year: 1970 - i, Album: 'A',
      Notes: 'not projected',
    }});
  }
  const all = async (input, pageSize = 5) => {
    const items = [];
    let pages = 0;
    for await (const page of paginateQuery({client: document, pageSize}, {TableName: table, ...input})) {
      items.push(...page.Items);
      ++pages;
    }
    return {items, pages};
  };
  const byTable = await all({
    KeyConditionExpression: 'Artist = :a AND begins_with(Song, :s)',
    ExpressionAttributeValues: {':a': 'pages', ':s': 's0'}, ScanIndexForward: false,
  });
  assert.deepEqual(byTable.items.map(({Song}) => Song),
                   Array.from({length: 10}, (_, i) => `s0${9 - i}`));
  assert.equal(byTable.pages, 3);

  const byGenre = await all({
    IndexName: 'ByGenre', KeyConditionExpression: 'Genre = :g AND #y > :y',
    ExpressionAttributeNames: {'#y': 'Year'}, ExpressionAttributeValues: {':g': 'Jazz', ':y': 1960},
  });
  assert.deepEqual(byGenre.items.map(({Year}) => Year), Array.from({length: 10}, (_, i) => 1961 + i));
  assert.deepEqual(Object.keys(byGenre.items[0]).sort(), ['Album', 'Artist', 'Genre', 'Song', 'Year']);

  const byYear = await all({
    IndexName: 'ByYear', KeyConditionExpression: 'Artist = :a', FilterExpression: 'size(Notes) > :n',
    ExpressionAttributeValues: {':a': 'pages', ':n': 3}, ConsistentRead: true,
  });
  assert.equal(byYear.items.length, 12);

  const songs = new Set();
  for (let Segment = 0; Segment < 3; ++Segment) {
    const pages = paginateScan({client: document, pageSize: 4}, {
      TableName: table, Segment, TotalSegments: 3, FilterExpression: 'Artist = :a',
      ExpressionAttributeValues: {':a': 'pages'},
    });
    for await (const {Items} of pages) for (const {Song} of Items) songs.add(Song);
  }
  assert.equal(songs.size, 12);
});

test('transactions, and why they were cancelled', async () => {
  const Key = {Artist: 'tx', Song: 'one'};
  await document.send(new TransactWriteCommand({
    TransactItems: [
      {Put: {TableName: table, Item: {...Key, n: 1}}},
      {Put: {TableName: table, Item: {Artist: 'tx', Song: 'two', n: 2}}},
    ],
    ClientRequestToken: `token-${process.pid}`,
  }));
  const {Responses} = await document.send(new TransactGetCommand({TransactItems: [
    {Get: {TableName: table, Key}}, {Get: {TableName: table, Key: {Artist: 'tx', Song: 'none'}}},
  ]}));
  assert.deepEqual(Responses, [{Item: {...Key, n: 1}}, {}]);

  const error = await refused(document.send(new TransactWriteCommand({TransactItems: [
    {Update: {
      TableName: table, Key, UpdateExpression: 'SET n = :n', ConditionExpression: 'n = :n',
      ExpressionAttributeValues: {':n': 5}, ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
    }},
    {Delete: {TableName: table, Key: {Artist: 'tx', Song: 'two'}}},
    {ConditionCheck: {
      TableName: table, Key: {Artist: 'tx', Song: 'none'},
      ConditionExpression: 'attribute_exists(Artist)',
    }},
  ]})), 'TransactionCanceledException');
  assert.deepEqual(error.CancellationReasons.map(({Code}) => Code),
                   ['ConditionalCheckFailed', 'None', 'ConditionalCheckFailed']);
  assert.deepEqual(error.CancellationReasons[0].Item?.n, {N: '1'});
  const {Item} = await send(GetCommand, {Key: {Artist: 'tx', Song: 'two'}});
  assert.equal(Item.n, 2);
});

test('the short form, with its methods', async () => {
  const short = DynamoDBDocument.from(client);
  const Key = {Artist: 'short', Song: 'form'};
  await short.put({TableName: table, Item: {...Key, n: 1}});
  await short.update({
    TableName: table, Key, UpdateExpression: 'ADD n :n', ExpressionAttributeValues: {':n': 41},
  });
  assert.equal((await short.get({TableName: table, Key})).Item.n, 42);
  const {Items} = await short.scan({
    TableName: table, FilterExpression: 'n = :n', ExpressionAttributeValues: {':n': 42},
  });
  assert.equal(Items.length, 1);
  await short.delete({TableName: table, Key});
  assert.equal((await short.get({TableName: table, Key})).Item, undefined);
});

test('an error of validation has its name and its text', async () => {
  await refused(send(ScanCommand, {FilterExpression: 'a ='}), 'ValidationException', /^Invalid FilterExpression: /);
  await refused(document.send(new GetCommand({TableName: 'no-such-table', Key: {a: 1}})),
                'ResourceNotFoundException');
});
