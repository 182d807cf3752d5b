// The form of requests: which JSON type each member has, and what AWS's service model demands of it.
// A member that is null counts as absent; one that is in no model is ignored.

import {invalid, serialization} from './refusal.mjs';
import {decodeMap, decodeValue} from './value.mjs';

const string = (json) => check(typeof json === 'string', json);
const bool = (json) => check(typeof json === 'boolean', json);
const whole = (json) => check(typeof json === 'number', json);
const value = (json) => {
  decodeValue(json);
  return json;
};
const map = (json) => {
  decodeMap(json);
  return json;
};
const list = (of) => (json) => check(Array.isArray(json), json).map(of);
const structure = (members) => (json) => {
  object(json);
  const known = Object.entries(members).filter(([name]) => json[name] !== undefined && json[name] !== null);
  return Object.fromEntries(known.map(([name, of]) => [name, of(json[name])]));
};
const mapOf = (of) => (json) =>
  Object.fromEntries(Object.entries(object(json)).map(([name, each]) => [name, of(each)]));
const strings = mapOf(string);

function check(holds, json) {
  if (!holds) throw serialization();
  return json;
}
const object = (json) => check(json !== null && typeof json === 'object' && !Array.isArray(json), json);

const NAMES_AND_VALUES = {ExpressionAttributeNames: strings, ExpressionAttributeValues: map};
const CONDITION = {ConditionExpression: string, ReturnValuesOnConditionCheckFailure: string, ...NAMES_AND_VALUES};
const COMPARISON = {AttributeValueList: list(value), ComparisonOperator: string};
const CONDITIONS = mapOf(structure(COMPARISON));
const SINGLE_WRITE = {
  Expected: mapOf(structure({...COMPARISON, Value: value, Exists: bool})), ConditionalOperator: string, ReturnValues: string,
};
const METRICS = {ReturnConsumedCapacity: string, ReturnItemCollectionMetrics: string};
const PUT = {TableName: string, Item: map, ...CONDITION};
const UPDATE = {TableName: string, Key: map, UpdateExpression: string, ...CONDITION};
const DELETE = {TableName: string, Key: map, ...CONDITION};
const GET = {TableName: string, Key: map, ProjectionExpression: string, ExpressionAttributeNames: strings};
const PAGE = {
  TableName: string, IndexName: string, Select: string, Limit: whole, ConsistentRead: bool,
  ExclusiveStartKey: map, ReturnConsumedCapacity: string, ProjectionExpression: string,
  FilterExpression: string, ...NAMES_AND_VALUES, AttributesToGet: list(string), ConditionalOperator: string,
};

const MEMBERS = {
  PutItem: {...PUT, ...METRICS, ...SINGLE_WRITE},
  UpdateItem: {...UPDATE, ...METRICS, ...SINGLE_WRITE, AttributeUpdates: mapOf(structure({Value: value, Action: string}))},
  DeleteItem: {...DELETE, ...METRICS, ...SINGLE_WRITE},
  GetItem: {...GET, AttributesToGet: list(string), ConsistentRead: bool, ReturnConsumedCapacity: string},
  Query: {
    ...PAGE, KeyConditionExpression: string, ScanIndexForward: bool, KeyConditions: CONDITIONS, QueryFilter: CONDITIONS,
  },
  Scan: {...PAGE, Segment: whole, TotalSegments: whole, ScanFilter: CONDITIONS},
  BatchGetItem: {
    RequestItems: mapOf(structure({
      Keys: list(map), ConsistentRead: bool, ProjectionExpression: string, ExpressionAttributeNames: strings,
      AttributesToGet: list(string),
    })),
    ReturnConsumedCapacity: string,
  },
  BatchWriteItem: {
    RequestItems: mapOf(list(structure({
      PutRequest: structure({Item: map}), DeleteRequest: structure({Key: map}),
    }))),
    ...METRICS,
  },
  TransactGetItems: {TransactItems: list(structure({Get: structure(GET)})), ReturnConsumedCapacity: string},
  TransactWriteItems: {
    TransactItems: list(structure({
      Put: structure(PUT), Update: structure(UPDATE), Delete: structure(DELETE), ConditionCheck: structure(DELETE),
    })),
    ClientRequestToken: string,
    ...METRICS,
  },
};

