// Whether two outcomes are the same. An outcome is {answer} or {error: {name, message, details}}.

const SETS = ['SS', 'NS', 'BS'];

// The same text for what is the same: members of objects and elements of sets have no order.
export function canonical(json) {
  return JSON.stringify(ordered(json));
}
function ordered(json) {
  if (Array.isArray(json)) return json.map(ordered);
  if (json === null || typeof json !== 'object' || json instanceof RegExp) return json;
  const names = Object.keys(json).sort();
  return Object.fromEntries(names.map((name) => {
    const isSet = names.length === 1 && SETS.includes(name) && Array.isArray(json[name]);
    return [name, isSet ? [...json[name]].sort() : ordered(json[name])];
  }));
}

// Lists without an order of their own, made comparable: those of batches, and of pages where
// `looseItems` says so.
export function settled(operation, answer, {looseItems = false} = {}) {
  if (!answer) return answer;
  const sortedList = (list) => [...list].sort((a, b) => canonical(a) < canonical(b) ? -1 : 1);
  const made = {...answer};
  if (made.Items && looseItems) made.Items = sortedList(made.Items);
  if (operation === 'BatchGetItem') {
    made.Responses = Object.fromEntries(
        Object.entries(made.Responses).map(([table, items]) => [table, sortedList(items)]));
  }
  if (Array.isArray(made.ConsumedCapacity)) made.ConsumedCapacity = sortedList(made.ConsumedCapacity);
  if (operation.startsWith('Batch') || operation.startsWith('Transact')) {
    if (made.ItemCollectionMetrics) {
      made.ItemCollectionMetrics = Object.fromEntries(
          Object.entries(made.ItemCollectionMetrics).map(([table, all]) => [table, sortedList(all)]));
    }
  }
  return made;
}

// What is wrong with `found`, beside what is `wanted`; undefined if nothing.
export function difference(operation, found, wanted, options) {
  if (Boolean(found.error) !== Boolean(wanted.error)) return 'one answers, the other refuses';
  if (!wanted.error) {
    const [left, right] = [found, wanted].map(({answer}) => canonical(settled(operation, answer, options)));
    return left === right ? undefined : 'the answers differ';
  }
  if (found.error.name !== wanted.error.name) return 'the errors have different names';
  if (!sameText(found.error.message, wanted.error.message)) return 'the errors have different texts';
  return agrees(ordered(found.error.details), ordered(wanted.error.details)) ? undefined : 'the errors tell different things';
}

// Equality, but for patterns in `wanted`.
function agrees(found, wanted) {
  if (wanted instanceof RegExp) return typeof found === 'string' && wanted.test(found);
  if (found === null || wanted === null || typeof found !== 'object' || typeof wanted !== 'object') return found === wanted;
  const names = Object.keys(wanted);
  return Array.isArray(found) === Array.isArray(wanted) && names.length === Object.keys(found).length &&
      names.every((name) => name in found && agrees(found[name], wanted[name]));
}

// A text that the reference does not know is undefined, or a pattern.
function sameText(found, wanted) {
  if (wanted === undefined) return true;
  return wanted instanceof RegExp ? wanted.test(found ?? '') : found === wanted;
}
