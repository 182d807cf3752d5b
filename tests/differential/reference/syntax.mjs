// The grammars of DynamoDB's expressions, by recursive descent. A path is a list of names and numbers;
// every node of a tree is a plain object with a `kind`.
//
//   path        {kind: 'path', path: ['a', 0, 'b']}
//   value       {kind: 'value', value: {N: '1'}}
//   call        {kind: 'call', name, operands}
//   and, or     {kind, left, right}      not: {kind, condition}
//   compare     {kind, operator, operands: [left, right]}
//   between, in {kind, operands: [what, ...]}

import {invalid, refuseAny} from './refusal.mjs';
import {RESERVED} from './reserved.mjs';
import {compare} from './value.mjs';

const EXPRESSION_BYTES_MAX = 4096;
const REDUNDANT = 'The expression has redundant parentheses;';
const COMPARATORS = ['=', '<>', '<', '<=', '>', '>='];
const CONDITIONS = ['attribute_exists', 'attribute_not_exists', 'attribute_type', 'begins_with', 'contains'];
const KEYWORDS = ['AND', 'OR', 'NOT', 'BETWEEN', 'IN', 'SET', 'REMOVE', 'ADD', 'DELETE'];

// The #names and :values of one request, and which of them some expression has used.
export class Placeholders {
  constructor(names, values) {
    this.names = names ?? {};
    this.values = values ?? {};
    this.used = new Set();
  }
  refuseUnused() {
    refuseAny([[this.values, 'Values'], [this.names, 'Names']].map(([all, what]) => () => {
      const unused = Object.keys(all).filter((name) => !this.used.has(name)).sort();
      if (unused.length > 0) {
        throw invalid(`Value provided in ExpressionAttribute${what} unused in expressions: keys: ` +
                      `{${unused.join(', ')}}`);
      }
    }));
  }
}

