// One server and what it is compared with, from empty tables on: asks request after request, and says at
// which the two part.

import {difference} from './compare.mjs';
import {Database} from './reference/database.mjs';
import {Refusal} from './reference/refusal.mjs';
import {TABLES} from './tables.mjs';

const PAGES_MAX = 100;

export async function recreateTables(client, tables = TABLES) {
  const untilAnswered = async (operation, body, done) => {
    for (;;) {
      const outcome = await client.ask(operation, body);
      if (done(outcome)) return;
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
  };
  for (const table of tables) {
    const {TableName} = table;
    await client.ask('DeleteTable', {TableName});
    await untilAnswered('DescribeTable', {TableName}, ({error}) => error?.name === 'ResourceNotFoundException');
    const {error} = await client.ask('CreateTable', table);
    if (error) throw new Error(`${TableName}: ${error.message}`);
    await untilAnswered('DescribeTable', {TableName}, ({answer}) => answer?.Table.TableStatus === 'ACTIVE');
  }
}

// Compares a server with the reference.
export class ReferenceSession {
  constructor(client) {
    this.client = client;
  }
  // `epoch` makes tokens of one run its own: the server remembers those of the run before.
  async start(epoch) {
    await recreateTables(this.client);
    this.epoch = epoch;
    this.database = new Database();
    TABLES.forEach((table) => this.database.createTable(table));
  }

  // undefined, or {why, found, wanted}. `found` and `wanted` are the outcomes that differ.
  async ask(request) {
    const {operation} = request;
    const body = request.body.ClientRequestToken?.startsWith?.('t') ?
        {...request.body, ClientRequestToken: `${this.epoch}${request.body.ClientRequestToken}`} : request.body;
    const isPage = operation === 'Query' || operation === 'Scan';
    if (request.pages || isPage && body.Limit > 0) return this.askPages(operation, body);
    if (request.segments) return this.askSegments(operation, body, request.segments);
    const found = await this.client.ask(operation, body);
    const wanted = this.outcome(() => this.database.run(operation, body));
    // A Scan has no order, and an index none among entries that sort alike; see askPages.
    return this.verdict(operation, found, wanted, {looseItems: operation === 'Scan' || Boolean(body.IndexName)});
  }
  outcome(run) {
    try {
      return {answer: run()};
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      return {error: {name: error.name, message: error.text, details: error.details}};
    }
  }
  verdict(operation, found, wanted, options) {
    this.lastRefused = Boolean(found.error);
    const why = difference(operation, found, wanted, options);
    return why && {why, found, wanted};
  }

  // Every page until the last. Where the order is the server's own, it is asked for it first, and has to
  // keep to it.
  async askPages(operation, body) {
    const read = this.outcome(() => this.database.pageRead(operation, body));
    let order = read.answer?.keys();
    if (order && (operation === 'Scan' || body.IndexName)) {
      const known = order;
      const whole = await this.askWhole(operation, withoutPage(operation, body));
      order = this.orderOf(read.answer, whole.answer?.Items ?? []);
      const wrong = whole.error || !isSameOrder(order, known, read.answer);
      if (wrong) return {why: 'not the items, or not in their order', found: whole, wanted: {answer: known}};
    }
    let start = body.ExclusiveStartKey;
    for (let page = 0; page < PAGES_MAX; ++page) {
      const asked = start ? {...body, ExclusiveStartKey: start} : body;
      const found = await this.client.ask(operation, asked);
      const wanted = this.outcome(() => this.database.page(operation, asked, order));
      const verdict = this.verdict(operation, found, wanted);
      if (verdict || found.error) return verdict;
      start = found.answer.LastEvaluatedKey;
      if (!start) return undefined;
      await this.deleteAtCursor(operation, page, start, body);
    }
    return {why: `more than ${PAGES_MAX} pages`};
  }
  async askWhole(operation, body) {
    const Items = [];
    for (let ExclusiveStartKey; ;) {
      const {answer, error} = await this.client.ask(operation, {...body, ExclusiveStartKey});
      if (error) return {error};
      Items.push(...answer.Items);
      ExclusiveStartKey = answer.LastEvaluatedKey;
      if (!ExclusiveStartKey) return {answer: {Items}};
    }
  }
  orderOf(read, items) {
    return items.map((item) => read.positionOf(item));
  }
  // Now and then the item at which a page ended is gone before the next one is asked for.
  async deleteAtCursor(operation, page, start, {TableName}) {
    if (page !== 1 || operation !== 'Query') return;
    const Key = this.database.table(TableName).keyOf(start);
    await this.client.ask('DeleteItem', {TableName, Key});
    this.database.run('DeleteItem', {TableName, Key});
  }

  // All segments together are the table, each item once.
  async askSegments(operation, {Segment: spoiled, ...body}, TotalSegments) {
    const all = {Count: 0, ScannedCount: 0};
    for (let Segment = 0; Segment < TotalSegments; ++Segment) {
      const {answer, error} = await this.client.ask(operation, {...body, Segment, TotalSegments});
      if (error) {
        return this.verdict(operation, {error}, this.outcome(() => this.database.run(operation, {...body, Segment, TotalSegments})));
      }
      all.Count += answer.Count;
      all.ScannedCount += answer.ScannedCount;
      if (answer.Items) all.Items = [...(all.Items ?? []), ...answer.Items];
    }
    const wanted = this.outcome(() => {
      const {ConsumedCapacity, ...answer} = this.database.run(operation, body);
      return answer;
    });
    return this.verdict(operation, {answer: all}, wanted, {looseItems: true});
  }
}

// The same request for everything at once.
function withoutPage(operation, body) {
  const {Limit, ExclusiveStartKey, FilterExpression, ProjectionExpression, Select, ReturnConsumedCapacity,
         QueryFilter, ScanFilter, ConditionalOperator, AttributesToGet, ExpressionAttributeNames,
         ExpressionAttributeValues, KeyConditionExpression, ...rest} = body;
  if (operation === 'Scan' || !KeyConditionExpression) return rest;
  const used = (all) => Object.fromEntries(
      Object.entries(all ?? {}).filter(([token]) => new RegExp(`${token}(?!\\w)`).test(KeyConditionExpression)));
  const names = used(ExpressionAttributeNames);
  const values = used(ExpressionAttributeValues);
  return {
    ...rest, KeyConditionExpression, ExpressionAttributeValues: values,
    ...(Object.keys(names).length ? {ExpressionAttributeNames: names} : {}),
  };
}

// Whether `order` has the keys of `known`, and for a Query their order as far as there is one.
function isSameOrder(order, known, read) {
  const texts = (keys) => keys.map((key) => read.table.text(key)).sort().join();
  if (texts(order) !== texts(known)) return false;
  if (read.operation === 'Scan') return true;
  return order.every((key, i) => read.compareSortKeys(key, known[i]) === 0);
}
