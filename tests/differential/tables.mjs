// The tables that requests are made against: each kind of key, and each kind of index.

const keys = (partition, sort) => [
  {AttributeName: partition, KeyType: 'HASH'}, ...(sort ? [{AttributeName: sort, KeyType: 'RANGE'}] : []),
];
const types = (all) => Object.entries(all).map(([AttributeName, AttributeType]) => ({AttributeName, AttributeType}));
const index = (IndexName, KeySchema, ProjectionType, NonKeyAttributes) =>
  ({IndexName, KeySchema, Projection: {ProjectionType, ...(NonKeyAttributes ? {NonKeyAttributes} : {})}});

export const TABLES = [
  {
    TableName: 'Plain',
    AttributeDefinitions: types({p: 'S'}),
    KeySchema: keys('p'),
    BillingMode: 'PAY_PER_REQUEST',
  },
  {
    TableName: 'Wide',
    AttributeDefinitions: types({p: 'S', s: 'N', g: 'S', l: 'N', k: 'B'}),
    KeySchema: keys('p', 's'),
    BillingMode: 'PAY_PER_REQUEST',
    GlobalSecondaryIndexes: [
      index('ByG', keys('g'), 'ALL'),
      index('ByGAndL', keys('g', 'l'), 'KEYS_ONLY'),
      index('ByK', keys('k', 's'), 'INCLUDE', ['a', 'name']),
    ],
    LocalSecondaryIndexes: [
      index('LocalL', keys('p', 'l'), 'ALL'),
      index('LocalK', keys('p', 'k'), 'INCLUDE', ['a', 'c']),
    ],
  },
  {
    TableName: 'Numbers',
    AttributeDefinitions: types({p: 'N', s: 'B'}),
    KeySchema: keys('p', 's'),
    BillingMode: 'PAY_PER_REQUEST',
    GlobalSecondaryIndexes: [index('Turned', keys('s', 'p'), 'ALL')],
  },
];
