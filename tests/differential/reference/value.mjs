// Attribute values in the wire's form ({S: 'x'}), checked and with their numbers written canonically;
// their sizes, equality and order.

import * as decimal from './decimal.mjs';
import {invalid, serialization} from './refusal.mjs';

export const NESTING_MAX = 32;
export const ITEM_BYTES_MAX = 400 * 1024;

const TYPES = ['S', 'N', 'B', 'BOOL', 'NULL', 'SS', 'NS', 'BS', 'L', 'M'];
const ELEMENT_OF_SET = {SS: 'S', NS: 'N', BS: 'B'};

export const typeOf = (value) => Object.keys(value)[0];
export const contentOf = (value) => Object.values(value)[0];
export const isSet = (value) => typeOf(value) in ELEMENT_OF_SET;
export const elementType = (value) => ELEMENT_OF_SET[typeOf(value)];
const isObject = (json) => json !== null && typeof json === 'object' && !Array.isArray(json);

export function bytesOf(base64) {
  return Buffer.from(base64, 'base64');
}
const utf8Length = (text) => Buffer.byteLength(text);

// --- what a request may hold

// First what JSON itself decides, for all of the value: types and base64.
export function decodeValue(json) {
  if (!isObject(json)) throw serialization();
  for (const [type, content] of Object.entries(json)) {
    if (type === 'S' || type === 'N') {
      if (typeof content !== 'string') throw serialization();
    } else if (type === 'B') {
      decodeBinary(content);
    } else if (type === 'BOOL' || type === 'NULL') {
      if (typeof content !== 'boolean') throw serialization();
    } else if (type in ELEMENT_OF_SET) {
      if (!Array.isArray(content)) throw serialization();
      for (const element of content) {
        if (typeof element !== 'string') throw serialization();
        if (type === 'BS') decodeBinary(element);
      }
    } else if (type === 'L') {
      if (!Array.isArray(content)) throw serialization();
      content.forEach(decodeValue);
    } else if (type === 'M') {
      decodeMap(content);
    }
  }
}

export function decodeMap(json) {
  if (!isObject(json)) throw serialization();
  Object.values(json).forEach(decodeValue);
}

function decodeBinary(content) {
  if (typeof content !== 'string') throw serialization();
  if (!/^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(content)) {
    throw serialization();
  }
}

// Then DynamoDB's own rules. Gives the value as DynamoDB keeps it.
export function checkValue(json, depth = 0) {
  const types = Object.keys(json).filter((type) => TYPES.includes(type));
  if (types.length === 0) {
    throw invalid('Supplied AttributeValue is empty, must contain exactly one of the supported datatypes');
  }
  if (types.length > 1) {
    throw invalid('Supplied AttributeValue has more than one datatypes set, must contain exactly one of ' +
                  'the supported datatypes');
  }
  const [type] = types;
  const content = json[type];
  if (type === 'N') return {N: decimal.format(decimal.parse(content))};
  if (type === 'NULL' && !content) {
    throw invalid('One or more parameter values were invalid: Null attribute value types must have the ' +
                  'value of true');
  }
  if (type in ELEMENT_OF_SET) return {[type]: checkSet(type, content)};
  if (type === 'L' || type === 'M') {
    if (depth + 1 >= NESTING_MAX) throw invalid(/Nesting Levels have exceeded supported limits/);
    if (type === 'L') return {L: content.map((each) => checkValue(each, depth + 1))};
    return {M: checkMap(content, depth + 1)};
  }
  return {[type]: content};
}

export function checkMap(json, depth = 0) {
  if ('' in json) throw invalid('One or more parameter values were invalid: Empty attribute name');
  return Object.fromEntries(
      Object.entries(json).map(([name, value]) => [name, checkValue(value, depth)]));
}

function checkSet(type, content) {
  if (content.length === 0) throw invalid(/^One or more parameter values were invalid: (An? .* set +may not be empty|Binary sets should not be empty)/);
  const elements = type === 'NS' ? content.map((n) => decimal.format(decimal.parse(n))) : content;
  if (new Set(elements).size < elements.length) {
    throw invalid(/^(One or more parameter values were invalid: )?Input collection .*contains duplicates/);
  }
  return elements;
}

// --- sizes: limits.md, section 1

export function valueSize(value) {
  const content = contentOf(value);
  switch (typeOf(value)) {
    case 'S': return utf8Length(content);
    case 'N': return decimal.size(decimal.parse(content));
    case 'B': return bytesOf(content).length;
    case 'SS': return sum(content, utf8Length);
    case 'NS': return sum(content, (n) => decimal.size(decimal.parse(n)));
    case 'BS': return sum(content, (b) => bytesOf(b).length);
    case 'L': return 3 + sum(content, (each) => 1 + valueSize(each));
    case 'M': return 3 + sum(Object.entries(content), ([key, each]) => 1 + utf8Length(key) + valueSize(each));
    default: return 1;
  }
}

export function itemSize(item) {
  return sum(Object.entries(item), ([name, value]) => utf8Length(name) + valueSize(value));
}

export function sum(list, of) {
  return list.reduce((total, each) => total + of(each), 0);
}

// --- equality and order

export function equal(a, b) {
  if (typeOf(a) !== typeOf(b)) return false;
  const [left, right] = [contentOf(a), contentOf(b)];
  if (isSet(a)) return left.length === right.length && left.every((each) => right.includes(each));
  if (typeOf(a) === 'L') {
    return left.length === right.length && left.every((each, i) => equal(each, right[i]));
  }
  if (typeOf(a) === 'M') {
    const names = Object.keys(left);
    return names.length === Object.keys(right).length &&
        names.every((name) => Object.hasOwn(right, name) && equal(left[name], right[name]));
  }
  return left === right;
}

// Below 0, 0 or above; undefined where the two have no order.
export function compare(a, b) {
  if (typeOf(a) !== typeOf(b)) return undefined;
  switch (typeOf(a)) {
    case 'S': return Buffer.compare(Buffer.from(a.S), Buffer.from(b.S));
    case 'N': return decimal.compare(decimal.parse(a.N), decimal.parse(b.N));
    case 'B': return Buffer.compare(bytesOf(a.B), bytesOf(b.B));
    default: return undefined;
  }
}
