// What expressions mean: conditions on an item, projections of it, updates to it.

import * as decimal from './decimal.mjs';
import {invalid, refuseAny} from './refusal.mjs';
import {bytesOf, compare, contentOf, elementType, equal, isSet, typeOf} from './value.mjs';

export const clone = (value) => structuredClone(value);

// The value at the end of a path, or undefined.
export function find(item, path) {
  let value = {M: item};
  for (const part of path) {
    if (typeof part === 'number') value = value.L?.[part];
    else value = value.M && Object.hasOwn(value.M, part) ? value.M[part] : undefined;
    if (value === undefined) return undefined;
  }
  return value;
}

// --- conditions

export function holds(node, item) {
  switch (node.kind) {
    case 'and': return holds(node.left, item) && holds(node.right, item);
    case 'or': return holds(node.left, item) || holds(node.right, item);
    case 'not': return !holds(node.condition, item);
    case 'call': return holdsFunction(node, item);
  }
  const [left, ...others] = node.operands.map((operand) => valueOf(operand, item));
  // An attribute that is absent is not equal to anything and has no order.
  if (node.kind === 'in') return others.some((other) => isEqual(left, other));
  if (node.kind === 'between') return order(left, others[0]) >= 0 && order(left, others[1]) <= 0;
  switch (node.operator) {
    case '=': return isEqual(left, others[0]);
    case '<>': return !isEqual(left, others[0]);
    case '<': return order(left, others[0]) < 0;
    case '<=': return order(left, others[0]) <= 0;
    case '>': return order(left, others[0]) > 0;
    default: return order(left, others[0]) >= 0;
  }
}

const isEqual = (a, b) => a !== undefined && b !== undefined && equal(a, b);
// NaN where there is no order, of which no comparison holds.
const order = (a, b) => a === undefined || b === undefined ? NaN : compare(a, b) ?? NaN;

function valueOf(operand, item) {
  if (operand.kind === 'value') return operand.value;
  if (operand.kind === 'path') return find(item, operand.path);
  const size = sizeOf(valueOf(operand.operands[0], item));
  return size === undefined ? undefined : {N: String(size)};
}

function sizeOf(value) {
  if (value === undefined) return undefined;
  const content = contentOf(value);
  switch (typeOf(value)) {
    case 'S': case 'L': case 'SS': case 'NS': case 'BS': return content.length;
    case 'B': return bytesOf(content).length;
    case 'M': return Object.keys(content).length;
    default: return undefined;
  }
}

function holdsFunction({name, operands}, item) {
  const [first, second] = operands.map((operand) => valueOf(operand, item));
  switch (name) {
    case 'attribute_exists': return first !== undefined;
    case 'attribute_not_exists': return first === undefined;
  }
  if (first === undefined || second === undefined) return false;
  switch (name) {
    case 'attribute_type': return typeOf(first) === second.S;
    case 'begins_with': return beginsWith(first, second);
    default: return holdsContains(first, second);
  }
}

export function beginsWith(value, start) {
  if (value.S !== undefined && start.S !== undefined) return value.S.startsWith(start.S);
  if (value.B === undefined || start.B === undefined) return false;
  return bytesOf(value.B).subarray(0, bytesOf(start.B).length).equals(bytesOf(start.B));
}

// Whether a text, a list or a set has a part.
export function holdsContains(whole, part) {
  if (whole.S !== undefined) return part.S !== undefined && whole.S.includes(part.S);
  if (whole.B !== undefined) return part.B !== undefined && bytesOf(whole.B).includes(bytesOf(part.B));
  if (whole.L !== undefined) return whole.L.some((each) => equal(each, part));
  return isSet(whole) && typeOf(part) === elementType(whole) && contentOf(whole).includes(contentOf(part));
}

// --- projections

// The item with nothing but these paths: the parts of maps under their names, of lists in their order.
export function project(item, paths) {
  const picked = pick({M: item}, paths);
  return picked?.M ?? {};
}

function pick(value, paths) {
  if (paths.some((path) => path.length === 0)) return clone(value);
  const heads = [...new Set(paths.map(([head]) => head))];
  const below = (head) => paths.filter(([first]) => first === head).map(([, ...rest]) => rest);
  const children = heads.map((head) => {
    const child = find(value.M ?? {}, typeof head === 'string' ? [head] : []) ?? undefined;
    const inner = typeof head === 'number' ? value.L?.[head] : value.M ? child : undefined;
    return [head, inner === undefined ? undefined : pick(inner, below(head))];
  }).filter(([, inner]) => inner !== undefined);
  if (children.length === 0) return undefined;
  if (value.M) return {M: Object.fromEntries(children)};
  return {L: children.sort(([a], [b]) => a - b).map(([, inner]) => inner)};
}

