// A table of the reference: its items under their keys, and what follows from its schema.

import {invalid, refuseAny} from './refusal.mjs';
import {bytesOf, ITEM_BYTES_MAX, itemSize, sum, typeOf, valueSize} from './value.mjs';

// The attributes of a key: those of the partition key, of the sort key, and all.
function keysOf(schema) {
  const ofType = (type) => schema.filter(({KeyType}) => KeyType === type).map(({AttributeName}) => AttributeName);
  const [partition, sort] = [ofType('HASH'), ofType('RANGE')];
  return {partition, sort, key: [...partition, ...sort]};
}

const KEY_BYTES_MAX = {HASH: 2048, RANGE: 1024};

export class Table {
  // `description` is the request of CreateTable.
  constructor(description) {
    this.name = description.TableName;
    this.types = Object.fromEntries(
        description.AttributeDefinitions.map(({AttributeName, AttributeType}) => [AttributeName, AttributeType]));
    Object.assign(this, keysOf(description.KeySchema));
    this.items = new Map();
    const make = (local) => (index) => new Index(this, index, local);
    this.indexes = [
      ...(description.LocalSecondaryIndexes ?? []).map(make(true)),
      ...(description.GlobalSecondaryIndexes ?? []).map(make(false)),
    ];
  }

  keyOf(item) {
    return Object.fromEntries(this.key.map((name) => [name, item[name]]));
  }
  get(key) {
    return this.items.get(this.text(key));
  }
  set(key, item) {
    if (item) this.items.set(this.text(key), item);
    else this.items.delete(this.text(key));
  }
  text(key) {
    return JSON.stringify(this.key.map((name) => key[name]));
  }

  // Refuses a Key that is not one of this table.
  checkKey(key) {
    const names = Object.keys(key);
    if (names.length !== this.key.length || !this.key.every((name) => names.includes(name) &&
        typeOf(key[name]) === this.types[name])) {
      throw invalid('The provided key element does not match the schema');
    }
    this.checkKeyValues(key);
  }
  checkKeyValues(item) {
    this.key.forEach((name, i) => {
      checkKeyValue(item[name], i === 0 ? 'HASH' : 'RANGE', () => invalid(
          'One or more parameter values are not valid. The AttributeValue for a key attribute cannot ' +
          `contain an empty ${typeOf(item[name]) === 'S' ? 'string' : 'binary'} value. Key: ${name}`));
    });
  }
  // Refuses an Item without a key of this table, or with one of another type.
  checkItem(item) {
    for (const name of this.key) {
      if (!Object.hasOwn(item, name)) {
        throw invalid(`One or more parameter values were invalid: Missing the key ${name} in the item`);
      }
      if (typeOf(item[name]) !== this.types[name]) {
        throw invalid(`One or more parameter values were invalid: Type mismatch for key ${name} expected: ` +
                      `${this.types[name]} actual: ${typeOf(item[name])}`);
      }
    }
    this.checkKeyValues(item);
  }
  // Refuses a path that looks into an attribute of a key.
  checkPaths(paths) {
    refuseAny(paths.filter((path) => path.length > 1).map(([name]) => () => {
      const refuse = (what) => {
        throw invalid("Key attributes must be scalars; list random access '[]' and map lookup '.' are not " +
                      `allowed: ${what}: ${name}`);
      };
      if (this.key.includes(name)) refuse('Key');
      if (this.indexes.some(({key}) => key.includes(name))) refuse('IndexKey');
    }));
  }
  // Refuses a value of another type for an attribute that is a key of an index, whatever the item.
  checkIndexType(name, type) {
    for (const index of this.indexes) {
      if (!index.key.includes(name) || type === this.types[name]) continue;
      throw invalid(`One or more parameter values were invalid: Type mismatch for Index Key ${name} Expected: ` +
                    `${this.types[name]} Actual: ${type} IndexName: ${index.name}`);
    }
  }
  // Refuses an item whose attributes no index could hold. The texts differ by operation.
  checkIndexKeys(item, {wrongType, emptyValue}) {
    for (const index of this.indexes) {
      index.key.forEach((name) => {
        if (!Object.hasOwn(item, name)) return;
        if (typeOf(item[name]) !== this.types[name]) throw invalid(wrongType(index, name, item[name], this.types[name]));
        const role = index.sort.includes(name) ? 'RANGE' : 'HASH';
        checkKeyValue(item[name], role, () => invalid(emptyValue(index, name, item[name])));
      });
      checkTogether(index.partition, 'HASH', item);
      checkTogether(index.sort, 'RANGE', item);
    }
  }
  // limits.md, section 1: an item and its entry in one local index share the limit of an item.
  checkLocalSizes(item, {tooLarge}) {
    for (const index of this.indexes.filter(({local}) => local)) {
      const entry = index.entryOf(item);
      if (entry && itemSize(item) + itemSize(entry) > ITEM_BYTES_MAX) throw invalid(tooLarge);
    }
  }
}

export function checkKeyValue(value, role, refusalOfEmpty) {
  const length = value.S !== undefined ? Buffer.byteLength(value.S) : value.B !== undefined ? bytesOf(value.B).length : 1;
  if (length === 0) throw refusalOfEmpty();
  if (length > KEY_BYTES_MAX[role]) throw tooLargeKey();
}

const tooLargeKey = () => invalid(/has exceeded the maximum|size limit|[Ss]ize of .*key/);

// compatibility.md: the attributes of one key share its limit, those of an item that the index leaves out too.
function checkTogether(names, role, item) {
  const present = names.filter((name) => Object.hasOwn(item, name));
  if (sum(present, (name) => valueSize(item[name])) > KEY_BYTES_MAX[role]) throw tooLargeKey();
}

class Index {
  constructor(table, {IndexName, KeySchema, Projection}, local) {
    this.table = table;
    this.name = IndexName;
    this.local = local;
    Object.assign(this, keysOf(KeySchema));
    this.all = Projection.ProjectionType === 'ALL';
    this.projected = new Set([...table.key, ...this.key, ...(Projection.NonKeyAttributes ?? [])]);
  }
  has(item) {
    return this.key.every((name) => Object.hasOwn(item, name));
  }
  holdsAttribute(name) {
    return this.all || this.projected.has(name);
  }
  // What the index holds of an item, or undefined.
  entryOf(item) {
    if (!this.has(item)) return undefined;
    return Object.fromEntries(Object.entries(item).filter(([name]) => this.holdsAttribute(name)));
  }
}
