// The tables that requests are made against: each kind of key, and each kind of index.

// Either is a name or a list of names.
const keys = (partition, sort = []) => [
  ...[partition].flat().map((AttributeName) => ({AttributeName, KeyType: 'HASH'})),
  ...[sort].flat().map((AttributeName) => ({AttributeName, KeyType: 'RANGE'})),
];
const types = (all) => Object.entries(all).map(([AttributeName, AttributeType]) => ({AttributeName, AttributeType}));
const index = (IndexName, KeySchema, ProjectionType, NonKeyAttributes) =>
  ({IndexName, KeySchema, Projection: {ProjectionType, ...(NonKeyAttributes ? {NonKeyAttributes} : {})}});

// What every implementation can have.
export const PLAIN_TABLES = [
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

// With keys of several attributes.
export const MANY = {
  TableName: 'Many',
  AttributeDefinitions: types({p: 'S', s: 'N', g: 'S', h: 'N', i: 'B', j: 'S', l: 'N', m: 'S', n: 'B', o: 'N'}),
  KeySchema: keys('p', 's'),
  BillingMode: 'PAY_PER_REQUEST',
  GlobalSecondaryIndexes: [
    index('Four', keys(['g', 'h', 'i', 'j'], ['l', 'm', 'n', 'o']), 'ALL'),
    index('Two', keys(['g', 'h'], ['m', 'l']), 'KEYS_ONLY'),
    index('OwnKey', keys(['j', 'p'], ['o', 's', 'n']), 'INCLUDE', ['a', 'name']),
    index('NoSort', keys(['i', 'h', 'g']), 'ALL'),
  ],
};

// For items near 400 KB.
export const LARGE = {
  TableName: 'Large',
  AttributeDefinitions: types({p: 'S', s: 'N', g: 'S', l: 'N', k: 'B'}),
  KeySchema: keys('p', 's'),
  BillingMode: 'PAY_PER_REQUEST',
  GlobalSecondaryIndexes: [index('ByG', keys('g', 's'), 'ALL')],
  LocalSecondaryIndexes: [index('LocalL', keys('p', 'l'), 'ALL'), index('LocalK', keys('p', 'k'), 'KEYS_ONLY')],
};

export const TABLES = [...PLAIN_TABLES, MANY, LARGE];
