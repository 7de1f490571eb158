// Whether an address is one a wallet of that network would accept: an independent reading of each network's checksum.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';

const BASE58 = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz';
const BECH32 = 'qpzry9x8gf2tvdw0s3jn54khce6mua7l';
const sha256 = (bytes) => createHash('sha256').update(bytes).digest();

function base58check(text, versions) {
  let number = 0n;
  for (const letter of text) {
    const digit = BASE58.indexOf(letter);
    if (digit < 0) return false;
    number = number * 58n + BigInt(digit);
  }
  const bytes = Buffer.from(number.toString(16).padStart(50, '0'), 'hex');
  if (bytes.length !== 25) return false;
  const [payload, checksum] = [bytes.subarray(0, 21), bytes.subarray(21)];
  return versions.includes(payload[0]) && sha256(sha256(payload)).subarray(0, 4).equals(checksum);
}

function bech32(text, prefix) {
  const letters = text.slice(prefix.length + 1);
  if (!text.startsWith(`${prefix}1`) || [...letters].some((letter) => !BECH32.includes(letter))) return false;
  const values = [...prefix].map((letter) => letter.charCodeAt(0) >> 5).concat(0, [...prefix].map((letter) => letter.charCodeAt(0) & 31), [...letters].map((letter) => BECH32.indexOf(letter)));
  let sum = 1;
  for (const value of values) {
    const top = sum >>> 25;
    sum = ((sum & 0x1ffffff) << 5) ^ value;
    [0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3].forEach((generator, bit) => {
      if ((top >> bit) & 1) sum ^= generator;
    });
  }
  return sum === (letters.startsWith('q') ? 1 : 0x2bc830a3);
}

const NETWORKS = {
  bitcoin: (text) => base58check(text, [0x00, 0x05]) || bech32(text, 'bc'),
  litecoin: (text) => base58check(text, [0x30, 0x32]) || bech32(text, 'ltc'),
  dogecoin: (text) => base58check(text, [0x1e, 0x16]),
  tron: (text) => text.startsWith('T') && base58check(text, [0x41]),
  evm: (text) => /^0x[0-9a-fA-F]{40}$/.test(text),
};

export function assertAddress(network, text) {
  assert.ok(NETWORKS[network](text), `${text} is an address of ${network}`);
}
