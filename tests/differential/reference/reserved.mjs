// Of DynamoDB's reserved words, those that the generator writes.
export const RESERVED = new Set(['NAME', 'STATUS', 'SIZE', 'ITEM', 'KEY', 'YEAR', 'TYPE']);
