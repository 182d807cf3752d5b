// DynamoDB's item API in memory, naively: the reference that a server is compared with. Written from
// DynamoDB's documentation, its service model, and where both are silent from docs/compatibility.md.

import {addWrite, Consumption, readUnits, writeUnits} from './capacity.mjs';
import {clone, project} from './evaluate.mjs';
import {expressionsOf} from './expressions.mjs';
import {PageRead} from './pages.mjs';
import {attributesToGetOf} from './legacy.mjs';
import {invalid, refuseAny, Refusal} from './refusal.mjs';
import {checkModel, decode, refuseShortNames} from './shapes.mjs';
import {Table} from './table.mjs';
import {checkMap, itemSize, sum} from './value.mjs';
import {Write} from './writes.mjs';

const WRITES = {PutItem: 'Put', UpdateItem: 'Update', DeleteItem: 'Delete'};
// Of what one BatchGetItem gets from the items with one partition key; of all items of a transaction.
const PARTITION_BYTES_MAX = 1024 * 1024;
const TRANSACTION_BYTES_MAX = 4 * 1024 * 1024;
const sizeOf = (item) => item ? itemSize(item) : 0;
function refuseTooMuch(bytes) {
  if (bytes > TRANSACTION_BYTES_MAX) throw invalid('The aggregate size of the items in the transaction exceeds 4 MB');
}

const RETURN_VALUES = ['NONE', 'ALL_OLD'];
const cancelled = (reasons) => new Refusal(
    'TransactionCanceledException',
    `Transaction cancelled, please refer cancellation reasons for specific reasons [${reasons.map(({Code}) => Code).join(', ')}]`,
    {CancellationReasons: reasons});
const duplicateInTransaction = () => invalid('Transaction request cannot include multiple operations on one item');

