// Requests at random: most of them good, some wrong, mostly in one way. A request is {operation, body},
// and with `pages` or `segments` one that is asked until its end.

import {LargeRequests} from './large_requests.mjs';
import {LegacyParameters} from './legacy_requests.mjs';
import {LARGE, MANY, PLAIN_TABLES} from './tables.mjs';
import {Values} from './values.mjs';

const CAPACITY = ['NONE', 'TOTAL', 'INDEXES', 'INDEXES', undefined];
const ATTRIBUTES = ['a', 'b', 'c', 'd'];
// The type that an attribute has most of the time, so that many updates find what they need.
const USUAL_TYPES = {a: 'N', b: 'SS', c: 'M', d: 'L'};
const RESERVED_ATTRIBUTES = ['name', 'status'];

// Collects the #names and :values of the expressions of one request.
class Placeholders {
  constructor(random) {
    this.random = random;
    this.names = {};
    this.values = {};
  }
  value(value) {
    const token = `:v${Object.keys(this.values).length}`;
    this.values[token] = value;
    return token;
  }
  // A name as it may stand in an expression.
  name(name) {
    if (!RESERVED_ATTRIBUTES.includes(name) && this.random.chance(0.8)) return name;
    const known = Object.keys(this.names).find((token) => this.names[token] === name);
    if (known) return known;
    const token = `#n${Object.keys(this.names).length}`;
    this.names[token] = name;
    return token;
  }
  members() {
    return {
      ...(Object.keys(this.names).length ? {ExpressionAttributeNames: this.names} : {}),
      ...(Object.keys(this.values).length ? {ExpressionAttributeValues: this.values} : {}),
    };
  }
}

export class Requests {
  // `forDynalite` leaves out what dynalite does not have (transactions), and what it is known to do
  // differently in most requests: comparisons of absent attributes, updates that only take away, Expected
  // (it passes over a Value beside Exists), empty texts and bytes. Nor does it take several elements of a list away at once: the
  // item it has then differs in what comes later.
  // `largePart` of the requests are about large items; those take their time, so few epochs have many.
  constructor(random, {forDynalite = false, largePart = random.chance(0.04) ? 0.3 : 0.003} = {}) {
    this.random = random;
    this.values = new Values(random, {withEmpty: !forDynalite});
    this.forDynalite = forDynalite;
    this.tokens = [];
    // Items that were sent to the table of many keys; some of them are there.
    this.known = [{}];
    this.tables = [...PLAIN_TABLES, ...(forDynalite ? [] : [MANY])];
    this.legacy = new LegacyParameters(this);
    this.large = new LargeRequests(this, LARGE);
    this.largePart = forDynalite ? 0 : largePart;
  }

  next() {
    const {random} = this;
    if (random.chance(this.largePart)) return this.large.next();
    const makers = [
      [18, () => this.put()], [22, () => this.update()], [8, () => this.delete()], [8, () => this.get()],
      [14, () => this.query()], [8, () => this.scan()], [5, () => this.batchGet()], [5, () => this.batchWrite()],
      ...(this.forDynalite ? [] : [[8, () => this.transactWrite()], [4, () => this.transactGet()]]),
    ];
    let at = random.below(makers.reduce((total, [weight]) => total + weight, 0));
    const [, make] = makers.find(([weight]) => (at -= weight) < 0);
    const request = make();
    if (random.chance(0.2)) this.spoil(request);
    return request;
  }

  // --- parts

