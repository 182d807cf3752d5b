// Query and Scan.

import {readUnits, Consumption} from './capacity.mjs';
import {beginsWith, holds, project} from './evaluate.mjs';
import {expressionsOf} from './expressions.mjs';
import {attributesToGetOf, filterOf, holdsLegacy, keyConditionsOf} from './legacy.mjs';
import {invalid, refuseAny, Refusal} from './refusal.mjs';
import {pathsOf} from './syntax.mjs';
import {checkKeyValue} from './table.mjs';
import {checkMap, checkValue, compare, equal, itemSize, sum, typeOf} from './value.mjs';

const missedKey = (name) => invalid(`Query condition missed key schema element: ${name}`);

const PAGE_BYTES_MAX = 1024 * 1024;

export class PageRead {
  constructor(operation, request) {
    this.operation = operation;
    this.request = request;
    refuseAny([
      () => this.checkSegment(),
      () => this.checkSelect(),
      () => this.expressions = expressionsOf(request, (parsed) => this.readKeyCondition(parsed)),
      () => this.filter = filterOf(request),
      () => this.attributesToGet = attributesToGetOf(request),
      () => {
        if (request.KeyConditions === undefined) return;
        const conditions = keyConditionsOf(request);
        if (request.KeyConditionExpression === undefined) this.conditions = conditions;
      },
      () => {
        if (operation === 'Scan' || request.KeyConditionExpression !== undefined || request.KeyConditions !== undefined) return;
        throw invalid('Either the KeyConditions or KeyConditionExpression parameter must be specified in the request.');
      },
      () => this.start = request.ExclusiveStartKey && checkStartKey(request.ExclusiveStartKey),
    ]);
  }
  checkSegment() {
    const {Segment, TotalSegments} = this.request;
    if ((Segment === undefined) !== (TotalSegments === undefined)) {
      throw invalid(/^The (TotalSegments|Segment) parameter is required but was not present/);
    }
    if (Segment >= TotalSegments) {
      throw invalid('The Segment parameter is zero-based and must be less than parameter TotalSegments: ' +
                    `Segment: ${Segment} is not less than TotalSegments: ${TotalSegments}`);
    }
  }
  checkSelect() {
    const {Select} = this.request;
    const chosen = ['ProjectionExpression', 'AttributesToGet'].filter((name) => this.request[name] !== undefined);
    if (chosen.length > 0 && Select !== undefined && Select !== 'SPECIFIC_ATTRIBUTES') {
      throw invalid(new RegExp(`^Cannot specify the (${chosen.join('|')}) when choosing to get `));
    }
    if (Select === 'SPECIFIC_ATTRIBUTES' && chosen.length === 0) throw invalid(/SPECIFIC_ATTRIBUTES/);
  }
  // What the answer shows of an item; undefined: all.
  get paths() {
    return this.expressions.ProjectionExpression ?? this.attributesToGet;
  }

  checkTable(table) {
    this.table = table;
    const {FilterExpression: filter} = this.expressions;
    refuseAny([
      () => table.checkPaths([...(this.paths ?? []), ...(filter ? pathsOf(filter) : [])]),
      () => this.checkSource(),
    ]);
  }
  checkSource() {
    const {table} = this;
    const {IndexName, ConsistentRead, Select} = this.request;
    if (IndexName !== undefined) {
      this.index = table.indexes.find(({name}) => name === IndexName);
      if (!this.index) throw invalid(`The table does not have the specified index: ${IndexName}`);
    }
    const isGlobal = this.index && !this.index.local;
    if (isGlobal && ConsistentRead) throw invalid('Consistent reads are not supported on global secondary indexes');
    if (Select === 'ALL_PROJECTED_ATTRIBUTES' && !this.index) {
      throw invalid(/ALL_PROJECTED_ATTRIBUTES/);
    }
    if (isGlobal && !this.index.all && Select === 'ALL_ATTRIBUTES') {
      throw invalid('One or more parameter values were invalid: Select type ALL_ATTRIBUTES is not supported for ' +
                    `global secondary index ${IndexName} because its projection type is not ALL`);
    }
    if (isGlobal && this.paths) {
      const missing = this.paths.map(([name]) => name).filter((name) => !this.index.holdsAttribute(name));
      if (missing.length > 0) {
        throw invalid(/^One or more parameter values were invalid: Global secondary index .* does not project/);
      }
    }
    this.source = this.index ?? table;
    if (this.operation === 'Query') this.checkKeyCondition();
    this.checkFilter();
    this.checkStart();
  }

