// Requests about items near and above 400 KB, and pages of more than 1 MB.

import {itemSize} from './reference/value.mjs';

const ITEM_BYTES_MAX = 400 * 1024;

export class LargeRequests {
  // `table`: with the keys p and s, and the attributes g, l and k of its indexes.
  constructor(requests, table) {
    this.requests = requests;
    this.random = requests.random;
    this.table = table;
    this.TableName = table.TableName;
  }

  next() {
    const {random} = this;
    return random.pick([
      () => this.put(), () => this.put(), () => this.put(), () => this.update(), () => this.update(), () => this.get(),
      () => this.delete(), () => this.query(), () => this.query(), () => this.scan(), () => this.batchGet(),
      () => this.batchWrite(), () => this.transactGet(), () => this.transactWrite(),
    ])();
  }

  key() {
    const {random} = this;
    return {p: {S: random.pick(['a', 'a', 'a', 'b'])}, s: {N: String(random.below(12))}};
  }
  keys(least, most) {
    const made = this.random.some(least, most, () => this.key());
    return [...new Map(made.map((key) => [JSON.stringify(key), key])).values()];
  }
  // The size of a whole item: at a limit more often than not.
  size() {
    const {random} = this;
    const near = (bytes) => bytes - 2 + random.below(5);
    return random.pick([
      () => near(ITEM_BYTES_MAX), () => near(ITEM_BYTES_MAX / 2), () => near(1024 * 1024 / 3), () => random.below(ITEM_BYTES_MAX),
      () => random.below(ITEM_BYTES_MAX), () => random.below(5000), () => ITEM_BYTES_MAX - random.below(40),
    ])();
  }
  // `item` with t, so that it has about `size` bytes.
  filled(item, size = this.size()) {
    const rest = Math.max(1, size - itemSize({...item, t: {S: ''}}));
    const asBytes = this.random.chance(0.2);
    return {...item, t: asBytes ? {B: Buffer.alloc(rest, 7).toString('base64')} : {S: 'x'.repeat(rest)}};
  }
  item() {
    const {random} = this;
    const item = this.key();
    if (random.chance(0.3)) item.g = {S: random.pick(['a', 'b'])};
    if (random.chance(0.25)) item.l = {N: String(random.below(5))};
    if (random.chance(0.5)) item.k = {B: random.pick(['AA==', 'AQ=='])};
    return this.filled(item);
  }
  conditional() {
    const {random} = this;
    if (!random.chance(0.15)) return {};
    return {
      ConditionExpression: random.pick(['attribute_exists(t)', 'attribute_not_exists(t)', 'size(t) > :n']),
      ...(random.chance(0.3) ? {ReturnValuesOnConditionCheckFailure: 'ALL_OLD'} : {}),
    };
  }
  withValues(parts) {
    const isUsed = Object.values(parts).some((part) => typeof part === 'string' && part.includes(':n'));
    const values = {...parts.ExpressionAttributeValues, ...(isUsed ? {':n': {N: '200000'}} : {})};
    return {...parts, ...(Object.keys(values).length ? {ExpressionAttributeValues: values} : {})};
  }
  putParts() {
    return this.withValues({TableName: this.TableName, Item: this.item(), ...this.conditional()});
  }
  updateParts() {
    const {random} = this;
    const Key = this.key();
    const big = this.filled(Key, this.size() - 20 + random.below(25)).t;
    const [UpdateExpression, values] = random.pick([
      () => ['SET t = :t', {':t': big}], () => ['SET t = :t, l = :l', {':t': big, ':l': {N: '1'}}],
      () => ['SET u = :t', {':t': big}], () => ['REMOVE u', undefined], () => ['SET l = :l', {':l': {N: '2'}}],
      () => ['SET t = :t REMOVE u', {':t': big}], () => ['ADD c :l', {':l': {N: '1'}}],
    ])();
    return this.withValues({
      TableName: this.TableName, Key, UpdateExpression, ...(values ? {ExpressionAttributeValues: values} : {}), ...this.conditional(),
    });
  }

