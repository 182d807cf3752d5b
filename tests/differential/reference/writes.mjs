// What one put, update, delete or condition check does to an item, whether it comes by itself or in a
// transaction.

import {holds, project, update} from './evaluate.mjs';
import {expressionsOf} from './expressions.mjs';
import {expectedOf, holdsLegacy, updatesOf} from './legacy.mjs';
import {invalid, refuseAny, Refusal} from './refusal.mjs';
import {pathsOf} from './syntax.mjs';
import {checkMap, ITEM_BYTES_MAX, itemSize, sum, typeOf} from './value.mjs';

const emptyWord = (value) => typeOf(value) === 'S' ? 'string' : 'binary';
const TEXTS_OF_PUT = {
  tooLarge: 'Item size has exceeded the maximum allowed size',
  wrongType: (index, name, value, wanted) =>
    `One or more parameter values were invalid: Type mismatch for Index Key ${name} Expected: ${wanted} Actual: ` +
    `${typeOf(value)} IndexName: ${index.name}`,
  emptyValue: (index, name, value) =>
    'One or more parameter values are not valid. A value specified for a secondary index key is not supported. ' +
    `The AttributeValue for a key attribute cannot contain an empty ${emptyWord(value)} value. ` +
    `IndexName: ${index.name}, IndexKey: ${name}`,
};
const TEXTS_OF_UPDATE = {
  tooLarge: 'Item size to update has exceeded the maximum allowed size',
  wrongType: () => 'The update expression attempted to update the secondary index key to unsupported type',
  emptyValue: (index, name, value) =>
    'One or more parameter values are not valid. The update expression attempted to update a secondary index key ' +
    'to a value that is not supported. The ' +
    `AttributeValue for a key attribute cannot contain an empty ${emptyWord(value)} value.`,
};

// limits.md, section 1: what UpdateItem charges for an update. Beside values as they stand there, and what
// takes attributes away, nothing in the requests of this test is ever so large that it matters.
function costOf(actions) {
  return 3 + sum(actions, ({kind, path: [name], value}) => {
    if (kind === 'REMOVE') return 1 + Buffer.byteLength(name);
    return value.kind === 'value' ? 19 + itemSize({[name]: value.value}) : 0;
  });
}

// The type that a value of an update has, whatever the item; undefined if that depends on it.
function knownType(node) {
  if (node.kind === 'value') return typeOf(node.value);
  if (node.kind === 'sum') return 'N';
  return node.name === 'list_append' ? 'L' : undefined;
}

export class Write {
  // `kind` is Put, Update, Delete or ConditionCheck. Refuses what is wrong without looking at a table.
  constructor(kind, request) {
    this.kind = kind;
    this.request = request;
    refuseAny([
      () => this.expressions = expressionsOf(request),
      () => this.expected = expectedOf(request),
      () => this.updates = updatesOf(request),
      () => this.given = checkMap(kind === 'Put' ? request.Item : request.Key),
    ]);
    if (kind === 'Put' && itemSize(this.given) > ITEM_BYTES_MAX) throw invalid(TEXTS_OF_PUT.tooLarge);
  }
  get actions() {
    return this.expressions.UpdateExpression ?? this.updates;
  }
  // Refuses what is wrong without looking at an item.
  // A batch has for the key of an Item the words that others have for a Key; only UpdateItem itself, and only
  // of an expression, measures what is asked for.
  checkTable(table, {isBatch = false, isMeasured = false} = {}) {
    this.table = table;
    if (this.kind === 'Put') {
      if (isBatch) {
        const names = table.key.filter((name) => Object.hasOwn(this.given, name));
        table.checkKey(Object.fromEntries(names.map((name) => [name, this.given[name]])));
      } else {
        table.checkItem(this.given);
      }
      table.checkIndexKeys(this.given, TEXTS_OF_PUT);
      table.checkLocalSizes(this.given, TEXTS_OF_PUT);
    } else {
      const actions = this.actions ?? [];
      refuseAny([
        () => table.checkKey(this.given),
        ...actions.map(({path: [name]}) => () => {
          if (!table.key.includes(name)) return;
          throw invalid(`One or more parameter values were invalid: Cannot update attribute ${name}. This ` +
                        'attribute is part of the key');
        }),
        ...actions.map(({path, value}) => () => {
          const type = value && knownType(value);
          if (type && path.length === 1) table.checkIndexType(path[0], type);
        }),
        () => table.checkPaths(actions.flatMap(({path, value}) => [path, ...(value ? pathsOf(value) : [])])),
      ]);
      if (isMeasured && this.expressions.UpdateExpression && costOf(actions) > ITEM_BYTES_MAX) {
        throw invalid(TEXTS_OF_UPDATE.tooLarge);
      }
    }
    const {ConditionExpression: condition} = this.expressions;
    if (condition) table.checkPaths(pathsOf(condition));
    this.key = table.keyOf(this.given);
  }
  get touched() {
    return (this.actions ?? []).map(({path}) => path);
  }

  // {before, after}, either undefined where there is no item. Refuses if the condition does not hold or the
  // update cannot be made.
  apply() {
    const before = this.table.get(this.key);
    const {actions} = this;
    const {ConditionExpression: condition} = this.expressions;
    if (condition && !holds(condition, before ?? {}) || !holdsLegacy(this.expected, before ?? {})) {
      const shown = this.request.ReturnValuesOnConditionCheckFailure === 'ALL_OLD' && before;
      throw new Refusal('ConditionalCheckFailedException', 'The conditional request failed',
                        shown ? {Item: before} : {});
    }
    switch (this.kind) {
      case 'Put': return {before, after: this.given};
      case 'Delete': return {before, after: undefined};
      case 'ConditionCheck': return {before, after: before};
    }
    const old = before ?? this.key;
    const after = update(old, actions ?? []);
    refuseAny([
      () => {
        if (itemSize(after) > ITEM_BYTES_MAX) throw invalid(TEXTS_OF_UPDATE.tooLarge);
      },
      () => this.table.checkIndexKeys(after, TEXTS_OF_UPDATE),
    ]);
    this.table.checkLocalSizes(after, TEXTS_OF_UPDATE);
    // compatibility.md: REMOVE and DELETE alone make no item.
    const makesNone = actions && actions.every(({kind}) => kind === 'REMOVE' || kind === 'DELETE');
    return {before, after: before || !makesNone ? after : undefined};
  }

  // The Attributes of an answer, or undefined.
  returned({before, after}) {
    switch (this.request.ReturnValues) {
      case 'ALL_OLD': return before;
      case 'ALL_NEW': return after;
      case 'UPDATED_OLD': return nonEmpty(before && project(before, this.touched));
      case 'UPDATED_NEW': return nonEmpty(after && project(after, this.touched));
      default: return undefined;
    }
  }
}

const nonEmpty = (item) => item && Object.keys(item).length > 0 ? item : undefined;