  // The conditions of a key, by attribute: {p: {operator, operands}}.
  readKeyCondition({KeyConditionExpression: tree}) {
    if (!tree) return;
    const all = (node) => node.kind === 'and' ? [...all(node.left), ...all(node.right)] : [node];
    this.conditions = {};
    for (const node of all(tree)) {
      const operator = node.operator ?? node.name;
      const [what, ...values] = node.operands ?? [];
      if (!['=', '<', '<=', '>', '>=', 'BETWEEN', 'begins_with'].includes(operator) ||
          what.kind !== 'path' || what.path.length !== 1 || values.some(({kind}) => kind !== 'value')) {
        throw invalid(/KeyCondition|[Kk]ey condition/);
      }
      const [name] = what.path;
      if (this.conditions[name]) throw invalid(/KeyConditionExpression|[Kk]ey condition/);
      this.conditions[name] = {operator, values: values.map(({value}) => checkValue(value))};
    }
  }
  // All of the partition key, and of the sort key from its first attribute on; the last one may be a range.
  checkKeyCondition() {
    const {partition, sort, key} = this.source;
    const given = Object.keys(this.conditions);
    if (given.length > 2 && key.length <= 2) throw invalid('Conditions can be of length 1 or 2 only');
    refuseAny([
      () => {
        if (given.some((name) => !key.includes(name))) throw invalid(/^Query (condition missed key schema element: |key condition not supported)/);
      },
      ...partition.map((name) => () => {
        if (!this.conditions[name]) throw missedKey(name);
        if (this.conditions[name].operator !== '=') throw invalid('Query key condition not supported');
      }),
      ...sort.map((name, i) => () => {
        if (!this.conditions[name]) return;
        const before = sort.slice(0, i);
        const missing = before.find((each) => !this.conditions[each]);
        if (missing) throw missedKey(missing);
        if (before.some((each) => this.conditions[each].operator !== '=')) throw invalid('Query key condition not supported');
      }),
      ...key.filter((name) => this.conditions[name]).flatMap((name) => this.checkKeyOperands(name, this.conditions[name])),
    ]);
  }
  checkKeyOperands(name, {operator, values}) {
    return [
      () => {
        if (operator === undefined) throw invalid('Attempted conditional constraint is not an indexable operation');
        if (operator === 'begins_with' && this.table.types[name] === 'N') throw invalid(/./);
      },
      () => {
        if (values.every((value) => typeOf(value) === this.table.types[name])) return;
        throw invalid('One or more parameter values were invalid: Condition parameter type does not match schema type');
      },
      () => {
        if (values.some((value) => value.S === '' || value.B === '')) throw invalid(/empty (string|binary) value/);
      },
    ];
  }

  checkFilter() {
    const named = new Set();
    const collect = (node) => {
      if (node.kind === 'path') named.add(node.path[0]);
      [node.left, node.right, node.condition, ...(node.operands ?? [])].filter(Boolean).forEach(collect);
    };
    if (this.expressions.FilterExpression) collect(this.expressions.FilterExpression);
    for (const {attribute} of this.filter?.conditions ?? []) named.add(attribute);
    this.filtered = [...named];
    for (const name of this.operation === 'Query' ? this.source.key : []) {
      if (named.has(name)) {
        throw invalid(`${this.filter ? 'QueryFilter' : 'Filter Expression'} can only contain non-primary key attributes: Primary key attribute: ${name}`);
      }
    }
  }

  checkStart() {
    if (!this.start) return;
    const names = [...new Set([...this.table.key, ...this.source.key])];
    const given = Object.keys(this.start);
    const isKey = given.length === names.length && names.every((name) =>
        given.includes(name) && typeOf(this.start[name]) === this.table.types[name]);
    if (!isKey) throw invalid(/^The provided starting key is invalid/);
    for (const {key, sort} of [this.table, this.source]) {
      key.forEach((name) => checkKeyValue(this.start[name], sort.includes(name) ? 'RANGE' : 'HASH', () => invalid(/./)));
    }
    if (this.operation === 'Query' && !this.matches(this.start)) {
      throw invalid(/^The provided starting key (is outside query boundaries|does not match the range key predicate)/);
    }
  }

  matches(item) {
    return Object.entries(this.conditions).every(([name, {operator, values}]) => {
      const order = (value) => compare(item[name], value);
      switch (operator) {
        case '=': return order(values[0]) === 0;
        case '<': return order(values[0]) < 0;
        case '<=': return order(values[0]) <= 0;
        case '>': return order(values[0]) > 0;
        case '>=': return order(values[0]) >= 0;
        case 'BETWEEN': return order(values[0]) >= 0 && order(values[1]) <= 0;
        default: return beginsWith(item[name], values[0]);
      }
    });
  }