  table() {
    const [plain, wide, numbers, ...more] = this.tables;
    return this.random.pick([plain, wide, wide, wide, numbers, ...more]);
  }
  tableOf({TableName}) {
    return this.tables.find((table) => table.TableName === TableName);
  }
  // One of a few, or of `most`.
  keyValue(type, most = Infinity) {
    const {random} = this;
    const oneOf = (values) => random.pick(values.slice(0, most));
    if (type === 'S') return {S: oneOf(['a', 'b', 'c', 'é'])};
    if (type === 'N') return {N: String(oneOf([-10, -1, 0, 1, 2, 2.5, 10, 100]))};
    return {B: oneOf(['AA==', 'AQ==', '/w==', 'AAE='])};
  }
  typeIn(table, name) {
    return table.AttributeDefinitions.find(({AttributeName}) => AttributeName === name)?.AttributeType;
  }
  key(table) {
    return Object.fromEntries(table.KeySchema.map(
        ({AttributeName: name}) => [name, this.keyValue(this.typeIn(table, name))]));
  }
  // Attributes that are keys of indexes.
  indexed(table) {
    const own = table.KeySchema.map(({AttributeName}) => AttributeName);
    return table.AttributeDefinitions.map(({AttributeName}) => AttributeName).filter((name) => !own.includes(name));
  }
  item(table) {
    const {random, values} = this;
    const item = {...this.key(table)};
    for (const name of ATTRIBUTES) {
      if (random.chance(0.5)) item[name] = random.chance(0.65) ? values.ofType(USUAL_TYPES[name]) : values.value();
    }
    for (const name of RESERVED_ATTRIBUTES) if (random.chance(0.3)) item[name] = values.value();
    // Of many keys of an index an item has all or nearly all, and items share them.
    const [part, most] = table === MANY ? [0.96, 2] : [0.7];
    for (const name of this.indexed(table)) {
      if (random.chance(part)) item[name] = this.keyValue(this.typeIn(table, name), most);
      else if (random.chance(0.03)) item[name] = values.value();
    }
    if (table === MANY) this.known = [...this.known.slice(-9), item];
    return item;
  }
  attribute(table) {
    const {random} = this;
    if (random.chance(0.12)) return random.pick([...this.indexed(table), ...RESERVED_ATTRIBUTES]);
    return random.pick(ATTRIBUTES);
  }
  path(table, placeholders) {
    const {random} = this;
    const attribute = this.attribute(table);
    let path = placeholders.name(attribute);
    const likelyIndex = {c: 0.1, d: 0.9}[attribute] ?? 0.5;
    for (let i = 0; i < 3 && random.chance(i === 0 && likelyIndex !== 0.5 ? 0.5 : 0.2); ++i) {
      const isIndex = random.chance(i === 0 ? likelyIndex : 0.5);
      path += isIndex ? `[${random.below(4)}]` : `.${placeholders.name(random.pick(ATTRIBUTES))}`;
    }
    return path;
  }
  // A path, or a value of a type, if one is given.
  operand(table, placeholders, value = () => this.values.value(), type = undefined) {
    const {random} = this;
    if (!random.chance(0.45)) return placeholders.value(value());
    const usual = ATTRIBUTES.find((name) => USUAL_TYPES[name] === type);
    return usual && random.chance(0.7) ? placeholders.name(usual) : this.path(table, placeholders);
  }

  // --- expressions

  condition(table, placeholders, depth = 0) {
    const {random, values} = this;
    const inner = () => this.condition(table, placeholders, depth + 1);
    if (depth < 3 && random.chance(0.35)) {
      return random.pick([
        () => `${inner()} AND ${inner()}`, () => `${inner()} or ${inner()}`, () => `NOT ${inner()}`,
        () => `(${inner()})`, () => `(${inner()}) AND NOT (${inner()})`,
      ])();
    }
    if (this.forDynalite) return this.guardedCondition(table, placeholders);
    const path = () => this.path(table, placeholders);
    const ordered = () => values.ofType(random.pick(['S', 'N', 'N', 'B']));
    const operand = (value) => this.operand(table, placeholders, value);
    return random.pick([
      () => `${path()} ${random.pick(['=', '<>'])} ${operand()}`,
      () => `${operand()} ${random.pick(['=', '<>'])} ${path()}`,
      () => `${path()} ${random.pick(['<', '<=', '>', '>='])} ${operand(ordered)}`,
      () => {
        const type = random.pick(['S', 'N', 'B']);
        const bound = () => random.chance(0.9) ? values.ofType(type) : ordered();
        return `${path()} BETWEEN ${operand(bound)} AND ${operand(bound)}`;
      },
      () => `${path()} IN (${random.some(1, 3, () => operand()).join(', ')})`,
      () => `attribute_exists(${path()})`,
      () => `attribute_not_exists(${path()})`,
      () => `attribute_type(${path()}, ${placeholders.value({S: random.pick(['S', 'N', 'B', 'L', 'M', 'SS', 'NS', 'BS', 'BOOL', 'NULL'])})})`,
      () => `begins_with(${path()}, ${operand(() => values.ofType(random.pick(['S', 'B'])))})`,
      () => `contains(${path()}, ${operand()})`,
      () => `size(${path()}) ${random.pick(['=', '<', '>', '<>'])} ${placeholders.value({N: String(random.below(5))})}`,
    ])();
  }