// --- updates

const badPath = () => invalid('The document path provided in the update expression is invalid for update');
const badLegacyType = () => invalid('Type mismatch for attribute to update');
const badType = () => invalid('An operand in the update expression has an incorrect data type');

// The item after `actions`. Everything is read from `old` as it was before.
export function update(old, actions) {
  const writes = [];
  const removals = [];
  const decide = ({kind, path, value, isLegacy}) => {
    if (kind === 'REMOVE') {
      removals.push(path);
    } else if (kind === 'SET') {
      writes.push([path, newValue(value, old)]);
    } else {
      const result = (kind === 'ADD' ? sumWith : difference)(find(old, path), value.value, isLegacy ? badLegacyType : badType);
      if (result === null) removals.push(path);
      else if (result !== undefined) writes.push([path, result]);
    }
  };
  const checkParent = ({path}) => {
    const parent = path.length === 1 ? {M: old} : find(old, path.slice(0, -1));
    if (!parent?.[typeof path.at(-1) === 'number' ? 'L' : 'M']) throw badPath();
  };
  refuseAny(actions.flatMap((action) => [() => decide(action), () => checkParent(action)]));

  const item = clone(old);
  const parentOf = (path) => path.length === 1 ? {M: item} : find(item, path.slice(0, -1));
  // Elements behind the end of a list are appended to it, in the order of their indexes.
  const indexOf = (path) => typeof path.at(-1) === 'number' ? path.at(-1) : -1;
  writes.sort(([a], [b]) => indexOf(a) - indexOf(b));
  for (const [path, value] of writes) {
    const parent = parentOf(path);
    const last = path.at(-1);
    if (typeof last === 'string') parent.M[last] = value;
    else if (last < parent.L.length) parent.L[last] = value;
    else parent.L.push(value);
  }
  // Indexes are those of the old lists: inner ones go before outer ones, and the last before the first.
  removals.sort((a, b) => b.length - a.length || indexOf(b) - indexOf(a));
  for (const path of removals) {
    const parent = parentOf(path);
    const last = path.at(-1);
    if (typeof last === 'string') delete parent.M[last];
    else if (last < find(old, path.slice(0, -1)).L.length) parent.L.splice(last, 1);
  }
  return item;
}

function newValue(node, old) {
  if (node.kind === 'value') return clone(node.value);
  if (node.kind === 'path') {
    const value = find(old, node.path);
    if (value === undefined) {
      throw invalid('The provided expression refers to an attribute that does not exist in the item');
    }
    return clone(value);
  }
  if (node.name === 'if_not_exists') {
    const value = find(old, node.operands[0].path);
    return value === undefined ? newValue(node.operands[1], old) : clone(value);
  }
  const wanted = node.name === 'list_append' ? 'L' : 'N';
  const values = [];
  refuseAny(node.operands.map((operand, i) => () => {
    values[i] = newValue(operand, old);
    if (typeOf(values[i]) !== wanted) throw badType();
  }));
  const [left, right] = values;
  if (wanted === 'L') return {L: [...left.L, ...right.L]};
  const operate = node.operator === '+' ? decimal.add : decimal.subtract;
  return {N: decimal.format(operate(decimal.parse(left.N), decimal.parse(right.N)))};
}

function sumWith(old, value, mismatch) {
  if (old === undefined) return clone(value);
  if (typeOf(old) !== typeOf(value)) throw mismatch();
  // AttributeUpdates alone may add to a list.
  if (value.L !== undefined) return {L: [...old.L, ...clone(value.L)]};
  if (value.N !== undefined) return {N: decimal.format(decimal.add(decimal.parse(old.N), decimal.parse(value.N)))};
  return {[typeOf(old)]: [...new Set([...contentOf(old), ...contentOf(value)])]};
}

// undefined: nothing changes. null: nothing is left.
function difference(old, value, mismatch) {
  if (old === undefined) return undefined;
  if (typeOf(old) !== typeOf(value)) throw mismatch();
  const left = contentOf(old).filter((each) => !contentOf(value).includes(each));
  return left.length === 0 ? null : {[typeOf(old)]: left};
}