const ENUMS = {
  ConditionalOperator: ['AND', 'OR'],
  ComparisonOperator: [
    'EQ', 'NE', 'IN', 'LE', 'LT', 'GE', 'GT', 'BETWEEN', 'NOT_NULL', 'NULL', 'CONTAINS', 'NOT_CONTAINS', 'BEGINS_WITH',
  ],
  Action: ['ADD', 'PUT', 'DELETE'],
  ReturnValues: ['NONE', 'ALL_OLD', 'UPDATED_OLD', 'ALL_NEW', 'UPDATED_NEW'],
  ReturnConsumedCapacity: ['INDEXES', 'TOTAL', 'NONE'],
  ReturnItemCollectionMetrics: ['SIZE', 'NONE'],
  ReturnValuesOnConditionCheckFailure: ['ALL_OLD', 'NONE'],
  Select: ['ALL_ATTRIBUTES', 'ALL_PROJECTED_ATTRIBUTES', 'SPECIFIC_ATTRIBUTES', 'COUNT'],
};
const RANGES = {Limit: [1, Infinity], Segment: [0, 999_999], TotalSegments: [1, 1_000_000]};

// Maps of structures, with what each of these must have.
const LEGACY_MAPS = {
  Expected: [], AttributeUpdates: [], KeyConditions: ['ComparisonOperator'], QueryFilter: ['ComparisonOperator'],
  ScanFilter: ['ComparisonOperator'],
};

const REQUIRED = {
  PutItem: ['TableName', 'Item'],
  UpdateItem: ['TableName', 'Key'],
  DeleteItem: ['TableName', 'Key'],
  GetItem: ['TableName', 'Key'],
  Query: ['TableName'],
  Scan: ['TableName'],
  BatchGetItem: ['RequestItems'],
  BatchWriteItem: ['RequestItems'],
  TransactGetItems: ['TransactItems'],
  TransactWriteItems: ['TransactItems'],
};

// The request without what does not count; refuses another JSON type than the member's.
export const decode = (operation, body) => structure(MEMBERS[operation])(body);

// AWS names every violation in one message; that there is one is all that the reference says.
const violation = () => invalid(/^\d+ validation errors? detected: /);

// The model takes one character, for an ARN may stand there; DynamoDB does not.
function refuseShortName(name) {
  if (name.length < 3) {
    throw invalid(/^1 validation error detected: .* Member must have length greater than or equal to 3$/);
  }
}

// Of the operations that name several tables, in any order with their other rules.
export const refuseShortNames = (actions) => actions.map(({TableName}) => () => refuseShortName(TableName));

export function checkModel(operation, request) {
  if (operation.startsWith('Batch') && Object.keys(request.RequestItems ?? {}).length === 0) {
    throw invalid(`The requestItems parameter is required for ${operation}`);
  }
  checkMembers(request, REQUIRED[operation]);
  if (operation === 'TransactGetItems') {
    checkCount(request.TransactItems, 100);
    for (const item of request.TransactItems) {
      if (!item.Get) throw violation();
      checkMembers(item.Get, ['TableName', 'Key']);
    }
  }
  if (operation === 'TransactWriteItems') {
    checkCount(request.TransactItems, 100);
    const {ClientRequestToken: token} = request;
    if (token !== undefined && (token.length < 1 || token.length > 36)) throw violation();
    for (const item of request.TransactItems) {
      for (const [kind, action] of Object.entries(item)) {
        checkMembers(action, [
          'TableName', kind === 'Put' ? 'Item' : 'Key',
          ...(kind === 'Update' ? ['UpdateExpression'] : []),
          ...(kind === 'ConditionCheck' ? ['ConditionExpression'] : []),
        ]);
      }
    }
  }
  if ('TableName' in MEMBERS[operation]) refuseShortName(request.TableName);
  if (operation.startsWith('Batch')) checkBatch(operation, request.RequestItems);
}

function checkBatch(operation, tables) {
  if (Object.keys(tables).length > 25) throw violation();
  for (const [name, wanted] of Object.entries(tables)) {
    if (name.length < 1) throw violation();
    if (operation === 'BatchGetItem') {
      checkMembers(wanted, ['Keys']);
      checkCount(wanted.Keys, 100);
    } else {
      checkCount(wanted, 25);
      for (const {PutRequest, DeleteRequest} of wanted) {
        if (PutRequest && !PutRequest.Item) throw violation();
        if (DeleteRequest && !DeleteRequest.Key) throw violation();
      }
    }
  }
}

function checkMembers(structureOf, required) {
  for (const name of required) if (structureOf[name] === undefined) throw violation();
  for (const [name, value] of Object.entries(structureOf)) {
    if (name in ENUMS && !ENUMS[name].includes(value)) throw violation();
    if (name in RANGES && (value < RANGES[name][0] || value > RANGES[name][1])) throw violation();
    if (name === 'TableName' && value.length < 1) throw violation();
    if (name === 'AttributesToGet' && value.length < 1) throw violation();
    if (name in LEGACY_MAPS) Object.values(value).forEach((each) => checkMembers(each, LEGACY_MAPS[name]));
    if (name === 'IndexName' && !/^[a-zA-Z0-9_.-]{3,255}$/.test(value)) throw violation();
  }
}
function checkCount(elements, most) {
  if (elements.length < 1 || elements.length > most) throw violation();
}