  // Of an attribute that is there, and values.
  guardedCondition(table, placeholders) {
    const {random, values} = this;
    const path = this.path(table, placeholders);
    const type = random.pick(['S', 'N', 'B']);
    const value = () => placeholders.value(values.ofType(type));
    const condition = random.pick([
      () => `${path} ${random.pick(['=', '<>', '<', '<=', '>', '>='])} ${value()}`,
      () => `${path} BETWEEN ${value()} AND ${value()}`,
      () => `${path} IN (${random.some(1, 3, () => placeholders.value(values.value())).join(', ')})`,
      () => `contains(${path}, ${value()})`,
      () => `attribute_type(${path}, ${placeholders.value({S: random.pick(['S', 'N', 'L', 'M', 'SS'])})})`,
    ])();
    return `(attribute_exists(${path}) AND ${condition})`;
  }

  updateExpression(table, placeholders) {
    const {random, values} = this;
    const path = () => this.path(table, placeholders);
    const number = () => this.operand(table, placeholders, () => values.ofType('N'), 'N');
    const list = () => this.operand(table, placeholders, () => values.ofType('L'), 'L');
    const set = () => placeholders.value(values.ofType(random.pick(['SS', 'NS', 'BS'])));
    // Index keys get values of their type, most of the time.
    const assignIndexKey = () => {
      const name = random.pick(this.indexed(table).concat('a'));
      const type = this.typeIn(table, name) ?? 'S';
      return `${placeholders.name(name)} = ${placeholders.value(random.chance(0.95) ? this.keyValue(type) : values.value())}`;
    };
    const assignment = () => random.pick([
      () => `${path()} = ${placeholders.value(values.value())}`,
      () => `${path()} = ${placeholders.value(values.value())}`,
      () => `${path()} = ${path()}`,
      assignIndexKey, assignIndexKey,
      () => `${path()} = ${number()} ${random.pick(['+', '-'])} ${number()}`,
      () => `${path()} = (${number()} + ${number()})`,
      () => `${path()} = if_not_exists(${path()}, ${this.operand(table, placeholders)})`,
      () => `${path()} = if_not_exists(${path()}, ${number()}) ${random.pick(['+', '-'])} ${number()}`,
      () => `${path()} = list_append(${list()}, ${list()})`,
      () => `${path()} = list_append(if_not_exists(${path()}, ${list()}), ${list()})`,
    ])();
    // Several elements of one list.
    const elements = () => {
      const list = placeholders.name(random.chance(0.9) ? 'd' : random.pick(ATTRIBUTES));
      return [...new Set(random.some(2, 4, () => random.below(5)))].map((index) => `${list}[${index}]`);
    };
    const sections = {
      SET: () => random.chance(0.15) ?
          `SET ${elements().map((each) => `${each} = ${placeholders.value(values.value())}`).join(', ')}` :
          `SET ${random.some(1, 3, assignment).join(', ')}`,
      REMOVE: () => `REMOVE ${(random.chance(0.35) ? elements() : random.some(1, 3, path)).slice(0, this.forDynalite ? 1 : 3).join(', ')}`,
      ADD: () => random.chance(0.3) ? `ADD ${path()} ${random.chance(0.6) ? placeholders.value(values.ofType('N')) : set()}` :
          random.chance(0.5) ? `ADD a ${placeholders.value(values.ofType('N'))}` :
          `ADD b ${placeholders.value(values.ofType('SS'))}`,
      DELETE: () => random.chance(0.3) ? `DELETE ${path()} ${set()}` : `DELETE b ${placeholders.value(values.ofType('SS'))}`,
    };
    const chosen = random.chance(0.7) ? [random.pick(['SET', 'SET', 'REMOVE', 'ADD', 'DELETE'])] :
        Object.keys(sections).filter(() => random.chance(0.5));
    if (this.forDynalite && !chosen.includes('SET') && !chosen.includes('ADD')) {
      chosen.unshift('SET');
      sections.SET = () => `SET e = ${placeholders.value(values.value())}`;
    }
    return (chosen.length ? chosen : ['SET']).map((name) => sections[name]()).join(' ');
  }

