// The merchant's server: it makes checkouts with its key and reads what became of them.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';

export class Merchant {
  #origin;
  #key;

  constructor(origin, key) {
    this.#origin = origin;
    this.#key = key;
  }

  /** Makes a checkout over `price` euros. */
  checkout({ price = '25.00', currency = 'EUR', description = 'Order 1001', ...rest } = {}) {
    return this.makes({ price: { amount: price, currency }, description, ...rest });
  }

  /** Makes a checkout of any kind. */
  async makes(wanted) {
    const response = await fetch(`${this.#origin}/v1/checkouts`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${this.#key}`,
        'content-type': 'application/json',
        'idempotency-key': randomUUID(),
      },
      body: JSON.stringify(wanted),
    });
    const text = await response.text();
    assert.equal(response.status, 201, text);
    return JSON.parse(text);
  }

  /** What a buyer's page would be told about a checkout. */
  async look(id) {
    const response = await fetch(`${this.#origin}/v1/checkouts/${id}`);
    const text = await response.text();
    assert.equal(response.status, 200, text);
    return JSON.parse(text);
  }
}
