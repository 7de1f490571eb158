// Exact arithmetic on amounts as text, with integers only.

function units(text) {
  assertAmount(text);
  const [whole, fraction = ''] = text.split('.');
  return { units: BigInt(whole + fraction), scale: fraction.length };
}

function text({ units: value, scale }) {
  const digits = value.toString().padStart(scale + 1, '0');
  const whole = digits.slice(0, digits.length - scale);
  const fraction = digits.slice(digits.length - scale).replace(/0+$/, '');
  return fraction === '' ? whole : `${whole}.${fraction}`;
}

function assertAmount(value) {
  if (typeof value !== 'string' || !/^\d+(\.\d+)?$/.test(value)) {
    throw new Error(`an amount as text was expected, got ${JSON.stringify(value)}`);
  }
}

function aligned(a, b) {
  const [left, right] = [units(a), units(b)];
  const scale = Math.max(left.scale, right.scale);
  const at = (value) => value.units * 10n ** BigInt(scale - value.scale);
  return { left: at(left), right: at(right), scale };
}

/** `thousandths` of an amount, cut off at `scale` digits. */
export function part(amount, thousandths, scale = 6) {
  const value = units(amount);
  const scaled = (value.units * BigInt(thousandths) * 10n ** BigInt(scale)) / (1000n * 10n ** BigInt(value.scale));
  return text({ units: scaled, scale });
}

export function plus(a, b) {
  const { left, right, scale } = aligned(a, b);
  return text({ units: left + right, scale });
}

export function minus(a, b) {
  const { left, right, scale } = aligned(a, b);
  if (right > left) throw new Error(`${a} - ${b} is below zero`);
  return text({ units: left - right, scale });
}

/** Whether two amounts have the same value, however they are written. */
export function same(a, b) {
  const { left, right } = aligned(a, b);
  return left === right;
}
