// DynamoDB's numbers: 38 significant digits, 1E-130 to 9.99E+125 on both sides, and zero. A number is
// {coefficient, exponent} with a BigInt that does not end in 0, and stands for coefficient * 10^exponent.

import {invalid} from './refusal.mjs';

const DIGITS_MAX = 38;
const MAGNITUDE_MIN = -130;
const MAGNITUDE_MAX = 125;
const ZERO = {coefficient: 0n, exponent: 0};

const digitsOf = (coefficient) => coefficient.toString().replace('-', '').length;

// Without the zeros that say nothing; refuses what does not fit.
function normal(coefficient, exponent) {
  if (coefficient === 0n) return ZERO;
  while (coefficient % 10n === 0n) {
    coefficient /= 10n;
    ++exponent;
  }
  const digits = digitsOf(coefficient);
  const magnitude = exponent + digits - 1;
  if (magnitude > MAGNITUDE_MAX) {
    throw invalid('Number overflow. Attempting to store a number with magnitude larger than supported range');
  }
  if (magnitude < MAGNITUDE_MIN) {
    throw invalid('Number underflow. Attempting to store a number with magnitude smaller than supported range');
  }
  if (digits > DIGITS_MAX) {
    throw invalid('Attempting to store more than 38 significant digits in a Number');
  }
  return {coefficient, exponent};
}

export function parse(text) {
  const match = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d+))?$/.exec(text);
  if (!match || !(match[2] || match[3])) {
    throw invalid(/^The parameter cannot be converted to a numeric value/);
  }
  const [, sign, whole, fraction = '', power = '0'] = match;
  const coefficient = BigInt(whole + fraction) * (sign === '-' ? -1n : 1n);
  return normal(coefficient, Number(power) - fraction.length);
}

// As DynamoDB answers: no exponent, no needless zero.
export function format({coefficient, exponent}) {
  const sign = coefficient < 0n ? '-' : '';
  const digits = coefficient.toString().replace('-', '');
  if (exponent >= 0) return sign + digits + '0'.repeat(exponent);
  const padded = digits.padStart(1 - exponent, '0');
  return `${sign}${padded.slice(0, exponent)}.${padded.slice(exponent)}`;
}

// Both coefficients at the smaller of the two exponents.
function aligned(a, b) {
  const exponent = Math.min(a.exponent, b.exponent);
  const at = (n) => n.coefficient * 10n ** BigInt(n.exponent - exponent);
  return {left: at(a), right: at(b), exponent};
}

export function add(a, b) {
  const {left, right, exponent} = aligned(a, b);
  return normal(left + right, exponent);
}
export const subtract = (a, b) => add(a, {...b, coefficient: -b.coefficient});

export function compare(a, b) {
  const {left, right} = aligned(a, b);
  return left < right ? -1 : left > right ? 1 : 0;
}

// limits.md, section 1: one byte, one more for two digits on either side of the point, one for a minus.
export function size(number) {
  if (number.coefficient === 0n) return 1;
  const [whole, fraction = ''] = format(number).replace('-', '').split('.');
  const before = whole.replace(/^0+/, '');
  // Trailing zeros of a whole number and leading zeros of a fraction are not significant.
  const i = fraction ? before.length : before.replace(/0+$/, '').length;
  const f = before ? fraction.length : fraction.replace(/^0+/, '').length;
  return 1 + Math.ceil(i / 2) + Math.ceil(f / 2) + (number.coefficient < 0n ? 1 : 0);
}
