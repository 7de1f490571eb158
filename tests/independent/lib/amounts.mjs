// Exact decimal arithmetic on the text of amounts.

const parts = (amount) => {
  const match = /^(\d+)(?:\.(\d+))?$/.exec(String(amount));
  if (!match) throw new TypeError(`expected a plain amount, got "${amount}"`);
  const [, whole, fraction = ''] = match;
  return { units: BigInt(whole + fraction), scale: fraction.length };
};

const text = (units, scale) => {
  const padded = units.toString().padStart(scale + 1, '0');
  const cut = padded.length - scale;
  return `${padded.slice(0, cut)}.${padded.slice(cut)}`.replace(/\.?0*$/, '');
};

const aligned = (a, b) => {
  const [left, right] = [parts(a), parts(b)];
  const scale = Math.max(left.scale, right.scale);
  const at = ({ units, scale: own }) => units * 10n ** BigInt(scale - own);
  return [at(left), at(right), scale];
};

/** The same value without trailing zeros: "1.50" and "1.5" are one amount. */
export const plain = (amount) => {
  const { units, scale } = parts(amount);
  return scale === 0 ? units.toString() : text(units, scale);
};

export const scaleOf = (amount) => parts(plain(amount)).scale;

export const compare = (a, b) => {
  const [left, right] = aligned(a, b);
  return left < right ? -1 : left > right ? 1 : 0;
};

export const add = (a, b) => {
  const [left, right, scale] = aligned(a, b);
  return scale === 0 ? (left + right).toString() : text(left + right, scale);
};

/** a - b; refuses to go below zero. */
export const subtract = (a, b) => {
  const [left, right, scale] = aligned(a, b);
  if (left < right) throw new RangeError(`${a} - ${b} is below zero`);
  return scale === 0 ? (left - right).toString() : text(left - right, scale);
};

/** How far two amounts are apart. */
export const distance = (a, b) => (compare(a, b) < 0 ? subtract(b, a) : subtract(a, b));

export const multiply = (a, b) => {
  const [left, right] = [parts(a), parts(b)];
  const scale = left.scale + right.scale;
  return scale === 0 ? (left.units * right.units).toString() : text(left.units * right.units, scale);
};

/** The smallest step of an amount with that many decimals. */
export const step = (scale) => text(1n, scale);
