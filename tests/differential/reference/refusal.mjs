// Why the reference refuses a request: the error's name and, where it is known, its text (a string to
// be equal or a pattern to match).

export class Refusal extends Error {
  constructor(name, text, details = {}) {
    super(typeof text === 'string' ? text : name);
    this.name = name;
    this.text = text;
    // Members of the error besides its message: Item, CancellationReasons.
    this.details = details;
  }
}

// Runs each check and refuses if any does. Which of several faults DynamoDB names first is documented
// nowhere: then the text may be that of any.
export function refuseAny(checks) {
  const refusals = [];
  for (const check of checks) {
    try {
      check();
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      refusals.push(error);
    }
  }
  if (refusals.length === 0) return;
  const [first] = refusals;
  const alike = refusals.every(({name, text}) => name === first.name && text !== undefined);
  throw alike && refusals.length > 1 ? new Refusal(first.name, anyOf(refusals.map(({text}) => text))) : first;
}

// A pattern for any of these texts and patterns.
function anyOf(texts) {
  const escaped = (text) => `^${text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}$`;
  return new RegExp(texts.map((text) => text instanceof RegExp ? text.source : escaped(text)).join('|'));
}

export const invalid = (text) => new Refusal('ValidationException', text);
export const serialization = () => new Refusal('SerializationException');
