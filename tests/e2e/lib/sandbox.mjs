// The control side of the sandbox gateway: what happens on the chains, in its clock and in its troubles.
import assert from 'node:assert/strict';

export class Sandbox {
  #origin;

  constructor(origin) {
    this.#origin = origin;
  }

  async #call(method, path, body) {
    const response = await fetch(`${this.#origin}/sandbox/v1/${path}`, {
      method,
      headers: body === undefined ? {} : { 'content-type': 'application/json' },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    const text = await response.text();
    assert.ok(response.ok, `${method} /sandbox/v1/${path} answered ${response.status}: ${text}`);
    return text === '' ? null : JSON.parse(text);
  }

  /** A new payment to an address; `stage` is "mempool" or "confirmed". */
  deposit(address, amount, stage, from) {
    return this.#call('POST', 'deposits', { address, amount, stage, ...(from && { from }) });
  }

  /** A new payment to a customer's address, which takes several currencies. */
  depositIn(currency, address, amount, stage) {
    return this.#call('POST', 'deposits', { address, amount, stage, currency });
  }

  /** Moves a payment on: "confirmed", "dropped", "review" or "declined". */
  move(deposit, stage) {
    return this.#call('POST', `deposits/${deposit.id}`, { stage });
  }

  /** Moves the virtual clock; everything but signatures follows it. */
  advance(seconds) {
    return this.#call('POST', 'clock', { advanceSeconds: seconds });
  }

  /** Fixes the price of one unit of the first currency in the second. */
  rate(fromCurrency, toCurrency, rate) {
    return this.#call('POST', 'rates', { fromCurrency, toCurrency, rate });
  }

  /** The next `times` calls (of this path, if given) fail in the named way. */
  fault(kind, times, path) {
    return this.#call('POST', 'faults', { kind, times, ...(path && { path }) });
  }

  /** No call fails any more. */
  heal() {
    return this.#call('DELETE', 'faults');
  }

  /** Every call the gateway got, oldest first. */
  async requests() {
    return (await this.#call('GET', 'requests')).requests;
  }

  /** How many invoices the gateway was asked to create. */
  async invoicesAskedFor() {
    const requests = await this.requests();
    return requests.filter(({ path }) => path.endsWith('/invoice/single-fiat/create')).length;
  }
}