  put() {
    const body = {...this.putParts(), ...this.requests.reporting({metrics: true})};
    if (this.random.chance(0.3)) body.ReturnValues = 'ALL_OLD';
    return {operation: 'PutItem', body};
  }
  update() {
    const {random} = this;
    const body = {...this.updateParts(), ...this.requests.reporting({metrics: true})};
    if (random.chance(0.4)) body.ReturnValues = random.pick(['ALL_OLD', 'UPDATED_OLD', 'ALL_NEW', 'UPDATED_NEW']);
    if (random.chance(0.2)) {
      const {t} = this.filled(body.Key);
      for (const name of ['UpdateExpression', 'ConditionExpression', 'ExpressionAttributeValues']) delete body[name];
      body.AttributeUpdates = {[random.pick(['t', 'u'])]: {Value: t}};
    }
    return {operation: 'UpdateItem', body};
  }
  get() {
    const body = {TableName: this.TableName, Key: this.key(), ...this.requests.reporting()};
    if (this.random.chance(0.5)) body.ConsistentRead = true;
    if (this.random.chance(0.5)) body.ProjectionExpression = 's, c, l';
    return {operation: 'GetItem', body};
  }
  delete() {
    return {operation: 'DeleteItem', body: {TableName: this.TableName, Key: this.key(), ...this.requests.reporting({metrics: true})}};
  }

  page() {
    const {random, table} = this;
    const body = {TableName: this.TableName, ...this.requests.reporting()};
    const index = random.chance(0.6) ? random.pick([...table.GlobalSecondaryIndexes, ...table.LocalSecondaryIndexes]) : undefined;
    if (index) body.IndexName = index.IndexName;
    if (random.chance(0.3)) body.Select = random.pick(['COUNT', 'ALL_ATTRIBUTES']);
    else if (random.chance(0.4)) body.ProjectionExpression = random.pick(['p, s', 's, l']);
    else if (random.chance(0.2) && index?.IndexName !== 'LocalK') body.FilterExpression = 'attribute_exists(c)';
    if (random.chance(0.4)) body.Limit = 1 + random.below(6);
    return {body, index};
  }
  query() {
    const {random} = this;
    const {body, index} = this.page();
    const value = index?.KeySchema[0].AttributeName === 'g' ? 'g = :v' : 'p = :v';
    body.KeyConditionExpression = value;
    body.ExpressionAttributeValues = {':v': {S: random.pick(['a', 'a', 'b'])}};
    if (random.chance(0.4)) body.ScanIndexForward = false;
    return {operation: 'Query', body, pages: true};
  }
  scan() {
    return {operation: 'Scan', body: this.page().body, pages: true};
  }

  batchGet() {
    const wanted = {Keys: this.keys(1, 8)};
    if (this.random.chance(0.5)) wanted.ProjectionExpression = 's, c';
    else if (this.random.chance(0.5)) wanted.AttributesToGet = ['s', 'l'];
    if (this.random.chance(0.3)) wanted.ConsistentRead = true;
    return {operation: 'BatchGetItem', body: {RequestItems: {[this.TableName]: wanted}, ...this.requests.reporting()}};
  }
  batchWrite() {
    const {random} = this;
    const writes = this.keys(1, 4).map((key) => random.chance(0.8) ?
        {PutRequest: {Item: {...this.item(), ...key}}} : {DeleteRequest: {Key: key}});
    return {operation: 'BatchWriteItem', body: {RequestItems: {[this.TableName]: writes}, ...this.requests.reporting({metrics: true})}};
  }
  transactGet() {
    const TransactItems = this.keys(1, this.random.pick([4, 24, 60])).map((Key) => ({Get: {TableName: this.TableName, Key, ProjectionExpression: 's, c'}}));
    return {operation: 'TransactGetItems', body: {TransactItems, ...this.requests.reporting()}};
  }
  transactWrite() {
    const {random} = this;
    const most = random.chance(0.1) ? 24 : 3;
    const TransactItems = this.keys(1, most).map((key) => random.pick([
      () => ({Put: this.withValues({TableName: this.TableName, Item: {...this.item(), ...key}, ...this.conditional()})}),
      () => ({Update: {...this.updateParts(), Key: key}}),
      () => ({Delete: {TableName: this.TableName, Key: key}}),
      () => ({ConditionCheck: {TableName: this.TableName, Key: key, ConditionExpression: 'attribute_exists(p) OR attribute_not_exists(p)'}}),
    ])());
    return {operation: 'TransactWriteItems', body: {TransactItems, ...this.requests.reporting({metrics: true})}};
  }
}
