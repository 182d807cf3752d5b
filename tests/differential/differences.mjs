// Where dynalite 4.0.0 is known to differ, and why. A difference that none of these explains fails the test.
// Its author compared it with DynamoDB by hand, where he looked, long before it was 4.0.0.

import {canonical, settled} from './compare.mjs';

const message = (pattern) => (request, found, wanted) => pattern.test(wanted.error?.message ?? '');
const ourMessage = (pattern) => (request, found) => pattern.test(found.error?.message ?? '');
const both = (name) => (request, found, wanted) => found.error?.name === name && wanted.error?.name === name;

// The answers without some members.
const sameWithout = (...members) => ({operation}, found, wanted) => {
  if (!found.answer || !wanted.answer) return false;
  const [left, right] = [found, wanted].map(({answer}) => {
    const rest = Object.fromEntries(Object.entries(answer).filter(([name]) => !members.includes(name)));
    return canonical(settled(operation, rest, {looseItems: true}));
  });
  return left === right;
};

export const DIFFERENCES = [
  {
    name: 'capacity and collections',
    reason: 'dynalite counts neither indexes nor what an empty answer costs, and tells no item collections',
    applies: sameWithout('ConsumedCapacity', 'ItemCollectionMetrics'),
  },
  {
    name: 'texts',
    reason: 'where several things are wrong, or a text is of the parser, dynalite names another; the reference checks texts',
    applies: both('ValidationException'),
  },
  {
    name: 'the item behind a failed condition',
    reason: 'ReturnValuesOnConditionCheckFailure is younger than dynalite',
    applies: (request, found, wanted) => both('ConditionalCheckFailedException')(request, found, wanted) ||
        ourMessage(/'returnValuesOnConditionCheckFailure'/)(request, found),
  },
  {
    name: 'empty Attributes',
    reason: 'dynalite shows an empty map where no attribute is left to show',
    applies: (request, found, wanted) => sameWithout('ConsumedCapacity', 'ItemCollectionMetrics', 'Attributes')(request, found, wanted) &&
        found.answer.Attributes === undefined && canonical(wanted.answer.Attributes) === '{}',
  },
  {
    name: 'ARNs',
    reason: 'that an ARN may stand for the name of a table is younger than dynalite',
    applies: ({body}) => canonical(body).includes('arn:aws:dynamodb'),
  },
  {
    name: 'values of index keys before conditions',
    reason: 'dynalite looks at the types of index keys in an update before its condition',
    applies: message(/Type mismatch for Index Key/),
  },
  {
    name: 'a plus sign',
    reason: 'dynalite refuses +7, which DynamoDB takes (limits.md, section 2)',
    applies: message(/cannot be converted to a numeric value: \+/),
  },
  {
    name: 'attributes that a global index does not project',
    reason: 'dynalite leaves them out where DynamoDB refuses to be asked for them',
    applies: ourMessage(/does not project/),
  },
  {
    name: 'what a local index does not project',
    reason: 'DynamoDB fetches it from the item when it is asked for, dynalite not always',
    applies: ({body}, found, wanted) => body.IndexName === 'LocalK' && found.answer?.Count === wanted.answer?.Count,
  },
  {
    name: 'JSON types',
    reason: 'dynalite takes some wrong ones: "true" for a BOOL, [] for a boolean',
    applies: (request, found) => found.error?.name === 'SerializationException',
  },
  {
    name: 'sums of more than 38 digits',
    reason: 'dynalite rounds them or keeps them; see compatibility.md',
    applies: ourMessage(/^Attempting to store more than 38 significant digits/),
  },
  {
    name: 'nesting',
    reason: 'dynalite counts levels of values in another way (limits.md, section 1)',
    applies: ourMessage(/Nesting Levels have exceeded/),
  },
  {
    name: 'rules of operands and paths',
    reason: 'dynalite knows these rules for some operators, functions and expressions only',
    applies: ourMessage(/must be distinct|Key attributes must be scalars/),
  },
  {
    name: 'types of legacy filters',
    reason: 'EQ and NE take every type (AWS says so), CONTAINS those of elements of a list; dynalite knows scalars and sets',
    applies: message(/ComparisonOperator (EQ|NE|CONTAINS|NOT_CONTAINS) is not valid for/),
  },
  {
    name: 'ConditionalOperator alone',
    reason: 'dynalite looks at it beside Expected or a filter only',
    applies: ourMessage(/^ConditionalOperator cannot be used without/),
  },
  {
    name: 'OR',
    reason: 'one condition that holds is enough (AWS says so); in dynalite not where an attribute is absent',
    applies: ({body}, found, wanted) => body.ConditionalOperator === 'OR' && found.answer?.Count > wanted.answer?.Count,
  },
  {
    name: 'empty strings and binaries',
    reason: 'attributes may be empty since 2020, keys may not; dynalite compares them wrongly, and takes them as keys of indexes',
    applies: ({body}, found, wanted) => ourMessage(/cannot contain an empty (string|binary) value/)({body}, found) ||
        /"[SB]":""/.test(canonical(body)) && found.answer?.Count > wanted.answer?.Count,
  },
  {
    name: 'false in a list of values',
    reason: 'dynalite finds it in none',
    applies: ({body}, found, wanted) => /"BOOL":false/.test(canonical(body)) && found.answer?.Count > wanted.answer?.Count,
  },
  {
    name: 'Segment 0 alone',
    reason: 'dynalite takes it for no segment',
    applies: ourMessage(/^The TotalSegments parameter is required/),
  },
  {
    name: 'Select beside AttributesToGet',
    reason: 'dynalite looks at Select beside a ProjectionExpression only',
    applies: ourMessage(/^Cannot specify the AttributesToGet/),
  },
  {
    name: 'null for a choice of attributes',
    reason: 'a member that is null is absent; dynalite takes it for a choice',
    applies: ({body}) => body.AttributesToGet === null || body.ProjectionExpression === null,
  },
  {
    name: 'equality of maps and lists',
    reason: 'in dynalite a map or a list is equal to none, however alike',
    applies: ({body: {ExpressionAttributeValues, QueryFilter, ScanFilter}}, found, wanted) =>
        /"[ML]":/.test(canonical({ExpressionAttributeValues, QueryFilter, ScanFilter})) &&
        (found.answer?.Count !== wanted.answer?.Count || [found, wanted].some(({error}) => error?.name === 'ConditionalCheckFailedException')),
  },
  {
    name: 'NOT_CONTAINS of an absent attribute',
    reason: 'does not hold on DynamoDB, though NE does; in dynalite it holds',
    applies: ({body}, found, wanted) => canonical(body).includes('NOT_CONTAINS') && found.answer?.Count < wanted.answer?.Count,
  },
  {
    name: 'NOT NOT',
    reason: "dynalite's grammar wants a parenthesis or an operand behind NOT",
    applies: ({body}, found, wanted) => /NOT\s+NOT/i.test(canonical(body)) && /Syntax error/.test(wanted.error?.message ?? ''),
  },
];

export function explain(request, found, wanted) {
  return DIFFERENCES.find(({applies}) => applies(request, found, wanted))?.name;
}
