// Changed copies of a delivery: every bit of its body and headers, and larger changes from a small seeded generator.

/** @typedef {{ what: string, headers: Record<string, string>, body: Buffer }} Copy */

export const HEADERS = ['webhook-id', 'webhook-timestamp', 'webhook-signature'];

const latin = (text) => Buffer.from(text, 'latin1');

function flipped(bytes, bit) {
  const changed = Buffer.from(bytes);
  changed[bit >> 3] ^= 1 << (bit & 7);
  return changed;
}

/** What no client can put into a header, or what the header's reader trims. */
const cannotBeSent = (text) => /[^\x21-\x7e ]|^ | $/.test(text);

/** Another spelling of the same bytes in Base64 is no other signature to those who compare bytes. */
const sameBytes = (one, other) => one.startsWith('v1,') && Buffer.from(one.slice(3), 'base64').equals(Buffer.from(other.slice(3), 'base64'));

/** At least `count` copies of a delivery that has one signature, none of them like the delivery. @returns {Copy[]} */
export function mutated({ headers, body }, count) {
  const copies = [];
  for (let bit = 0; bit < body.length * 8; bit += 1) copies.push({ what: 'a bit of the body', headers, body: flipped(body, bit) });
  for (const name of HEADERS) {
    const bytes = latin(headers[name]);
    for (let bit = 0; bit < bytes.length * 8; bit += 1) {
      const text = flipped(bytes, bit).toString('latin1');
      if (cannotBeSent(text) || (name === 'webhook-signature' && sameBytes(text, headers[name]))) continue;
      copies.push({ what: `a bit of ${name}`, headers: { ...headers, [name]: text }, body });
    }
  }
  const put = (what, name, texts) => {
    for (const text of texts) copies.push({ what, headers: { ...headers, [name]: String(text) }, body });
  };
  const seconds = Number(headers['webhook-timestamp']);
  const bare = headers['webhook-signature'].slice(3);
  put('another timestamp', 'webhook-timestamp', [seconds - 301, seconds + 400, 0, -seconds, seconds * 1000, '99999999999999999999']);
  put('another signature', 'webhook-signature', ['', 'v1,', bare, `v2,${bare}`, `v1a,${bare}`, `V1,${bare}`, `v1,${bare.slice(0, 20)}`, `v1,${'A'.repeat(43)}=`]);
  put('another id', 'webhook-id', ['', 'x', headers['webhook-id'].toUpperCase(), `${headers['webhook-id']}0`]);
  for (const name of HEADERS) {
    const { [name]: _, ...others } = headers;
    copies.push({ what: `no ${name}`, headers: others, body });
  }
  let state = 0x5eedn;
  const random = (limit) => {
    state = BigInt.asUintN(64, state ^ (state << 13n));
    state ^= state >> 7n;
    state = BigInt.asUintN(64, state ^ (state << 17n));
    return Number(state % BigInt(limit));
  };
  while (copies.length < count) {
    const at = random(body.length);
    const changed = [
      () => Buffer.concat([body.subarray(0, at), body.subarray(at + 1)]),
      () => Buffer.concat([body.subarray(0, at), Buffer.from(' '), body.subarray(at)]),
      () => body.subarray(0, at),
      () => { const other = Buffer.from(body); other[at] += 1 + random(255); return other; },
    ][random(4)]();
    copies.push({ what: 'a larger change of the body', headers, body: changed });
  }
  return copies;
}

/** How many of each kind, for the table. */
export function counted(copies) {
  const table = {};
  for (const { what } of copies) table[what] = (table[what] ?? 0) + 1;
  return table;
}
