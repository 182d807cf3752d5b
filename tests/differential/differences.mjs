// Where dynalite 4.0.0 is known to differ, and why. A difference that none of these explains fails the test.
// dynalite was last compared with DynamoDB in 2020 or so, by hand and where its author looked.

import {canonical, settled} from './compare.mjs';

const message = (pattern) => (request, found, wanted) => pattern.test(wanted.error?.message ?? '');
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
    applies: both('ConditionalCheckFailedException'),
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
    name: '<> of what is absent',
    reason: 'for dynalite an absent attribute is not unequal to anything; for DynamoDB it is (compatibility.md)',
    applies: ({body}) => /<>/.test(canonical(body)),
  },
  {
    name: 'size of what is absent',
    reason: 'as <>',
    applies: ({body}) => /size *\(/.test(canonical(body)),
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
    name: 'NOT NOT',
    reason: "dynalite's grammar wants a parenthesis or an operand behind NOT",
    applies: ({body}, found, wanted) => /NOT\s+NOT/i.test(canonical(body)) && /Syntax error/.test(wanted.error?.message ?? ''),
  },
];

export function explain(request, found, wanted) {
  return DIFFERENCES.find(({applies}) => applies(request, found, wanted))?.name;
}
