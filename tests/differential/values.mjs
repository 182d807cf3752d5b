// Attribute values at random, good and bad. Few different ones: most requests should meet what others left.

const TEXTS = ['', 'a', 'b', 'ab', 'abc', 'zz', 'é', '\u{1f4be}', 'B', 'x'.repeat(300), 'y'.repeat(1500)];
const NUMBERS = [
  '0', '1', '-1', '2', '3', '10', '100', '0.1', '1.5', '-2.50', '1E125', '-1E-130', '9'.repeat(38), '-0',
  '12345678901234567890123456789012345678', '1e2', '+7', '007', '0.00000000000000000000000000000000000001', '5E-3',
];
const BAD_NUMBERS = [
  '', 'abc', ' 1', '1 ', '1E126', '1E-131', '1'.repeat(39), '1_0', '0x1', 'NaN', 'Infinity', '1.2.3', '--1', 'E5', '.',
  '-', '1E', '-1E126', '1'.repeat(38) + '.1',
];
const BYTES = ['', 'AA==', 'AQ==', '/w==', 'AAE=', 'AAEC', 'gICA'];

export class Values {
  constructor(random, {withEmpty = true} = {}) {
    this.random = random;
    // The empty ones stand first.
    this.texts = TEXTS.slice(withEmpty ? 0 : 1);
    this.someBytes = BYTES.slice(withEmpty ? 0 : 1);
  }
  text() {
    const {random} = this;
    return random.chance(0.9) ? random.pick(this.texts.slice(0, -2)) : random.pick(this.texts);
  }
  number() {
    const {random} = this;
    if (random.chance(0.6)) return String(random.below(12) - 2);
    if (random.chance(0.3)) return (random.next() * 10 ** (random.below(10) - 3)).toPrecision(1 + random.below(12));
    return random.pick(NUMBERS);
  }
  bytes() {
    return this.random.pick(this.someBytes);
  }
  value(depth = 0) {
    const {random} = this;
    const inner = ['L', 'M', 'L', 'M'];
    const type = random.pick(['S', 'N', 'N', 'B', 'BOOL', 'NULL', 'SS', 'NS', 'BS', ...(depth < 3 ? inner : [])]);
    return this.ofType(type, depth);
  }
  ofType(type, depth = 0) {
    const {random} = this;
    const distinct = (make) => [...new Set(random.some(1, 3, make))];
    switch (type) {
      case 'S': return {S: this.text()};
      case 'N': return {N: this.number()};
      case 'B': return {B: this.bytes()};
      case 'BOOL': return {BOOL: random.chance(0.5)};
      case 'NULL': return {NULL: true};
      case 'SS': return {SS: distinct(() => this.text())};
      // Of numbers that are written in one way only.
      case 'NS': return {NS: distinct(() => String(random.below(9) / 2))};
      case 'BS': return {BS: distinct(() => this.bytes())};
      case 'L': return {L: random.some(0, 4, () => this.value(depth + 1))};
      default: return {M: Object.fromEntries(random.some(0, 3, () => [random.pick('abcd'), this.value(depth + 1)]))};
    }
  }
  // Wrong in exactly one way.
  bad() {
    const {random} = this;
    const deep = (levels) => levels === 0 ? {S: 'x'} : random.chance(0.5) ? {L: [deep(levels - 1)]} : {M: {a: deep(levels - 1)}};
    const wrong = random.pick([
      () => ({N: random.pick(BAD_NUMBERS)}), () => ({N: random.pick(BAD_NUMBERS)}),
      () => ({S: 'a', N: '1'}), () => ({BOOL: true, NULL: true}), () => ({}),
      () => ({NULL: false}),
      () => ({[random.pick(['SS', 'NS', 'BS'])]: []}),
      () => ({SS: ['a', 'b', 'a']}), () => ({NS: ['1', '1.0']}), () => ({BS: ['AA==', 'AA==']}),
      () => ({NS: ['1', random.pick(BAD_NUMBERS)]}),
      () => deep(random.pick([32, 33, 40])),
      () => ({S: 1}), () => ({N: 1}), () => ({BOOL: 'true'}), () => ({SS: 'a'}), () => ({L: {}}), () => ({M: []}),
      () => ({SS: [1]}), () => 'text', () => [], () => 5, () => ({B: 'AAE'}), () => ({B: '?'}), () => ({BS: ['!!!!']}),
    ])();
    return random.chance(0.8) ? wrong : random.pick([{L: [{S: 'a'}, wrong]}, {M: {a: wrong}}]);
  }
}
