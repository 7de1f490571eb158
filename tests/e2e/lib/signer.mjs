// Signs what a merchant's proxy signs, written from its description and with Node's own Ed25519: a key that is not the proxy's, and facts
// that a liar would like to have signed.
import { createHash, createPrivateKey, createPublicKey, generateKeyPairSync, sign } from 'node:crypto';

const encoded = (text) => Buffer.from(text).toString('base64url');

const NETWORKS = {
  USDT_TRX: ['tron:0x2b6653dc', 'TR7NHqjeKQxGTCi8q8ZY4pL8otSzgjLj6t'],
  BTC: ['bip122:000000000019d6689c085ae165831e93', null],
};

const short = (amount) => (amount.includes('.') ? amount.replace(/\.?0+$/, '') : amount);

/** The facts of an answer's invoice, as they are signed. */
export function facts({ id, invoice }, store = 'demo') {
  const [network, token] = NETWORKS[invoice.currency];
  return {
    v: 1,
    store,
    checkout: id,
    invoice: '7',
    network,
    token,
    address: invoice.address,
    amount: short(invoice.due),
    repriceAt: invoice.repriceAt,
    expiresAt: invoice.expiresAt,
  };
}

export class Signer {
  #key;

  /** One with a new key, or with that of a seed. */
  constructor(seed) {
    this.#key = seed
      ? createPrivateKey({ key: Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), seed]), format: 'der', type: 'pkcs8' })
      : generateKeyPairSync('ed25519').privateKey;
    this.publicKey = createPublicKey(this.#key).export({ format: 'jwk' }).x;
    const jwk = JSON.stringify({ crv: 'Ed25519', kty: 'OKP', x: this.publicKey });
    this.kid = createHash('sha256').update(jwk).digest('base64url');
  }

  /** A compact JWS over some facts. */
  signs(payload, typ = 'calypso-invoice') {
    const input = `${encoded(JSON.stringify({ alg: 'EdDSA', kid: this.kid, typ }))}.${encoded(typeof payload === 'string' ? payload : JSON.stringify(payload))}`;
    return `${input}.${sign(null, Buffer.from(input), this.#key).toString('base64url')}`;
  }
}
