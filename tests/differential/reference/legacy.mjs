// What expressions took the place of: Expected, QueryFilter, ScanFilter and KeyConditions, AttributeUpdates
// and AttributesToGet. A condition is {attribute, operator, values}, with DynamoDB's name of the operator.

import {beginsWith, find, holdsContains} from './evaluate.mjs';
import {invalid, refuseAny} from './refusal.mjs';
import {checkValue, compare, equal, typeOf} from './value.mjs';

const wrong = (text) => invalid(`One or more parameter values were invalid: ${text}`);

// The parameters of each style, as far as an operation has them.
const EXPRESSIONS = ['ProjectionExpression', 'FilterExpression', 'KeyConditionExpression', 'ConditionExpression', 'UpdateExpression'];
const LEGACY = ['AttributesToGet', 'QueryFilter', 'ScanFilter', 'ConditionalOperator', 'Expected', 'AttributeUpdates'];

// Refuses a request that has both. KeyConditions may stand beside a FilterExpression.
export function refuseBothStyles(request) {
  const sent = (names) => names.some((name) => request[name] !== undefined);
  const twoKeys = request.KeyConditions !== undefined && request.KeyConditionExpression !== undefined;
  if (sent(EXPRESSIONS) && (sent(LEGACY) || twoKeys)) {
    throw invalid(/^Can not use both expression and non-expression parameters in the same request: /);
  }
}

// --- conditions

const SCALARS = ['S', 'N', 'B'];
const ARGUMENT_TYPES = {
  LT: SCALARS, LE: SCALARS, GT: SCALARS, GE: SCALARS, BETWEEN: SCALARS, IN: SCALARS, BEGINS_WITH: ['S', 'B'],
  CONTAINS: [...SCALARS, 'BOOL', 'NULL'], NOT_CONTAINS: [...SCALARS, 'BOOL', 'NULL'],
};
const ARGUMENT_COUNTS = {NULL: [0, 0], NOT_NULL: [0, 0], BETWEEN: [2, 2], IN: [1, 100]};

function checkCondition(attribute, operator, list) {
  const values = list.map((value) => checkValue(value));
  const [least, most] = ARGUMENT_COUNTS[operator] ?? [1, 1];
  if (values.length < least || values.length > most) {
    throw wrong(`Invalid number of argument(s) for the ${operator} ComparisonOperator`);
  }
  if (values.some((value) => typeOf(value) !== typeOf(values[0]))) {
    throw wrong('AttributeValues inside AttributeValueList must be of same type');
  }
  const types = ARGUMENT_TYPES[operator];
  if (types && !types.includes(typeOf(values[0]))) {
    throw wrong(`ComparisonOperator ${operator} is not valid for ${typeOf(values[0])} AttributeValue type`);
  }
  if (operator === 'BETWEEN' && compare(...values) > 0) {
    throw invalid('The BETWEEN condition was provided a range where the lower bound is greater than the upper bound');
  }
  return {attribute, operator, values};
}

// Each by itself; of several that are wrong any may be named.
function conditionsOf(map, check) {
  const conditions = [];
  refuseAny(Object.entries(map).map(([attribute, given]) => () => conditions.push(check(attribute, given))));
  return conditions;
}

const checkListed = (attribute, {ComparisonOperator: operator, AttributeValueList: values = []}) =>
  checkCondition(attribute, operator, values);

function checkExpected(attribute, {Value: value, Exists: exists, ComparisonOperator: operator, AttributeValueList: list}) {
  const refuse = (text) => {
    throw wrong(`${text} for Attribute: ${attribute}`);
  };
  if (value) checkValue(value);
  list?.forEach((each) => checkValue(each));
  if (value && list) refuse('Value and AttributeValueList cannot be used together');
  if (operator !== undefined) {
    if (exists !== undefined) refuse('Exists and ComparisonOperator cannot be used together');
    if (!value && !list && !['NULL', 'NOT_NULL'].includes(operator)) {
      refuse(`Value or AttributeValueList must be used with ComparisonOperator: ${operator}`);
    }
    return checkCondition(attribute, operator, list ?? (value ? [value] : []));
  }
  if (list) refuse('AttributeValueList can only be used with a ComparisonOperator');
  if (exists === false) {
    if (value) refuse('Value cannot be used when Exists is false');
    return {attribute, operator: 'NULL', values: []};
  }
  if (!value) refuse(`Value must be provided when Exists is ${exists === undefined ? 'null' : 'true'}`);
  return {attribute, operator: 'EQ', values: [checkValue(value)]};
}