  projection(table, placeholders) {
    return this.random.some(1, 3, () => this.random.chance(0.2) ? 'p' : this.path(table, placeholders)).join(', ');
  }

  conditional(table, placeholders, probability = 0.35) {
    const {random} = this;
    if (!random.chance(probability)) return {};
    return {
      ConditionExpression: this.condition(table, placeholders),
      ...(random.chance(0.4) ? {ReturnValuesOnConditionCheckFailure: random.pick(['ALL_OLD', 'NONE'])} : {}),
    };
  }
  reporting({metrics = false} = {}) {
    const {random} = this;
    const mode = random.pick(CAPACITY);
    return {
      ...(mode ? {ReturnConsumedCapacity: mode} : {}),
      ...(metrics && random.chance(0.3) ? {ReturnItemCollectionMetrics: random.pick(['SIZE', 'NONE'])} : {}),
    };
  }

  // --- operations

  putParts() {
    const table = this.table();
    const placeholders = new Placeholders(this.random);
    const parts = {TableName: table.TableName, Item: this.item(table), ...this.conditional(table, placeholders)};
    return {...parts, ...placeholders.members()};
  }
  updateParts() {
    const table = this.table();
    const placeholders = new Placeholders(this.random);
    const parts = {
      TableName: table.TableName, Key: this.key(table), UpdateExpression: this.updateExpression(table, placeholders),
      ...this.conditional(table, placeholders, 0.25),
    };
    return {...parts, ...placeholders.members()};
  }
  deleteParts(probability) {
    const table = this.table();
    const placeholders = new Placeholders(this.random);
    const parts = {TableName: table.TableName, Key: this.key(table), ...this.conditional(table, placeholders, probability)};
    return {...parts, ...placeholders.members()};
  }
  getParts() {
    const table = this.table();
    const placeholders = new Placeholders(this.random);
    const parts = {TableName: table.TableName, Key: this.key(table)};
    if (this.random.chance(0.5)) parts.ProjectionExpression = this.projection(table, placeholders);
    return {...parts, ...placeholders.members()};
  }

  // A write as it is, or with the legacy parameters.
  styled(request) {
    if (this.forDynalite || !this.random.chance(0.2)) return request;
    return this.legacy.replaceInWrite(request, this.tableOf(request.body));
  }