export class Database {
  constructor() {
    this.tables = new Map();
    // By client token: the request that was done, and what it read.
    this.tokens = new Map();
  }
  createTable(description) {
    this.tables.set(description.TableName, new Table(description));
  }
  table(name) {
    // compatibility.md: an ARN may stand for a name.
    const table = this.tables.get(name.replace(/^arn:aws:dynamodb:[^/]*:table\//, ''));
    if (!table) throw new Refusal('ResourceNotFoundException', /^(Requested resource not found|Cannot do operations on a non-existent table)/);
    return table;
  }

  // The answer, or throws a Refusal. Leaves everything as it was when it throws.
  run(operation, body) {
    const request = decode(operation, body);
    checkModel(operation, request);
    if (operation in WRITES) return this.write(WRITES[operation], request);
    return clone(this[operation](request));
  }
  // A page whose order is `keys`, or that of the reference.
  page(operation, body, keys) {
    const read = this.pageRead(operation, body);
    return clone(read.answer(keys ?? read.keys()));
  }
  pageRead(operation, body) {
    const request = decode(operation, body);
    checkModel(operation, request);
    const read = new PageRead(operation, request);
    read.checkTable(this.table(request.TableName));
    return read;
  }
  Query(request) {
    return this.page('Query', request);
  }
  Scan(request) {
    return this.page('Scan', request);
  }

  write(kind, request) {
    if (kind !== 'Update' && request.ReturnValues && !RETURN_VALUES.includes(request.ReturnValues)) {
      throw invalid('Return values set to invalid value');
    }
    const write = new Write(kind, request);
    const table = this.table(request.TableName);
    write.checkTable(table, {isMeasured: true});
    const change = write.apply();
    table.set(write.key, clone(change.after));
    const Attributes = write.returned(change);
    const consumption = new Consumption(table);
    addWrite(consumption, change.before, change.after);
    return clone({
      ...(Attributes ? {Attributes} : {}),
      ...capacityOf(request, () => consumption.shown(request.ReturnConsumedCapacity)),
      ...(wantsMetrics(request, table) ? {ItemCollectionMetrics: metricsOf(table, write.key)} : {}),
    });
  }

  GetItem(request) {
    const {paths, key} = readOf(request);
    const table = this.table(request.TableName);
    refuseAny([() => table.checkKey(key), () => table.checkPaths(paths ?? [])]);
    const item = table.get(key);
    const consumption = new Consumption(table);
    consumption.add(readUnits(item ? itemSize(item) : 0) * (request.ConsistentRead ? 1 : 0.5));
    return {
      ...(item ? {Item: paths ? project(item, paths) : item} : {}),
      ...capacityOf(request, () => consumption.shown(request.ReturnConsumedCapacity)),
    };
  }

  BatchGetItem(request) {
    const wanted = Object.entries(request.RequestItems);
    if (wanted.reduce((count, [, {Keys}]) => count + Keys.length, 0) > 100) {
      throw invalid('Too many items requested for the BatchGetItem call');
    }
    const parsed = [];
    refuseAny(wanted.flatMap(([name, each]) => [
      () => parsed.push({name, each, paths: expressionsOf(each).ProjectionExpression ?? attributesToGetOf(each)}),
      ...each.Keys.map((key) => () => checkMap(key)),
    ]));
    for (const each of parsed) each.keys = each.each.Keys.map((key) => checkMap(key));
    for (const {keys} of parsed) refuseDuplicates(keys.map(canonicalKey));
    const Responses = {};
    const UnprocessedKeys = {};
    const consumed = [];
    refuseAny(parsed.map((each) => () => {
      each.table = this.table(each.name);
      refuseAny([...each.keys.map((key) => () => each.table.checkKey(key)), () => each.table.checkPaths(each.paths ?? [])]);
    }));
    for (const {name, each, paths, keys, table} of parsed) {
      const consumption = new Consumption(table);
      const items = [];
      const left = [];
      const partitions = new Map();
      keys.forEach((key, i) => {
        const item = table.get(key);
        const size = item ? itemSize(item) : 0;
        const partition = JSON.stringify(key[table.partition[0]]);
        const before = partitions.get(partition) ?? 0;
        // What does not fit ends the share of its partition.
        const fits = before + size <= PARTITION_BYTES_MAX;
        partitions.set(partition, fits ? before + size : Infinity);
        if (!fits) {
          left.push(each.Keys[i]);
          return;
        }
        items.push(item);
        consumption.add(readUnits(size) * (each.ConsistentRead ? 1 : 0.5));
      });
      if (left.length > 0) UnprocessedKeys[name] = {...each, Keys: left};
      Responses[name] = items.filter(Boolean).map((item) => paths ? project(item, paths) : item);
      consumed.push(consumption);
    }
    return {Responses, UnprocessedKeys, ...capacitiesOf(request, consumed)};
  }

  BatchWriteItem(request) {
    const wanted = Object.entries(request.RequestItems);
    if (wanted.reduce((count, [, requests]) => count + requests.length, 0) > 25) {
      throw invalid('Too many items requested for the BatchWriteItem call');
    }
    const writes = [];
    for (const [name, requests] of wanted) {
      for (const each of requests) {
        const kinds = Object.keys(each).filter((kind) => ['PutRequest', 'DeleteRequest'].includes(kind) && each[kind]);
        if (kinds.length !== 1) {
          throw invalid(/./);
        }
        const [kind] = kinds;
        writes.push([name, new Write(kind === 'PutRequest' ? 'Put' : 'Delete', each[kind])]);
      }
    }
    for (const [name] of writes) this.table(name);
    refuseAny([
      ...writes.map(([name, write]) => () => write.checkTable(this.table(name), {isBatch: true})),
      () => refuseDuplicates(writes.map(([name, {given}]) => name + this.table(name).text(given))),
    ]);
    const consumptions = new Map();
    const metrics = {};
    for (const [, write] of writes) {
      const {table} = write;
      const change = write.apply();
      table.set(write.key, clone(change.after));
      if (!consumptions.has(table)) consumptions.set(table, new Consumption(table));
      addWrite(consumptions.get(table), change.before, change.after);
      if (wantsMetrics(request, table)) addMetrics(metrics, table, write.key);
    }
    return {
      UnprocessedItems: {},
      ...capacitiesOf(request, [...consumptions.values()]),
      ...(Object.keys(metrics).length ? {ItemCollectionMetrics: metrics} : {}),
    };
  }

  TransactGetItems(request) {
    const reads = [];
    refuseAny(request.TransactItems.map(({Get}) => () => reads.push({Get, ...readOf(Get)}))
        .concat(refuseShortNames(request.TransactItems.map(({Get}) => Get))));
    for (const read of reads) read.table = this.table(read.Get.TableName);
    refuseCancelled(reads, ({table, key, paths}) =>
      refuseAny([() => table.checkKey(key), () => table.checkPaths(paths ?? [])]));
    const seen = reads.map(({table, key}) => table.name + table.text(key));
    if (new Set(seen).size < seen.length) throw duplicateInTransaction();
    refuseTooMuch(sum(reads, ({table, key}) => sizeOf(table.get(key))));
    const consumptions = new Map();
    const Responses = reads.map(({table, key, paths}) => {
      const item = table.get(key);
      if (!consumptions.has(table)) consumptions.set(table, new Consumption(table));
      consumptions.get(table).add(2 * readUnits(item ? itemSize(item) : 0));
      return item ? {Item: paths ? project(item, paths) : item} : {};
    });
    return {Responses, ...capacitiesOf(request, [...consumptions.values()], 'ReadCapacityUnits')};
  }

  TransactWriteItems(request) {
    const writes = [];
    refuseAny(request.TransactItems.map((item) => () => {
      const kinds = Object.keys(item);
      if (kinds.length !== 1) {
        throw invalid('TransactItems can only contain one of Check, Put, Update or Delete');
      }
      writes.push(new Write(kinds[0], item[kinds[0]]));
    }).concat(refuseShortNames(request.TransactItems.flatMap((item) => Object.values(item)))));
    for (const write of writes) this.table(write.request.TableName);
    // What the schema refuses cancels the transaction, before anything looks at an item.
    refuseCancelled(writes, (write) => write.checkTable(this.table(write.request.TableName)));
    const seen = writes.map(({table, key}) => table.name + table.text(key));
    if (new Set(seen).size < seen.length) throw duplicateInTransaction();

    const {ClientRequestToken: token} = request;
    const payload = JSON.stringify(writes.map(({kind, request: action, table}) => [kind, {...action, TableName: table.name}]));
    const done = token && this.tokens.get(token);
    if (done && done.payload !== payload) {
      throw new Refusal('IdempotentParameterMismatchException', /./);
    }
    if (done) {
      return {
        ...capacitiesOf(request, done.reads, 'ReadCapacityUnits'),
        ...this.transactionMetrics(request, writes),
      };
    }
    const changes = refuseCancelled(writes, (write) => write.apply());
    refuseTooMuch(sum(changes, ({before, after}) => Math.max(sizeOf(before), sizeOf(after))));
    const consumptions = new Map();
    const reads = new Map();
    writes.forEach(({table, key}, i) => {
      const {before, after} = changes[i];
      if (!consumptions.has(table)) {
        consumptions.set(table, new Consumption(table));
        reads.set(table, new Consumption(table));
      }
      if (writes[i].kind === 'ConditionCheck') {
        consumptions.get(table).add(2 * writeUnits(before ? itemSize(before) : 0));
      } else {
        addWrite(consumptions.get(table), before, after, 2);
      }
      const bytes = Math.max(before ? itemSize(before) : 0, after ? itemSize(after) : 0);
      reads.get(table).add(2 * readUnits(bytes));
      table.set(key, clone(after));
    });
    if (token) this.tokens.set(token, {payload, reads: [...reads.values()]});
    return {
      ...capacitiesOf(request, [...consumptions.values()], 'WriteCapacityUnits'),
      ...this.transactionMetrics(request, writes),
    };
  }

  transactionMetrics(request, writes) {
    const metrics = {};
    for (const {table, key, kind} of writes) {
      if (kind !== 'ConditionCheck' && wantsMetrics(request, table)) addMetrics(metrics, table, key);
    }
    return Object.keys(metrics).length ? {ItemCollectionMetrics: metrics} : {};
  }
}

// Such a value refuses the whole request, whatever else is wrong.
function isAboutEmptyKey({text}) {
  return /^\^?One or more parameter values are not valid/.test(text?.source ?? text ?? '');
}

// What `step` gives for each write; if it refuses any, the transaction is cancelled for these reasons.
function refuseCancelled(writes, step) {
  const reasons = [];
  const results = writes.map((write) => {
    try {
      const result = step(write);
      reasons.push({Code: 'None'});
      return result;
    } catch (error) {
      if (!(error instanceof Refusal) || isAboutEmptyKey(error)) throw error;
      const isCondition = error.name === 'ConditionalCheckFailedException';
      const Code = isCondition ? 'ConditionalCheckFailed' : 'ValidationError';
      reasons.push({Code, Message: error.text, ...error.details});
    }
  });
  if (reasons.some(({Code}) => Code !== 'None')) throw cancelled(reasons);
  return results;
}

// What a Get names; refuses what is wrong without looking at a table.
function readOf(get) {
  const read = {};
  refuseAny([
    () => read.paths = expressionsOf(get).ProjectionExpression ?? attributesToGetOf(get),
    () => read.key = checkMap(get.Key),
  ]);
  return read;
}

const canonicalKey = (key) => JSON.stringify(Object.entries(key).sort(([a], [b]) => a < b ? -1 : 1));
function refuseDuplicates(keys) {
  if (new Set(keys).size < keys.length) throw invalid('Provided list of item keys contains duplicates');
}

const asksCapacity = ({ReturnConsumedCapacity: mode}) => mode !== undefined && mode !== 'NONE';
function capacityOf(request, shown) {
  return asksCapacity(request) ? {ConsumedCapacity: shown()} : {};
}
// Of several tables. Transactions tell reads or writes beside the sum.
function capacitiesOf(request, consumptions, member) {
  if (!asksCapacity(request)) return {};
  const more = member ? (units) => ({[member]: units}) : undefined;
  return {ConsumedCapacity: consumptions.map((each) => each.shown(request.ReturnConsumedCapacity, more))};
}

function wantsMetrics({ReturnItemCollectionMetrics: mode}, table) {
  return mode === 'SIZE' && table.indexes.some(({local}) => local);
}
// A collection of a test is never larger than a GB.
const metricsOf = (table, key) =>
  ({ItemCollectionKey: {[table.key[0]]: key[table.key[0]]}, SizeEstimateRangeGB: [0, 1]});
function addMetrics(metrics, table, key) {
  const known = metrics[table.name] ??= [];
  const made = metricsOf(table, key);
  if (!known.some((each) => JSON.stringify(each) === JSON.stringify(made))) known.push(made);
}
