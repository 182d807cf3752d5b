// Capacity units: limits.md, section 7.

import {equal, itemSize} from './value.mjs';

export const writeUnits = (bytes) => Math.max(1, Math.ceil(bytes / 1024));
export const readUnits = (bytes) => Math.max(1, Math.ceil(bytes / 4096));

// What one request consumes of one table and its indexes.
export class Consumption {
  constructor(table) {
    this.table = table;
    this.own = 0;
    this.indexes = new Map();
  }
  add(units, index) {
    if (index) this.indexes.set(index, (this.indexes.get(index) ?? 0) + units);
    else this.own += units;
  }
  // As an answer shows it, when `mode` asks for it.
  shown(mode, more = () => ({})) {
    const inIndexes = [...this.indexes.values()].reduce((total, units) => total + units, 0);
    const arm = (units) => ({CapacityUnits: units, ...more(units)});
    const shown = {TableName: this.table.name, ...arm(this.own + inIndexes)};
    if (mode !== 'INDEXES') return shown;
    shown.Table = arm(this.own);
    for (const [index, units] of this.indexes) {
      const group = index.local ? 'LocalSecondaryIndexes' : 'GlobalSecondaryIndexes';
      (shown[group] ??= {})[index.name] = arm(units);
    }
    return shown;
  }
}

// What becomes of the table and its indexes when `before` is replaced by `after`; either may be absent.
export function addWrite(consumption, before, after, factor = 1) {
  const bytes = Math.max(before ? itemSize(before) : 0, after ? itemSize(after) : 0);
  consumption.add(factor * writeUnits(bytes));
  for (const index of consumption.table.indexes) {
    const units = entryUnits(index, before && index.entryOf(before), after && index.entryOf(after));
    if (units > 0) consumption.add(units, index);
  }
}

function entryUnits(index, before, after) {
  if (!before && !after) return 0;
  if (!before || !after) return writeUnits(itemSize(before ?? after));
  if (equal({M: before}, {M: after})) return 0;
  const [old, fresh] = [itemSize(before), itemSize(after)];
  const inPlace = index.key.every((name) => equal(before[name], after[name]));
  return inPlace ? writeUnits(Math.max(old, fresh)) : writeUnits(old) + writeUnits(fresh);
}