  put() {
    const body = {...this.putParts(), ...this.reporting({metrics: true})};
    if (this.random.chance(0.4)) body.ReturnValues = this.random.pick(['NONE', 'ALL_OLD']);
    return this.styled({operation: 'PutItem', body});
  }
  update() {
    const body = {...this.updateParts(), ...this.reporting({metrics: true})};
    if (this.random.chance(0.7)) {
      body.ReturnValues = this.random.pick(['NONE', 'ALL_OLD', 'UPDATED_OLD', 'ALL_NEW', 'UPDATED_NEW']);
    }
    return this.styled({operation: 'UpdateItem', body});
  }
  delete() {
    const body = {...this.deleteParts(), ...this.reporting({metrics: true})};
    if (this.random.chance(0.4)) body.ReturnValues = this.random.pick(['NONE', 'ALL_OLD']);
    return this.styled({operation: 'DeleteItem', body});
  }
  get() {
    const body = {...this.getParts(), ...this.reporting()};
    if (this.random.chance(0.5)) body.ConsistentRead = this.random.chance(0.7);
    if (this.random.chance(0.2)) this.legacy.replaceInGet(body, this.tableOf(body));
    return {operation: 'GetItem', body};
  }

  pageParts(table, placeholders, index) {
    const {random} = this;
    const body = {TableName: table.TableName, ...this.reporting()};
    if (index) body.IndexName = index.IndexName;
    const isGlobal = table.GlobalSecondaryIndexes?.includes(index);
    if (random.chance(0.3) && !isGlobal) body.ConsistentRead = random.chance(0.7);
    const whole = !index || index.Projection.ProjectionType === 'ALL';
    // What a filter sees of attributes that an index does not hold is documented nowhere.
    if (random.chance(0.4) && whole) body.FilterExpression = this.condition(table, placeholders);
    if (random.chance(0.3)) {
      body.ProjectionExpression = this.projection(table, placeholders);
      if (random.chance(0.3)) body.Select = 'SPECIFIC_ATTRIBUTES';
    } else if (random.chance(0.3)) {
      body.Select = random.pick(['ALL_ATTRIBUTES', 'COUNT', ...(index ? ['ALL_PROJECTED_ATTRIBUTES'] : [])]);
    }
    return body;
  }
  indexOf(table) {
    return this.random.pick([...(table.GlobalSecondaryIndexes ?? []), ...(table.LocalSecondaryIndexes ?? [])]);
  }

  // The partition key, and of the sort key what comes first, of which the last may be a range.
  keyCondition(table, source, placeholders) {
    const {random} = this;
    const named = (type) => source.KeySchema.filter(({KeyType}) => KeyType === type).map(({AttributeName}) => AttributeName);
    // Of many keys at once chance would hit no item.
    const known = named('HASH').length > 1 && random.chance(0.9) ? random.pick(this.known) : undefined;
    const value = (name) => placeholders.value(known?.[name] ?? this.keyValue(this.typeIn(table, name)));
    const conditions = named('HASH').map((name) => `${placeholders.name(name)} = ${value(name)}`);
    for (const sort of named('RANGE')) {
      if (random.chance(0.05)) continue;
      if (random.chance(0.5)) break;
      const name = placeholders.name(sort);
      if (named('RANGE').length > 1 && random.chance(0.5)) {
        conditions.push(`${name} = ${value(sort)}`);
        continue;
      }
      conditions.push(random.pick([
        () => `${name} ${random.pick(['=', '<', '<=', '>', '>='])} ${value(sort)}`,
        () => `${name} BETWEEN ${value(sort)} AND ${value(sort)}`,
        () => this.typeIn(table, sort) === 'N' ? `${name} > ${value(sort)}` : `begins_with(${name}, ${value(sort)})`,
      ])());
      if (random.chance(0.9)) break;
    }
    if (random.chance(0.3)) conditions.reverse();
    return conditions;
  }
  query() {
    const {random} = this;
    const table = this.table();
    const index = random.chance(0.55) ? this.indexOf(table) : undefined;
    const placeholders = new Placeholders(random);
    const conditions = this.keyCondition(table, index ?? table, placeholders);
    const body = {KeyConditionExpression: conditions.join(' AND '), ...this.pageParts(table, placeholders, index)};
    if (random.chance(0.4)) body.ScanIndexForward = random.chance(0.4);
    if (!index && random.chance(0.1)) body.ExclusiveStartKey = this.key(table);
    Object.assign(body, placeholders.members());
    if (random.chance(0.35)) body.Limit = 1 + random.below(4);
    const request = {operation: 'Query', body, ...(body.Limit ? {pages: true} : {})};
    return random.chance(0.2) ? this.legacy.replaceInPage(request, table, index) : request;
  }
  scan() {
    const {random} = this;
    const table = this.table();
    const index = random.chance(0.4) ? this.indexOf(table) : undefined;
    const placeholders = new Placeholders(random);
    const body = this.pageParts(table, placeholders, index);
    Object.assign(body, placeholders.members());
    const request = {operation: 'Scan', body};
    if (random.chance(0.2)) this.legacy.replaceInPage(request, table, index);
    if (random.chance(0.25)) return {...request, segments: 1 + random.below(4)};
    if (random.chance(0.3)) return {...request, body: {...body, Limit: 3 + random.below(9)}, pages: true};
    return request;
  }