  // The keys of what is to be read, in order as far as there is one. Items that sort alike, and those of a
  // Scan, may come in any order.
  keys() {
    const source = [...this.table.items.values()].filter((item) => !this.index || this.index.has(item));
    if (this.operation === 'Scan') return source.map((item) => this.positionOf(item));
    const found = source.filter((item) => this.matches(item));
    found.sort((a, b) => this.compareSortKeys(a, b));
    if (this.request.ScanIndexForward === false) found.reverse();
    return found.map((item) => this.positionOf(item));
  }
  // 0 where the order is not told by the sort key.
  compareSortKeys(a, b) {
    return this.source.sort.map((name) => compare(a[name], b[name])).find((order) => order !== 0) ?? 0;
  }
  // The key under which a LastEvaluatedKey names the item.
  positionOf(item) {
    const names = [...new Set([...this.table.key, ...this.source.key])];
    return Object.fromEntries(names.map((name) => [name, item[name]]));
  }

  // The answer, reading in the order of `keys`, which may name items that have gone.
  answer(keys) {
    const {Limit, Select, ReturnConsumedCapacity: mode, ConsistentRead} = this.request;
    const fetches = this.fetchesItems();
    const evaluated = [];
    let last;
    let bytes = 0;
    let pageBytes = 0;
    for (const key of this.start ? after(keys, this.start, this) : keys) {
      const item = this.table.get(key);
      if (!item) continue;
      const entry = this.index ? this.index.entryOf(item) : item;
      const more = itemSize(entry) + (fetches ? itemSize(item) : 0);
      // The first item of a page always fits.
      if (evaluated.length > 0 && pageBytes + more > PAGE_BYTES_MAX) {
        last = this.positionOf(evaluated.at(-1).item);
        break;
      }
      evaluated.push({item, entry});
      bytes += itemSize(entry);
      pageBytes += more;
      if (evaluated.length === Limit) {
        last = this.positionOf(item);
        break;
      }
    }
    const filter = this.expressions.FilterExpression;
    const seen = evaluated.map(({item, entry}) => ({whole: fetches ? item : entry, entry}));
    const matched = seen.filter(
        ({whole}) => (!filter || holds(filter, whole)) && holdsLegacy(this.filter, whole));
    const {paths} = this;
    // What was fetched for the filter alone is not shown.
    const showsItems = paths || Select === 'ALL_ATTRIBUTES';
    const shown = matched.map(({whole, entry}) => showsItems ? whole : entry);

    const consumption = new Consumption(this.table);
    const factor = ConsistentRead ? 1 : 0.5;
    consumption.add(factor * readUnits(bytes), this.index);
    if (this.index) consumption.add(0);
    if (fetches) consumption.add(factor * sum(evaluated, ({item}) => readUnits(itemSize(item))));
    return {
      Count: matched.length,
      ScannedCount: evaluated.length,
      ...(Select === 'COUNT' ? {} : {Items: shown.map((each) => paths ? project(each, paths) : each)}),
      ...(last ? {LastEvaluatedKey: last} : {}),
      ...(mode && mode !== 'NONE' ? {ConsumedCapacity: consumption.shown(mode)} : {}),
    };
  }

  // Whether a local index has to look at the items themselves.
  fetchesItems() {
    if (!this.index?.local || this.index.all) return false;
    if (this.request.Select === 'ALL_ATTRIBUTES') return true;
    const named = [...(this.paths ?? []).map(([name]) => name), ...this.filtered];
    return named.some((name) => !this.index.holdsAttribute(name));
  }
}

// Most of what can be wrong with its values is told of it as a starting key; wrong numbers and duplicates are not.
function checkStartKey(key) {
  try {
    return checkMap(key);
  } catch (error) {
    if (!(error instanceof Refusal) || !error.text) throw error;
    const {text} = error;
    const before = 'The provided starting key is invalid: ';
    if (text instanceof RegExp) throw invalid(new RegExp(text.source.replaceAll('^', `^(?:${before})?`)));
    throw /duplicates|numeric value|significant digits|with magnitude/.test(text) ? error : invalid(before + text);
  }
}

// What of `keys` lies behind `start`, which may have gone; then the order of the keys tells.
function after(keys, start, read) {
  const at = keys.findIndex((key) => equal({M: key}, {M: start}));
  if (at >= 0) return keys.slice(at + 1);
  const sign = read.request.ScanIndexForward === false ? -1 : 1;
  return keys.filter((key) => sign * read.compareSortKeys(key, start) > 0);
}