class Reader {
  constructor(parameter, text, placeholders) {
    this.parameter = parameter;
    this.text = text;
    this.placeholders = placeholders;
    this.at = 0;
    if (text === '') this.refuse('The expression can not be empty;');
    if (Buffer.byteLength(text) > EXPRESSION_BYTES_MAX) {
      this.refuse('Expression size has exceeded the maximum allowed size; expression size: ' +
                  Buffer.byteLength(text));
    }
    const pattern = /\s*(?:([#:][A-Za-z0-9_]+|[A-Za-z][A-Za-z0-9_]*|[0-9]+)|(<=|>=|<>|[=<>()[\],.+-])|(\S))/gy;
    this.tokens = [];
    for (let match; (match = pattern.exec(text));) {
      const token = match[1] ?? match[2] ?? match[3];
      this.tokens.push({token, begin: pattern.lastIndex - token.length, end: pattern.lastIndex, odd: !!match[3]});
    }
  }
  // `problem` is the text, or a pattern in it.
  refuse(problem) {
    throw invalid(problem instanceof RegExp ? problem : `Invalid ${this.parameter}: ${problem}`);
  }
  refuseToken() {
    const here = this.tokens[this.at];
    const before = this.tokens[this.at - 1];
    const after = this.tokens[this.at + 1] ?? here ?? before;
    const near = this.text.slice((before ?? here).begin, after.end);
    const text = `Syntax error; token: "${here ? here.token : '<EOF>'}", near: "${near}"`;
    // Of two faults of one text either may be named.
    refuseAny([() => this.refuse(text), () => this.sawRedundant && this.refuse(REDUNDANT)]);
  }
  peek(ahead = 0) {
    return this.tokens[this.at + ahead]?.token;
  }
  isKeyword(word) {
    return this.peek()?.toUpperCase() === word;
  }
  accept(token) {
    if (this.peek()?.toUpperCase() !== token) return false;
    ++this.at;
    return true;
  }
  expect(token) {
    if (!this.accept(token)) this.refuseToken();
  }
  end() {
    if (this.at < this.tokens.length) this.refuseToken();
  }

  isName() {
    const token = this.peek();
    return token !== undefined && /^[#A-Za-z]/.test(token) && !KEYWORDS.includes(token.toUpperCase());
  }
  name() {
    if (!this.isName()) this.refuseToken();
    return this.tokens[this.at++].token;
  }
  path() {
    const path = [this.name()];
    while (true) {
      if (this.accept('.')) {
        path.push(this.name());
      } else if (this.accept('[')) {
        if (!/^[0-9]+$/.test(this.peek() ?? '')) this.refuseToken();
        path.push(Number(this.tokens[this.at++].token));
        this.expect(']');
      } else {
        return {kind: 'path', path};
      }
    }
  }
  operand() {
    if (this.peek()?.startsWith(':')) return {kind: 'value', placeholder: this.tokens[this.at++].token};
    if (this.isName() && !this.peek().startsWith('#') && this.peek(1) === '(') {
      const {token: name} = this.tokens[this.at++];
      ++this.at;
      return {kind: 'call', name, operands: this.operandList()};
    }
    if (this.accept('(')) return this.inParentheses(() => this.operand());
    return this.path();
  }
  operandList() {
    const operands = [];
    do operands.push(this.operand()); while (this.accept(','));
    this.expect(')');
    return operands;
  }
  // What `parse` gives, between a parenthesis that has been read and its end.
  inParentheses(parse) {
    const node = parse();
    this.expect(')');
    this.sawRedundant ||= node.enclosed;
    return {...node, redundant: node.redundant || node.enclosed, enclosed: true};
  }
}

// --- conditions

function orOf(reader) {
  let node = andOf(reader);
  while (reader.accept('OR')) node = {kind: 'or', left: node, right: andOf(reader)};
  return node;
}

function andOf(reader) {
  let node = notOf(reader);
  while (reader.accept('AND')) node = {kind: 'and', left: node, right: notOf(reader)};
  return node;
}

function notOf(reader) {
  if (reader.accept('NOT')) return {kind: 'not', condition: notOf(reader)};
  return primary(reader);
}

// Whether the parenthesis at hand holds a condition is only known from what follows: try that first.
function primary(reader) {
  if (reader.peek() === '(') {
    const start = reader.at;
    let furthest;
    try {
      ++reader.at;
      const node = reader.inParentheses(() => orOf(reader));
      const isOperand = [...COMPARATORS, 'BETWEEN', 'IN'].includes(reader.peek()?.toUpperCase());
      if (!isOperand) return node;
      reader.refuseToken();
    } catch (error) {
      furthest = {at: reader.at, error};
      reader.at = start;
    }
    try {
      return comparison(reader);
    } catch (error) {
      throw reader.at > furthest.at ? error : furthest.error;
    }
  }
  return comparison(reader);
}

function comparison(reader) {
  const left = reader.operand();
  const operator = reader.peek();
  if (COMPARATORS.includes(operator)) {
    ++reader.at;
    return {kind: 'compare', operator, operands: [left, reader.operand()]};
  }
  if (reader.accept('BETWEEN')) {
    const low = reader.operand();
    reader.expect('AND');
    return {kind: 'between', operator: 'BETWEEN', operands: [left, low, reader.operand()]};
  }
  if (reader.accept('IN')) {
    reader.expect('(');
    return {kind: 'in', operator: 'IN', operands: [left, ...reader.operandList()]};
  }
  // A function that is a condition by itself.
  if (left.kind !== 'call' || left.enclosed) reader.refuseToken();
  return left;
}

export function parseCondition(parameter, text, placeholders) {
  const reader = new Reader(parameter, text, placeholders);
  const tree = orOf(reader);
  reader.end();
  if (findRedundant(tree)) reader.refuse(REDUNDANT);
  refuseAny([() => resolve(reader, tree), () => checkCondition(reader, tree)]);
  return tree;
}

function childrenOf(node) {
  return [node.left, node.right, node.condition, ...(node.operands ?? [])].filter(Boolean);
}
const findRedundant = (node) => node.redundant || childrenOf(node).some(findRedundant);

// Every path that an expression reads, in its conditions or its values.
export function pathsOf(node) {
  return [...(node.kind === 'path' ? [node.path] : []), ...childrenOf(node).flatMap(pathsOf)];
}

// Puts names and values in the place of #names and :values, in the whole tree.
function resolve(reader, node) {
  if (node.kind === 'path') resolvePath(reader, node);
  if (node.kind === 'value') {
    const {values, used} = reader.placeholders;
    if (!Object.hasOwn(values, node.placeholder)) {
      reader.refuse('An expression attribute value used in expression is not defined; attribute value: ' +
                    node.placeholder);
    }
    used.add(node.placeholder);
    node.value = values[node.placeholder];
  }
  refuseAny(childrenOf(node).map((child) => () => resolve(reader, child)));
}

function resolvePath(reader, node) {
  const {names, used} = reader.placeholders;
  node.path = node.path.map((part) => {
    if (typeof part === 'number') return part;
    if (part.startsWith('#')) {
      if (!Object.hasOwn(names, part)) {
        reader.refuse('An expression attribute name used in the document path is not defined; attribute ' +
                      `name: ${part}`);
      }
      used.add(part);
      return names[part];
    }
    if (RESERVED.has(part.toUpperCase())) {
      reader.refuse(`Attribute name is a reserved keyword; reserved keyword: ${part}`);
    }
    return part;
  });
}

// --- what a condition may say, whatever the item

const ORDERED = ['S', 'N', 'B'];
const TYPE_NAMES = ['B', 'NULL', 'SS', 'BOOL', 'L', 'BS', 'N', 'NS', 'S', 'M'];
const OPERAND_COUNTS = {
  attribute_exists: 1, attribute_not_exists: 1, attribute_type: 2, begins_with: 2, contains: 2, size: 1,
};

function checkCondition(reader, node, isCondition = true) {
  const literalType = (operand) => operand.value ? Object.keys(operand.value)[0] : undefined;
  const refuseType = (what, operator, type) =>
    reader.refuse(`Incorrect operand type for operator or function; ${what}: ${operator}, operand type: ${type}`);
  const wants = (operand, types, what, operator) => {
    const type = literalType(operand);
    if (type !== undefined && !types.includes(type)) refuseType(what, operator, type);
  };

  if (node.kind === 'call') {
    const {name, operands} = node;
    if (!(name in OPERAND_COUNTS)) reader.refuse(`Invalid function name; function: ${name}`);
    if (CONDITIONS.includes(name) !== isCondition) {
      reader.refuse(`The function is not allowed to be used this way in an expression; function: ${name}`);
    }
    if (operands.length !== OPERAND_COUNTS[name]) {
      reader.refuse(`Incorrect number of operands for operator or function; operator or function: ${name}, ` +
                    `number of operands: ${operands.length}`);
    }
    for (const operand of operands) checkCondition(reader, operand, false);
    const what = 'operator or function';
    if (name.startsWith('attribute_') && name !== 'attribute_type' && operands[0].kind !== 'path') {
      reader.refuse(`Operator or function requires a document path; operator or function: ${name}`);
    }
    if (name === 'begins_with') for (const operand of operands) wants(operand, ['S', 'B'], what, name);
    if (name === 'size') wants(operands[0], ['S', 'B', 'SS', 'NS', 'BS', 'L', 'M'], what, name);
    if (name === 'contains') {
      wants(operands[0], ['S', 'B', 'SS', 'NS', 'BS', 'L'], what, name);
    }
    if (name === 'attribute_type') {
      wants(operands[1], ['S'], what, name);
      const type = operands[1].value?.S;
      if (!TYPE_NAMES.includes(type)) reader.refuse(/./);
    }
    if (operands.length === 2 && samePath(...operands)) refuseSame(reader, name, operands[0]);
    return;
  }
  if (['compare', 'between', 'in'].includes(node.kind)) {
    const isOrdered = node.kind === 'between' || ['<', '<=', '>', '>='].includes(node.operator);
    refuseAny([
      ...node.operands.map((operand) => () => checkCondition(reader, operand, false)),
      ...node.operands.map((operand) => () =>
        isOrdered && wants(operand, ORDERED, 'operator or function', node.operator)),
      () => node.kind === 'between' && checkBounds(reader, node.operands),
      () => {
        if (node.operands.slice(1).some((operand) => samePath(node.operands[0], operand))) {
          refuseSame(reader, node.operator, node.operands[0]);
        }
      },
    ]);
    return;
  }
  refuseAny(childrenOf(node).map((child) => () => checkCondition(reader, child, isCondition)));
}

function checkBounds(reader, [, low, high]) {
  if (!low.value || !high.value) return;
  if (Object.keys(low.value)[0] !== Object.keys(high.value)[0]) {
    throw invalid(/The BETWEEN operator requires same data type for lower and upper bounds/);
  }
  if (compare(low.value, high.value) > 0) {
    throw invalid(/The BETWEEN operator requires upper bound to be greater than or equal to lower bound/);
  }
}

function samePath(a, b) {
  return a.kind === 'path' && b.kind === 'path' && JSON.stringify(a.path) === JSON.stringify(b.path);
}
function refuseSame(reader, operator, operand) {
  const path = operand.path.map((part) => typeof part === 'number' ? `[${part}]` : part).join(', ');
  reader.refuse('The first operand must be distinct from the remaining operands for this operator or ' +
                `function; operator: ${operator}, first operand: [${path}]`);
}

// --- projections

export function parseProjection(parameter, text, placeholders) {
  const reader = new Reader(parameter, text, placeholders);
  const paths = [];
  do paths.push(reader.path()); while (reader.accept(','));
  reader.end();
  paths.forEach((path) => resolvePath(reader, path));
  refuseOverlaps(reader, paths.map(({path}) => path));
  return paths.map(({path}) => path);
}

// Two paths overlap when one begins with the other; they conflict where one takes the same attribute
// for a list and the other for a map.
function refuseOverlaps(reader, paths) {
  for (let second = 1; second < paths.length; ++second) {
    for (let first = 0; first < second; ++first) {
      const [a, b] = [paths[first], paths[second]];
      const parts = Math.min(a.length, b.length);
      let i = 0;
      while (i < parts && a[i] === b[i]) ++i;
      if (i === parts) reader.refuse(/Two document paths overlap with each other;/);
      if (typeof a[i] !== typeof b[i]) reader.refuse(/Two document paths conflict with each other;/);
    }
  }
}

// --- updates: [{kind: 'SET', path, value}, {kind: 'REMOVE', path}, {kind: 'ADD'|'DELETE', path, value}]

export function parseUpdate(parameter, text, placeholders) {
  const reader = new Reader(parameter, text, placeholders);
  const actions = [];
  const seen = [];
  while (reader.at < reader.tokens.length) {
    const kind = reader.peek().toUpperCase();
    if (!['SET', 'REMOVE', 'ADD', 'DELETE'].includes(kind)) reader.refuseToken();
    ++reader.at;
    seen.push(kind);
    do {
      const action = {kind, target: reader.path()};
      if (kind === 'SET') {
        reader.expect('=');
        action.value = sumOf(reader);
      } else if (kind !== 'REMOVE') {
        if (!reader.peek()?.startsWith(':')) reader.refuseToken();
        action.value = reader.operand();
      }
      actions.push(action);
    } while (reader.accept(','));
  }
  if (actions.some(({value}) => value && findRedundant(value))) {
    reader.refuse(REDUNDANT);
  }
  for (const kind of seen) {
    if (seen.indexOf(kind) !== seen.lastIndexOf(kind)) {
      reader.refuse(`The "${kind}" section can only be used once in an update expression;`);
    }
  }
  refuseAny(actions.flatMap((action) => [
    () => {
      resolvePath(reader, action.target);
      action.path = action.target.path;
    },
    () => action.value && resolve(reader, action.value),
    () => checkAction(reader, action),
  ]).concat(() => refuseOverlaps(reader, actions.map(({target}) => target.path))));
  return actions;
}

function sumOf(reader) {
  let node;
  if (reader.accept('(')) node = reader.inParentheses(() => sumOf(reader));
  else node = reader.operand();
  if (node.kind !== 'sum' && ['+', '-'].includes(reader.peek())) {
    const {token: operator} = reader.tokens[reader.at++];
    return {kind: 'sum', operator, operands: [node, reader.operand()]};
  }
  return node;
}

const LONG_NAMES = {
  S: 'STRING', N: 'NUMBER', B: 'BINARY', BOOL: 'BOOLEAN', NULL: 'NULL', L: 'LIST', M: 'MAP', SS: 'STRING_SET',
  NS: 'NUMBER_SET', BS: 'BINARY_SET',
};

function checkAction(reader, {kind, value}) {
  const wants = (operand, types, what, name, more = '') => {
    const type = operand.value ? Object.keys(operand.value)[0] : undefined;
    if (type === undefined || types.includes(type)) return;
    const shown = more ? LONG_NAMES[type] : type;
    reader.refuse(`Incorrect operand type for operator or function; ${what}: ${name}, operand type: ${shown}${more}`);
  };
  const checkCall = (node) => {
    if (node.kind === 'call') {
      if (!['if_not_exists', 'list_append'].includes(node.name)) {
        // One that conditions know, or one that nobody does.
        reader.refuse(/Invalid function name; function: |The function is not allowed in an update expression/);
      }
      if (node.operands.length !== 2) {
        reader.refuse('Incorrect number of operands for operator or function; operator or function: ' +
                      `${node.name}, number of operands: ${node.operands.length}`);
      }
      if (node.name === 'if_not_exists' && node.operands[0].kind !== 'path') {
        reader.refuse('Operator or function requires a document path; operator or function: if_not_exists');
      }
      if (node.name === 'if_not_exists' && samePath(...node.operands)) {
        refuseSame(reader, node.name, node.operands[0]);
      }
    }
  };
  const check = (node) => {
    const type = node.kind === 'sum' ? 'N' : node.name === 'list_append' ? 'L' : undefined;
    refuseAny([() => checkCall(node)].concat((node.operands ?? []).flatMap((operand) => [
      () => check(operand),
      () => type && wants(operand, [type], 'operator or function', node.operator ?? node.name),
    ])));
  };
  if (value) check(value);
  if (kind === 'ADD') wants(value, ['N', 'SS', 'NS', 'BS'], 'operator', 'ADD', ', typeSet: ALLOWED_FOR_ADD_OPERAND');
  if (kind === 'DELETE') wants(value, ['SS', 'NS', 'BS'], 'operator', 'DELETE', ', typeSet: ALLOWED_FOR_DELETE_OPERAND');
}