// {conditions, any} of a map of conditions that one ConditionalOperator joins; undefined if there is none.
function joined(map, operator, check) {
  const count = Object.keys(map ?? {}).length;
  if (operator !== undefined && count === 0) {
    throw invalid('ConditionalOperator cannot be used without Filter or Expected');
  }
  if (operator !== undefined && count === 1) {
    throw invalid('ConditionalOperator can only be used when Filter or Expected has two or more elements');
  }
  return count === 0 ? undefined : {conditions: conditionsOf(map, check), any: operator === 'OR'};
}
export const expectedOf = ({Expected, ConditionalOperator}) => joined(Expected, ConditionalOperator, checkExpected);
export const filterOf = ({QueryFilter, ScanFilter, ConditionalOperator}) =>
  joined(QueryFilter ?? ScanFilter, ConditionalOperator, checkListed);

// Of no condition all hold, of an absent expectation too.
export function holdsLegacy(filter, item) {
  if (!filter) return true;
  const {conditions, any} = filter;
  const holds = ({attribute, operator, values}) => compares(operator, find(item, [attribute]), values);
  return any ? conditions.some(holds) : conditions.every(holds);
}

// An attribute that is absent is NULL, and not equal to anything; nothing else holds of it.
function compares(operator, value, values) {
  if (operator === 'NULL') return value === undefined;
  if (operator === 'NE') return value === undefined || !equal(value, values[0]);
  if (value === undefined) return false;
  const order = (other) => compare(value, other) ?? NaN;
  switch (operator) {
    case 'NOT_NULL': return true;
    case 'EQ': return equal(value, values[0]);
    case 'LT': return order(values[0]) < 0;
    case 'LE': return order(values[0]) <= 0;
    case 'GT': return order(values[0]) > 0;
    case 'GE': return order(values[0]) >= 0;
    case 'BETWEEN': return order(values[0]) >= 0 && order(values[1]) <= 0;
    case 'IN': return values.some((other) => equal(value, other));
    case 'BEGINS_WITH': return beginsWith(value, values[0]);
    case 'CONTAINS': return holdsContains(value, values[0]);
    default: return !holdsContains(value, values[0]);
  }
}

// --- the key of a Query

const KEY_OPERATORS = {EQ: '=', LT: '<', LE: '<=', GT: '>', GE: '>=', BETWEEN: 'BETWEEN', BEGINS_WITH: 'begins_with'};

// By attribute, in the words of expressions: {p: {operator, values}}. An operator that keys do not have is
// undefined.
export function keyConditionsOf({KeyConditions}) {
  const conditions = conditionsOf(KeyConditions, checkListed);
  if (conditions.length === 0) throw invalid('Conditions can be of length 1 or 2 only');
  return Object.fromEntries(conditions.map(
      ({attribute, operator, values}) => [attribute, {operator: KEY_OPERATORS[operator], values}]));
}

// --- updates and projections

// The actions of an update expression that would do the same; undefined if there are none.
export function updatesOf({AttributeUpdates}) {
  if (!AttributeUpdates || Object.keys(AttributeUpdates).length === 0) return undefined;
  return conditionsOf(AttributeUpdates, (attribute, {Action: action = 'PUT', Value: given}) => {
    const path = [attribute];
    const value = given && checkValue(given);
    if (!value && action !== 'DELETE') throw wrong('Only DELETE action is allowed when no attribute value is specified');
    if (!value) return {kind: 'REMOVE', path};
    const type = typeOf(value);
    const isSet = ['SS', 'NS', 'BS'].includes(type);
    if (action === 'ADD' && !isSet && type !== 'N' && type !== 'L') throw wrong(`ADD action is not supported for the type ${type}`);
    if (action === 'DELETE' && !isSet) throw wrong(`DELETE action with value is not supported for the type ${type}`);
    return {kind: action === 'PUT' ? 'SET' : action, path, value: {kind: 'value', value}, isLegacy: true};
  });
}

// The paths of a projection expression that would show the same.
export function attributesToGetOf({AttributesToGet: names}) {
  if (names === undefined) return undefined;
  const twice = names.find((name, i) => names.indexOf(name) < i);
  if (twice !== undefined) throw wrong(`Duplicate value in attribute name: ${twice}`);
  return names.map((name) => [name]);
}