  batchGet() {
    const {random} = this;
    const RequestItems = {};
    for (const table of this.tables.filter(() => random.chance(0.6))) {
      const placeholders = new Placeholders(random);
      const wanted = {Keys: distinctKeys(random.some(1, 6, () => this.key(table)))};
      if (random.chance(0.3)) wanted.ConsistentRead = random.chance(0.7);
      if (random.chance(0.3)) wanted.ProjectionExpression = this.projection(table, placeholders);
      RequestItems[table.TableName] = {...wanted, ...placeholders.members()};
      if (random.chance(0.1)) this.legacy.replaceInGet(RequestItems[table.TableName], table);
    }
    return {operation: 'BatchGetItem', body: {RequestItems, ...this.reporting()}};
  }
  batchWrite() {
    const {random} = this;
    const RequestItems = {};
    for (const table of this.tables.filter(() => random.chance(0.6))) {
      const keys = distinctKeys(random.some(1, 6, () => this.key(table)));
      RequestItems[table.TableName] = keys.map((key) => random.chance(0.6) ?
          {PutRequest: {Item: {...this.item(table), ...key}}} : {DeleteRequest: {Key: key}});
    }
    return {operation: 'BatchWriteItem', body: {RequestItems, ...this.reporting({metrics: true})}};
  }

  transactWrite() {
    const {random} = this;
    if (this.tokens.length && random.chance(0.05)) {
      const again = structuredClone(random.pick(this.tokens));
      if (random.chance(0.3)) again.body.TransactItems.pop();
      return again;
    }
    const TransactItems = random.some(1, 4, () => random.pick([
      () => ({Put: this.putParts()}), () => ({Update: this.updateParts()}), () => ({Delete: this.deleteParts()}),
      () => ({ConditionCheck: this.deleteParts(1)}),
    ])());
    const body = {TransactItems, ...this.reporting({metrics: true})};
    const request = {operation: 'TransactWriteItems', body};
    if (random.chance(0.3)) {
      body.ClientRequestToken = `t${this.tokens.length}`;
      this.tokens.push(structuredClone(request));
    }
    return request;
  }
  transactGet() {
    const TransactItems = this.random.some(1, 4, () => ({Get: this.getParts()}));
    return {operation: 'TransactGetItems', body: {TransactItems, ...this.reporting()}};
  }

  // --- faults

