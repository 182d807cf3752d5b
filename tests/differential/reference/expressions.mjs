// The expressions of one request or action: parsed, with every placeholder defined and used.

import {refuseBothStyles} from './legacy.mjs';
import {invalid, refuseAny} from './refusal.mjs';
import {parseCondition, parseProjection, parseUpdate, Placeholders} from './syntax.mjs';
import {checkValue} from './value.mjs';

const PARSERS = {
  UpdateExpression: parseUpdate,
  ConditionExpression: parseCondition,
  KeyConditionExpression: parseCondition,
  FilterExpression: parseCondition,
  ProjectionExpression: parseProjection,
};

// {UpdateExpression: [...], ConditionExpression: {...}, ...}, of those that the request has.
// `check` looks at them for more that is wrong.
export function expressionsOf(request, check = () => {}) {
  const {ExpressionAttributeNames: names, ExpressionAttributeValues: values} = request;
  refuseBothStyles(request);
  const given = Object.keys(PARSERS).filter((parameter) => request[parameter] !== undefined);
  const onlyProjection = given.every((parameter) => parameter === 'ProjectionExpression');
  if (names !== undefined && given.length === 0) throw needsExpression('Names');
  if (values !== undefined && onlyProjection) throw needsExpression('Values');
  if (names !== undefined) checkNames(names);
  const placeholders = new Placeholders(names, values && checkValues(values));
  const parsed = {};
  refuseAny(given.map((parameter) => () => {
    parsed[parameter] = PARSERS[parameter](parameter, request[parameter], placeholders);
  }));
  refuseAny([() => check(parsed), () => placeholders.refuseUnused()]);
  return parsed;
}

const needsExpression = (what) => invalid(
    new RegExp(`^ExpressionAttribute${what} can only be specified when using expressions`));

function checkNames(names) {
  if (Object.keys(names).length === 0) throw invalid('ExpressionAttributeNames must not be empty');
  for (const [token, name] of Object.entries(names)) {
    if (!/^#[A-Za-z0-9_]+$/.test(token)) {
      throw invalid(`ExpressionAttributeNames contains invalid key: Syntax error; key: "${token}"`);
    }
    if (name === '') throw invalid(/^ExpressionAttributeNames contains invalid value/);
  }
}

function checkValues(values) {
  if (Object.keys(values).length === 0) throw invalid('ExpressionAttributeValues must not be empty');
  const checked = {};
  refuseAny(Object.entries(values).flatMap(([token, value]) => [
    () => {
      if (/^:[A-Za-z0-9_]+$/.test(token)) return;
      throw invalid(`ExpressionAttributeValues contains invalid key: Syntax error; key: "${token}"`);
    },
    () => {
      try {
        checked[token] = checkValue(value);
      } catch {
        throw invalid(/^ExpressionAttributeValues contains invalid value: |^Nesting Levels have exceeded/);
      }
    },
  ]));
  return checked;
}