  // Makes one thing wrong, or so it would seem.
  spoil(request) {
    const {random} = this;
    const {body} = request;
    // A structure with a TableName: the request itself, or an action of a transaction.
    const actions = (body.TransactItems ?? []).map((item) => Object.values(item)[0]);
    const part = actions.length ? random.pick(actions) : body;
    const expressions = Object.keys(part).filter((name) => name.endsWith('Expression'));
    random.pick([
      ...Array(3).fill(() => expressions.length > 0 ? this.spoilExpression(part, expressions) :
          body.TableName && this.legacy.spoil(body, this.tableOf(body))),
      () => (part.ExpressionAttributeValues ??= {})[random.pick([':unused', 'v', ':', ':v0'])] = this.values.value(),
      () => (part.ExpressionAttributeNames ??= {})[random.pick(['#unused', 'n', '#', '#n0'])] = random.pick(['a', 'b', '']),
      () => this.spoilPlaceholders(part),
      () => this.spoilKey(part),
      () => this.spoilKey(part),
      () => this.spoilValue(part),
      () => this.spoilValue(part),
      () => part.TableName = random.pick(['Absent', 'Absent', '', 'arn:aws:dynamodb:us-east-1:000000000000:table/Plain']),
      () => this.spoilMember(body),
      () => this.spoilMember(part),
      () => this.spoilMember(part),
      () => this.spoilList(body),
    ])();
  }
  spoilExpression(part, expressions) {
    const {random} = this;
    if (expressions.length === 0) return;
    const name = random.pick(expressions);
    const tokens = part[name].match(/[#:]?\w+|[<>=]+|\S/g) ?? [];
    const at = random.below(tokens.length + 1);
    random.pick([
      () => tokens.splice(at, 1),
      () => tokens.splice(at, 0, random.pick(tokens.length ? tokens : ['a'])),
      () => tokens.splice(at, 1, random.pick([
        '(', ')', 'AND', ',', '.', '[', '=', '+', 'size', 'status', 'p', 's', ':v9', '#n9', 'BETWEEN', 'SET', '1', '"', '[0]',
      ])),
      () => tokens.splice(0, tokens.length),
      () => tokens.splice(at, 0, '(', random.pick(tokens.length ? tokens : ['a']), ')'),
      () => tokens.splice(0, tokens.length, '(', '(', ...tokens, ')', ')'),
    ])();
    part[name] = tokens.join(' ');
  }
  spoilPlaceholders(part) {
    const {random} = this;
    const which = random.pick(['ExpressionAttributeValues', 'ExpressionAttributeNames']);
    const tokens = Object.keys(part[which] ?? {});
    if (tokens.length === 0 || random.chance(0.2)) part[which] = random.pick([{}, null]);
    else if (random.chance(0.5)) delete part[which][random.pick(tokens)];
    else part[which][random.pick(tokens)] = which.endsWith('Values') ? this.values.bad() : '';
  }
  spoilKey(part) {
    const {random} = this;
    const key = part.Key ?? part.Item ?? part.ExclusiveStartKey;
    if (!key) return;
    const name = random.pick(['p', 's']);
    random.pick([
      () => delete key[name], () => key.extra = {S: 'a'}, () => key[name] = this.values.value(), () => key[name] = {S: ''},
      () => key[name] = {B: ''}, () => key[name] = this.values.bad(), () => key[name] = {S: 'k'.repeat(random.pick([1024, 1025, 2048, 2049]))},
    ])();
  }
  spoilValue(part) {
    const {random} = this;
    const item = part.Item ?? part.ExpressionAttributeValues ?? part.Key;
    if (item) item[random.pick(Object.keys(item).concat('a'))] = this.values.bad();
  }
  spoilMember(part) {
    const {random} = this;
    const name = random.pick([...Object.keys(part), 'ReturnValues', 'Limit', 'Select', 'IndexName', 'ConsistentRead', 'Segment', 'Unknown']);
    part[name] = random.pick([null, 'x', '', 0, -1, 5, true, [], {}]);
  }
  spoilList(body) {
    const {random} = this;
    const lists = [body.TransactItems, ...Object.values(body.RequestItems ?? {}).map((each) => each?.Keys ?? each)]
        .filter(Array.isArray);
    if (lists.length === 0) return;
    const list = random.pick(lists);
    random.pick([
      () => list.push(structuredClone(random.pick(list))),
      () => list.splice(0, list.length),
      () => list.push({}),
      () => list.push(null),
    ])();
  }
}

function distinctKeys(keys) {
  return [...new Map(keys.map((key) => [JSON.stringify(key), key])).values()];
}
